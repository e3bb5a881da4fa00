#!/usr/bin/env python3
"""Channels with prices of their own, over HTTP: a page at 24, 30 and 36 with tax inside, a pop-up at 26, 32 and 38, and
a trade channel at 20, 25 and 30 without tax, which share one stock.

    python3 tests/http/channel_prices.py
"""
import datetime
import pathlib
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, gbp, now, utc  # noqa: E402

POP_UP = {"channel": "pop-up", "bands": [gbp(2600), gbp(3200), gbp(3800)], "list_price": gbp(3200)}
TRADE = {"channel": "trade", "bands": [gbp(2000), gbp(2500), gbp(3000)], "list_price": gbp(2500), "floor": gbp(1700)}


class ChannelPrices(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        cls.place = cls.shop.place()
        cls.shop.staff("POST", "/v1/channels", {"name": "pop-up", "mode": "own"})
        cls.shop.staff("POST", "/v1/channels", {"name": "trade", "mode": "own", "prices_include_tax": False})

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.verify()

    def line(self, sku, cap=6, **more):
        return {"sku": sku, "cap": cap, "bands": [gbp(2400), gbp(3000), gbp(3600)], "floor": gbp(2000),
                "list_price": gbp(3000), "channels": [POP_UP, TRADE], **more}

    def draft(self, sku, **more):
        if "lines" not in more:
            self.shop.product(sku, [sku])
            self.shop.receipt(self.place, [(sku, 6)])
        pricing = {"policy": "engine", "objective": "contribution_margin", "cadence_s": 3600}
        return self.shop.draft_drop([], **{"lines": [self.line(sku)], "channels": ["web", "pop-up", "trade"],
                                           "pricing": pricing, **more})

    def seen(self, drop, channel, token=None):
        return self.shop.call("GET", f"/v1/drops/{drop['id']}?channel={channel}", token=token).body["lines"][0]

    def test_each_channel_asks_its_own_and_all_share_one_stock(self):
        shop = self.shop
        drop = self.draft("C-SHARED")
        shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
        shop.wait_status(drop["id"], "open")
        for channel, price, full in (("web", 3600, 3000), ("pop-up", 3800, 3200), ("trade", 3000, 2500)):
            line = self.seen(drop, channel)
            self.assertEqual((line["price"], line["list_price"], line["available"]), (gbp(price), gbp(full), 6))
            self.assertNotIn("bands", line, "buyers see what is asked, not what may be")
        line = self.seen(drop, "web", shop.token())
        self.assertEqual(line["bands"], [gbp(2400), gbp(3000), gbp(3600)])
        self.assertEqual(line["channels"], [{**POP_UP, "floor": None}, TRADE])
        self.assertEqual(line["prices"]["web"]["bands"], line["bands"])
        self.assertEqual(line["prices"]["trade"]["bands"], TRADE["bands"])
        self.assertEqual(line["prices"]["trade"]["floor"], gbp(1700))
        self.assertEqual((line["prices"]["pop-up"]["list_price"], line["prices"]["pop-up"]["floor"]),
                         (gbp(3200), gbp(2000)))

        for channel, price in (("web", 3600), ("pop-up", 3800), ("trade", 3000)):
            held = shop.hold(drop, "C-SHARED", units=2, channel=channel, session=f"s-{channel}")
            self.assertEqual(held.status, 201, held)
            self.assertEqual(held.body["lines"][0]["unit_price"], gbp(price))
            if channel == "trade":
                trade = held
        for channel in ("web", "pop-up", "trade"):
            gone = shop.hold(drop, "C-SHARED", channel=channel, session=f"t-{channel}")
            self.assertEqual(gone.status, 409, gone)
        order = shop.confirm(trade.body)
        self.assertIn(order.status, (200, 201), order)
        self.assertEqual(order.body["total"], gbp(6000), "two at 30.00, in a shop without a rate of tax")

        until = utc(now() + datetime.timedelta(hours=1))
        override = {"sku": "C-SHARED", "channel": "trade", "price": gbp(3100), "until": until, "reason": "a guest"}
        path = f"/v1/drops/{drop['id']}/overrides"
        above = shop.call("POST", path, override, key=uuid.uuid4().hex, token=shop.token())
        self.assertEqual(above.code, "outside_band", above)
        below = shop.call("POST", path, {**override, "price": gbp(1699)}, key=uuid.uuid4().hex, token=shop.token())
        self.assertEqual(below.code, "below_floor", below)
        shop.staff("POST", path, {**override, "price": gbp(1800)})
        self.assertEqual(self.seen(drop, "trade")["price"], gbp(1800))
        shop.staff("POST", f"/v1/drops/{drop['id']}/kill-prices", {"reason": "stop"})
        self.assertEqual([self.seen(drop, channel)["price"] for channel in ("web", "pop-up", "trade")],
                         [gbp(3000), gbp(3200), gbp(2500)])
        until = utc(now() + datetime.timedelta(seconds=1))
        time.sleep(1.2)
        pack = shop.staff("GET", f"/v1/audit/prices?until={until}")
        self.assertGreaterEqual(pack["decisions"], 7)
        self.assertEqual((pack["differing"], pack["same"] + pack["retired"]), (0, pack["decisions"]), pack)

    def test_what_a_channel_says_wrongly_is_named(self):
        self.shop.product("C-WRONG", ["C-WRONG"])
        self.shop.receipt(self.place, [("C-WRONG", 6)])
        for own, pointer in (
                ([{"channel": "nowhere", "bands": [gbp(2500)]}], "/lines/0/channels/0/channel"),
                ([POP_UP, {**POP_UP, "floor": gbp(2000)}], "/lines/0/channels/1/channel"),
                ([{"channel": "trade"}], "/lines/0/channels/0"),
                ([{**TRADE, "bands": [gbp(2500), gbp(2000)]}], "/lines/0/channels/0/bands/1"),
                ([{**TRADE, "floor": gbp(-1)}], "/lines/0/channels/0/floor")):
            body = {"slug": f"wrong-{uuid.uuid4().hex[:8]}", "title": "Wrong", "opens_at": utc(now()),
                    "closes_at": utc(now() + datetime.timedelta(hours=5)), "channels": ["web", "pop-up", "trade"],
                    "lines": [self.line("C-WRONG", channels=own)]}
            refused = self.shop.call("POST", "/v1/drops", body, key=uuid.uuid4().hex, token=self.shop.token())
            self.assertEqual(refused.body["errors"][0]["pointer"], pointer, refused)
        drop = self.draft("C-WRONG", lines=[self.line("C-WRONG", channels=[{**TRADE, "floor": gbp(2100)}])])
        refused = self.shop.call("POST", f"/v1/drops/{drop['id']}/schedule", {}, key=uuid.uuid4().hex,
                                 token=self.shop.token())
        self.assertEqual(refused.body["errors"][0]["pointer"], "/lines/0/channels/0/bands/0", refused)

    def test_an_edit_of_a_scheduled_drop_prices_that_channel_anew(self):
        drop = self.draft("C-EDIT", opens_in=3600)
        self.shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
        path = f"/v1/drops/{drop['id']}"
        dearer = {**POP_UP, "bands": [gbp(2700), gbp(3900)]}
        self.shop.staff("PATCH", path, {"lines": [{"sku": "C-EDIT", "channels": [dearer, TRADE]}]})
        self.assertEqual([self.seen(drop, channel)["price"] for channel in ("web", "pop-up", "trade")],
                         [gbp(3600), gbp(3900), gbp(3000)])
        self.shop.staff("PATCH", path, {"title": "Another"})
        self.assertEqual(len(self.seen(drop, "web", self.shop.token())["channels"]), 2, "what is not said stays")
        self.shop.staff("PATCH", path, {"lines": [{"sku": "C-EDIT", "channels": []}]})
        self.assertEqual(self.seen(drop, "web", self.shop.token())["channels"], [])
        self.assertEqual(self.seen(drop, "pop-up")["price"], gbp(3600))


if __name__ == "__main__":
    unittest.main(verbosity=2)
