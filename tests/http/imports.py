#!/usr/bin/env python3
"""dropsmith import and try from outside: files of Shopify, Square and by a mapping; repeats; all or nothing."""
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, gbp, program  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "data" / "imports"


def run(*words, stdin=None):
    return subprocess.run([program(), *map(str, words)], capture_output=True, input=stdin, timeout=300)


def asked(*words, stdin=None, code=0):
    done = run(*words, "--json", stdin=stdin)
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout)


class Imports(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.data = self.folder.name + "/shop"

    def tearDown(self):
        self.folder.cleanup()

    def test_orders_twice_change_nothing(self):
        words = ["import", "orders", "--format", "shopify", SAMPLES / "shopify_orders.csv", "--data", self.data]
        first = asked(*words)
        self.assertEqual((first["rows"], first["taken"], first["unchanged"]), (6, 8, 0))
        self.assertEqual((first["orders"], first["returns"], first["customers"]), (7, 2, 3))
        self.assertEqual(first["gross"], gbp(10150))
        self.assertEqual(first["returned"], gbp(-1670))
        self.assertEqual(first["net"], gbp(8480))
        again = asked(*words)
        self.assertEqual((again["taken"], again["unchanged"]), (0, 8))
        packed = self.folder.name + "/orders.csv.gz"
        with gzip.open(packed, "wb") as file:
            file.write((SAMPLES / "shopify_orders.csv").read_bytes())
        again = asked("import", "orders", packed, "--data", self.data)
        self.assertEqual((again["taken"], again["unchanged"]), (0, 8))
        verdict = json.loads(run("verify", "--data", self.data, "--json").stdout)
        self.assertTrue(all(law["holds"] for law in verdict["laws"]), verdict)
        velocity = json.loads(run("audit", "velocity", "--data", self.data, "--json").stdout)
        units = {row["sku"]: (row["units"], row["returns"]) for row in velocity["data"]}
        self.assertEqual(units, {"MUG-RED": (3, 1), "PLATE-L": (2, 0), "Gift wrap": (1, 0)})

    def test_an_overlapping_export_adds_what_is_new(self):
        text = (SAMPLES / "shopify_orders.csv").read_bytes()
        lines = text.splitlines(keepends=True)
        asked("import", "orders", "-", "--currency", "GBP", "--data", self.data, stdin=b"".join(lines[:4]))
        more = asked("import", "orders", "-", "--currency", "GBP", "--data", self.data, stdin=text)
        self.assertEqual((more["taken"], more["unchanged"]), (4, 4))

    def test_all_or_nothing(self):
        text = (SAMPLES / "shopify_orders.csv").read_text()
        text = text.replace("Mug - Red,12.50,,MUG-RED,12.50", "Mug - Red,cheap,,MUG-RED,12.50")
        words = ["import", "orders", "-", "--currency", "GBP", "--data", self.data]
        refused = asked(*words, stdin=text.encode(), code=1)
        self.assertEqual(refused["taken"], 0)
        self.assertEqual(refused["errors"],
                         [{"row": 4, "column": "Lineitem price", "detail": "'cheap' is not an amount"}])
        dry = asked("import", "orders", "--dry-run", "--skip-bad", "-", "--currency", "GBP", stdin=text.encode())
        self.assertEqual((dry["rows"], dry["skipped"], dry["taken"]), (6, 1, 6))
        taken = asked(*words, "--skip-bad", stdin=text.encode())
        self.assertEqual((taken["skipped"], taken["taken"]), (1, 6))

    def test_a_mapping_makes_a_shop_in_its_currency_and_another_is_refused(self):
        words = ["import", "orders", "--format", "csv", "--map", SAMPLES / "generic.toml", SAMPLES / "generic.csv",
                 "--data", self.data]
        first = asked(*words)
        self.assertEqual(first["net"], {"amount": 246580, "currency": "EUR"})
        refused = asked("import", "orders", SAMPLES / "shopify_orders.csv", "--data", self.data, code=1)
        self.assertIn("this shop in EUR", refused["detail"])

    def test_products_and_stock(self):
        products = ["import", "products", "--format", "shopify", SAMPLES / "shopify_products_old.csv",
                    "--data", self.data]
        self.assertEqual(asked(*products)["created"], 2)
        again = asked(*products)
        self.assertEqual((again["taken"], again["unchanged"], again["changed"]), (0, 3, 0))
        stock = ["import", "stock", "--format", "shopify", SAMPLES / "shopify_inventory.csv", "--data", self.data]
        refused = asked(*stock, code=1)
        self.assertEqual([e["column"] for e in refused["errors"]], ["Location", "Location"])
        self.assertEqual(asked(*stock, "--create-places")["taken"], 3)
        with Shop(data=self.data) as shop:
            rows = shop.staff("GET", "/v1/stock")["data"]
            self.assertEqual(sorted((row["sku"], row["free"]) for row in rows),
                             [("MUG-BLUE-L", 3), ("MUG-RED-L", 10), ("MUG-RED-L", 30)])
            # the running shop takes an import through its socket
            live = asked("import", "orders", SAMPLES / "shopify_orders.csv", "--data", self.data)
            self.assertEqual(live["taken"], 8)
            listed = shop.staff("GET", "/v1/imports")["data"]
            self.assertEqual([(one["status"], one["rows"], one["customers"]) for one in listed], [("published", 8, 3)])

    def test_a_date_that_may_be_two_is_refused_with_its_remedy(self):
        words = ["import", "orders", "--currency", "GBP", "--dry-run", SAMPLES / "square_ambiguous.csv"]
        refused = asked(*words, code=1)
        self.assertIn("date_order", refused["errors"][0]["detail"])
        taken = asked(*words, "--date-order", "dmy")
        self.assertEqual(taken["taken"], 2)

    def test_e_mail_addresses_are_nowhere_in_the_folder(self):
        asked("import", "orders", SAMPLES / "shopify_orders.csv", "--data", self.data)
        for file in pathlib.Path(self.data).iterdir():
            if file.is_file():
                self.assertNotIn(b"ada@example.com", file.read_bytes(), file)

    def test_try_tells_the_story_and_leaves_nothing(self):
        before = set(pathlib.Path(tempfile.gettempdir()).glob("dropsmith-try-*"))
        done = run("try", SAMPLES / "shopify_orders.csv", "--runs", "20")
        self.assertEqual(done.returncode, 0, done.stderr)
        for words in (b"WHAT YOU SOLD", b"MUG-RED", b"A FIRST DROP",
                      b"REHEARSED 20 times", b"Nothing left this machine"):
            self.assertIn(words, done.stdout)
        self.assertEqual(set(pathlib.Path(tempfile.gettempdir()).glob("dropsmith-try-*")), before)


if __name__ == "__main__":
    unittest.main()
