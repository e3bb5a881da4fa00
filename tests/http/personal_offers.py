#!/usr/bin/env python3
"""Offers of one's own: what a plan may say, who may ask for one, what its session is asked and told before it buys,
what everybody else is asked, what a page cannot do by its own word, and the end of it all."""
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, gbp  # noqa: E402

TEXT = "This price was personalised for you by automated decision-making."
OFFERS = {"features": ["orders_before", "returning"], "personal": "GB",
          "personal_offers": [{"feature": "orders_before", "at_least": 3, "discount": 0.1},
                              {"feature": "returning", "discount": 0.05}]}


class PersonalOffers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        cls.backend = cls.shop.command("token", "create", "--role", "pricing", "--name", "our own backend")["token"]
        cls.viewer = cls.shop.command("token", "create", "--role", "viewer", "--name", "a viewer")["token"]

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.verify()

    def call(self, method, path, body=None, status=None, token=None):
        answer = self.shop.call(method, path, body, key=uuid.uuid4().hex, token=token)
        if status:
            self.assertEqual(answer.status, status, answer)
        return answer

    def staff(self, method, path, body=None, status=None):
        return self.call(method, path, body, status, self.shop.token())

    def open_drop(self, sku, **pricing):
        self.staff("PATCH", "/v1/price-rules", {"personal": [{"jurisdiction": "GB", "disclosure": TEXT}]}, 200)
        shop = self.shop
        shop.product(sku, [sku])
        shop.receipt(shop.place(name="Hub of " + sku), [(sku, 40)])
        line = {"sku": sku, "cap": 40, "bands": [gbp(2990)], "floor": gbp(2000), "list_price": gbp(2990)}
        drop = shop.draft_drop([], lines=[line], opens_in=0.3, pricing={"policy": "fixed", **OFFERS, **pricing})
        self.staff("POST", f"/v1/drops/{drop['id']}/schedule", {}, 200)
        return shop.wait_status(drop["id"], "open")

    def offer(self, drop, session, value=4, feature="orders_before", jurisdiction="GB", token=None):
        return self.call("POST", f"/v1/drops/{drop['id']}/offers",
                         {"session": session, "jurisdiction": jurisdiction,
                          "features": [{"feature": feature, "value": value}]}, token=token or self.backend)

    def line(self, drop, session=""):
        return self.shop.call("GET", f"/v1/drops/{drop['id']}?session={session}").body["lines"][0]

    def basket(self, drop, sku, session=None):
        return {"drop": drop["id"], "channel": "web", "lines": [{"sku": sku, "units": 1}],
                **({"session": session} if session else {})}

    def test_a_session_is_asked_less_and_told_so_from_the_page_to_the_order(self):
        drop = self.open_drop("O-WHOLE")
        made = self.offer(drop, "ada's browser")
        self.assertEqual(made.status, 201, made)
        self.assertEqual(made.body["disclosure"], TEXT)
        self.assertEqual([(row["sku"], row["discount"], row["feature"], row["never_below"])
                          for row in made.body["offers"]], [("O-WHOLE", 0.1, "orders_before", gbp(2000))])
        told = {"rule": 0, "feature": "orders_before", "at_least": 3, "discount": 0.1, "standing_price": gbp(2990),
                "jurisdiction": "GB", "disclosure": TEXT}

        def is_told(line):
            self.assertEqual({key: line["personal"][key] for key in told}, told)

        page = self.line(drop, "ada's browser".replace(" ", "%20"))
        self.assertEqual(page["price"], gbp(2691))
        is_told(page)
        self.assertNotIn("personal", self.line(drop, "somebody-else"))
        self.assertEqual(self.line(drop, "somebody-else")["price"], gbp(2990))
        quote = self.call("POST", "/v1/quotes", self.basket(drop, "O-WHOLE", "ada's browser"), 201).body
        self.assertEqual(quote["lines"][0]["unit_price"], gbp(2691))
        is_told(quote["lines"][0])
        hold = self.call("POST", "/v1/holds", {"quote": quote["token"]}, 201).body
        self.assertEqual(hold["total"], gbp(2691))
        is_told(hold["lines"][0])
        is_told(self.shop.call("GET", f"/v1/holds/{hold['id']}", token=hold["secret"]).body["lines"][0])
        order = self.call("POST", f"/v1/holds/{hold['id']}/confirm",
                          {"person": {"email": "ada@example.org", "name": "Ada"}, "fulfilment": {"method": "pickup"},
                           "payment": {"method": "manual"}},
                          token=hold["secret"])
        self.assertEqual(order.status, 201, order)
        is_told(order.body["lines"][0])
        is_told(self.staff("GET", f"/v1/orders/{order.body['id']}", status=200).body["lines"][0])
        other = self.call("POST", "/v1/holds", self.basket(drop, "O-WHOLE", "bob"), 201).body
        self.assertEqual(other["total"], gbp(2990))
        self.assertNotIn("personal", other["lines"][0])
        straight = self.call("POST", "/v1/holds", self.basket(drop, "O-WHOLE", "ada's browser"), 201).body
        self.assertEqual(straight["total"], gbp(2691), "without a quote too")
        self.assertEqual(self.staff("GET", f"/v1/drops/{drop['id']}").body["pricing"]["personal_offers"][0],
                         {"feature": "orders_before", "at_least": 3, "discount": 0.1, "lines": []})

    def test_nobody_makes_himself_one(self):
        drop = self.open_drop("O-FORGED")
        self.assertEqual(self.call("POST", f"/v1/drops/{drop['id']}/offers", {}).status, 401)
        body = {"session": "eve", "jurisdiction": "GB", "features": [{"feature": "orders_before", "value": 99}]}
        self.assertEqual(self.call("POST", f"/v1/drops/{drop['id']}/offers", body).status, 401)
        self.assertEqual(self.offer(drop, "eve", 99, token=self.viewer).status, 403)
        wish = self.basket(drop, "O-FORGED", "eve")
        for more in ({"features": [{"feature": "orders_before", "value": 99}]}, {"personal": {"discount": 0.5}}):
            self.assertEqual(self.call("POST", "/v1/holds", {**wish, **more}).status, 400, more)
        quote = self.call("POST", "/v1/quotes", wish, 201).body
        self.assertEqual(quote["total"], gbp(2990))
        # a quote of the one is nothing that another can change
        self.assertEqual(self.offer(drop, "ada").status, 201)
        own = self.call("POST", "/v1/quotes", self.basket(drop, "O-FORGED", "ada"), 201).body
        forged = own["token"][:-1] + ("a" if own["token"][-1] != "a" else "b")
        self.assertEqual(self.call("POST", "/v1/holds", {"quote": forged}).status, 400)
        wish["lines"][0]["expect_unit_price"] = gbp(2691)
        self.assertEqual(self.call("POST", "/v1/holds", wish).code, "price_changed")

    def test_what_may_not_be_looked_at_is_refused_by_name(self):
        drop = self.open_drop("O-NAMED")
        for feature, value, pointer in (("buyer_age", 40, "/features/0/feature"), ("moon", 1, "/features/0/feature"),
                                        ("stock_left", 1, "/features/0/feature"), ("cart", 9, "/features/0/feature"),
                                        ("orders_before", -1, "/features/0/value")):
            answer = self.offer(drop, "ada", value, feature)
            self.assertEqual((answer.status, answer.body["errors"][0]["pointer"]), (400, pointer), answer)
        elsewhere = self.offer(drop, "ada", jurisdiction="FR")
        self.assertEqual((elsewhere.status, elsewhere.code), (409, "no_personal_offer"), elsewhere)
        self.assertIn("what everybody is asked", elsewhere.body["detail"])
        self.assertEqual(self.offer(drop, "ada", 2).code, "no_personal_offer")
        self.assertEqual(self.line(drop, "ada")["price"], gbp(2990))

    def test_a_plan_that_contradicts_itself_is_not_scheduled(self):
        shop = self.shop
        self.staff("PATCH", "/v1/price-rules", {"personal": [{"jurisdiction": "GB", "disclosure": TEXT}]}, 200)
        shop.product("O-CLASH", ["O-CLASH"])
        shop.receipt(shop.place(name="Clash hub"), [("O-CLASH", 5)])
        line = {"sku": "O-CLASH", "cap": 5, "bands": [gbp(2990)], "floor": gbp(2000), "list_price": gbp(2990),
                "max_discount": 0.15}
        drop = shop.draft_drop([], lines=[line], opens_in=3600, pricing={
            "policy": "fixed", "features": ["orders_before", "cart"], "personal": "GB",
            "personal_offers": [{"feature": "orders_before", "discount": 0.2, "lines": ["O-CLASH"]},
                                {"feature": "dwell", "at_least": 60, "discount": 0.05}]})
        clash = self.staff("POST", f"/v1/drops/{drop['id']}/schedule", {}, 409)
        self.assertEqual({row["pointer"] for row in clash.body["errors"]},
                         {"/pricing/personal_offers/0/discount", "/pricing/personal_offers/1/feature",
                          "/pricing/features/1"}, clash.body)
        wrong = self.staff("PATCH", f"/v1/drops/{drop['id']}", {"pricing": {"personal_offers": [
            {"feature": "orders_before", "discount": 0.1, "lines": ["NOBODY'S"]}]}}, 400)
        self.assertEqual(wrong.body["errors"][0]["pointer"], "/pricing/personal_offers/0/lines/0", wrong)

    def test_the_kill_switch_ends_offers_and_keeps_what_was_given(self):
        drop = self.open_drop("O-KILL")
        self.assertEqual(self.offer(drop, "ada").status, 201)
        quote = self.call("POST", "/v1/quotes", self.basket(drop, "O-KILL", "ada"), 201).body
        hold = self.call("POST", "/v1/holds", self.basket(drop, "O-KILL", "ada"), 201).body
        self.staff("POST", f"/v1/drops/{drop['id']}/kill-prices", {"reason": "a wrong feed"}, 200)
        self.assertEqual(self.line(drop, "ada")["price"], gbp(2990))
        self.assertEqual(self.offer(drop, "ada").code, "prices_killed")
        kept = self.shop.call("GET", f"/v1/holds/{hold['id']}", token=hold["secret"]).body
        self.assertEqual(kept["total"], gbp(2691))
        by_quote = self.call("POST", "/v1/holds", {"quote": quote["token"]}, 201).body
        self.assertEqual((by_quote["total"], by_quote["lines"][0]["personal"]["discount"]), (gbp(2691), 0.1))

    def test_the_command_asks_the_same_route(self):
        drop = self.open_drop("O-VERB")
        made = self.shop.command("prices", "offer", drop["slug"], "--session", "ada", "--jurisdiction", "GB",
                                 "--feature", "orders_before=4")
        self.assertEqual([row["rule"] for row in made["offers"]], [0])
        self.assertEqual(self.line(drop, "ada")["price"], gbp(2691))


if __name__ == "__main__":
    unittest.main(verbosity=2)
