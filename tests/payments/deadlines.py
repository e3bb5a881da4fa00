#!/usr/bin/env python3
"""Unpaid orders do not keep their units for ever: what buyers may choose is the shop's to say, and an order whose money
does not come in time is cancelled, also across a kill, its units free again and offered to whoever waits."""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop  # noqa: E402


def methods(shop):
    return {row["method"]: row["pay_within_seconds"] for row in shop.call("GET", "/v1/payments/methods").body["data"]}


def seen(shop, order):
    return shop.call("GET", f"/v1/orders/{order['id']}", token=order["secret"]).body


def until(shop, order, status, seconds=20):
    end = time.monotonic() + seconds
    while (now := seen(shop, order))["status"] != status and time.monotonic() < end:
        time.sleep(0.05)
    return now


class Deadlines(unittest.TestCase):
    def test_what_is_not_paid_in_time_goes_to_whoever_waits(self):
        with Shop() as shop:
            drop = shop.open_drop([("DEAD-1", 2)])
            self.assertEqual(methods(shop), {"pay_at_pickup": 7 * 86_400})
            by_default = shop.confirm(shop.hold(drop, "DEAD-1").body).body
            self.assertIsNotNone(by_default["pay_by"], "an order arranged by hand has its end too")
            shop.command("payments", "terms", "--transfer-hours", "48")
            shop.staff("PATCH", "/v1/payments/terms", {"manual_within_seconds": 3})
            terms = shop.staff("GET", "/v1/payments/terms")
            self.assertEqual((terms["manual_within_seconds"], terms["transfer_within_seconds"]), (3, 48 * 3600))
            order = shop.confirm(shop.hold(drop, "DEAD-1").body).body
            self.assertEqual(order["status"], "awaiting_payment")
            wish = shop.call("POST", f"/v1/drops/{drop['id']}/waiting", {
                "channel": "web", "session": "next", "lines": [{"sku": "DEAD-1", "units": 1}]}).body
            shop.kill9()
            shop.start()
            self.assertEqual(until(shop, order, "cancelled")["status"], "cancelled")
            self.assertIsNone(seen(shop, order)["pay_by"])
            end = time.monotonic() + 10
            while (mine := shop.call("GET", f"/v1/waiting/{wish['id']}", token=wish["secret"]).body)[
                    "status"] == "waiting" and time.monotonic() < end:
                time.sleep(0.05)
            self.assertEqual(mine["status"], "offered")
            self.assertEqual(seen(shop, by_default)["status"], "awaiting_payment", "what was said at the time stays")
            shop.staff("POST", f"/v1/orders/{by_default['id']}/payments",
                       {"amount": by_default["total"], "reference": "cash"})
            self.assertIsNone(seen(shop, by_default)["pay_by"])
            self.assertEqual(shop.stop(), 0)
            shop.verify()

    def test_the_shop_says_what_buyers_may_choose(self):
        with Shop() as shop:
            drop = shop.open_drop([("DEAD-2", 9)])
            shop.command("payments", "terms", "--methods", "pay_at_pickup", "--pickup-hours", "24")
            self.assertEqual(methods(shop), {"pay_at_pickup": 86_400})
            hold = shop.hold(drop, "DEAD-2").body
            refused = shop.confirm(hold)
            self.assertEqual((refused.status, refused.code), (400, "unknown_method"), refused)
            taken = shop.confirm(hold, key="pickup", fulfilment={"method": "pickup"},
                                 payment={"method": "pay_at_pickup"})
            self.assertEqual(taken.status, 201, taken)
            shop.staff("PATCH", "/v1/payments/terms", {"methods": ["manual"]})
            self.assertEqual(methods(shop), {"manual": 72 * 3600}, "offered where the shop says so")
            self.assertEqual(shop.confirm(shop.hold(drop, "DEAD-2").body).status, 201)
            wrong = shop.call("PATCH", "/v1/payments/terms", {"pickup_within_seconds": 40_000_000}, token=shop.token())
            self.assertEqual((wrong.status, wrong.body["errors"][0]["pointer"]), (400, "/pickup_within_seconds"), wrong)
            wrong = shop.call("PATCH", "/v1/payments/terms", {}, token=shop.token())
            self.assertEqual(wrong.status, 400)
            self.assertEqual(shop.stop(), 0)
            shop.verify()


if __name__ == "__main__":
    unittest.main(verbosity=2)
