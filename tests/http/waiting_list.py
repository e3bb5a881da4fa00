"""Waiting list, orders ahead, passes and substitutes over HTTP: what lapses is offered to the next in line by itself,
an offer is a hold with its own secret, a restart in between changes nothing, and the laws hold."""

import datetime
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import PATIENCE, Shop, gbp, now, utc  # noqa: E402
from shop import until as shop_until  # noqa: E402


def wait_on(shop, drop, session, *lines, **more):
    return shop.call("POST", f"/v1/drops/{drop['id']}/waiting", {
        "channel": "web", "session": session, "lines": [{"sku": sku, "units": units} for sku, units in lines], **more})


def mine(shop, wish):
    return shop.call("GET", f"/v1/waiting/{wish['id']}", token=wish["secret"]).body


def until(shop, wish, status):
    return shop_until(lambda: mine(shop, wish), lambda seen: seen["status"] == status, f"the wish is not {status}")


class WaitingList(unittest.TestCase):
    def test_what_lapses_goes_to_the_next_in_line(self):
        with Shop() as shop:
            drop = shop.open_drop([("LIST-A", 2), ("LIST-B", 1)], hold_seconds=8)  # long enough to ask ten things
            there = wait_on(shop, drop, "s0", ("LIST-A", 1))
            self.assertEqual((there.status, there.code), (409, "wrong_state"), "it is there: hold it")
            shop.hold(drop, "LIST-A", units=2)
            last_b = shop.hold(drop, "LIST-B").body
            first = wait_on(shop, drop, "s1", ("LIST-A", 2), ("LIST-B", 1)).body
            second = wait_on(shop, drop, "s2", ("LIST-A", 1)).body
            third = wait_on(shop, drop, "s3", ("LIST-A", 1)).body
            twice = wait_on(shop, drop, "s3", ("LIST-A", 1))
            self.assertEqual((twice.status, twice.code), (409, "already_waiting"))
            self.assertEqual([mine(shop, one)["position"] for one in (first, second, third)], [1, 2, 3])
            self.assertEqual(shop.call("GET", f"/v1/waiting/{first['id']}", token=second["secret"]).status, 404)
            none = shop.call("POST", f"/v1/waiting/{first['id']}/accept", {}, token=first["secret"])
            self.assertEqual((none.status, none.code), (409, "wrong_state"))
            shop.confirm(last_b)  # B is bought, so the first wish cannot be met; A lapses by itself
            self.assertEqual(until(shop, second, "offered")["status"], "offered")
            self.assertEqual(until(shop, third, "offered")["status"], "offered")
            self.assertEqual(mine(shop, first)["status"], "waiting")
            shop.kill9()
            shop.start()
            offer = mine(shop, second)["offer"]
            taken = shop.call("POST", f"/v1/waiting/{second['id']}/accept", {}, token=second["secret"])
            self.assertEqual((taken.status, taken.body["id"]), (200, offer["hold"]))
            self.assertEqual(shop.confirm(taken.body).status, 201)
            self.assertEqual(mine(shop, second)["status"], "bought")
            left = shop.call("DELETE", f"/v1/waiting/{third['id']}", token=third["secret"])
            self.assertEqual((left.status, left.body["status"]), (200, "left"))
            gone = shop.call("DELETE", f"/v1/waiting/{third['id']}", token=third["secret"])
            self.assertEqual(gone.status, 409)
            rows = shop.staff("GET", f"/v1/drops/{drop['id']}/waiting")["data"]
            self.assertEqual([row["status"] for row in rows], ["waiting", "bought", "left"])
            self.assertNotIn("secret", str(rows))
            self.assertEqual(shop.stop(), 0)
            shop.verify()

    def test_orders_ahead_are_capped_and_filled_on_receipt(self):
        with Shop() as shop:
            shop.product("Ahead", ["AHEAD"])
            place = shop.place(name="Ahead hub")
            shop.receipt(place, [("AHEAD", 1)])
            by = now() + datetime.timedelta(days=20)
            line = {"sku": "AHEAD", "cap": 4, "bands": [gbp(2990)], "floor": gbp(1500), "list_price": gbp(2990),
                    "backorder_cap": 3, "ship_by": utc(by)}
            drop = shop.draft_drop([("AHEAD", 4)], lines=[line])
            shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
            drop = shop.wait_status(drop["id"], "open")
            self.assertEqual(shop.hold(drop, "AHEAD").status, 201)
            page = shop.call("GET", f"/d/{drop['slug']}").raw
            self.assertIn(b"can be ordered ahead", page)
            ordered = wait_on(shop, drop, "p1", ("AHEAD", 2), preorder=True)
            self.assertEqual(ordered.status, 201, ordered)
            self.assertEqual(ordered.body["lines"][0]["unit_price_max"], gbp(2990))
            self.assertEqual(ordered.body["lines"][0]["ship_by"], utc(by))
            full = wait_on(shop, drop, "p2", ("AHEAD", 2), preorder=True)
            self.assertEqual((full.status, full.code, full.body["available"]), (409, "preorder_full", 1))
            shop.receipt(place, [("AHEAD", 2)])
            self.assertEqual(until(shop, ordered.body, "offered")["offer"]["lines"][0]["units"], 2)
            self.assertEqual(shop.stop(), 0)
            shop.verify()


    def test_orders_ahead_outlive_the_drop_and_end_kept_or_with_a_reason(self):
        with Shop() as shop:
            shop.product("Later", ["LATER"])
            place = shop.place(name="Later hub")
            by = now() + datetime.timedelta(seconds=14)
            line = {"sku": "LATER", "cap": 5, "bands": [gbp(2990)], "floor": gbp(1500), "list_price": gbp(2990),
                    "backorder_cap": 5, "ship_by": utc(by), "places": {place: 5}}
            drop = shop.draft_drop([("LATER", 5)], lines=[line])
            shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
            drop = shop.wait_status(drop["id"], "open")
            first = wait_on(shop, drop, "a1", ("LATER", 2), preorder=True).body
            second = wait_on(shop, drop, "a2", ("LATER", 1), preorder=True).body
            third = wait_on(shop, drop, "a3", ("LATER", 2), preorder=True).body
            self.assertEqual(first["until"], utc(by))
            low = shop.call("PATCH", f"/v1/drops/{drop['id']}", {"reason": "less", "lines": [{**line, "cap": 4}]},
                            token=shop.token())
            self.assertNotEqual(low.status, 200)
            shop.staff("POST", f"/v1/drops/{drop['id']}/close", {"reason": "enough"})
            self.assertEqual(mine(shop, first)["status"], "waiting", "what was promised outlives the drop")
            shop.kill9()
            shop.start()
            shop.receipt(place, [("LATER", 3)])
            self.assertEqual(until(shop, second, "offered")["status"], "offered")
            self.assertEqual(mine(shop, third)["position"], 1)
            taken = shop.call("POST", f"/v1/waiting/{first['id']}/accept", {}, token=first["secret"]).body
            order = shop.confirm(taken).body
            self.assertEqual(order["promise"]["ship_by"], utc(by))
            due = shop.staff("GET", f"/v1/orders?due_before={utc(by + datetime.timedelta(seconds=1))}")["data"]
            self.assertEqual([row["id"] for row in due], [order["id"]], "the promise is what is due")
            self.assertEqual(due[0]["due_at"], utc(by))
            gone = until(shop, third, "over")
            self.assertEqual((gone["status"], gone["why"]), ("over", "ship_by_passed"))
            shop.receipt(place, [("LATER", 1)])
            ahead = shop.staff("GET", f"/v1/drops/{drop['id']}/report")["orders_ahead"]
            self.assertEqual({key: ahead[key] for key in ("wishes", "units", "ended", "orders", "kept", "missed")},
                             {"wishes": 3, "units": 5, "ended": 1, "orders": 1, "kept": 0, "missed": 3}, ahead)
            self.assertEqual(shop.stop(), 0)
            shop.verify()

    def test_staff_see_whom_to_write_to_and_the_link_to_what_is_offered(self):
        with Shop() as shop:
            drop = shop.open_drop([("TELL-A", 2)])
            held = shop.hold(drop, "TELL-A", units=2).body
            ada = {"email": "ada@example.org", "name": "Ada"}
            wish = wait_on(shop, drop, "t1", ("TELL-A", 2), person=ada).body
            wait_on(shop, drop, "t2", ("TELL-A", 1))
            path = f"/v1/drops/{drop['id']}/waiting"

            def rows(**as_whom):
                return shop.call("GET", path, token=shop.token(**as_whom)).body["data"]

            self.assertEqual([(row["contact"], row["link"]) for row in rows()], [(ada, None), (None, None)])
            shop.release(held)
            until(shop, wish, "offered")
            first, second = rows(role="operator")
            self.assertEqual((first["contact"], second["contact"], second["link"]), (ada, None, None))
            ahead, _, rest = first["link"].partition("/#/offer/")
            self.assertEqual(ahead, "", "no --public-url is set: the path alone")
            named, _, secret = rest.partition("/")
            self.assertEqual(named, wish["id"])
            mine_by_link = shop.call("GET", f"/v1/waiting/{named}", token=secret)
            self.assertEqual((mine_by_link.status, mine_by_link.body["offer"]["hold"]), (200, first["offer"]["hold"]))
            seen = rows(role="viewer")
            self.assertNotIn("ada@example.org", str(seen))
            self.assertNotIn(secret, str(seen))
            self.assertEqual({"contact", "link"} & set(seen[0]), set(), "a viewer writes to nobody")
            paged = shop.call("GET", path + "?limit=1", token=shop.token()).body
            self.assertEqual([row["id"] for row in paged["data"]], [wish["id"]])
            rest = shop.call("GET", f"{path}?limit=1&cursor={paged['next']}", token=shop.token()).body
            self.assertEqual(([row["id"] for row in rest["data"]], rest["next"]), ([second["id"]], None))
            shop.call("DELETE", f"/v1/waiting/{named}", token=secret)
            shop.staff("POST", "/v1/persons/erase", {"email": ada["email"], "reason": "asked"})
            first = rows()[0]
            self.assertEqual((first["status"], first["contact"], first["link"]), ("left", None, None))
            self.assertEqual(shop.stop(), 0)
            shop.verify()

    def test_the_list_is_no_way_round_the_waiting_room(self):
        with Shop() as shop:
            shop.product("Round", ["ROUND"])
            shop.receipt(shop.place(name="Round hub"), [("ROUND", 1)])
            drop = shop.draft_drop([("ROUND", 1)], opens_in=3, room={
                "kind": "fifo", "entry_before_seconds": 3600, "draw_before_seconds": 0, "admission_seconds": 600})
            shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
            entered = shop.call("POST", f"/v1/drops/{drop['id']}/room", {"session": "inside"}).body
            drop = shop.wait_status(drop["id"], "open")
            end = time.monotonic() + PATIENCE
            while not (seen := shop.call("GET", f"/v1/drops/{drop['id']}/room", token=entered["token"]).body).get(
                    "admission") and time.monotonic() < end:
                time.sleep(0.05)
            held = shop.call("POST", "/v1/holds", {
                "drop": drop["id"], "channel": "web", "session": "inside", "admission": seen["admission"],
                "lines": [{"sku": "ROUND", "units": 1}]}, key="inside")
            self.assertEqual(held.status, 201, held)
            outside = wait_on(shop, drop, "outside", ("ROUND", 1))
            self.assertEqual((outside.status, outside.code), (409, "not_admitted"), outside)
            lent = wait_on(shop, drop, "outside", ("ROUND", 1), admission=seen["admission"])
            self.assertEqual(lent.code, "not_admitted")
            shown = wait_on(shop, drop, "inside", ("ROUND", 1), admission=seen["admission"])
            self.assertEqual(shown.status, 201, shown)
            self.assertEqual(shop.stop(), 0)
            shop.verify()


