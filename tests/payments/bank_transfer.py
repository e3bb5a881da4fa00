#!/usr/bin/env python3
"""Bank transfers over the whole program: the buyer is shown a reference with check digits, the bank's CSV is matched by
reference and amount through a mapping file, what does not fit is an open item, the same file twice changes nothing,
--dry-run changes nothing, and a kill -9 in between loses nothing. The reference is judged here by ISO 11649's own rule,
written anew."""
import json
import pathlib
import sys
import tempfile
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, gbp  # noqa: E402

ACCOUNT = {"holder": "Harbour Glass Ltd", "iban": "GB29 NWBK 6016 1331 9268 19", "bic": "NWBKGB2L"}
MAP = """source = "current account"
[file]
skip_lines = 2
encoding = "latin-1"
[columns]
booked = "Buchungstag"
amount = "Betrag"
text = ["Name", "Verwendungszweck"]
[time]
format = "%d.%m.%Y"
[numbers]
decimal = ","
"""


def checks(reference):
    """ISO 11649 / ISO 7064: letters are 10 to 35, the first four characters go last, the rest modulo 97 is 1."""
    turned = reference[4:] + reference[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


class BankTransfer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        cls.drop = cls.shop.open_drop([("BANK-1", 100)], price=2990)
        cls.folder = tempfile.TemporaryDirectory(prefix="dropsmith-bank-")
        cls.map = pathlib.Path(cls.folder.name, "bank.toml")
        cls.map.write_text(MAP, encoding="utf-8")

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.clean_up(False)
        cls.folder.cleanup()

    def order(self, units=1):
        self.shop.staff("PATCH", "/v1/payments/terms", {"bank": ACCOUNT})
        hold = self.shop.hold(self.drop, "BANK-1", units).body
        made = self.shop.confirm(hold, payment={"method": "bank_transfer"})
        self.assertEqual(made.status, 201, made)
        return made.body

    def statement(self, *rows):
        lines = ["Kontoauszug M\u00fcller", "", "Buchungstag;Name;Verwendungszweck;Betrag"]
        lines += [f"22.11.2026;{name};{text};{amount}" for name, text, amount in rows]
        path = pathlib.Path(self.folder.name, f"{uuid.uuid4().hex}.csv")
        path.write_bytes("\r\n".join(lines).encode("latin-1"))
        return str(path)

    def take(self, path, *words, check=True):
        return self.shop.command("import", "transfers", "--map", str(self.map), *words, path, check=check)

    def seen(self, order):
        return self.shop.call("GET", f"/v1/orders/{order['id']}", token=order["secret"]).body

    def open_items(self, order=None):
        data = self.shop.staff("GET", "/v1/payments/open-items?limit=200")["data"]
        return [item for item in data if order is None or item["order"] == order["id"]]

    def test_the_reference_is_shown_and_checks(self):
        order = self.order()
        self.assertEqual(order["payment"]["method"], "bank_transfer")
        self.assertTrue(checks(order["payment"]["reference"]), order["payment"])
        payment = self.seen(order)["payment"]
        self.assertEqual(payment["reference_shown"].replace(" ", ""), payment["reference"])
        self.assertEqual(payment["account"]["iban"], ACCOUNT["iban"].replace(" ", ""))
        self.assertEqual(payment["received"], gbp(0))
        methods = [row["method"] for row in self.shop.call("GET", "/v1/payments/methods").body["data"]]
        self.assertEqual(methods, ["pay_at_pickup", "bank_transfer"])

    def test_a_statement_is_matched_and_twice_changes_nothing(self):
        exact, short, much, later = (self.order() for _ in range(4))
        ref = {o["id"]: self.seen(o)["payment"]["reference_shown"] for o in (exact, short, much, later)}
        path = self.statement(
            ("M\u00fcller", f"Danke {ref[exact['id']]} Gru\u00df", "29,90"),
            ("Smith", f"ref {ref[short['id']].lower()}", "20,00"),
            ("Jones", ref[much["id"]].replace(" ", ""), "1.029,90"),
            ("Nobody", "for the vase", "29,90"),
            ("Nobody", "for the vase", "29,90"),
            ("Bank", "charges", "-4,50"))
        before = self.shop.command("verify")["facts"]
        dry = self.take(path, "--dry-run")
        self.assertEqual((dry["taken"], dry["paid"], dry["open"], dry["debits"]), (5, 2, 4, 1), dry)
        self.assertEqual(self.shop.command("verify")["facts"], before, "a dry run changes nothing")
        self.assertEqual(self.seen(exact)["status"], "awaiting_payment")
        done = self.take(path)
        self.assertEqual([done[k] for k in ("taken", "paid", "open")], [dry[k] for k in ("taken", "paid", "open")])
        self.assertEqual([line["outcome"] for line in done["data"]], ["paid", "part", "over", "unknown", "unknown"])
        self.assertEqual(self.seen(exact)["status"], "paid")
        self.assertEqual(self.seen(much)["paid"], gbp(2990), "never more than the order's total")
        self.assertEqual([(i["kind"], i["amount"]) for i in self.open_items(much)], [("overpaid", gbp(100000))])
        self.assertEqual([(i["kind"], i["amount"]) for i in self.open_items(short)], [("underpaid", gbp(990))])
        self.assertEqual(self.seen(short)["payment"]["received"], gbp(2000))
        after = self.shop.command("verify")["facts"]
        again = self.take(path)
        self.assertEqual((again["taken"], again["unchanged"], again["open"]), (0, 5, 0), again)
        self.assertEqual(self.shop.command("verify")["facts"], after, "the same file again changes nothing")
        self.shop.kill9()
        self.shop.start()
        self.assertEqual(self.take(path)["taken"], 0, "nor after a crash")
        more = self.take(self.statement(("Smith", ref[short["id"]], "9,90"), ("Late", ref[exact["id"]], "29,90")))
        self.assertEqual([line["outcome"] for line in more["data"]], ["paid", "again"])
        self.assertEqual(self.seen(short)["status"], "paid")
        self.assertEqual(self.open_items(short), [], "the missing rest has come")
        self.assertEqual([i["kind"] for i in self.open_items(exact)], ["paid_again"])

        unknown = next(item for item in self.open_items() if item["kind"] == "unknown_reference")
        settled = self.shop.command("payments", "settle", unknown["id"], "--order", later["id"], "--note", "by name")
        self.assertIsNotNone(settled["settled_at"])
        self.assertEqual(self.seen(later)["status"], "paid")
        status, _ = self.shop.command("payments", "settle", unknown["id"], "--note", "again", check=False)
        self.assertEqual(status, 1, "once")
        self.shop.verify()

    def test_wrong_digits_match_nothing(self):
        order = self.order()
        right = self.seen(order)["payment"]["reference"]
        swapped = right[:-2] + right[-1] + right[-2] if right[-1] != right[-2] else right[:-1] + "0"
        done = self.take(self.statement(("X", swapped, "29,90")))
        self.assertEqual(done["data"][0]["outcome"], "unknown")
        self.assertEqual(self.seen(order)["status"], "awaiting_payment")

    def test_refunds_and_cancellations_become_money_to_pay_back(self):
        order = self.order(units=2)
        self.take(self.statement(("A", self.seen(order)["payment"]["reference"], "59,80")))
        self.shop.staff("POST", f"/v1/orders/{order['id']}/refunds",
                        {"lines": [{"line": 0, "units": 1}], "reason": "chipped"})
        self.assertEqual([(i["kind"], i["amount"]) for i in self.open_items(order)], [("pay_back", gbp(2990))])
        part = self.order()
        self.take(self.statement(("B", self.seen(part)["payment"]["reference"], "10,00")))
        self.shop.staff("POST", f"/v1/orders/{part['id']}/cancel", {"reason": "changed mind"})
        self.assertEqual([(i["kind"], i["amount"]) for i in self.open_items(part)], [("pay_back", gbp(1000))])

    def test_wrong_rows_are_named_and_nothing_is_taken(self):
        path = self.statement(("A", "x", "12,345"), ("B", "y", "1,00"))
        done = self.take(path, check=False)
        self.assertEqual(done[0], 1)
        gone = self.shop.call("POST", "/v1/payments/transfers", {"lines": [
            {"id": "1", "booked_on": "22.11.2026", "amount": gbp(5), "text": ""},
            {"id": "", "booked_on": "2026-11-22", "amount": gbp(-5), "text": ""}]}, token=self.shop.token())
        self.assertEqual(gone.status, 400)
        self.assertEqual({e["pointer"] for e in gone.body["errors"]},
                         {"/lines/0/booked_on", "/lines/1/id", "/lines/1/amount"})
        for wrong in ({"holder": "H", "iban": "GB29NWBK60161331926818"},
                      {"holder": "", "iban": "GB29NWBK60161331926819"}):
            answer = self.shop.call("PATCH", "/v1/payments/terms", {"bank": wrong}, key=uuid.uuid4().hex,
                                    token=self.shop.token())
            self.assertEqual(answer.status, 400, answer)

    def test_payers_names_are_kept_nowhere(self):
        self.take(self.statement(("Zebulon Quixote", "no reference, thank you Zebulon", "3,33")))
        self.shop.stop()
        for path in pathlib.Path(self.shop.data).rglob("*"):
            if path.is_file():
                self.assertNotIn(b"ebulon", path.read_bytes(), path)
        self.assertNotIn("ebulon", self.shop.log_tail(1 << 20))
        self.shop.start()


if __name__ == "__main__":
    unittest.main()
