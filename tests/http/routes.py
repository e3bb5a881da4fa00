#!/usr/bin/env python3
"""The staff's and the buyers' routes, from outside: what each gives back, what it refuses and with which word. One
shop, told once."""
import datetime
import http.client
import json
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, gbp, now, utc  # noqa: E402


class Routes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.verify()

    def staff(self, method, path, body=None, status=None, **more):
        answer = self.shop.call(method, path, body, key=uuid.uuid4().hex, token=self.shop.token(), **more)
        if status:
            self.assertEqual(answer.status, status, answer)
        return answer

    def refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        self.assertEqual(answer.headers["content-type"], "application/problem+json")
        for member in ("type", "title", "status", "detail", "code"):
            self.assertIn(member, answer.body)
        return answer.body

    # -- places, products, channels, the shop

    def test_a_place_is_made_read_changed_under_its_version(self):
        made = self.staff("POST", "/v1/places", {"name": "Hackney", "kind": "popup", "time_zone": "Europe/London",
                                                 "position": {"lat": 51.545, "lon": -0.055}}, 201)
        self.assertTrue(made.body["id"].startswith("plc_"))
        self.assertEqual(made.body["position"], {"lat": 51.545, "lon": -0.055})
        path, tag = f"/v1/places/{made.body['id']}", made.headers["etag"]
        changed = self.staff("PATCH", path, {"name": "Hackney Wick"}, 200, headers={"If-Match": tag})
        self.assertEqual(changed.body["name"], "Hackney Wick")
        self.refused(self.staff("PATCH", path, {"name": "x"}, headers={"If-Match": tag}), 412, "version_conflict")
        self.assertEqual(self.staff("GET", path, status=200).body["name"], "Hackney Wick")
        body = self.refused(self.staff("POST", "/v1/places", {"name": "x", "kind": "boat", "time_zone": "UTC"}), 400,
                            "bad_request")
        self.assertEqual(body["errors"][0]["pointer"], "/kind")

    def test_lists_page_to_the_end(self):
        for number in range(7):
            self.shop.place(name=f"Paged {number}")
        seen, cursor = [], ""
        while True:
            page = self.staff("GET", f"/v1/places?limit=3{cursor}", status=200).body
            self.assertLessEqual(len(page["data"]), 3)
            seen += [row["id"] for row in page["data"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        self.assertEqual(len(seen), len(set(seen)))
        self.assertGreaterEqual(len(seen), 7)
        self.refused(self.staff("GET", "/v1/places?limit=0"), 400, "bad_request")
        self.refused(self.staff("GET", "/v1/places?cursor=zzz"), 400, "bad_request")
        self.refused(self.staff("GET", "/v1/places?nonsense=1"), 400, "bad_request")

    def test_products_keep_their_skus_and_money_has_one_currency(self):
        made = self.staff("POST", "/v1/products", {"title": "Vase", "skus": [
            {"sku": "R-VASE-S", "size": "S", "unit_cost": gbp(900), "list_price": gbp(2500)}]}, 201).body
        changed = self.staff("PATCH", f"/v1/products/{made['id']}", {"story": "Blown.", "skus": [
            {"sku": "R-VASE-L", "size": "L", "unit_cost": gbp(1200), "list_price": gbp(3500)}]}, 200).body
        self.assertEqual([row["sku"] for row in changed["skus"]], ["R-VASE-S", "R-VASE-L"])
        self.assertEqual(len(self.staff("GET", "/v1/products?sku=R-VASE-L", status=200).body["data"]), 1)
        euro = self.staff("POST", "/v1/products", {"title": "x", "skus": [
            {"sku": "R-EURO", "list_price": {"amount": 1, "currency": "EUR"}}]})
        self.refused(euro, 400, "currency_mismatch")
        self.refused(self.staff("POST", "/v1/products", {"title": "x", "skus": [{"sku": "R-VASE-S"}]}), 409,
                     "already_exists")

    def test_terms_of_the_shop(self):
        body = {"tax": [{"category": "standard", "rate": 0.2, "valid_from": "1970-01-01T00:00:00.000Z"}],
                "delivery": [{"code": "pickup", "charge": gbp(0)}, {"code": "ship", "charge": gbp(490)}],
                "payment_fee": {"share": 0.015, "fixed": gbp(20)}}
        with Shop() as other:
            other.staff("PATCH", "/v1/shop", body)
            shop = other.staff("GET", "/v1/shop")
            self.assertEqual(shop["tax"][0]["rate"], 0.2)
            drop = other.open_drop([("TAXED", 5)], price=2400)
            order = other.confirm(other.hold(drop, "TAXED").body)
            self.assertEqual(order.status, 201, order)
            self.assertEqual(order.body["tax"], [{"rate": 0.2, "base": gbp(2000 + 408), "amount": gbp(400 + 82)}])
            self.assertEqual(order.body["total"], gbp(2400 + 490))
            self.assertEqual(order.body["delivery"], gbp(490))

    # -- stock

    def test_stock_moves_and_is_counted(self):
        self.shop.product("Bowl", ["R-BOWL"])
        here, there = self.shop.place(name="Here"), self.shop.place(name="There")
        self.shop.receipt(here, [("R-BOWL", 10)])
        self.staff("POST", "/v1/stock/moves", {"from": here, "to": there, "lines": [{"sku": "R-BOWL",
                                                                                     "units": 4}]}, 201)
        over = self.staff("POST", "/v1/stock/moves", {"from": here, "to": there, "lines": [{"sku": "R-BOWL",
                                                                                            "units": 7}]})
        self.assertEqual(over.status, 409)
        self.staff("POST", "/v1/stock/counts", {"place": there, "lines": [{"sku": "R-BOWL", "units": 3}]}, 201)
        sale = {"source": "square", "id": "t-1", "place": there, "at": utc(now()),
                "lines": [{"sku": "R-BOWL", "units": 2, "unit_price": gbp(2990)}]}
        self.assertTrue(self.staff("POST", "/v1/stock/sales", sale, 201).body["counted"])
        again = self.staff("POST", "/v1/stock/sales", sale)
        self.assertIn(again.status, (200, 409))
        rows = {row["place"]: row for row in self.shop.stock("R-BOWL")}
        self.assertEqual((rows[here]["free"], rows[there]["free"]), (6, 1))
        self.refused(self.staff("POST", "/v1/stock/receipts", {"place": here, "lines": [{"sku": "NONE", "units": 1}]}),
                     400, "bad_value")

    # -- drops

    def test_a_drop_from_draft_to_closed(self):
        shop = self.shop
        shop.product("Glass", ["R-GLASS"])
        place = shop.place(name="Glass hub")
        shop.receipt(place, [("R-GLASS", 10)])
        drop = shop.draft_drop([("R-GLASS", 20)], slug="r-glass", opens_in=3600, hours=1)
        self.assertEqual(drop["status"], "draft")
        self.assertEqual(shop.call("GET", "/v1/drops/r-glass").status, 404)
        clash = self.refused(self.staff("POST", f"/v1/drops/{drop['id']}/schedule", {}), 409, "plan_contradiction")
        self.assertTrue(clash["errors"][0]["pointer"].startswith("/lines/0"), clash)
        edited = self.staff("PATCH", "/v1/drops/r-glass", {"title": "Glass", "lines": [
            {"sku": "R-GLASS", "cap": 10, "bands": [gbp(2990)], "floor": gbp(1500), "list_price": gbp(2990),
             "places": {place: 10}}]}, 200)
        self.assertEqual(edited.body["title"], "Glass")
        self.staff("POST", "/v1/drops/r-glass/schedule", {}, 200)
        public = shop.call("GET", "/v1/drops/r-glass?channel=web")
        self.assertEqual((public.status, public.body["status"]), (200, "scheduled"))
        for secret in ("cap", "floor", "bands", "held", "sold", "prices"):
            self.assertNotIn(secret, public.body["lines"][0])
        hold = shop.hold("r-glass", "R-GLASS")
        self.refused(hold, 409, "drop_not_open")
        self.refused(self.staff("POST", "/v1/drops/r-glass/resume", {}), 409, "wrong_state")
        self.assertEqual(self.staff("POST", "/v1/drops/r-glass/cancel", {"reason": "rain"}, 200).body["status"],
                         "cancelled")

    def test_places_as_an_object_add_up_or_say_where(self):
        self.shop.product("Split", ["R-SPLIT"])
        one, two = self.shop.place(name="One"), self.shop.place(name="Two")
        self.shop.receipt(one, [("R-SPLIT", 5)])
        self.shop.receipt(two, [("R-SPLIT", 5)])
        line = {"sku": "R-SPLIT", "cap": 8, "bands": [gbp(2000)], "floor": gbp(1500), "list_price": gbp(2000),
                "places": {one: 5, two: 3}}
        drop = self.shop.draft_drop([], lines=[line], opens_in=0.2)
        self.staff("POST", f"/v1/drops/{drop['id']}/schedule", {}, 200)
        seen = self.shop.wait_status(drop["id"], "open")
        self.assertEqual({p: u["allotted"] for p, u in seen["lines"][0]["places"].items()}, {one: 5, two: 3})
        bad = self.staff("POST", "/v1/drops", {**{k: drop[k] for k in ("title", "opens_at", "closes_at", "channels")},
                                               "slug": "r-bad-split", "lines": [{**line, "places": {"plc_x": 1}}]})
        self.assertEqual(bad.status, 400)
        self.assertEqual(bad.body["errors"][0]["pointer"], "/lines/0/places/plc_x")

    def test_overrides_decisions_kill_switch_and_report(self):
        shop = self.shop
        drop = shop.open_drop([("R-PRICED", 10)], price=2990)
        until = utc(now() + datetime.timedelta(hours=1))
        body = {"sku": "R-PRICED", "channel": "web", "price": gbp(2500), "until": until, "reason": "slow morning"}
        made = self.staff("POST", f"/v1/drops/{drop['id']}/overrides", body, 201).body
        self.assertEqual((made["kind"], made["price"]), ("override", gbp(2500)))
        self.refused(self.staff("POST", f"/v1/drops/{drop['id']}/overrides", {**body, "price": gbp(100)}), 409,
                     "below_floor")
        self.assertEqual(shop.call("GET", f"/v1/drops/{drop['slug']}").body["lines"][0]["price"], gbp(2500))
        decisions = self.staff("GET", f"/v1/decisions?drop={drop['slug']}", status=200).body["data"]
        self.assertEqual({row["kind"] for row in decisions}, {"opening", "override"})
        hold = shop.hold(drop, "R-PRICED", units=2)
        self.assertEqual(hold.body["total"], gbp(5000))
        self.staff("POST", f"/v1/drops/{drop['id']}/kill-prices", {"reason": "test"}, 200)
        self.assertEqual(shop.call("GET", f"/v1/drops/{drop['id']}").body["lines"][0]["price"], gbp(2990))
        self.assertEqual(shop.confirm(hold.body).body["lines"][0]["unit_price"], gbp(2500))
        report = self.staff("GET", f"/v1/drops/{drop['slug']}/report", status=200).body
        self.assertEqual(report["units_sold"], 2)
        self.assertEqual(self.staff("GET", "/v1/drops/none/report").status, 404)

    # -- quotes, holds, orders

    def test_a_quote_fixes_its_price_and_cannot_be_edited(self):
        shop = self.shop
        drop = shop.open_drop([("R-QUOTED", 10)], price=2990)
        asked = {"drop": drop["slug"], "channel": "web", "lines": [{"sku": "R-QUOTED", "units": 2}]}
        quote = shop.call("POST", "/v1/quotes", asked)
        self.assertEqual((quote.status, quote.body["total"]), (201, gbp(5980)))
        until = utc(now() + datetime.timedelta(hours=1))
        self.staff("POST", f"/v1/drops/{drop['id']}/overrides",
                   {"sku": "R-QUOTED", "channel": "web", "price": gbp(2000), "until": until, "reason": "x"}, 201)
        lower = shop.call("POST", "/v1/holds", {"quote": quote.body["token"]}, key="q-1")
        self.assertEqual(lower.body["total"], gbp(4000), "a later fall passes to the holder")
        for token in (quote.body["token"][:-1], quote.body["token"].replace("0", "1", 1), "qt_", ""):
            self.refused(shop.call("POST", "/v1/holds", {"quote": token}, key="q-2"), 400, "bad_request")
        both = shop.call("POST", "/v1/holds", {"quote": quote.body["token"], **asked}, key="q-3")
        self.refused(both, 400, "bad_request")
        moved = shop.call("POST", "/v1/holds", {**asked, "lines": [
            {"sku": "R-QUOTED", "units": 1, "expect_unit_price": gbp(2990)}]}, key="q-4")
        body = self.refused(moved, 409, "price_changed")
        self.assertEqual(body["quote"]["total"], gbp(2000))
        self.assertEqual(shop.call("POST", "/v1/holds", {"quote": body["quote"]["token"]}, key="q-5").status, 201)

    def test_quantities_that_are_none(self):
        drop = self.shop.open_drop([("R-QTY", 3)])
        before = self.shop.stock("R-QTY")
        for units in (0, -1, -2**63, 2**31, 2**63, 1.5, 1e3, "1", None, [], True, {"n": 1}):
            for path in ("/v1/holds", "/v1/quotes"):
                answer = self.shop.call("POST", path, {"drop": drop["id"], "channel": "web", "lines": [
                    {"sku": "R-QTY", "units": units}]}, key=uuid.uuid4().hex)
                self.assertEqual(answer.status, 400, f"{units!r} {answer}")
        raw = '{"drop":"%s","channel":"web","lines":[{"sku":"R-QTY","units":NaN}]}' % drop["id"]
        self.assertEqual(self.shop.call("POST", "/v1/holds", raw, key="nan").status, 400)
        self.assertEqual(self.shop.stock("R-QTY"), before)

    def test_keys_are_required_and_mean_one_thing(self):
        drop = self.shop.open_drop([("R-KEY", 5)])
        body = {"drop": drop["id"], "channel": "web", "lines": [{"sku": "R-KEY", "units": 1}]}
        self.refused(self.shop.call("POST", "/v1/holds", body), 400, "bad_request")
        self.refused(self.shop.call("POST", "/v1/holds", body, key="x" * 256), 400, "bad_request")
        one = self.shop.call("POST", "/v1/holds", body, key='"quoted"')
        two = self.shop.call("POST", "/v1/holds", json.dumps(body, indent=3), key="quoted")
        self.assertEqual((one.status, two.raw, two.replayed), (201, one.raw, True))
        other = {**body, "lines": [{"sku": "R-KEY", "units": 2}]}
        self.refused(self.shop.call("POST", "/v1/holds", other, key="quoted"), 422, "key_reused")
        batch = self.shop.call("POST", "/v1/holds:batch", {"holds": [
            {"key": "b1", **body}, {"key": "b2", **body, "lines": [{"sku": "R-KEY", "units": 9}]}, {"key": "b1",
                                                                                                    **body},
            {"key": "", **body}, {"key": "b3", **body, "lines": []}]})
        self.assertEqual([row["status"] for row in batch.body["data"]], [201, 409, 201, 400, 400], batch)
        self.assertEqual(batch.body["data"][0]["body"], batch.body["data"][2]["body"])
        alone = self.shop.call("POST", "/v1/holds", body, key="b1")
        self.assertEqual((alone.status, alone.body["id"]), (201, batch.body["data"][0]["body"]["id"]))

    def test_a_batch_by_the_short_way_and_by_the_long_one(self):
        drop = self.shop.open_drop([("R-BATCH", 5), ("R-GONE", 1)])

        def batch(prefix, headers=None):
            wanted = [("R-BATCH", 2), ("R-GONE", 1), ("R-BATCH", 9), ("R-NONE", 1), ("R-BATCH", 1)]
            return self.shop.call("POST", "/v1/holds:batch", {"holds": [
                {"key": f"{prefix}-{n}", "drop": drop["id"], "channel": "web", "session": f"s{n}",
                 "lines": [{"sku": sku, "units": units}]} for n, (sku, units) in enumerate(wanted)]}, headers=headers)
        unusual = {"Cookie": "a=b"}  # the short way leaves cookies to the long one
        short = batch("short")
        self.assertEqual([row["status"] for row in short.body["data"]], [201, 201, 409, 404, 201], short)
        again = batch("short", unusual)
        held = (0, 1, 4)
        self.assertEqual([short.body["data"][n] for n in held], [again.body["data"][n] for n in held])
        gone = [batch("new"), batch("newer", unusual)]  # the board's word for what is gone, and the loop's
        for answer in gone:
            self.assertEqual([row["key"].split("-")[1] for row in answer.body["data"]], list("01234"))
        self.assertEqual(gone[0].body["data"][1]["body"]["code"], "sold_out")
        self.assertEqual([row["body"] for row in gone[0].body["data"]][1:4],
                         [row["body"] for row in gone[1].body["data"]][1:4])

    def test_a_hold_to_an_order_to_money_back(self):
        shop = self.shop
        drop = shop.open_drop([("R-ORDER", 5)])
        hold = shop.hold(drop, "R-ORDER", units=3).body
        path = f"/v1/holds/{hold['id']}"
        less = shop.call("PATCH", path, {"lines": [{"sku": "R-ORDER", "units": 2}]}, key="less", token=hold["secret"])
        self.assertEqual((less.status, less.body["total"]), (200, gbp(5980)), less)
        self.refused(shop.confirm(hold, email="nobody"), 400, "bad_request")
        order = shop.confirm(hold)
        self.assertEqual((order.status, order.body["status"]), (201, "awaiting_payment"), order)
        self.refused(shop.confirm(hold), 409, "hold_confirmed")
        self.refused(shop.release(hold), 409, "hold_confirmed")
        here = f"/v1/orders/{order.body['id']}"
        self.staff("POST", f"{here}/payments", {"amount": order.body["total"], "reference": "bank 7"}, 200)
        self.staff("POST", f"{here}/ready", {}, 200)
        self.staff("POST", f"{here}/ship", {"carrier": "bike", "tracking": "1"}, 200)
        self.assertEqual(self.staff("POST", f"{here}/deliver", {}, 200).body["status"], "delivered")
        back = self.staff("POST", f"{here}/refunds", {"lines": [{"sku": "R-ORDER", "units": 1}],
                                                      "reason": "chipped"}, 201)
        self.assertEqual(back.body["amount"], gbp(2990))
        self.refused(self.staff("POST", f"{here}/refunds", {"lines": [{"line": 0, "units": 2}]}), 409, "over_refund")
        seen = shop.call("GET", here, token=order.body["secret"]).body
        self.assertEqual((seen["refund_state"], seen["refunded"]), ("partly", gbp(2990)))
        listed = self.staff("GET", f"/v1/orders?drop={drop['slug']}&status=delivered", status=200).body["data"]
        self.assertEqual([row["id"] for row in listed], [order.body["id"]])

    # -- signals, stream, pages

    def test_signals_once_by_source_and_id(self):
        def event(number, **more):
            return {"specversion": "1.0", "id": str(number), "source": "test", "type": "page.viewed",
                    "time": utc(now()),
                    "data": {"channel": "web", **more}}
        first = self.shop.call("POST", "/v1/signals", event(1),
                               headers={"Content-Type": "application/cloudevents+json"})
        if first.status == 503:
            self.skipTest("this build keeps no signals")
        self.assertEqual((first.status, first.body["accepted"]), (202, 1), first)
        batch = [event(1), event(2), event(3, sku="NONE"), {"specversion": "1.0"}]
        many = self.shop.call("POST", "/v1/signals", batch,
                              headers={"Content-Type": "application/cloudevents-batch+json"})
        self.assertEqual((many.body["accepted"], many.body["duplicates"]), (1, 1), many)
        self.assertEqual(sorted(row["index"] for row in many.body["rejected"]), [2, 3])
        self.assertEqual(self.shop.call("POST", "/v1/signals", "[" * 100).status, 400)

    def stream(self, headers=None):
        link = http.client.HTTPConnection("127.0.0.1", self.shop.port, timeout=10)
        link.request("GET", "/v1/stream", headers={"Accept": "text/event-stream", **(headers or {})})
        reply = link.getresponse()
        self.addCleanup(link.close)
        self.assertEqual(reply.status, 200)
        return reply

    def test_the_stream_tells_each_what_is_theirs(self):
        drop = self.shop.open_drop([("R-LIVE", 5)])
        public = self.stream()
        staff = self.stream({"Authorization": f"Bearer {self.shop.token()}"})
        for listener in (public, staff):
            self.assertEqual(listener.readline(), b": live\n")
        self.shop.hold(drop, "R-LIVE")

        def events(listener, last):
            seen = []
            while last not in seen:
                line = listener.readline()
                if line.startswith(b"event: "):
                    seen.append(line[7:].strip().decode())
            return seen
        self.assertIn("hold", events(staff, "availability"))
        self.assertNotIn("hold", events(public, "availability"))

    def test_pages_and_security_headers(self):
        drop = self.shop.open_drop([("R-PAGE", 5)], title='<script>alert("x")</script>')
        for path in (f"/d/{drop['slug']}", "/docs", "/", "/openapi.json", "/v1/drops", "/nowhere", "/v1/nowhere"):
            answer = self.shop.call("GET", path)
            policy = answer.headers["content-security-policy"]
            self.assertNotIn("unsafe-inline", policy, path)
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertEqual(answer.headers["x-content-type-options"], "nosniff")
        page = self.shop.call("GET", f"/d/{drop['slug']}").raw
        self.assertNotIn(b"<script>alert", page)
        self.assertEqual(self.shop.call("PUT", "/v1/drops").status, 405)
        browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        for path, status, words in (("/d/nothing", 404, b"There is no page here"), ("/nowhere", 404, b"no page here"),
                                    ("/metrics", 401, b"for the shop's staff"), ("/v1/nowhere", 404, None)):
            answer = self.shop.call("GET", path, headers=browser)
            self.assertEqual(answer.status, status, path)
            if words:
                self.assertIn(words, answer.raw.replace(b"&#39;", b"'"))
                self.assertTrue(answer.headers["content-type"].startswith("text/html"))
                self.assertNotIn("unsafe-inline", answer.headers["content-security-policy"])
            else:
                self.assertEqual(answer.headers["content-type"], "application/problem+json")
        for path in ("/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc%2fpasswd", "//etc/passwd"):
            self.assertEqual(self.shop.call("GET", path).status, 404, path)

    def test_metrics_are_for_staff(self):
        self.assertEqual(self.shop.call("GET", "/metrics").status, 401)
        text = self.staff("GET", "/metrics", status=200).raw.decode()
        self.assertRegex(text, r"(?m)^dropsmith_http_requests_total \d+$")


if __name__ == "__main__":
    unittest.main()