class Passes(unittest.TestCase):
    def test_early_access_so_many_times_and_no_forged_code(self):
        with Shop() as shop:
            shop.product("Passes", ["PASS"])
            shop.receipt(shop.place(name="Pass hub"), [("PASS", 9)])
            drop = shop.draft_drop([("PASS", 9)], opens_in=600)
            shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
            made = shop.staff("POST", "/v1/passes", {
                "title": "Friends", "drops": [drop["slug"]], "uses": 1, "early_seconds": 3600, "count": 2,
                "valid_until": utc(now() + datetime.timedelta(days=1))})
            one, two = (row["code"] for row in made["data"])
            self.assertEqual(shop.hold(drop, "PASS").code, "drop_not_open")
            for forged in (one[:-1] + ("0" if one[-1] != "0" else "1"), one.split(".")[0], two.split(".")[0] + "." +
                           one.split(".")[1], "pass_0000000000000.x", "x"):
                self.assertEqual(shop.hold(drop, "PASS", **{"pass": forged}).code, "pass_not_valid", forged)
            held = shop.hold(drop, "PASS", **{"pass": one})
            self.assertEqual(held.status, 201, held)
            self.assertEqual(shop.hold(drop, "PASS", **{"pass": one}).code, "pass_used_up")
            shop.release(held.body)
            self.assertEqual(shop.hold(drop, "PASS", **{"pass": one}).status, 201, "given back by the hold that lapsed")
            rows = shop.staff("GET", "/v1/passes")["data"]
            self.assertEqual([row["used"] for row in rows], [1, 0])
            shop.staff("POST", f"/v1/passes/{rows[1]['id']}/end", {})
            self.assertEqual(shop.hold(drop, "PASS", **{"pass": two}).code, "pass_not_valid")
            self.assertEqual(shop.stop(), 0)
            shop.verify()


