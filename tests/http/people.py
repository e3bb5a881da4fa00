#!/usr/bin/env python3
"""People: told when a drop opens only after they said so twice; what a hold says of its buyer counts later; a person is
shown and forgotten by both doors, and after that no file of the shop holds their name or address."""
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, gbp, until  # noqa: E402


def scheduled(shop, sku, hours=48):
    shop.product(f"Goods {sku}", [sku])
    shop.receipt(shop.place(name=f"Hub {sku}"), [(sku, 5)])
    drop = shop.draft_drop([(sku, 5)], opens_in=3600 * hours)
    shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
    return drop


class Subscribers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        cls.drop = scheduled(cls.shop, "S-1")

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.verify()
        cls.shop.clean_up(False)

    def ask(self, email, drop=None):
        return self.shop.call("POST", f"/v1/drops/{drop or self.drop['id']}/subscribers", {"email": email})

    def listed(self, query=""):
        return self.shop.staff("GET", f"/v1/drops/{self.drop['id']}/subscribers{query}")["data"]

    def test_yes_is_said_twice_and_no_once(self):
        first, again = self.ask("Ada@example.org"), self.ask("ada@example.org ")
        self.assertEqual((first.status, again.status), (202, 202), first)
        self.assertEqual(first.body, again.body, "nobody learns who asked before")
        self.assertEqual(self.ask("bob@example.org", self.drop["slug"]).status, 202)
        rows = {row["email"]: row for row in self.listed()}
        self.assertEqual(sorted(rows), ["Ada@example.org", "bob@example.org"])
        self.assertEqual({row["status"] for row in rows.values()}, {"pending"})
        subscriber, secret = rows["Ada@example.org"]["link"].split("/#/told/")[1].split("/")
        other = rows["bob@example.org"]["id"]
        here = f"/v1/subscribers/{subscriber}"
        self.assertEqual(self.shop.call("POST", f"{here}/confirm", {}).status, 404)
        self.assertEqual(self.shop.call("POST", f"/v1/subscribers/{other}/confirm", {}, token=secret).status, 404)
        self.assertEqual(self.shop.call("GET", here, token=secret).body["drop"]["slug"], self.drop["slug"])
        for _ in range(2):
            said = self.shop.call("POST", f"{here}/confirm", {}, token=secret)
            self.assertEqual((said.status, said.body["status"]), (200, "confirmed"), said)
        seen = self.shop.call("GET", f"/v1/drops/{self.drop['id']}", token=self.shop.token()).body["subscribers"]
        self.assertEqual(seen, {"confirmed": 1, "pending": 1})
        self.assertNotIn("subscribers", self.shop.call("GET", f"/v1/drops/{self.drop['id']}").body)
        self.assertEqual([row["email"] for row in self.listed("?status=confirmed")], ["Ada@example.org"])
        self.assertEqual(self.shop.call("DELETE", here, token=secret).body["status"], "ended")
        self.assertEqual(self.shop.call("POST", f"{here}/confirm", {}, token=secret).status, 409)

    def test_refusals(self):
        self.assertEqual(self.ask("nobody").status, 400)
        self.assertEqual(self.ask("a@example.org", "no-such-drop").status, 404)
        opened = self.shop.open_drop([("S-2", 1)])
        answer = self.ask("a@example.org", opened["id"])
        self.assertEqual((answer.status, answer.code), (409, "wrong_state"), answer)
        viewer = self.shop.token("viewer")
        path = f"/v1/drops/{self.drop['id']}/subscribers"
        self.assertEqual(self.shop.call("GET", path, token=viewer).status, 403)


class Holds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.verify()
        cls.shop.clean_up(False)

    def test_a_hold_that_says_who_it_is_for_needs_no_second_word(self):
        shop = self.shop
        drop = shop.open_drop([("H-1", 5)])
        hold = shop.hold(drop, "H-1").body
        path = f"/v1/holds/{hold['id']}"
        body = {"fulfilment": {"method": "ship"}, "payment": {"method": "manual"}}
        bare = shop.call("POST", f"{path}/confirm", body, key="bare", token=hold["secret"])
        self.assertEqual((bare.status, bare.body["errors"][0]["pointer"]), (400, "/person"), bare)
        said = shop.call("PATCH", path, {"person": {"email": "ada@example.org", "name": "Ada"}}, key="who",
                         token=hold["secret"])
        self.assertEqual(said.status, 200, said)
        order = shop.call("POST", f"{path}/confirm", body, key="now", token=hold["secret"])
        self.assertEqual(order.status, 201, order)
        seen = shop.staff("GET", f"/v1/orders/{order.body['id']}")
        self.assertEqual(seen["person"]["email"], "ada@example.org")
        both = shop.call("PATCH", path, {"person": {"email": "a@example.org"}, "lines": [{"sku": "H-1", "units": 1}]},
                         key="both", token=hold["secret"])
        self.assertEqual(both.status, 400)

    def test_money_that_comes_late_is_one_order_or_goes_back(self):
        shop = self.shop
        terms = shop.staff("GET", "/v1/shop")
        delivery = [{"code": "pickup", "title": "Pick-up", "charge": gbp(0)},
                    {"code": "ship", "title": "Delivery", "charge": gbp(450)}]
        shop.staff("PATCH", "/v1/shop", {"delivery": delivery})
        drop = shop.open_drop([("H-2", 5)], hold_seconds=1)
        hold = shop.hold(drop, "H-2", fulfilment={"method": "ship"}, person={"email": "eve@example.org"}).body
        path = f"/v1/holds/{hold['id']}"
        until(lambda: shop.call("GET", path, token=hold["secret"]).body["status"],
              lambda seen: seen == "expired", "the hold does not end")
        paid = shop.staff("POST", f"{path}/payments", {"amount": gbp(2990 + 450), "reference": "bank 1"})
        self.assertFalse(paid["give_back"], paid)
        order = shop.staff("GET", f"/v1/orders/{paid['order']}")
        self.assertEqual((order["status"], order["promise"]["method"], order["delivery"]),
                         ("paid", "ship", gbp(450)))
        self.assertEqual(order["person"]["email"], "eve@example.org")
        more = shop.staff("POST", f"{path}/payments", {"amount": gbp(2990 + 450), "reference": "bank 2"})
        self.assertEqual((more["give_back"], more["order"]), (True, None))
        twice = shop.call("POST", f"{path}/payments", {"amount": gbp(2990 + 450), "reference": "bank 2"},
                          key=uuid.uuid4().hex, token=shop.token())
        self.assertEqual((twice.status, twice.code), (409, "already_exists"), twice)
        self.assertTrue(terms)

    def test_a_cancelled_drop_gives_its_name_back(self):
        drop = scheduled(self.shop, "H-3")
        self.shop.staff("POST", f"/v1/drops/{drop['id']}/cancel", {"reason": "wrong"})
        again = self.shop.draft_drop([("H-3", 5)], slug=drop["slug"], opens_in=3600)
        self.assertNotEqual(again["id"], drop["id"])
        self.assertEqual(self.shop.call("GET", f"/v1/drops/{drop['slug']}", token=self.shop.token()).body["id"],
                         again["id"])


