#!/usr/bin/env python3
"""Bundles from end to end: declared, made up all or none, promised by a drop, bought, refunded, taken apart; what lies
where afterwards, in the stock, in the SQL tables and by every law.

    python3 tests/http/bundles.py
"""
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, gbp  # noqa: E402


class Bundles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = shop = Shop().start()
        shop.product("Parts", ["B-GLASS", "B-WINE"])
        cls.place = shop.place(name="Cellar")
        shop.receipt(cls.place, [("B-GLASS", 20), ("B-WINE", 7)])
        cls.product = shop.product("Picnic", [{
            "sku": "B-PICNIC", "list_price": gbp(5990),
            "components": [{"sku": "B-GLASS", "units": 2}, {"sku": "B-WINE"}]}])

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.verify()

    def ask(self, path, body):
        return self.shop.call("POST", path, body, key=uuid.uuid4().hex, token=self.shop.token())

    def make(self, units, **more):
        return self.ask("/v1/stock/bundles", {"place": self.place, "sku": "B-PICNIC", "units": units, **more})

    def free(self):
        rows = {sku: self.shop.stock(sku) for sku in ("B-PICNIC", "B-GLASS", "B-WINE")}
        return tuple(rows[sku][0]["free"] if rows[sku] else 0 for sku in rows)

    def test_from_components_to_an_order_and_back(self):
        shop = self.shop
        told = shop.staff("GET", f"/v1/products/{self.product}")["skus"][0]
        self.assertEqual(told["components"], [{"sku": "B-GLASS", "units": 2}, {"sku": "B-WINE", "units": 1}])
        too_many = self.make(8)
        self.assertEqual((too_many.status, too_many.code, too_many.body["available"]), (409, "insufficient_free", 7))
        self.assertIn("B-WINE (7 of 8)", too_many.body["detail"])
        made = self.make(5)
        self.assertEqual(made.status, 201, made)
        self.assertEqual(made.body["components"], [{"sku": "B-GLASS", "units": 10}, {"sku": "B-WINE", "units": 5}])
        self.assertEqual(self.free(), (5, 10, 2))

        # The plan promises six: it says how many more can be made up.
        line = {"sku": "B-PICNIC", "cap": 6, "bands": [gbp(4990), gbp(5990)], "min_margin": 0.2,
                "list_price": gbp(5990)}
        drop = shop.draft_drop([], lines=[line], opens_in=0.3, pricing={"policy": "engine", "cadence_s": 3600})
        clash = self.ask(f"/v1/drops/{drop['id']}/schedule", {})
        self.assertEqual((clash.status, clash.code), (409, "plan_contradiction"), clash)
        self.assertIn("2 can be made up", str(clash.body["errors"]))
        shop.staff("PATCH", f"/v1/drops/{drop['id']}", {"lines": [{**line, "cap": 5}]})
        shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
        shop.wait_status(drop["id"], "open")
        self.assertEqual(self.make(1, apart=True).code, "insufficient_free", "the drop was promised them")

        holds = [shop.hold(drop, "B-PICNIC", units=2) for _ in range(2)]
        self.assertEqual([hold.status for hold in holds], [201, 201])
        self.assertEqual(shop.hold(drop, "B-PICNIC", units=2).code, "insufficient_stock")
        order = shop.confirm(holds[0].body, payment={"method": "manual", "reference": "x"}).body
        shop.release(holds[1].body)
        kept = shop.staff("GET", f"/v1/orders/{order['id']}")
        self.assertEqual(kept["lines"][0]["unit_cost"], gbp(3000), "of two glasses and a bottle")
        self.assertEqual(self.free(), (3, 10, 2))
        self.ask(f"/v1/orders/{order['id']}/cancel", {"reason": "a test"})
        self.assertEqual(self.free(), (5, 10, 2))

        shop.staff("POST", f"/v1/drops/{drop['id']}/close", {"reason": "a test"})
        apart = self.make(5, apart=True)
        self.assertEqual(apart.status, 201, apart)
        self.assertEqual(self.free(), (0, 20, 7))
        change = shop.call("GET", f"/v1/products/{self.product}", token=shop.token())
        changed = shop.call("PATCH", f"/v1/products/{self.product}", {"skus": [{
            "sku": "B-PICNIC", "list_price": gbp(5990), "components": [{"sku": "B-GLASS", "units": 3}]}]},
            key=uuid.uuid4().hex, token=shop.token(), headers={"If-Match": change.headers["etag"]})
        self.assertEqual((changed.status, changed.code), (409, "breaks_promise"), changed)

    def test_what_cannot_be_a_bundle_is_named(self):
        for parts, pointer in (([{"sku": "NO-SUCH"}], "/skus/0/components/0/sku"),
                               ([{"sku": "B-PICNIC"}], "/skus/0/components/0"),
                               ([{"sku": "B-GLASS"}, {"sku": "B-GLASS"}], "/skus/0/components/1")):
            answer = self.ask("/v1/products", {"title": "Wrong", "skus": [
                {"sku": "B-WRONG", "list_price": gbp(100), "components": parts}]})
            self.assertIn(answer.status, (400, 409), answer)
            self.assertEqual(answer.body["errors"][0]["pointer"], pointer, answer)
        self.assertEqual(self.ask("/v1/stock/bundles", {"place": self.place, "sku": "B-GLASS", "units": 1}).status, 400)


if __name__ == "__main__":
    unittest.main()
