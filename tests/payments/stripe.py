#!/usr/bin/env python3
"""Payment pages over the whole program, against a stand-in for Stripe on loopback that is strict about what it is asked
and signs with Stripe's own library: paid in time, too late, not at all; events forged, repeated, out of order, lost;
kill -9 between call and answer; refunds in parts; a provider that hangs. Every case ends with `dropsmith verify`.
What Stripe itself can judge without a buyer stands in sandbox.py."""
import contextlib
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from stripe_fake import HERE, KEY, SECRET, FakeStripe, StripeShop, certified, form_of, until  # noqa: E402
from shop import acceptance, gbp, program  # noqa: E402

class Payments(unittest.TestCase):
    """One shop and one stand-in for the cases that leave both as they found them."""

    @classmethod
    def setUpClass(cls):
        cls.fake = FakeStripe()
        cls.shop = StripeShop(cls.fake, "--stripe-look-every", "1").start()
        cls.drop = cls.shop.open_drop([("PAY-1", 500)])
        cls.short = cls.shop.open_drop([("PAY-2", 100)], hold_seconds=2)

    @classmethod
    def tearDownClass(cls):
        try:
            cls.shop.verify()
            cls.shop.stop()
            cls.shop.clean_up(False)
        finally:
            cls.fake.close()

    def tearDown(self):
        self.fake.do("weather", weather=[])

    def blind(self, times, *more):
        """The shop's own looks find nothing."""
        self.fake.do("weather", weather=[*more, {"match": "GET", "status": 500, "times": times}])

    def status_of(self, hold):
        return self.shop.call("GET", f"/v1/holds/{hold['id']}", token=hold["secret"]).body["status"]

    def hold(self, units=1, drop=None):
        drop = drop or self.drop
        made = self.shop.hold(drop, "PAY-1" if drop is self.drop else "PAY-2", units)
        self.assertEqual(made.status, 201, made)
        return made.body

    def opened_in_time(self, drop=None, units=1):
        """A short hold whose page is open while it lasts: on a busy machine the first may lapse before."""
        for _ in range(20):
            drop = drop or self.short
            sku = drop["lines"][0]["sku"]
            hold = until(lambda: self.shop.hold(drop, sku, units), lambda made: made.status == 201).body
            if self.shop.checkout(hold).status != 202:
                continue
            page = until(lambda: self.shop.page(hold), lambda seen: seen["status"] in ("open", "over"), "no page")
            if page["status"] == "open":
                return hold, self.fake.session_of(page)
        raise AssertionError("twenty holds of two seconds lapsed before their pages were open")

    def paid(self, units=1):
        hold = self.hold(units)
        session = self.shop.opened(hold)
        for event in self.fake.do("pay", session=session["id"])["events"]:
            self.assertEqual(self.shop.tell(event).status, 200)
        return self.shop.is_now(hold, "paid")

    def test_paid_in_time(self):
        hold = self.hold(2)
        asked = self.shop.checkout(hold, key="one-key")
        self.assertEqual((asked.status, asked.body["status"], asked.body["url"]), (202, "asked", None), asked)
        again = self.shop.checkout(hold, key="one-key")
        self.assertEqual((again.raw, again.replayed), (asked.raw, True))
        page = self.shop.is_now(hold, "open")
        session = self.fake.session_of(page)
        self.assertEqual(page["url"], session["url"])
        self.assertEqual(self.shop.checkout(hold).status, 200, "the same wish has its page")
        self.assertEqual(len([s for s in self.fake.state["sessions"] if s["client_reference_id"] == page["id"]]), 1)
        self.assertEqual((session["amount_total"], session["currency"]), (5980, "gbp"))
        intent = self.fake.do("pay", session=session["id"])
        told = self.shop.tell(intent["events"][1])
        self.assertEqual((told.status, told.body), (200, {"taken": True}))
        page = self.shop.is_now(hold, "paid")
        self.assertEqual((page["order"]["status"], page["order"]["paid"]), ("paid", gbp(5980)))
        self.assertEqual(page["order"]["payment"]["method"], "stripe")
        order = self.shop.call("GET", f"/v1/orders/{page['order']['id']}", token=page["order_secret"])
        self.assertEqual(order.status, 200)
        seen = self.fake.intent(intent["intent"])
        self.assertEqual((seen["status"], seen["amount_received"]), ("succeeded", 5980))

    def test_a_lost_webhook_delays_and_loses_nothing(self):
        hold = self.hold()
        session = self.shop.opened(hold)
        self.fake.do("pay", session=session["id"])
        self.shop.is_now(hold, "paid")

    def test_what_we_send_is_what_the_library_sends(self):
        hold = self.hold(2)
        session = self.shop.opened(hold)
        ours = next(r for r in self.fake.requests("/v1/checkout/sessions") if self.shop.page(hold)["id"] in r["body"])
        sent = form_of(ours)
        item = {"quantity": 1, "price_data": {"currency": "gbp", "unit_amount": 5980, "product_data": {
            "name": sent["line_items[0][price_data][product_data][name]"]}}}
        mark = {"dropsmith_checkout": session["client_reference_id"]}
        words = {"mode": "payment", "client_reference_id": session["client_reference_id"], "metadata": mark,
                 "payment_intent_data": {"capture_method": "manual", "metadata": mark}, "line_items": [item],
                 "expires_at": int(sent["expires_at"]), "success_url": sent["success_url"],
                 "cancel_url": sent["cancel_url"]}
        done = subprocess.run(["node", "library.mjs", str(self.fake.port), KEY, json.dumps(words)], cwd=HERE,
                              capture_output=True, text=True, check=True)
        library = json.loads(done.stdout)
        self.assertEqual((library["status"], library["closed"]), ("open", "expired"))
        theirs = self.fake.requests("/v1/checkout/sessions")[-2]
        self.assertEqual(form_of(theirs), sent)
        self.assertEqual(theirs["content_type"], ours["content_type"])
        self.assertEqual(theirs["version"], ours["version"])
        self.assertIn("\u00d7", item["price_data"]["product_data"]["name"], "text beyond ASCII goes through")
        self.shop.release(hold)

    def test_the_hold_lapses_and_the_page_is_closed(self):
        hold, session = self.opened_in_time()
        self.shop.is_now(hold, "over")
        self.assertEqual(self.fake.session_of({"id": session["client_reference_id"]})["status"], "expired")
        self.assertIsNone(self.shop.page(hold)["url"])
        self.assertEqual(self.fake.do("pay", session=session["id"]), {"refused": "expired"})

    def test_the_hold_is_let_go_while_the_page_is_made(self):
        self.fake.do("weather", weather=[{"match": "/v1/checkout/sessions", "hang_ms": 500}])
        hold = self.hold()
        self.shop.checkout(hold)
        self.shop.release(hold)
        self.shop.is_now(hold, "over")
        self.assertEqual(self.fake.session_of(self.shop.page(hold))["status"], "expired")

    def test_late_money_makes_an_order_when_the_units_are_free(self):
        for _ in range(20):
            hold, session = self.opened_in_time(units=2)
            self.blind(3, {"match": "/expire", "hang_ms": 400})
            # nobody tells the shop; the page cannot be closed any more
            if "refused" not in self.fake.do("pay", session=session["id"]):
                break
        page = self.shop.is_now(hold, "paid")
        self.assertEqual(page["order"]["paid"], gbp(5980))
        self.assertNotEqual(page["order"]["hold"] if "hold" in page["order"] else None, hold["id"])
        self.assertEqual(self.status_of(hold), "expired")

    def test_late_money_is_let_go_and_shown_when_the_units_are_gone(self):
        drop = self.shop.open_drop([(f"PAY-{uuid.uuid4().hex[:6]}", 1)], hold_seconds=2)
        sku = drop["lines"][0]["sku"]
        hold, session = self.opened_in_time(drop)
        self.blind(99, {"match": "/expire", "status": 500, "times": 2})
        until(lambda: self.status_of(hold) == "expired")
        other = self.shop.hold(drop, sku).body  # somebody else was faster
        self.assertEqual(self.shop.confirm(other).status, 201)
        intent = self.fake.do("pay", session=session["id"])
        self.fake.do("weather", weather=[])
        self.shop.tell(intent["events"][0])
        self.shop.is_now(hold, "refused")
        until(lambda: self.fake.intent(intent["intent"])["status"] == "canceled")
        page = self.shop.page(hold)
        self.assertIsNone(page["order"])
        item = next(i for i in self.shop.open_items() if i["checkout"] == page["id"])
        self.assertEqual((item["kind"], item["amount"]), ("late_money", gbp(2990)))
        stock = self.shop.stock(sku)[0]
        self.assertEqual((stock["sold"], stock["held"], stock["free"]), (1, 0, 0))

    def test_forged_events_are_refused_and_change_nothing(self):
        hold = self.hold()
        session = self.shop.opened(hold)
        self.blind(10_000)
        event = self.fake.do("pay", session=session["id"])["events"][1]
        before = self.shop.facts()
        rng = random.Random(16)

        def flipped(header, payload):
            whole = bytearray(header.encode()), bytearray(payload)
            part = whole[rng.randrange(2)]
            bit = rng.randrange(len(part) * 8)
            part[bit // 8] ^= 1 << bit % 8
            if any(c < 33 or c > 126 for c in whole[0]):  # cannot stand in a header at all
                return flipped(header, payload)
            return bytes(whole[0]).decode("latin-1"), bytes(whole[1])

        for _ in range(5_000 if acceptance() else 300):
            answer = self.shop.tell(event, change=flipped)
            self.assertEqual(answer.status, 400, answer)
        now = int(time.time())
        for when in (now - 302, now + 305, 1):
            self.assertEqual(self.shop.tell(event, timestamp=when).status, 400, when - now)
        self.assertEqual(self.shop.tell(event, secret="whsec_other").status, 400)
        self.assertEqual(self.shop.tell(event, change=lambda h, p: ("", p)).status, 400)
        self.assertEqual(self.shop.facts(), before)
        self.fake.do("weather", weather=[])
        self.assertEqual(self.shop.tell(event, timestamp=now - 290).status, 200)
        self.shop.is_now(hold, "paid")

    def test_repeated_and_reordered_events(self):
        hold, other = self.hold(), self.hold()
        session, lapsed = self.shop.opened(hold), self.shop.opened(other)
        paid = self.fake.do("pay", session=session["id"])["events"]
        for event in reversed(paid + paid):
            self.assertEqual(self.shop.tell(event).status, 200)
        page = self.shop.is_now(hold, "paid")
        until(lambda: not self.shop.tasks())
        after = self.shop.facts()
        for event in paid:
            self.assertEqual(self.shop.tell(event).body, {"taken": False})
        captured = next(e for e in reversed(self.fake.state["events"]) if e["type"] == "payment_intent.succeeded")
        self.assertEqual(self.shop.tell(captured["id"]).body, {"taken": False}, "what it says is known")
        self.assertEqual(self.shop.facts(), after)
        self.assertEqual(self.fake.state["calls"]["captured"],
                         len([i for i in self.fake.state["intents"] if i["status"] == "succeeded"]))
        self.assertEqual(page["order"]["paid"], gbp(2990))
        self.shop.release(other)
        self.shop.is_now(other, "over")
        gone = next(e for e in reversed(self.fake.state["events"]) if e["type"] == "checkout.session.expired")
        self.assertEqual(self.shop.tell(gone["id"]).body, {"taken": False})
        self.assertEqual(lapsed["status"], "open")

    def test_refunds_in_parts_add_up_to_what_was_paid(self):
        page = self.paid(units=7)
        order, rng, left = page["order"], random.Random(5), 7
        while left:
            units = rng.randint(1, left)
            left -= units
            self.shop.staff("POST", f"/v1/orders/{order['id']}/refunds",
                            {"lines": [{"line": 0, "units": units}], "reason": "part"})
        intent = self.fake.session_of(page)["payment_intent"]

        def refunds():
            return [r for r in self.fake.state["refunds"] if r["payment_intent"] == intent]
        until(lambda: sum(r["amount"] for r in refunds()) == order["paid"]["amount"])
        seen = until(lambda: (o := self.shop.call("GET", f"/v1/orders/{order['id']}", token=page["order_secret"]).body)
                     ["payment"]["refunded"] == order["paid"] and o)
        self.assertEqual(seen["refund_state"], "fully")
        self.assertEqual(len({r["metadata"]["dropsmith_refund"] for r in refunds()}), len(refunds()))

    def test_a_refund_that_stripe_did_and_answered_500_is_made_once(self):
        page = self.paid()
        self.fake.do("weather", weather=[{"match": "POST /v1/refunds", "status": 500, "after": True}])
        self.shop.refund(page)
        until(lambda: not self.shop.tasks())
        intent = self.fake.session_of(page)["payment_intent"]
        self.assertEqual(self.fake.refunds(intent), [2990])

    def test_cancelled_between_money_and_capture(self):
        hold = self.hold()
        session = self.shop.opened(hold)
        self.fake.do("weather", weather=[{"match": "/capture", "hang_ms": 1500, "after": True}])
        intent = self.fake.do("pay", session=session["id"])
        self.shop.tell(intent["events"][0])
        page = self.shop.is_now(hold, "authorised")
        until(lambda: self.fake.requests("/capture"))
        self.shop.staff("POST", f"/v1/orders/{page['order']['id']}/cancel", {"reason": "mistake"})
        until(lambda: self.fake.refunds(intent["intent"]) == [2990])
        until(lambda: not self.shop.tasks())

    def test_what_stripe_refuses_is_shown_and_can_be_asked_again(self):
        page = self.paid()
        self.fake.do("weather", weather=[{"match": "POST /v1/refunds", "status": 402, "code": "insufficient_funds"}])
        self.shop.refund(page)
        item = until(lambda: next((i for i in self.shop.open_items() if i["kind"] == "task_failed"), None))
        self.assertEqual((item["asked"], item["amount"]), ("refund", gbp(2990)))
        self.assertIn("insufficient_funds", item["trouble"])
        self.shop.command("payments", "settle", item["id"], "--retry", "--note", "topped up")
        intent = self.fake.session_of(page)["payment_intent"]
        until(lambda: self.fake.refunds(intent) == [2990])

    def test_money_that_did_not_go_back_is_shown_and_sent_again(self):
        page = self.paid(2)
        order, intent = page["order"]["id"], self.fake.session_of(page)["payment_intent"]
        self.shop.refund(page)
        until(lambda: not self.shop.tasks())

        def payment():
            return self.shop.staff("GET", f"/v1/orders/{order}")["payment"]
        self.assertEqual(payment()["refunded"], gbp(2990))
        made = next(r for r in self.fake.state["refunds"] if r["payment_intent"] == intent)
        told = self.fake.do("fail_refund", refund=made["id"], reason="expired_or_canceled_card")["events"]
        for event in told + told:  # each twice, and both kinds say the same
            self.assertEqual(self.shop.tell(event).status, 200)
        until(lambda: not self.shop.tasks())
        items = [i for i in self.shop.open_items() if i["order"] == order]
        self.assertEqual([(i["kind"], i["amount"], i["trouble"]) for i in items],
                         [("refund_failed", gbp(2990), "expired_or_canceled_card")])
        self.assertEqual(payment()["refunded"], gbp(0), "the buyer has not got it")
        with contextlib.closing(sqlite3.connect(f"file:{self.shop.data}/tables.db?mode=ro", uri=True)) as tables:
            until(lambda: tables.execute("SELECT count(*) FROM facts WHERE name = 'RefundLost'").fetchone() == (1,))
        self.shop.command("payments", "settle", items[0]["id"], "--retry", "--note", "the buyer has a new card")
        until(lambda: not self.shop.tasks())
        self.assertEqual(payment()["refunded"], gbp(2990))
        seen = [r["status"] for r in self.fake.state["refunds"] if r["payment_intent"] == intent]
        self.assertEqual(seen, ["failed", "succeeded"])
        self.assertEqual(self.shop.tell(told[0]).body, {"taken": False}, "taken once")

    def test_a_provider_that_hangs_delays_no_hold(self):
        """Oversell's fourth shape is a lock held across a network call: while every thread that talks to the provider
        waits, holds are placed, confirmed and released, and the waiting calls are still waiting when they are done."""
        self.fake.do("weather", weather=[{"match": "/v1/checkout/sessions", "hang_ms": 600_000, "times": 99}])
        stuck = [self.hold() for _ in range(4)]
        for hold in stuck:
            self.assertEqual(self.shop.checkout(hold).status, 202)
        known = {self.shop.page(hold)["id"] for hold in stuck}
        until(lambda: sum(any(k in r["body"] for k in known) for r in self.fake.requests("/v1/checkout/sessions")) == 4)
        threads = [threading.Thread(target=lambda: [self.shop.release(self.hold()) for _ in range(25)])
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.shop.confirm(self.hold()).status, 201)
        self.assertEqual([self.shop.page(hold)["status"] for hold in stuck], ["asked"] * 4, "they hang still")
        for hold in stuck:
            self.shop.release(hold)
        self.shop.kill9()  # nobody waits that long
        self.fake.do("weather", weather=[])
        self.shop.start()
        for hold in stuck:
            self.shop.is_now(hold, "over")

    def test_the_key_stands_nowhere(self):
        self.paid()
        self.shop.stop()
        for path in [*pathlib.Path(self.shop.data).rglob("*"), pathlib.Path(self.shop.log_path())]:
            if path.is_file():
                content = path.read_bytes()
                self.assertNotIn(KEY.encode(), content, path)
                self.assertNotIn(SECRET.encode(), content, path)
        self.shop.start()


class Crashes(unittest.TestCase):
    """A shop for each: it is killed between a call and its answer."""

    def setUp(self):
        self.fake = FakeStripe()
        self.addCleanup(self.fake.close)

    def shop(self, *words, **more):
        shop = StripeShop(self.fake, *words, **more)
        self.addCleanup(lambda: (shop.stop(check=False), shop.clean_up(False)))
        return shop.start()

    def killed_while(self, shop, match, ask):
        """Stripe does what it is asked, and the shop dies before it hears of it."""
        before = len(self.fake.requests(match))
        self.fake.do("weather", weather=[{"match": match, "hang_ms": 20_000, "after": True}])
        ask()
        until(lambda: len(self.fake.requests(match)) > before)  # the stand-in has done it, and keeps its answer back
        shop.kill9()
        self.fake.do("weather", weather=[])
        shop.start()

    def test_killed_between_call_and_answer(self):
        shop = self.shop()
        drop = shop.open_drop([("CRASH", 10)])
        hold = shop.hold(drop, "CRASH", 2).body
        self.killed_while(shop, "/v1/checkout/sessions", lambda: shop.checkout(hold))
        page = shop.is_now(hold, "open")
        sessions = self.fake.state["sessions"]
        self.assertEqual(len(sessions), 1, "one page, whoever died: the key was the same")
        self.assertEqual(len({r["key"] for r in self.fake.requests("/v1/checkout/sessions")}), 1)
        self.assertEqual(page["url"], sessions[0]["url"])
        intent = self.fake.do("pay", session=sessions[0]["id"])
        self.killed_while(shop, "/capture", lambda: shop.tell(intent["events"][0]))
        page = shop.is_now(hold, "paid")
        self.assertEqual(self.fake.state["calls"]["captured"], 1)
        self.assertEqual(shop.tell(intent["events"][0]).body, {"taken": False}, "taken once, also after a restart")
        self.killed_while(shop, "/v1/refunds", lambda: shop.refund(page))
        until(lambda: not shop.tasks())
        self.assertEqual([r["amount"] for r in self.fake.state["refunds"]], [2990])
        shop.verify()

    def test_two_secrets_while_one_is_changed(self):
        shop = self.shop(secrets="whsec_new whsec_old")
        drop = shop.open_drop([("ROTATE", 10)])
        for secret in ("whsec_old", "whsec_new"):
            hold = shop.hold(drop, "ROTATE").body
            intent = self.fake.do("pay", session=shop.opened(hold)["id"])
            self.assertEqual(shop.tell(intent["events"][0], secret=secret).body, {"taken": True})
            shop.is_now(hold, "paid")
        self.assertEqual(shop.tell(intent["events"][0], secret="whsec_other").status, 400)

    def test_a_wrong_key_loses_nothing(self):
        shop = self.shop(key="sk_test_wrong")
        drop = shop.open_drop([("KEY", 10)])
        hold = shop.hold(drop, "KEY").body
        shop.checkout(hold)
        task = until(lambda: next((t for t in shop.tasks() if t["tries"] > 0), None))
        self.assertTrue(task["trouble"].startswith("http_401"), task)
        shop.stop()
        shop.environment["DROPSMITH_STRIPE_KEY"] = KEY
        shop.start()
        shop.is_now(hold, "open")
        self.assertNotIn("sk_test_wrong", shop.log_tail(1 << 20))

    def test_only_a_trusted_certificate_is_spoken_to(self):
        with certified() as (certificate, key):
            fake = FakeStripe({"FAKE_STRIPE_CERT": certificate, "FAKE_STRIPE_CERT_KEY": key})
            self.addCleanup(fake.close)
            cases = ((f"https://localhost:{fake.port}", {}, "certificate_not_trusted"),
                     (f"https://127.0.0.1:{fake.port}", {"SSL_CERT_FILE": certificate}, "certificate_not_trusted"),
                     (f"https://localhost:{fake.port}", {"SSL_CERT_FILE": certificate}, ""))
            for url, environment, trouble in cases:
                with self.subTest(url + str(environment)):
                    shop = self.shop(url=url, environment=environment)
                    drop = shop.open_drop([("TLS", 5)])
                    hold = shop.hold(drop, "TLS").body
                    shop.checkout(hold)
                    if trouble:
                        task = until(lambda: next((t for t in shop.tasks() if t["tries"] > 0), None))
                        self.assertEqual(task["trouble"], trouble)
                    else:
                        shop.is_now(hold, "open")

    def test_settings_that_are_wrong_are_named(self):
        def refused(*words, **environment):
            with tempfile.TemporaryDirectory(prefix="dropsmith-settings-") as folder:
                done = subprocess.run([program(), "serve", "--data", folder, "--listen", "127.0.0.1:0", *words],
                                      capture_output=True, text=True, timeout=60, env={**os.environ, **environment})
                return done.returncode, done.stderr
        for words, environment, names in (
                (["--stripe-url", "http://example.org"], {"DROPSMITH_STRIPE_KEY": KEY}, "--stripe-url"),
                ([], {"DROPSMITH_STRIPE_KEY": "pk_live_public"}, "sk_"),
                ([], {"DROPSMITH_STRIPE_WEBHOOK_SECRETS": SECRET}, "--stripe-key-file"),
                ([], {"DROPSMITH_STRIPE_KEY": KEY, "DROPSMITH_STRIPE_WEBHOOK_SECRETS": "abc"}, "whsec_"),
                (["--stripe-key-file", "/does/not/exist"], {}, "--stripe-key-file")):
            code, said = refused(*words, **environment)
            self.assertIn(code, (1, 2), said)
            self.assertIn(names, said)
            self.assertNotIn("pk_live_public", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)  # says what was skipped, and why
