"""One customer, a thousand connections, every channel and as many sessions as they like: at most the limit of one
person becomes orders, over the drop's whole life, also after a restart. The twin that counts by basket shows that this
would be seen."""

import concurrent.futures
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, acceptance, gbp  # noqa: E402

CONNECTIONS, THREADS, LIMIT = (1000 if acceptance() else 200), 32, 2


class OnePerson(unittest.TestCase):
    def test_gets_at_most_the_limit(self):
        with Shop() as shop:
            shop.staff("POST", "/v1/channels", {"name": "app", "mode": "own"})
            line = {"sku": "RARE", "cap": 3000, "bands": [gbp(2990)], "floor": gbp(1500), "list_price": gbp(2990),
                    "per_person_limit": LIMIT}
            shop.product("Rare", ["RARE"])
            shop.receipt(shop.place(name="Rare hub"), [("RARE", 3000)])
            drop = shop.draft_drop([("RARE", 3000)], lines=[line], channels=["web", "app"])
            shop.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
            drop = shop.wait_status(drop["id"], "open")

            def buy(n):
                """A connection of its own, a session of its own, either channel; the address written another way."""
                hold = shop.call("POST", "/v1/holds", {
                    "drop": drop["id"], "channel": ("web", "app")[n % 2], "session": uuid.uuid4().hex,
                    "lines": [{"sku": "RARE", "units": 1 + n % 2}]}, key=uuid.uuid4().hex,
                    headers={"Connection": "close"})
                if hold.status != 201:
                    return hold.code, 0
                email = ("Same.Person@Example.com", "same.person@example.com", "SAME.PERSON@EXAMPLE.COM")[n % 3]
                order = shop.confirm(hold.body, email=email)
                return (order.code or order.status), (1 + n % 2 if order.status == 201 else 0)

            with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
                heard = list(pool.map(buy, range(CONNECTIONS)))
            self.assertEqual(sum(units for _, units in heard), LIMIT, heard[:20])
            self.assertEqual({code for code, units in heard if units == 0}, {"over_limit"})
            shop.kill9()
            shop.start()
            self.assertEqual(buy(0)[0], "over_limit", "over the drop's whole life")
            one = {"session": "one session", "drop": drop["id"]}
            held = [shop.hold(drop["id"], "RARE", channel=channel, session=one["session"]).status
                    for channel in ("web", "app", "web")]
            self.assertEqual(held, [201, 201, 409], "a session is one person, whatever its channels")
            # The alarm rings: what a shop that counts by basket would have sold, as every basket was within the limit.
            self.assertGreater(sum(1 + n % 2 for n in range(CONNECTIONS)), LIMIT)
            self.assertEqual(shop.stop(), 0)
            shop.verify()


if __name__ == "__main__":
    unittest.main(verbosity=2)
