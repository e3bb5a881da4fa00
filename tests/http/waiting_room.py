"""The opening bell, from outside: people enter, the lot is drawn, they are let in at the stated rate and only they may
hold; nobody can forge, lend or outlive an admission; a restart, a kill and a lost answer cost nobody their place; the
published transcript is recomputed by a script that knows nothing of the shop. DROPSMITH_ACCEPTANCE=1: 5,000 people."""

import collections
import datetime
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "draw"))
import recompute  # noqa: E402
from shop import ROOT, Shop, acceptance, now, program, until, utc  # noqa: E402

PEOPLE = 5_000 if acceptance() else 300


def roomy(shop, sku, units, opens_in, kind="ballot", limit=1, **room):
    """A scheduled drop with a waiting room that is open for entry now."""
    shop.product(f"Goods {sku}", [sku])
    shop.receipt(shop.place(name=f"Hub {sku}"), [(sku, units)])
    opens = now() + datetime.timedelta(seconds=opens_in)
    terms = {"kind": kind, "entry_before_seconds": 3600, "draw_before_seconds": 1, "admission_seconds": 600, **room}
    drop = shop.draft_drop([(sku, units)], opens_at=utc(opens), closes_at=utc(opens + datetime.timedelta(hours=2)),
                           room=terms)
    line = {**{key: drop["lines"][0][key] for key in ("sku", "cap", "bands", "floor", "list_price")},
            "per_person_limit": limit}
    shop.staff("PATCH", f"/v1/drops/{drop['id']}", {"lines": [line]})
    shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
    return drop["id"]


def ring(shop, drop, seconds):
    """The opening moves to so many seconds from now; what is drawn before it moves along."""
    for pause in (seconds, 3 * seconds, 10 * seconds):  # one that comes too late, on a busy machine, is in the past
        opens = utc(now() + datetime.timedelta(seconds=pause))
        moved = shop.call("PATCH", f"/v1/drops/{drop}", {"opens_at": opens}, token=shop.token())
        if moved.status == 200:
            return
    raise AssertionError(f"the opening cannot be moved: {moved}")


def enter(shop, drop, **body):
    return shop.call("POST", f"/v1/drops/{drop}/room", body)


def place(shop, drop, token):
    return shop.call("GET", f"/v1/drops/{drop}/room", token=token).body


def wait_for(what):
    return until(what)


