#!/usr/bin/env python3
"""The stand-in for Stripe against Stripe itself. contract.test.mjs says, in the words of Stripe's own npm package, what
the shop relies on; it runs against the stand-in, and with STRIPE_TEST_KEY=sk_test_… against Stripe's sandbox, where the
shop opens and closes a page, too. Without a key nothing is asked of Stripe, and the skipped tests say so. What the
stand-in answers has the names and the states of the package's type definitions."""
import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from stripe_fake import HERE, KEY, SECRET, FakeStripe, StripeShop, fetch  # noqa: E402

NONE = ("STRIPE_TEST_KEY is not in the environment: nothing was asked of Stripe's sandbox; "
        "what ran was judged by the stand-in and by Stripe's npm package")


def contract(key, port=0):
    """Runs the cases: node's exit status and what it said."""
    fetch()
    names = {"CONTRACT_KEY": key, **({"CONTRACT_PORT": str(port)} if port else {})}
    done = subprocess.run(["node", "--test", "contract.test.mjs"], cwd=HERE, env={**os.environ, **names},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def sandbox_key(case):
    key = os.environ.get("STRIPE_TEST_KEY", "")
    if not key:
        case.skipTest(NONE)
    if not key.startswith(("sk_test_", "rk_test_")):
        case.fail("STRIPE_TEST_KEY is no key of the sandbox (sk_test_ or rk_test_): nothing was asked of Stripe")
    return key


class StandIn(unittest.TestCase):
    def setUp(self):
        self.fake = FakeStripe()
        self.addCleanup(self.fake.close)

    def test_it_keeps_the_contract(self):
        code, said = contract(KEY, self.fake.port)
        self.assertEqual(code, 0, said)
        self.assertRegex(said, r"# pass 9\b", "all cases ran")

    def test_the_alarm_rings(self):
        """A stand-in that gives no money back: both cases that ask for it must see that."""
        self.fake.do("weather", weather=[{"match": "POST /v1/refunds", "status": 500, "times": 9}])
        code, said = contract(KEY, self.fake.port)
        self.assertNotEqual(code, 0)
        self.assertIn("# fail 2", said)

    def test_a_live_key_is_refused_before_anything_is_asked(self):
        code, said = contract("sk_live_never", self.fake.port)
        self.assertNotEqual(code, 0)
        self.assertIn("with any other nothing is asked", said)
        self.assertEqual(self.fake.state["requests"], [])

    def test_its_answers_have_the_names_of_the_type_definitions(self):
        self.assertEqual(contract(KEY, self.fake.port)[0], 0)
        state = self.fake.state
        for kind, file, name in (("sessions", "Checkout/Sessions", "Session"), ("refunds", "Refunds", "Refund"),
                                 ("intents", "PaymentIntents", "PaymentIntent")):
            members, statuses = self.defined(file, name)
            self.assertGreater(len(members), 15, file)
            self.assertTrue(state[kind], f"no {name} was made")
            for one in state[kind]:
                self.assertLessEqual(set(one), set(members), f"{name} has no such member")
                self.assertEqual(members["object"], f"'{one['object']}'")
                if statuses:  # of a refund it is any text
                    self.assertIn(one["status"], statuses)

    def defined(self, file, name):
        """The members of an interface with their types, and the words of its status, as the package declares them."""
        text = (HERE / "node_modules" / "stripe" / "types" / f"{file}.d.ts").read_text()
        indent, inside = re.search(rf"^( +)interface {name} {{\n(.*?)^\1}}", text, re.M | re.S).groups()
        members = dict(re.findall(rf"^{indent}  (\w+)\??: ([^;{{]+)", inside, re.M))
        words = re.search(rf"^{indent}  type Status =([^;]+);", text, re.M)
        return members, set(re.findall(r"'(\w+)'", words.group(1))) if words else set()


class Sandbox(unittest.TestCase):
    """Stripe itself. Needs a key of the sandbox, and a network."""

    def test_stripe_keeps_the_contract(self):
        code, said = contract(sandbox_key(self))
        self.assertEqual(code, 0, said)

    def test_a_page_opens_and_closes_at_stripe(self):
        with StripeShop(None, url="https://api.stripe.com", key=sandbox_key(self), secrets=SECRET) as shop:
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
