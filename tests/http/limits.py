#!/usr/bin/env python3
"""How much one caller may ask, and what the log says of those who were turned away: one line of JSON each, no secret,
nothing of the caller's own text. Addresses come from a proxy's X-Forwarded-For, which only a proxy that was named may
send."""
import http.client
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import PATIENCE, Shop, until  # noqa: E402


def ask(shop, path="/v1/drops", peer=None, token=None, **headers):
    head = {name.replace("_", "-"): value for name, value in headers.items()}
    if peer:
        head["X-Forwarded-For"] = peer
    return shop.call("GET", path, token=token, headers=head)


def metric(shop, name):
    text = shop.call("GET", "/metrics", token=shop.token(), headers={"X-Forwarded-For": "198.51.100.250"}).raw.decode()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(name + " "))


def events(shop):
    for line in pathlib.Path(shop.log_path()).read_text().splitlines():
        if line.startswith("{"):
            yield json.loads(line)


class Limits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(arguments=["--rate-limit", "1", "--trusted-proxy", "127.0.0.0/8"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.clean_up(False)

    def test_one_address_over_its_rate_is_told_when_to_come_back(self):
        answers = [ask(self.shop, peer="203.0.113.7") for _ in range(60)]
        refused = [answer for answer in answers if answer.status == 429]
        self.assertEqual({answer.status for answer in answers[:4]}, {200}, "a burst of four seconds' worth")
        self.assertTrue(refused)
        self.assertEqual(refused[-1].code, "too_many_requests")
        self.assertGreaterEqual(int(refused[-1].headers["retry-after"]), 1)
        self.assertEqual(ask(self.shop, peer="203.0.113.8").status, 200, "the neighbour is another caller")
        until(lambda: ask(self.shop, peer="203.0.113.7").status, lambda status: status != 429, "it is not let in again",
              every=0.3)
        self.assertGreaterEqual(metric(self.shop, "dropsmith_http_limited_total"), len(refused))

    def test_the_addresses_of_one_ipv6_line_are_one_caller(self):
        statuses = [ask(self.shop, peer=f"2001:db8:7:7::{n:x}").status for n in range(1, 60)]
        self.assertIn(429, statuses)
        self.assertEqual(ask(self.shop, peer="2001:db8:7:8::1").status, 200)

    def test_many_addresses_of_one_network_are_a_crowd_with_a_limit(self):
        statuses = [ask(self.shop, peer=f"198.18.7.{n % 200 + 1}").status for n in range(600)]
        self.assertIn(429, statuses, "each address asked three times, but all are of one /24")
        self.assertEqual(set(statuses[:60]), {200}, "sixteen callers' worth")
        self.assertEqual(ask(self.shop, peer="198.18.8.1").status, 200, "the network beside it")
        statuses = [ask(self.shop, peer=f"2001:db8:9:{n:x}::1").status for n in range(600)]
        self.assertIn(429, statuses, "lines of one IPv6 /48")

    def test_one_buyers_secret_is_one_session_wherever_it_comes_from(self):
        def look(n, secret):
            return ask(self.shop, peer=f"198.19.{n}.1", X_Buyer_Secret=secret).status
        self.assertIn(429, [look(n, "the same secret") for n in range(60)])
        self.assertEqual({look(n, f"secret {n}") for n in range(60, 120)}, {200})

    def test_a_token_is_a_caller_of_its_own(self):
        token = self.shop.token("viewer")
        statuses = [ask(self.shop, "/v1/me", peer=f"192.0.2.{n}", token=token).status for n in range(1, 120)]
        self.assertIn(429, statuses, "whatever address it comes from")
        self.assertEqual(ask(self.shop, "/v1/me", peer="192.0.2.1", token=self.shop.token("viewer")).status, 200)

    def test_who_was_turned_away_stands_in_the_log_and_nothing_else_does(self):
        before = metric(self.shop, "dropsmith_http_unauthorized_total"), metric(self.shop,
                                                                               "dropsmith_http_forbidden_total")
        viewer = self.shop.token("viewer")
        bad = "dst_" + "q" * 52
        self.assertEqual(ask(self.shop, "/v1/orders/forged%0d%0a%7b%22event%22:1%7d", peer="198.51.100.1",
                             token=bad).status, 401)
        self.assertEqual(ask(self.shop, "/v1/grants", peer="198.51.100.2", token=viewer).status, 403)
        log = pathlib.Path(self.shop.log_path()).read_text()
        for never in (bad, viewer, "forged"):
            self.assertNotIn(never, log)
        told = {(row["peer"], row["status"], row["route"]) for row in events(self.shop) if row["event"] == "denied"}
        self.assertIn(("198.51.100.1", 401, "/v1/orders/{id}"), told)
        self.assertIn(("198.51.100.2", 403, "/v1/grants"), told)
        self.assertGreater(metric(self.shop, "dropsmith_http_unauthorized_total"), before[0])
        self.assertGreater(metric(self.shop, "dropsmith_http_forbidden_total"), before[1])


class Holds(unittest.TestCase):
    """A batch costs what its holds would cost one by one; holds for nobody in particular have less."""

    @classmethod
    def setUpClass(cls):
        cls.shop = Shop(arguments=["--rate-limit", "8", "--trusted-proxy", "127.0.0.0/8"]).start()
        cls.drop = cls.shop.open_drop([("LIMIT-1", 500)])

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.verify()
        cls.shop.clean_up(False)

    def one(self, session):
        return {"drop": self.drop["id"], "channel": "web", "lines": [{"sku": "LIMIT-1", "units": 1}],
                **({"session": session} if session else {})}

    def hold(self, peer, name, session=None, **more):
        return self.shop.call("POST", "/v1/holds", {**self.one(session), **more}, key=name,
                              headers={"X-Forwarded-For": peer})

    def batch(self, peer, name, count, session=None, **more):
        holds = [{"key": f"{name} {n}", **self.one(session and f"{session} {n}"), **more} for n in range(count)]
        return self.shop.call("POST", "/v1/holds:batch", {"holds": holds}, headers={"X-Forwarded-For": peer})

    def test_a_batch_of_holds_asks_as_much_as_its_holds(self):
        # A burst of 32 and 8 a second. With a person the long way is taken, without one the short way.
        person = {"person": {"email": "ada@example.org", "name": "Ada"}}
        for peer, more in (("203.0.113.20", {}), ("203.0.114.20", person)):
            with self.subTest(more=more):
                first = self.batch(peer, f"a{peer}", 24, "one of many", **more)
                self.assertEqual((first.status, {row["status"] for row in first.body["data"]}), (200, {201}), first)
                second = self.batch(peer, f"b{peer}", 24, "one of many", **more)
                self.assertEqual((second.status, second.code), (429, "too_many_requests"), second)
                self.assertGreaterEqual(int(second.headers["retry-after"]), 1)
                time.sleep(int(second.headers["retry-after"]) + 1)
                third = self.batch(peer, f"b{peer}", 24, "one of many", **more)
                self.assertEqual({row["status"] for row in third.body["data"]}, {201}, "it was told when to come back")
                self.assertEqual(self.hold("203.0.115.21", f"c{peer}", "beside").status, 201)

    def test_a_batch_above_the_burst_is_let_in_and_owes(self):
        peer = "203.0.116.20"
        first = self.batch(peer, "large", 100, "many")
        self.assertEqual(first.status, 200, "never is it refused for ever")
        after = self.hold(peer, "large after", "many after")
        self.assertEqual(after.status, 429)
        self.assertGreaterEqual(int(after.headers["retry-after"]), 3, "68 are owed, 8 a second")

    def test_holds_for_nobody_have_a_smaller_allowance(self):
        # A quarter: 8 at once, 2 a second; by network sixteen times that.
        peer = "203.0.117.20"
        statuses = []
        while len(statuses) < 24 and 429 not in statuses:
            statuses.append(self.hold(peer, f"nobody {len(statuses)}").status)
        self.assertEqual((set(statuses[:8]), statuses[-1]), ({201}, 429), statuses)
        self.assertEqual(self.hold(peer, "somebody", "a session").status, 201, "who names a session is not meant")
        self.assertEqual(self.hold(peer, "ada", person={"email": "ada@example.org", "name": "Ada"}).status, 201)
        quote = self.shop.call("POST", "/v1/quotes", self.one("quoted"),
                               headers={"X-Forwarded-For": "203.0.118.20"}).body["token"]
        quoted = self.shop.call("POST", "/v1/holds", {"quote": quote}, key="quoted", headers={"X-Forwarded-For": peer})
        self.assertEqual(quoted.status, 201, "the quote says whose it is")
        self.assertEqual(self.batch(peer, "nobodies", 8).status, 429)
        crowd = []
        while len(crowd) < 60 and 429 not in crowd:
            crowd.append(self.batch(f"203.0.119.{len(crowd) + 1}", f"crowd {len(crowd)}", 8).status)
        self.assertEqual((set(crowd[:16]), crowd[-1]), ({200}, 429), "each address asked once, all are of one network")
        self.assertEqual(self.hold("203.0.119.250", "crowd named", "a session").status, 201)


class Proxies(unittest.TestCase):
    """Without --trusted-proxy nobody's word for another address counts."""

    def test_spoofed_headers_change_nothing(self):
        with Shop(arguments=["--rate-limit", "1"]) as shop:
            statuses = [ask(shop, peer=f"203.0.113.{n}", X_Forwarded_Proto="https").status for n in range(1, 60)]
            self.assertIn(429, statuses, "all of these are the one caller that they are")
            answer = until(lambda: ask(shop, peer="203.0.113.99", X_Forwarded_Proto="https"),
                           lambda seen: seen.status != 429, "it is not let in again", every=0.3)
            self.assertNotIn("strict-transport-security", answer.headers)
            ask(shop, "/v1/me", peer="203.0.113.66")
            self.assertNotIn("203.0.113", pathlib.Path(shop.log_path()).read_text())

    def test_a_named_proxy_says_https_and_host(self):
        with Shop(arguments=["--trusted-proxy", "127.0.0.1"]) as shop:
            behind = ask(shop, peer="203.0.113.5", X_Forwarded_Proto="https", X_Forwarded_Host="shop.example")
            self.assertIn("max-age=", behind.headers["strict-transport-security"])
            self.assertNotIn("strict-transport-security", ask(shop).headers)
            hold = shop.hold(shop.open_drop([("P-1", 3)]), "P-1").body
            head = {"Cookie": f"dropsmith_secret={hold['secret']}", "Origin": "https://shop.example",
                    "X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"}
            released = shop.call("DELETE", f"/v1/holds/{hold['id']}", key="p-1", headers=head)
            self.assertEqual(released.status, 200, released)

    def test_by_default_this_machine_has_no_limit(self):
        with Shop() as shop:
            self.assertEqual({ask(shop).status for _ in range(700)}, {200})

    def test_a_setting_that_is_none_is_refused(self):
        shop = Shop(arguments=["--trusted-proxy", "everybody"])
        shop.launch()
        self.assertEqual(shop.process.wait(PATIENCE), 2)
        self.assertIn("--trusted-proxy needs", shop.log_tail())
        shop.clean_up(False)


if __name__ == "__main__":
    unittest.main()