class Substitutes(unittest.TestCase):
    def test_the_refusal_names_it_and_the_report_counts_it(self):
        with Shop() as shop:
            shop.product("Gone", ["GONE"])
            shop.product("Instead", ["INSTEAD"])
            shop.receipt(shop.place(name="Two"), [("GONE", 1), ("INSTEAD", 5)])
            line = {"bands": [gbp(2990)], "floor": gbp(1500), "list_price": gbp(2990)}
            drop = shop.draft_drop([("GONE", 1)], lines=[{"sku": "GONE", "cap": 1, "substitute": "INSTEAD", **line},
                                                         {"sku": "INSTEAD", "cap": 5, **line}])
            shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
            drop = shop.wait_status(drop["id"], "open")
            shop.hold(drop, "GONE")
            gone = shop.hold(drop, "GONE")
            self.assertEqual(gone.code, "sold_out")
            self.assertEqual({key: gone.body["substitute"][key] for key in ("sku", "instead_of", "price")},
                             {"sku": "INSTEAD", "instead_of": "GONE", "price": gbp(2990)})
            self.assertIn(b"instead: <bdi>Instead", shop.call("GET", f"/d/{drop['slug']}").raw)
            taken = shop.call("POST", "/v1/holds", {"drop": drop["id"], "channel": "web", "lines": [
                {"sku": "INSTEAD", "units": 2, "instead_of": "GONE"}]}, key="instead")
            self.assertEqual(taken.status, 201, taken)
            shop.confirm(taken.body)
            quoted = shop.call("POST", "/v1/quotes", {"drop": drop["id"], "channel": "web", "lines": [
                {"sku": "INSTEAD", "units": 1, "instead_of": "GONE"}]}).body["token"]
            self.assertEqual(shop.call("POST", "/v1/holds", {"quote": quoted}, key="quoted").status, 201)
            again = shop.hold(drop, "GONE", key="again")
            self.assertEqual(again.code, "sold_out")
            lied = shop.call("POST", "/v1/quotes", {"drop": drop["id"], "channel": "web", "lines": [
                {"sku": "INSTEAD", "units": 1, "instead_of": "INSTEAD"}]}).body["token"]
            self.assertEqual(shop.call("POST", "/v1/holds", {"quote": lied}, key="lied").status, 201)
            time.sleep(1.5)  # refusals are written down once a second
            found = shop.staff("GET", f"/v1/drops/{drop['id']}/report")["substitutes"]
            keys = ("sku", "substitute", "refused", "holds", "orders", "units_bought", "capture_rate")
            self.assertEqual([{key: row[key] for key in keys} for row in found],
                             [{"sku": "GONE", "substitute": "INSTEAD", "refused": 2, "holds": 2, "orders": 1,
                               "units_bought": 2, "capture_rate": 0.5}])
            self.assertEqual(shop.stop(), 0)
            shop.verify()


if __name__ == "__main__":
    unittest.main(verbosity=2)
