#!/usr/bin/env python3
"""A cohort drop from outside, with sessions like the page's: each keeps its side in the document, in quotes and in
holds, over further decisions and over a restart; no session's price rises; the share that is asked less is the plan's
and within explore_share; who sends no session is asked the standing price; and the audit takes each decision again.
The shop is simulated, its clock three hundred times as fast."""
import datetime
import os
import pathlib
import secrets
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, acceptance, gbp, until, utc  # noqa: E402

SHARE, EXPLORE = 0.15, 0.2
SESSIONS = 2000 if acceptance() else 400


class Cohorts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(arguments=["--simulated"])
        cls.shop.command("init", "--simulated", "--speed", "300", "--name", "Sides", "--currency", "GBP")
        cls.shop.start()

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.verify()

    def clock(self):
        text = self.shop.call("GET", "/v1/feed/prices").body["as_of"]
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))

    def drop(self):
        shop = self.shop
        shop.product("Sides", ["SIDE"])
        shop.receipt(shop.place(name="Sides"), [("SIDE", 300)])
        opens = self.clock() + datetime.timedelta(minutes=3)
        drop = shop.draft_drop([], opens_at=utc(opens), closes_at=utc(opens + datetime.timedelta(hours=12)),
                               lines=[{"sku": "SIDE", "cap": 300, "bands": [gbp(2400), gbp(2990), gbp(3600)],
                                       "floor": gbp(1800), "list_price": gbp(2990)}],
                               pricing={"policy": "engine", "mode": "cohort", "cohort_share": SHARE,
                                        "explore_share": EXPLORE, "objective": "contribution_margin", "cadence_s": 120})
        shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
        shop.wait_status(drop["id"], "open")
        return drop["id"]

    def line(self, drop, session=""):
        return self.shop.call("GET", f"/v1/drops/{drop}?channel=web&session={session}").body["lines"][0]

    def prices(self, drop, sessions):
        return [self.line(drop, session)["price"]["amount"] for session in sessions]

    def test_each_session_keeps_its_side(self):
        shop, drop = self.shop, self.drop()
        sessions = [secrets.token_hex(16) for _ in range(SESSIONS)]  # as web/src/lib/shopper.ts makes them
        # nobody buys: the engine wants less
        until(lambda: self.prices(drop, sessions[:60]), lambda prices: min(prices) < 3600, "the engine made no cohort")
        first = self.prices(drop, sessions)
        self.assertEqual(self.line(drop)["price"], gbp(3600), "without a session: the standing price")
        low = [session for session, price in zip(sessions, first) if price < 3600]
        share = len(low) / len(sessions)
        error = (SHARE * (1 - SHARE) / len(sessions)) ** 0.5
        self.assertLess(abs(share - SHARE), 4 * error, f"{share} of the sessions, {SHARE} planned")
        self.assertLessEqual(SHARE, EXPLORE)
        if os.environ.get("DROPSMITH_SHOW"):
            print(f"{len(low)} of {len(sessions)} sessions are asked less")
        # further decisions: nobody's price rises and nobody changes sides
        last = dict(zip(sessions, first))
        for _ in range(4):
            time.sleep(0.5)
            for session, price in zip(sessions[:150], self.prices(drop, sessions[:150])):
                self.assertLessEqual(price, last[session])
                self.assertEqual(price < 3600, session in low)
                last[session] = price
        self.buys_at_its_price(drop, low[0], cheap=True)
        self.buys_at_its_price(drop, next(s for s in sessions if s not in low), cheap=False)
        self.shop.confirm(shop.hold(drop, "SIDE").body)  # who has no session is of no side
        self.the_report_has_both_sides(drop)
        shop.stop()
        shop.start()
        for session, price in zip(sessions[:100], self.prices(drop, sessions[:100])):
            self.assertEqual(price < 3600, session in low, "a restart moves nobody")
        pack = shop.staff("GET", f"/v1/audit/prices?since={utc(self.clock() - datetime.timedelta(days=1))}"
                                 f"&until={utc(self.clock())}")
        self.assertGreater(pack["decisions"], 2)
        self.assertEqual((pack["differing"], pack["retired"]), (0, 0), [row for row in pack["data"] if row["detail"]])
        last_set = [row["decision"] for row in pack["data"] if row["decision"].get("cohort")][-1]
        self.assertEqual(last_set["cohort"]["share"], SHARE)

    def buys_at_its_price(self, drop, session, cheap):
        shop = self.shop
        quote = shop.call("POST", "/v1/quotes", {"drop": drop, "channel": "web", "session": session,
                                                 "lines": [{"sku": "SIDE", "units": 1}]})
        self.assertIn(quote.status, (200, 201), quote)
        asked = quote.body["lines"][0]["unit_price"]
        self.assertEqual(asked["amount"] < 3600, cheap, quote.body)
        hold = shop.hold(drop, "SIDE", session=session)
        self.assertEqual(hold.status, 201, hold)
        self.assertEqual(hold.body["lines"][0]["unit_price"]["amount"] < 3600, cheap, hold.body)
        shop.confirm(hold.body)

    def the_report_has_both_sides(self, drop):
        report = self.shop.staff("GET", f"/v1/drops/{drop}/report")
        told = report["cohorts"]
        self.assertEqual(len(told), 1, told)
        self.assertEqual((told[0]["channel"], told[0]["share"]), ("web", SHARE))
        sides = told[0]["sides"]
        self.assertEqual([(sides[side]["orders"], sides[side]["buyers"], sides[side]["units"])
                          for side in ("cohort", "rest")], [(1, 1, 1), (1, 1, 1)], told)
        self.assertEqual(told[0]["without_session"]["units"], 1)
        self.assertLess(sides["cohort"]["revenue"]["amount"], sides["rest"]["revenue"]["amount"])
        ratio = told[0]["difference"]["buyers_ratio"]
        self.assertLess(ratio["low"], ratio["value"])
        self.assertLess(ratio["value"], ratio["high"])
        self.assertIn("within what chance does", told[0]["summary"])
        self.assertEqual(report["elasticity"]["unexplained"], 0, "a cohort's decisions are explained")


if __name__ == "__main__":
    unittest.main(verbosity=2)
