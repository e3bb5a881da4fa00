#!/usr/bin/env python3
"""Calls to Stripe go down connections that are kept, with TLS and without: never more than threads ask; one that was
closed meanwhile is replaced before anything is said on it; one that dies between question and answer is
replaced and the call made once more, under its key, so that it takes effect once. The stand-in counts."""
import contextlib
import pathlib
import sqlite3
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from stripe_fake import FakeStripe, StripeShop, certified  # noqa: E402

THREADS = 4  # that call the provider: src/edge/stripe/worker.h


class Connections(unittest.TestCase):
    def delayed(self, shop):
        """How often a call had to wait for another try."""
        with contextlib.closing(sqlite3.connect(f"file:{shop.data}/tables.db?mode=ro", uri=True)) as tables:
            return tables.execute("SELECT count(*) FROM facts WHERE name = 'PaymentTaskDelayed'").fetchone()[0]

    def keeps(self, fake, shop):
        drop = shop.open_drop([("KEPT", 50)])
        for _ in range(8):
            hold = shop.hold(drop, "KEPT").body
            self.assertEqual(shop.opened(hold)["status"], "open")
            shop.release(hold)
            shop.is_now(hold, "over")
        state = fake.state
        self.assertGreaterEqual(len(state["requests"]), 16)
        self.assertLessEqual(state["connections"], THREADS, "no more connections than there are threads that ask")
        # All are closed while nobody uses them: nothing fails, and the shop opens others.
        self.assertGreater(fake.do("hang_up")["closed"], 0)
        shop.opened(shop.hold(drop, "KEPT").body)
        self.assertGreater(fake.state["connections"], state["connections"])
        # It dies between what we write and what we hear, and Stripe has done what it was asked.
        fake.do("weather", weather=[{"match": "POST /v1/checkout/sessions", "lose": True}])
        sessions, asked = len(fake.state["sessions"]), len(fake.requests("/v1/checkout/sessions"))
        shop.opened(shop.hold(drop, "KEPT").body)
        first, again = fake.requests("/v1/checkout/sessions")[asked:]  # asked once more
        self.assertEqual((first["key"], first["body"]), (again["key"], again["body"]))
        self.assertEqual(len(fake.state["sessions"]), sessions + 1)
        # Once, not for ever: two in a row are a trouble, which waits its turn like any other.
        fake.do("weather", weather=[{"match": "POST /v1/checkout/sessions", "lose": True, "times": 2}])
        shop.opened(shop.hold(drop, "KEPT").body)
        self.assertEqual(len(fake.state["sessions"]), sessions + 2)
        shop.stop()
        self.assertEqual(self.delayed(shop), 1, "only the last had to wait")
        shop.verify()

    def test_plain(self):
        fake = FakeStripe()
        self.addCleanup(fake.close)
        with StripeShop(fake) as shop:
            self.keeps(fake, shop)

    def test_over_tls(self):
        with certified() as (certificate, key):
            fake = FakeStripe({"FAKE_STRIPE_CERT": certificate, "FAKE_STRIPE_CERT_KEY": key})
            self.addCleanup(fake.close)
            with StripeShop(fake, url=f"https://localhost:{fake.port}",
                            environment={"SSL_CERT_FILE": certificate}) as shop:
                self.keeps(fake, shop)


if __name__ == "__main__":
    unittest.main(verbosity=2)
