#!/usr/bin/env python3
"""Templates of peaks: listed, set, covered and removed by route and by command; a plan drafted from each built-in one
can be posted and scheduled as it is.

    python3 tests/http/templates.py
"""
import json
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop  # noqa: E402

BUILT_IN = ["creator-announcement", "evening-drop", "holiday-week", "payday", "weekend-market"]


class Templates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        cls.shop.product("Peaks", ["PEAK"])
        cls.shop.receipt(cls.shop.place(name="Peak hub"), [("PEAK", 900)])

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.verify()

    def names(self, built_in):
        return [row["name"] for row in self.shop.staff("GET", "/v1/templates")["data"] if row["built_in"] == built_in]

    def test_each_built_in_one_leads_to_a_drop(self):
        self.assertEqual(self.names(True), BUILT_IN)
        for row in self.shop.staff("GET", "/v1/templates")["data"]:
            with self.subTest(row["name"]):
                plan = self.shop.staff("POST", "/v1/plans", {"skus": ["PEAK"], "from_template": row["name"]})
                drop = self.shop.staff("POST", "/v1/drops", plan["drop"])
                told = self.shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
                self.assertEqual(told["status"], "scheduled")
                pricing = told["pricing"]
                for name in ("mode", "arrival_curve", "ladder", "max_step", "revenue_at_risk"):
                    self.assertEqual(pricing[name], row["pricing"][name], name)
                self.assertIn("/opens_at", {note["pointer"] for note in plan["explanations"]})
                self.assertIn("Europe/London", json.dumps(plan["explanations"]))
                self.shop.staff("POST", f"/v1/drops/{drop['id']}/cancel", {"reason": "a test"})

    def test_the_shops_own_by_command_and_route(self):
        file = pathlib.Path(self.shop.data) / "night.json"
        file.write_text(json.dumps({
            "name": "night-market", "title": "A night market", "window_seconds": 4 * 3600,
            "opening": {"weekday": "friday", "time": "19:30"}, "units": 12, "bands": [0.8, 1], "preorder_share": 0,
            "pricing": {"policy": "engine", "mode": "taper", "arrival_curve": [1, 2, 2, 1]}}))
        made = self.shop.command("templates", "set", str(file))
        self.assertEqual((made["built_in"], made["opening"]["time"]), (False, "19:30"))
        self.assertEqual(self.names(False), ["night-market"])
        plan = self.shop.command("plan", "--skus", "PEAK", "--template", "night-market")["drop"]
        self.assertEqual((plan["lines"][0]["cap"], len(plan["lines"][0]["bands"])), (12, 2))
        self.assertEqual(plan["pricing"]["mode"], "taper")
        listed = self.shop.command("templates", "list")["data"]
        self.assertEqual(sorted(row["name"] for row in listed), sorted(BUILT_IN + ["night-market"]))
        gone = self.shop.command("templates", "remove", "night-market")
        self.assertEqual(gone, {"name": "night-market", "removed": True, "built_in": False})
        self.assertEqual(self.names(False), [])

    def test_what_is_wrong_is_named(self):
        def ask(**more):
            body = {"name": "wrong", "title": "Wrong", "window_seconds": 3600, **more}
            return self.shop.call("POST", "/v1/templates", body, key=uuid.uuid4().hex, token=self.shop.token())

        for pointer, more in (("/opening/time", {"opening": {"time": "25:00"}}), ("/bands/1", {"bands": [1, 0.5]}),
                              ("/pricing/arrival_curve", {"pricing": {"arrival_curve": [0]}}),
                              ("/name", {"name": "Not so"})):
            answer = ask(**more)
            self.assertIn(answer.status, (400, 409), answer)
            self.assertEqual(answer.body["errors"][0]["pointer"], pointer, answer)
        nothing = self.shop.call("POST", "/v1/plans", {"skus": ["PEAK"], "from_template": "nope"}, key="t-nope",
                                 token=self.shop.token())
        self.assertEqual(nothing.status, 404, nothing)
        gone = self.shop.call("DELETE", "/v1/templates/payday", None, key="t-payday", token=self.shop.token())
        self.assertEqual(gone.status, 404, "a built-in one cannot be removed")


if __name__ == "__main__":
    unittest.main()