class Forgetting(unittest.TestCase):
    NAMES = ("Erasmus Erasable", "erasmus@example.org", "9 Vanishing Lane")

    def buy(self, shop, drop, sku):
        order = shop.confirm(shop.hold(drop, sku).body, person={"email": self.NAMES[1], "name": self.NAMES[0],
                                                                 "address": self.NAMES[2]})
        self.assertEqual(order.status, 201, order)
        return order.body

    def held_by(self, shop):
        files = [path for path in pathlib.Path(shop.data).iterdir() if path.is_file()]
        return {path.name for path in files for word in self.NAMES if word.encode() in path.read_bytes()}

    def test_shown_then_forgotten_by_route_and_by_command(self):
        with Shop() as shop:
            drop = shop.open_drop([("F-1", 6)])
            order = self.buy(shop, drop, "F-1")
            self.assertTrue(self.held_by(shop), "else this test could not fail")
            who = {"email": self.NAMES[1], "name": self.NAMES[0]}
            shop.hold(drop, "F-1", units=4)
            wish = shop.call("POST", f"/v1/drops/{drop['id']}/waiting",
                             {"channel": "web", "lines": [{"sku": "F-1", "units": 2}], "person": who})
            self.assertEqual(wish.status, 201, wish)
            shop.product("Later", ["F-2"])
            shop.receipt(shop.place(name="Later hub"), [("F-2", 1)])
            later = shop.draft_drop([("F-2", 1)], opens_in=1800, room={"kind": "fifo", "by_person": True})
            shop.staff("POST", f"/v1/drops/{later['id']}/schedule", {})
            entered = shop.call("POST", f"/v1/drops/{later['id']}/room", {"session": "one", "person": who})
            self.assertIn(entered.status, (200, 201), entered)
            shown = shop.staff("POST", "/v1/persons/export", {"email": "ERASMUS@example.org"})
            self.assertEqual([(row["drop"], row["status"], row["lines"][0]["units"]) for row in shown["waiting"]],
                             [(drop["title"], "waiting", 2)])
            self.assertEqual(shown["waiting_rooms"], [{"drop": later["title"], "number": 1}])
            self.assertEqual((shown["name"], [row["id"] for row in shown["orders"]]),
                             (self.NAMES[0], [order["id"]]))
            self.assertEqual(shop.command("person", "show", "--email", self.NAMES[1])["person"], shown["person"])
            legal = shop.token("legal")
            self.assertEqual(shop.call("POST", "/v1/persons/export", {"person": shown["person"]},
                                       token=legal).status, 200)
            erase = {"email": self.NAMES[1], "reason": "asked for"}
            self.assertEqual(shop.call("POST", "/v1/persons/erase", erase, token=legal).status, 403)
            done = shop.staff("POST", "/v1/persons/erase", erase)
            self.assertEqual(done, {"person": shown["person"], "erased": True})
            self.assertEqual(shop.call("POST", "/v1/persons/erase", erase, token=shop.token()).status, 404)
            kept = shop.staff("GET", f"/v1/orders/{order['id']}")
            self.assertNotIn("person", kept)
            self.assertEqual(kept["total"], order["total"])
            # the log is truncated a moment later
            until(lambda: self.held_by(shop), lambda files: not files, "it is still in these files")
            self.buy(shop, drop, "F-1")
            shop.stop()
            self.assertEqual(shop.command("person", "erase", "--email", self.NAMES[1])["erased"], True)
            self.assertEqual(self.held_by(shop), set(), "also when nobody serves the folder")
            shop.verify()
            shop.start()

    def test_by_one_name_and_only_one(self):
        with Shop() as shop:
            for body in ({}, {"email": "a@example.org", "person": "per_x"}):
                self.assertEqual(shop.call("POST", "/v1/persons/export", body, token=shop.token()).status, 400)
            self.assertEqual(shop.command("person", "show", check=False)[0], 2)
            self.assertEqual(shop.command("person", "erase", "--email", "no@example.org", check=False)[0], 1)


if __name__ == "__main__":
    unittest.main()
