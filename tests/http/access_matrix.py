#!/usr/bin/env python3
"""Who may do what: every route of the table x {anonymous, another buyer, each role, a grant over another place},
generated from `dropsmith routes --json`, so that a new route is judged without anybody remembering it. What is
refused must be refused before anything is read: 401, 403 or 404, never a success and never a 5xx. No answer may
hold a stack, SQL, a path or a secret."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, gbp  # noqa: E402

ROLES = ["owner", "operator", "pricing", "finance", "fulfilment", "legal", "till", "viewer"]
REFUSED = (401, 403, 404)
LEAKS = re.compile(rb"SELECT |INSERT |sqlite|/src/|\.cpp|terminate called|what\(\)|Traceback|/tmp/", re.I)


class AccessMatrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        shop = cls.shop
        cls.routes = json.loads(subprocess.run([shop.binary, "routes", "--json"], check=True,
                                               capture_output=True).stdout)
        cls.drop = shop.open_drop([("MATRIX-1", 50)])
        cls.hold = shop.hold(cls.drop, "MATRIX-1").body
        cls.other_hold = shop.hold(cls.drop, "MATRIX-1").body
        cls.order = shop.confirm(shop.hold(cls.drop, "MATRIX-1").body).body
        cls.other_order = shop.confirm(shop.hold(cls.drop, "MATRIX-1").body, email="other@example.com").body
        cls.wait = shop.call("POST", f"/v1/drops/{cls.drop['id']}/waiting", {
            "channel": "web", "lines": [{"sku": "MATRIX-1", "units": 60}], "session": "matrix"}).body
        cls.other_wait = shop.call("POST", f"/v1/drops/{cls.drop['id']}/waiting", {
            "channel": "web", "lines": [{"sku": "MATRIX-1", "units": 60}], "session": "matrix 2"}).body
        cls.tokens = {role: shop.command("token", "create", "--role", role)["token"] for role in ROLES}
        cls.elsewhere = shop.place(name="Elsewhere")
        cls.scoped = {role: shop.command("token", "create", "--role", role, "--place", cls.elsewhere)["token"]
                      for role in ROLES}
        shop.product("Later", ["MATRIX-LATER"])
        shop.receipt(shop.place(name="Later"), [("MATRIX-LATER", 1)])
        later = shop.draft_drop([("MATRIX-LATER", 1)], opens_in=3600)
        shop.staff("POST", f"/v1/drops/{later['id']}/schedule", {})
        for name in ("one", "two"):
            shop.call("POST", f"/v1/drops/{later['id']}/subscribers", {"email": f"{name}@example.com"})
        listed = shop.staff("GET", f"/v1/drops/{later['id']}/subscribers")["data"]
        cls.subscriber, cls.other_subscriber = (dict(zip(("id", "secret"), row["link"].split("/")[-2:]))
                                                for row in listed)
        cls.answers = []

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()

    def path(self, route):
        ids = {"hold": self.hold["id"], "order": self.order["id"], "subscriber": self.subscriber["id"],
               "wait": self.wait["id"]}
        path = route["path"]
        if route["owned"]:
            return path.replace("{id}", ids[route["owned"]])
        for head, value in (("/v1/drops/", self.drop["id"]), ("/v1/orders/", self.order["id"]),
                            ("/d/", self.drop["slug"])):
            if path.startswith(head):
                return path.replace("{id}", value).replace("{slug}", value)
        return path.replace("{id}", "plc_0000000000000")

    def ask(self, route, token=None, headers=None):
        body = {} if route["method"] in ("POST", "PATCH") else None
        answer = self.shop.call(route["method"], self.path(route), body, key=f"m-{len(self.answers)}", token=token,
                                headers=headers)
        self.answers.append(answer)
        self.assertLess(answer.status, 500 if answer.status != 503 else 504, f"{route} {answer}")
        self.assertIsNone(LEAKS.search(answer.raw), f"{route} {answer}")
        return answer

    def test_anonymous_is_refused_everywhere_but_in_public(self):
        for route in self.routes:
            if route["access"] == "public":
                continue
            with self.subTest(f"{route['method']} {route['path']}"):
                self.assertIn(self.ask(route).status, REFUSED)

    def test_unknown_and_malformed_tokens_are_refused(self):
        for route in self.routes:
            if route["access"] != "staff":
                continue
            with self.subTest(f"{route['method']} {route['path']}"):
                self.assertEqual(self.ask(route, token="dst_" + "0" * 52).status, 401)
                self.assertIn(self.ask(route, headers={"Authorization": "Basic YTpi"}).status, REFUSED)

    def test_another_buyers_secret_opens_nothing(self):
        secrets = {"hold": self.other_hold["secret"], "order": self.other_order["secret"],
                   "subscriber": self.other_subscriber["secret"], "wait": self.other_wait["secret"]}
        for route in self.routes:
            if route["access"] != "buyer":
                continue
            with self.subTest(f"{route['method']} {route['path']}"):
                self.assertEqual(self.ask(route, token=secrets[route["owned"]]).status, 404)
                self.assertEqual(self.ask(route, token=self.hold["secret"] if route["owned"] == "order"
                                          else self.order["secret"]).status, 404)
                self.assertEqual(self.ask(route, headers={"X-Buyer-Secret": "x"}).status, 404)

    def test_a_buyers_secret_opens_no_staff_route(self):
        for route in self.routes:
            if route["access"] == "staff":
                with self.subTest(f"{route['method']} {route['path']}"):
                    self.assertIn(self.ask(route, token=self.order["secret"]).status, REFUSED)

    def test_roles_that_are_not_named_are_refused(self):
        for route in self.routes:
            if route["access"] == "public":
                continue
            for role in ROLES:
                if role in route["roles"]:
                    continue
                with self.subTest(f"{route['method']} {route['path']} as {role}"):
                    self.assertEqual(self.ask(route, token=self.tokens[role]).status, 403)

    def test_roles_that_are_named_come_in(self):
        for route in self.routes:
            if route["access"] == "public" or route["method"] != "GET" or "/rehearsals/" in route["path"]:
                continue
            for role in route["roles"]:
                with self.subTest(f"{route['method']} {route['path']} as {role}"):
                    self.assertNotIn(self.ask(route, token=self.tokens[role]).status, (401, 403))

    def test_a_grant_over_another_place_sees_nothing_here(self):
        hidden = ["/v1/orders/{id}", "/v1/orders/{id}/ready", "/v1/orders/{id}/hand-over", "/v1/orders/{id}/ship",
                  "/v1/orders/{id}/deliver", "/v1/orders/{id}/refunds", "/v1/orders/{id}/payments"]
        for route in self.routes:
            if route["access"] == "public":
                continue
            for role in route["roles"]:
                token = self.scoped[role]
                if route["scope"] == "shop":
                    with self.subTest(f"shop-wide {route['path']} as scoped {role}"):
                        self.assertEqual(self.ask(route, token=token).status, 403)
                if route["path"] in hidden:
                    with self.subTest(f"{route['path']} as scoped {role}"):
                        self.assertIn(self.ask(route, token=token).status, (400, 404))
        for role in ("operator", "fulfilment", "till"):
            stock = self.shop.call("GET", "/v1/stock", token=self.scoped[role]).body["data"]
            self.assertTrue(all(row["place"] == self.elsewhere for row in stock), stock)
            self.assertEqual(self.shop.call("GET", "/v1/orders", token=self.scoped[role]).body["data"], [])

    def test_an_ended_grant_is_dead_at_once(self):
        made = self.shop.command("token", "create", "--role", "viewer")
        self.assertEqual(self.shop.call("GET", "/v1/me", token=made["token"]).status, 200)
        self.shop.staff("DELETE", f"/v1/grants/{made['id']}")
        self.assertEqual(self.shop.call("GET", "/v1/me", token=made["token"]).status, 401)

    def test_a_cookie_needs_our_own_pages(self):
        cookie = {"Cookie": f"dropsmith_secret={self.hold['secret']}", "Sec-Fetch-Site": "cross-site"}
        path = f"/v1/holds/{self.hold['id']}"
        self.assertEqual(self.shop.call("DELETE", path, key="csrf-1", headers=cookie).status, 403)
        del cookie["Sec-Fetch-Site"]
        self.assertEqual(self.shop.call("DELETE", path, key="csrf-2", headers=cookie).status, 403)
        for origin in ("https://evil.example", "null", f"http://127.0.0.1:{self.shop.port + 1}"):
            headers = {**cookie, "Origin": origin}
            self.assertEqual(self.shop.call("DELETE", path, key="csrf-3", headers=headers).status, 403)
        own = {**cookie, "Sec-Fetch-Site": "same-origin"}
        self.assertEqual(self.shop.call("GET", path, headers=own).status, 200)

    def test_a_till_cannot_see_costs_of_others_orders_nor_who_bought(self):
        viewer = self.shop.call("GET", f"/v1/orders/{self.order['id']}", token=self.tokens["viewer"])
        self.assertEqual(viewer.status, 200)
        self.assertNotIn(b"@example.com", viewer.raw)
        hands = self.shop.call("GET", f"/v1/orders/{self.order['id']}", token=self.tokens["fulfilment"])
        self.assertEqual(hands.body["person"]["email"], "buyer@example.com")
        buyer = self.shop.call("GET", f"/v1/orders/{self.order['id']}", token=self.order["secret"])
        self.assertNotIn(b"unit_cost", buyer.raw)

    def test_zz_no_secret_stands_in_the_log(self):
        log = pathlib.Path(self.shop.log_path()).read_bytes()
        for secret in [*self.tokens.values(), *self.scoped.values(), self.hold["secret"], self.order["secret"]]:
            self.assertNotIn(secret.encode(), log)
        self.assertNotIn(b"@example.com", log)
        self.assertIsNone(LEAKS.search(log.replace(self.shop.data.encode(), b"")))


if __name__ == "__main__":
    unittest.main()