class WaitingRoom(unittest.TestCase):
    def test_the_bell_from_entry_to_hold_across_a_kill(self):
        with Shop() as shop:
            drop = roomy(shop, "BELL", PEOPLE, 600, per_second_max=1 + PEOPLE // 3)
            committed = place(shop, drop, None)
            self.assertEqual(len(committed["commitment"]), 64)
            self.assertFalse(committed["drawn"])
            self.assertEqual(shop.call("GET", f"/v1/drops/{drop}/draw").status, 404, "nothing is told before the draw")
            people = [enter(shop, drop, session=f"person {n}").body for n in range(PEOPLE)]
            self.assertEqual({one["status"] for one in people}, {"entered"}, "before the draw nobody has a place")
            again = enter(shop, drop, session="person 0").body
            self.assertEqual((again["token"], again["ticket"]), (people[0]["token"], people[0]["ticket"]))
            shop.kill9()
            shop.start()
            self.assertEqual(place(shop, drop, people[7]["token"])["number"], 8, "a place outlives a kill")
            ring(shop, drop, 2)
            self.assertTrue(wait_for(lambda: place(shop, drop, None)["drawn"]))
            seen = [place(shop, drop, one["token"]) for one in people]
            if {one["status"] for one in seen} == {"waiting"}:
                self.assertEqual(sorted(one["position"] for one in seen), list(range(1, PEOPLE + 1)))
                self.assertTrue(all(one["wait_seconds"]["from"] <= one["wait_seconds"]["to"] for one in seen))
            draw = shop.call("GET", f"/v1/drops/{drop}/draw").body
            self.assertEqual(draw["commitment"], committed["commitment"], "published before, kept after")
            self.assertEqual(draw["tickets"], [one["ticket"] for one in people])
            self.assertTrue(recompute.holds(draw), "another language, from the transcript alone")
            self.judge(draw)

            self.assertTrue(wait_for(lambda: place(shop, drop, None)["admitted"] > 0))
            first = people[[one["ticket"] for one in people].index(draw["order"][0])]
            mine = place(shop, drop, first["token"])
            self.assertEqual(mine["status"], "admitted")
            self.assertEqual(mine["admission"], place(shop, drop, first["token"])["admission"], "asked twice: the same")
            session = f"person {mine['number'] - 1}"
            shop.kill9()
            shop.start()
            self.refused(shop, drop, "BELL", mine["admission"], session)
            held = shop.hold(drop, "BELL", session=session, admission=mine["admission"])
            self.assertEqual(held.status, 201, "an admission outlives a kill")
            more = shop.hold(drop, "BELL", session=session, admission=mine["admission"])
            self.assertEqual((more.status, more.code), (409, "over_limit"), "one admission, one person's share")
            self.assertTrue(wait_for(lambda: place(shop, drop, None)["admitted"] >= PEOPLE))
            self.assertEqual({place(shop, drop, one["token"])["status"] for one in people}, {"admitted"})
            self.assertEqual(shop.stop(), 0)
            found = shop.verify()
            self.assertIn("draws and admissions of waiting rooms", [law["law"] for law in found["laws"]])

    def judge(self, draw):
        """dropsmith draw verify agrees, and rings when one place is swapped or the seed is another."""
        for bent, expect in ((draw, 0), ({**draw, "order": draw["order"][::-1]}, 1),
                             ({**draw, "seed": "0" * 64}, 1)):
            self.assertEqual(recompute.holds(bent), expect == 0)
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                json.dump(bent, file)
                file.flush()
                done = subprocess.run([program(), "draw", "verify", file.name, "--json"], capture_output=True)
                self.assertEqual(done.returncode, expect, done)
                self.assertEqual(json.loads(done.stdout)["holds"], expect == 0)
                script = [sys.executable, str(ROOT / "tests" / "draw" / "recompute.py"), file.name]
                self.assertEqual(subprocess.run(script, capture_output=True).returncode, expect)

    def refused(self, shop, drop, sku, admission, session):
        """Forged, bent, lent, of another kind, or none: not one hold."""
        dice, letters = random.Random(1), "0123456789abcdefghjkmnpqrstvwxyz"
        tries = [(None, session), (admission, "somebody else"), (admission, None), ("adm_", session)]
        tries.append((place(shop, drop, enter(shop, drop, session="late").body["token"])["admission"] or "", "late"))
        for _ in range(200):
            at = dice.randrange(4, len(admission))
            other = dice.choice([letter for letter in letters if letter != admission[at]])
            tries.append((admission[:at] + other + admission[at + 1:], session))
        heard = collections.Counter()
        for token, name in tries:
            body = {key: value for key, value in (("admission", token), ("session", name)) if value is not None}
            answer = shop.hold(drop, sku, **body)
            heard[(answer.status, answer.code)] += 1
        self.assertEqual(heard, {(409, "not_admitted"): len(tries)})

    def test_a_queue_goes_by_arrival_and_a_lost_answer_keeps_the_place(self):
        with Shop() as shop:
            drop = roomy(shop, "QUEUE", 50, 1.5, kind="fifo", per_second_max=2)
            bodies = [shop.call("POST", f"/v1/drops/{drop}/room", {}, key=f"enter-{n}").body for n in range(7)]
            self.assertEqual([one["number"] for one in bodies], list(range(1, 8)))
            lost = shop.call("POST", f"/v1/drops/{drop}/room", {}, key="enter-3")
            self.assertTrue(lost.replayed)
            self.assertEqual((lost.body["token"], lost.body["session"]), (bodies[3]["token"], bodies[3]["session"]))

            def admitted():
                """The last is asked first: whoever came before one who is in is in when he is asked."""
                return [n for n in reversed(range(7)) if place(shop, drop, bodies[n]["token"])["status"] == "admitted"]
            seen = []
            while len(seen) < 7:
                before = len(seen)
                seen = until(admitted, lambda those, n=before: len(those) > n, "nobody is let in", every=0.1)
                self.assertEqual(seen[::-1], list(range(len(seen))), "in order of arrival")
            state = place(shop, drop, None)
            self.assertEqual(state["admissions_per_second"], 2)
            self.assertEqual(place(shop, drop, bodies[0]["token"] + "x"), place(shop, drop, "plr_forged"))
            edit = shop.call("PATCH", f"/v1/drops/{drop}", {"room": {"kind": "ballot"}, "reason": "x"},
                             token=shop.token())
            self.assertEqual(edit.status, 409, edit)

    def test_the_page_works_without_script(self):
        with Shop() as shop:
            drop = roomy(shop, "PAGE", 5, 600)
            slug = shop.call("GET", f"/v1/drops/{drop}").body["slug"]
            page = shop.call("GET", f"/d/{slug}/room")
            self.assertEqual(page.status, 200)
            self.assertIn(b"<form method=\"post\"", page.raw)
            self.assertNotIn(b"<script", page.raw)
            self.assertIn(f"/d/{slug}/room".encode(), shop.call("GET", f"/d/{slug}").raw, "the drop's page leads there")
            cross = shop.call("POST", f"/d/{slug}/room", "", headers={"Sec-Fetch-Site": "cross-site"})
            self.assertEqual(cross.status, 403)
            entered = shop.call("POST", f"/d/{slug}/room", "", headers={"Sec-Fetch-Site": "same-origin"})
            self.assertEqual((entered.status, entered.headers["location"]), (303, f"/d/{slug}/room"))
            cookie = entered.headers["set-cookie"]
            self.assertIn("HttpOnly", cookie)
            mine = {"Cookie": cookie.split(";")[0]}
            waiting = shop.call("GET", f"/d/{slug}/room", headers=mine).raw
            self.assertIn(b"You are in.", waiting)
            self.assertIn(b"http-equiv=\"refresh\"", waiting)
            again = shop.call("POST", f"/d/{slug}/room", "", headers={**mine, "Sec-Fetch-Site": "same-origin"})
            self.assertEqual(again.headers["set-cookie"].split(";")[0], mine["Cookie"], "reloaded: the same place")
            self.assertEqual(place(shop, drop, None)["entrants"], 1)
            ring(shop, drop, 2)
            turn = wait_for(lambda: b"It is your turn" in shop.call("GET", f"/d/{slug}/room", headers=mine).raw)
            self.assertTrue(turn)
            link = shop.call("GET", f"/d/{slug}/room", headers=mine).raw.decode().split(f'href="/#/d/{slug}?', 1)[1]
            words = dict(pair.split("=") for pair in link.split('"', 1)[0].split("&amp;"))
            self.assertEqual(shop.hold(drop, "PAGE", session=words["session"],
                                       admission=words["admission"]).status, 201)


    def test_the_page_asks_who_enters_where_places_go_by_person(self):
        with Shop() as shop:
            drop = roomy(shop, "PERSON", 5, 600, by_person=True)
            slug = shop.call("GET", f"/v1/drops/{drop}").body["slug"]
            form = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
            self.assertIn(b"name=\"email\"", shop.call("GET", f"/d/{slug}/room").raw)
            for body in ("", "email=", "email=nobody", "email=%3Cb%3E%40x"):
                wrong = shop.call("POST", f"/d/{slug}/room", body, headers=form)
                self.assertEqual(wrong.status, 400, wrong)
                self.assertIn(b"aria-invalid=\"true\"", wrong.raw)
                self.assertNotIn(b"<b>@x", wrong.raw, "what was typed is shown escaped")
            self.assertEqual(shop.call("POST", f"/d/{slug}/room", "email=%ff", headers=form).status, 400)
            ada = shop.call("POST", f"/d/{slug}/room", "email=ada%40example.org", headers=form)
            self.assertEqual(ada.status, 303, ada)
            mine = {**form, "Cookie": ada.headers["set-cookie"].split(";")[0]}
            self.assertIn(b"You are in.", shop.call("GET", f"/d/{slug}/room", headers=mine).raw)
            again = shop.call("POST", f"/d/{slug}/room", "email=Ada%40example.org", headers=mine)
            self.assertEqual(again.status, 303, "the same browser keeps its place")
            other = shop.call("POST", f"/d/{slug}/room", "email=ada%40example.org", headers=form)
            self.assertEqual(other.status, 409)
            self.assertIn(b"from another browser", other.raw)
            self.assertEqual(place(shop, drop, None)["entrants"], 1)


class Polling(unittest.TestCase):
    def test_asking_for_ones_place_is_never_limited(self):
        with Shop(arguments=["--rate-limit", "5", "--trusted-proxy", "127.0.0.0/8"]) as shop:
            drop = roomy(shop, "POLL", 5, 600)
            peer = {"X-Forwarded-For": "203.0.113.7"}
            token = enter(shop, drop, session="a").body["token"]
            asked = {shop.call("GET", f"/v1/drops/{drop}/room", token=token, headers=peer).status for _ in range(200)}
            self.assertEqual(asked, {200})
            others = {shop.call("GET", "/v1/drops", headers=peer).status for _ in range(200)}
            self.assertIn(429, others, "the limit is on")


if __name__ == "__main__":
    unittest.main(verbosity=2)
