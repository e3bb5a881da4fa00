#!/usr/bin/env python3
"""What the journal says of prices: GET /v1/elasticity and the report's part, on a shop with a priced drop.

    python3 tests/http/studies.py
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop  # noqa: E402


class Studies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        cls.addClassCleanup(cls.shop.stop)

    def test_elasticity_says_when_nothing_was_drawn(self):
        shop = self.shop
        drop = shop.open_drop([("E-PLAIN", 10)], price=2990)
        hold = shop.hold(drop, "E-PLAIN", units=2, key="e-1")
        self.assertEqual(hold.status, 201, hold)
        found = shop.staff("GET", f"/v1/elasticity?drop={drop['slug']}")
        self.assertEqual((found["definition"], found["drawn"]), ("elasticity/1", 0))
        self.assertIn("too little", found["summary"][0])
        self.assertEqual([(row["sku"], row["units"], row["elasticity"]) for row in found["skus"]],
                         [("E-PLAIN", 2, None)])
        report = shop.staff("GET", f"/v1/drops/{drop['slug']}/report")
        self.assertEqual(report["elasticity"]["skus"], found["skus"])

    def test_replay_answers_or_says_why_not(self):
        shop = self.shop
        drop = shop.open_drop([("E-REPLAY", 10)], price=2990)
        self.assertEqual(shop.hold(drop, "E-REPLAY", units=2, key="e-2").status, 201)
        told = shop.staff("GET", f"/v1/drops/{drop['slug']}/replay?policy=list")
        self.assertEqual((told["definition"], told["lines"][0]["actual_units"], told["tells"]), ("replay/1", 2, False))
        self.assertIn("too thin", told["summary"])
        self.assertEqual(told, shop.staff("GET", f"/v1/drops/{drop['id']}/replay?policy=list"))
        bad = shop.staff("GET", f"/v1/drops/{drop['slug']}/replay?policy=cheapest", expect={400})
        self.assertIn("fixed:INDEX", bad["errors"][0]["detail"])

    def test_unknown_drop_and_no_token(self):
        self.shop.staff("GET", "/v1/elasticity?drop=none", expect={400})
        self.assertEqual(self.shop.call("GET", "/v1/elasticity").status, 401)


if __name__ == "__main__":
    unittest.main(verbosity=2)
