#!/usr/bin/env python3
"""What the journal says of prices: elasticities, the report's part, replays; and rehearsals at both speeds.

    python3 tests/http/studies.py
"""
import datetime
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, gbp, until, utc  # noqa: E402


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
        self.assertEqual((found["definition"], found["drawn"]), ("elasticity/2", 0))
        self.assertIn("too little", found["summary"][0])
        self.assertEqual([(row["sku"], row["units"], row["elasticity"]) for row in found["skus"]],
                         [("E-PLAIN", 2, None)])
        report = shop.staff("GET", f"/v1/drops/{drop['slug']}/report")
        self.assertEqual(report["elasticity"]["skus"], found["skus"])

    def test_a_rehearsal_takes_every_field_of_a_plan(self):
        self.shop.product("Every", ["E-EVERY", "E-OTHER"])
        line = {"sku": "E-EVERY", "cap": 12, "bands": [gbp(2400), gbp(3000)], "floor": gbp(2000), "min_margin": 0.1,
                "list_price": gbp(3000), "per_person_limit": 2, "preorder_share": 0.1, "below_cost_ok": False,
                "places": {"plc_a": 12}, "substitute": "E-OTHER", "backorder_cap": 2,
                "ship_by": "2030-01-01T00:00:00Z", "max_discount": 0.5, "return_share": 0.1, "return_cost": gbp(300),
                "salvage": gbp(100),
                "channels": [{"channel": "web", "bands": [gbp(2500), gbp(3100)], "list_price": gbp(3100),
                              "floor": gbp(2100)}]}
        pricing = {"policy": "engine", "objective": "contribution_margin", "cadence_s": 3600, "max_step": 0.5,
                   "explore_share": 0.3, "mode": "cohort", "max_step_up": 0.5, "min_dwell_s": 3600,
                   "revenue_at_risk": 0.5, "confidence": 0.9, "cohort_share": 0.2, "cannibalisation_max": 0.3,
                   "features": ["stock_left"], "personal": "", "ladder": [],
                   "arrival_curve": [1, 3]}
        room = {"kind": "ballot", "entry_before_seconds": 60, "draw_before_seconds": 10, "admission_seconds": 600,
                "per_second_max": 5, "by_person": True}
        told = self.rehearsed(plan={"story": "x", "kind": "capsule", "timezone": "UTC", "hold_seconds": 600,
                                    "lines": [line], "preorder_release_seconds": 60, "show": "few", "few_under": 5,
                                    "offer_seconds": 600, "room": room, "pricing": pricing})
        self.assertEqual(told["policies"][0]["policy"], "engine, cohort")
        for word in ("waiting room", "arrival_curve", "limit per person", "pre-orders", "substitute",
                     "ahead of the stock", "cannibalisation stop"):
            self.assertTrue(any("not rehearsed" in one and word in one for one in told["assumptions"]), word)

    def test_a_rehearsal_names_what_a_channel_says_wrongly(self):
        self.shop.product("Wrongly", ["E-WRONGLY"])
        line = {"sku": "E-WRONGLY", "cap": 12, "bands": [gbp(2400), gbp(3000)], "floor": gbp(2000),
                "list_price": gbp(3000)}
        for own, pointer in (([{"channel": "nowhere", "bands": [gbp(2500)]}], "/lines/0/channels/0/channel"),
                             ([{"channel": "web"}], "/lines/0/channels/0"),
                             ([{"channel": "web", "bands": [gbp(2500), gbp(2500)]}], "/lines/0/channels/0/bands")):
            opens = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)
            plan = {"slug": "e-wrong", "title": "Plan", "opens_at": utc(opens), "channels": ["web"],
                    "closes_at": utc(opens + datetime.timedelta(hours=24)), "lines": [{**line, "channels": own}]}
            refused = self.shop.staff("POST", "/v1/rehearsals", {"plan": plan, "runs": 5}, expect={400, 202, 201, 200})
            told = str(refused)
            if "id" in refused:
                told = str(until(lambda of=refused: self.shop.staff("GET", f"/v1/rehearsals/{of['id']}"),
                                 lambda seen: seen["status"] != "running", "the rehearsal does not end"))
            self.assertIn(pointer, told)

    def rehearsed(self, plan=None, **more):
        opens = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)
        document = {"slug": "e-plan", "title": "Plan", "opens_at": utc(opens), "channels": ["web"],
                    "closes_at": utc(opens + datetime.timedelta(hours=24)),
                    "lines": [{"sku": "E-REHEARSED", "cap": 12, "bands": [gbp(2400), gbp(3000), gbp(3600)],
                               "floor": gbp(2000), "list_price": gbp(3000)}],
                    "pricing": {"policy": "engine", "objective": "contribution_margin", "cadence_s": 3600}}
        document.update(plan or {})
        begun = self.shop.staff("POST", "/v1/rehearsals", {"plan": document, "runs": 5, "seed": 4, **more})
        told = until(lambda: self.shop.staff("GET", f"/v1/rehearsals/{begun['id']}"),
                     lambda seen: seen["status"] != "running", "the rehearsal does not end")
        self.assertEqual(told["status"], "done", told)
        return told["result"]

    def test_both_speeds_of_a_rehearsal_agree(self):
        self.shop.product("Rehearsed", ["E-REHEARSED"])
        fast, full = self.rehearsed(), self.rehearsed(full=True)
        self.assertEqual((fast["full"], full["full"]), (False, True))
        for name in ("revenue", "margin", "sell_through", "leftovers", "sold_out_share"):
            self.assertEqual(fast["policies"][0][name], full["policies"][0][name], name)
        self.assertEqual(fast["policies"][1:], full["policies"][1:])
        self.assertEqual({policy["policy"] for policy in fast["policies"]},
                         {"engine", "fixed:0", "fixed:1", "fixed:2", "taper", "ts-update", "clairvoyant"})

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
