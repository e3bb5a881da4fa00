#!/usr/bin/env python3
"""What Stripe's sandbox can judge without a buyer. STRIPE_TEST_KEY names a key of the sandbox."""
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from stripe_fake import StripeShop  # noqa: E402


class Sandbox(unittest.TestCase):
    """The calls that need no buyer, with Stripe itself."""

    def test_a_page_opens_and_closes_at_stripe(self):
        key = os.environ.get("STRIPE_TEST_KEY", "")
        if not key:
            self.skipTest("STRIPE_TEST_KEY is not in the environment: nothing was asked of Stripe's sandbox")
        self.assertTrue(key.startswith(("sk_test_", "rk_test_")), "a test key, never a live one")
        with StripeShop(None, url="https://api.stripe.com", key=key) as shop:
            drop = shop.open_drop([("SANDBOX", 5)])
            hold = shop.hold(drop, "SANDBOX").body
            self.assertEqual(shop.checkout(hold).status, 202)
            page = shop.is_now(hold, "open")
            self.assertTrue(page["url"].startswith("https://checkout.stripe.com/"), page["url"])
            shop.release(hold)
            shop.is_now(hold, "over")
            self.assertEqual(shop.open_items(), [])
            shop.verify()


if __name__ == "__main__":
    unittest.main(verbosity=2)  # says what was skipped, and why
