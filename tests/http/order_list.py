#!/usr/bin/env python3
"""GET /v1/orders: newest first from the tables, one's own order in it at once, every filter by what it says, pages that
join without gap or double, and a grant's places and channels as its edge. Many studies beside it do not hold it up."""
import datetime
import pathlib
import sys
import threading
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, now, utc  # noqa: E402


class OrderList(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = shop = Shop().start()
        cls.north, cls.south = shop.place(name="North"), shop.place(name="South")
        shop.product("Listed", ["L-N", "L-S"])
        shop.receipt(cls.north, [("L-N", 40)])
        shop.receipt(cls.south, [("L-S", 40)])
        cls.early = shop.open_drop([("L-N", 20)], stock=False, hours=24)
        cls.late = shop.open_drop([("L-N", 20), ("L-S", 20)], stock=False, hours=72)
        cls.made = []
        for i in range(12):
            drop, sku = (cls.early, "L-N") if i % 3 == 0 else (cls.late, "L-N" if i % 3 == 1 else "L-S")
            placed = shop.confirm(shop.hold(drop, sku).body)
            assert placed.status == 201, placed
            cls.made.append(placed.body["id"])

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.clean_up(False)

    def listed(self, query="", token=None):
        answer = self.shop.call("GET", f"/v1/orders{query}", token=token or self.shop.token())
        self.assertEqual(answer.status, 200, answer)
        return answer.body

    def ids(self, query="", token=None):
        return [row["id"] for row in self.listed(query, token)["data"]]

    def test_newest_first_and_ones_own_at_once(self):
        self.assertEqual(self.ids("?limit=12"), self.made[::-1])
        self.assertIn("as_of", self.listed())

    def test_pages_join(self):
        seen, query = [], "?limit=5"
        while query:
            page = self.listed(query)
            seen += [row["id"] for row in page["data"]]
            query = page["next"] and f"?limit=5&cursor={page['next']}"
        self.assertEqual(seen, self.made[::-1])

    def test_filters(self):
        early = [self.made[i] for i in range(12) if i % 3 == 0][::-1]
        self.assertEqual(self.ids(f"?drop={self.early['slug']}"), early)
        self.assertEqual(self.ids(f"?drop={self.early['id']}&status=awaiting_payment"), early)
        self.assertEqual(self.ids("?status=paid"), [])
        for query in ("?status=bought", "?drop=none", "?place=none", "?due_before=soon", "?cursor=x", "?limit=0"):
            self.assertEqual(self.shop.call("GET", f"/v1/orders{query}", token=self.shop.token()).status, 400, query)

    def test_due_before_is_about_the_promise(self):
        def due(hours):
            return self.ids(f"?due_before={utc(now() + datetime.timedelta(hours=hours))}&limit=50")
        early = [self.made[i] for i in range(12) if i % 3 == 0][::-1]
        self.assertEqual(due(1), [], "promised after the close, not when they were placed")
        self.assertEqual(due(30), early)
        self.assertEqual(due(80), self.made[::-1])
        row = self.listed(f"?drop={self.early['id']}")["data"][0]
        self.assertEqual(row["due_at"], self.shop.call("GET", f"/v1/drops/{self.early['id']}").body["closes_at"])
        longer = utc(now() + datetime.timedelta(hours=48))
        self.shop.staff("PATCH", f"/v1/drops/{self.early['id']}", {"closes_at": longer, "reason": "asked for"})
        self.assertEqual(due(30), [], "the drop closes later, and so the promise is due later")
        self.assertEqual(due(50), early)

    def test_zz_what_is_done_is_not_due(self):
        shop, order = self.shop, self.made[-1]
        far = utc(now() + datetime.timedelta(days=9))
        self.assertIn(order, self.ids(f"?due_before={far}&limit=50"))
        shop.staff("POST", f"/v1/orders/{order}/cancel", {"reason": "test"})
        self.assertNotIn(order, self.ids(f"?due_before={far}&limit=50"))
        self.assertEqual(self.ids("?status=cancelled"), [order])

    def test_a_scoped_grant_sees_its_places_only(self):
        south = self.shop.command("token", "create", "--role", "fulfilment", "--place", self.south)["token"]
        mine = [self.made[i] for i in range(12) if i % 3 == 2][::-1]
        self.assertEqual(self.ids("?limit=50", south), mine)
        self.assertEqual(self.ids("?limit=2", south), mine[:2])
        web = self.shop.command("token", "create", "--role", "operator", "--channel", "web")["token"]
        self.assertEqual(len(self.ids("?limit=50", web)), 12)

    def test_studies_do_not_hold_up_lists_or_holds(self):
        shop, stop, statuses = self.shop, threading.Event(), []

        def study():
            while not stop.is_set():
                for method, path, body in (("GET", "/v1/audit/velocity?top=0.5", None),
                                           ("GET", f"/v1/drops/{self.late['id']}/report", None),
                                           ("POST", "/v1/plans", {"skus": ["L-N"], "window_seconds": 7200})):
                    answer = shop.call(method, path, body, key=uuid.uuid4().hex, token=shop.token())
                    statuses.append(answer.status)
        readers = [threading.Thread(target=study) for _ in range(3)]
        for reader in readers:
            reader.start()
        try:
            for _ in range(20):
                self.assertEqual(len(self.ids("?limit=12")), 12)
                hold = shop.hold(self.late, "L-S")
                self.assertEqual(hold.status, 201, hold)
                self.assertEqual(shop.release(hold.body).status, 200)
        finally:
            stop.set()
            for reader in readers:
                reader.join(60)
        self.assertTrue(statuses)
        self.assertLessEqual(set(statuses), {200, 409, 503}, statuses)

    def test_zzz_a_study_sees_the_sale_before_it(self):
        before = self.shop.staff("GET", f"/v1/drops/{self.late['id']}/report")
        placed = self.shop.confirm(self.shop.hold(self.late, "L-N").body)
        after = self.shop.staff("GET", f"/v1/drops/{self.late['id']}/report")
        self.assertEqual(placed.status, 201, placed)
        self.assertNotEqual(before, after)


if __name__ == "__main__":
    unittest.main()
