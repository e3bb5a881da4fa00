"""kill -9 at random moments under load, 10 times on one data folder (50 with DROPSMITH_ACCEPTANCE=1; DROPSMITH_KILLS
and DROPSMITH_SEED ask for others).

After each kill: `verify` holds over the journal as it was left, the restarted shop still has every hold, order and
release that it had acknowledged, a repeated key gets the hold it had, the units that are held and sold lie between what
was acknowledged and what was asked, and the journal up to the kill replays to the same state hash as before the
restart. Every few kills the shop is killed once more while it is starting."""

import os
import pathlib
import random
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from journal import Journal  # noqa: E402
from shop import Shop, acceptance, load, loaded, until  # noqa: E402

KILLS = int(os.environ.get("DROPSMITH_KILLS", "50" if acceptance() else "10"))
SKUS = [f"CRASH-{letter}" for letter in "ABCD"]
UNITS_EACH = 200_000
SEED = int(os.environ.get("DROPSMITH_SEED", "20261121"))


class Acknowledged:
    """What the buyers were told, read from the loader's file: by hold, the last thing said about it."""

    def __init__(self):
        self.by_hold, self.by_key, self.ended = {}, {}, {}

    def read(self, path):
        """Adds the file's lines; answers the holds that they speak of. A hold that two keys got is an error."""
        fresh = set()
        for line in pathlib.Path(path).read_text().splitlines():
            verb, key, made, secret, hold, sku = line.split("\t")
            hold = made if verb == "hold" else hold
            fresh.add(hold)
            if verb == "hold":
                known = self.by_key.setdefault(key, hold)
                if known != hold:
                    raise AssertionError(f"the key {key} got two holds: {known} and {hold}")
                if self.by_hold.setdefault(hold, (key, secret, sku)) != (key, secret, sku):
                    raise AssertionError(f"the hold {hold} went to two keys: {self.by_hold[hold]} and {key}")
            elif self.ended.setdefault(hold, (verb, made, secret)) != (verb, made, secret):
                raise AssertionError(f"the hold {hold} ended twice: {self.ended[hold]} and {verb} {made}")
        return fresh


class KillNine(unittest.TestCase):
    def test_the_alarm_rings_for_a_lost_batch(self):
        """A journal whose newest batches are taken away is what a shop would leave that answers before it syncs."""
        with Shop() as shop, tempfile.TemporaryDirectory(prefix="dropsmith-acks-") as folder:
            self.drop = shop.open_drop([(SKUS[0], 1000)], hold_seconds=86_400)
            acks, told = pathlib.Path(folder, "acks"), Acknowledged()
            load(shop.port, "--drop", self.drop["id"], "--sku", SKUS[0], "--connections", 4, "--requests", 400,
                 "--ack", acks)
            fresh = told.read(acks)
            self.assertEqual(self.missing(shop, told, fresh), [])
            shop.kill9()
            with Journal(shop.data) as journal:
                journal.forget(journal.rows[-20:])
            shop.start()
            self.assertGreaterEqual(len(self.missing(shop, told, fresh)), 20)

    def test_nothing_acknowledged_is_lost_or_doubled(self):
        chance = random.Random(SEED)
        print(f"seed {SEED}, {KILLS} kills", flush=True)
        with Shop() as shop, tempfile.TemporaryDirectory(prefix="dropsmith-acks-") as folder:
            self.drop = shop.open_drop([(sku, UNITS_EACH) for sku in SKUS], hold_seconds=86_400)
            targets = pathlib.Path(folder, "targets")
            targets.write_text("".join(f"{self.drop['id']} {sku}\n" for sku in SKUS))
            told, unanswered = Acknowledged(), 0
            for kill in range(KILLS):
                acks = pathlib.Path(folder, f"acks-{kill}")
                acks.touch()
                buyers = load(shop.port, "--targets", targets, "--mode", "mixed", "--connections", 64,
                              "--requests", 10**7, "--timeout", 60, "--seed", SEED + kill,
                              "--key-prefix", f"kill{kill}", "--ack", acks, background=True)
                until(lambda: acks.stat().st_size > 4_000, what="the buyers get nothing", every=0.005)
                time.sleep(chance.uniform(0.05, 0.6))  # a moment of chance, not one to wait for anything
                shop.kill9()
                seen = loaded(buyers)
                self.assertEqual((seen["mismatched"], seen["doubled"], seen["unread"]), (0, 0, 0), seen)
                unanswered += seen["unanswered"]
                fresh = told.read(acks)
                left = shop.verify()
                if kill % 4 == 3:
                    self.kill_while_starting(shop, chance)
                shop.start()
                self.assertEqual(self.missing(shop, told, fresh), [])
                self.assert_units(shop, told, unanswered)
                self.assertEqual(shop.stop(), 0)
                again = shop.verify()
                self.assertEqual(self.replayed_to(shop, left["facts"]), (left["head_hash"], left["state_hash"]),
                                 f"kill {kill}: the restarted shop changed what had been, or replay gave another state")
                print(f"kill {kill}: {seen['heard']} answers, {len(fresh)} holds, {seen['unanswered']} unanswered, "
                      f"{again['facts']} facts", flush=True)
                shop.start()
            self.assertGreater(len(told.by_hold), 20 * KILLS, "the load was too light to mean anything")
            self.assertGreater(unanswered, 0, "no kill met a request on its way: not the moment that matters")

    def replayed_to(self, shop, facts):
        """(head hash, state hash) of a copy of the journal that ends with fact number `facts`."""
        with tempfile.TemporaryDirectory(prefix="dropsmith-prefix-") as folder:
            copy = pathlib.Path(folder, "data")
            shutil.copytree(shop.data, copy, ignore=shutil.ignore_patterns("*.sock", "snapshots.db*"))
            with Journal(copy) as journal:
                journal.forget([row for row in journal.rows if row > facts])
            found = Shop(data=copy).verify()
            self.assertEqual(found["facts"], facts)
            return found["head_hash"], found["state_hash"]

    def kill_while_starting(self, shop, chance):
        shop.launch()
        time.sleep(chance.uniform(0.0, 0.08))
        shop.kill9()

    def missing(self, shop, told, fresh):
        """What is wrong: each hold of `fresh` must be there with its last acknowledged status, its key must answer."""
        fresh, wrong = sorted(fresh), []
        known = [(hold, *told.by_hold[hold], *told.ended.get(hold, ("hold", None, None))) for hold in fresh]
        looks = shop.call_many([("GET", f"/v1/holds/{hold}", None, None, secret) for hold, _, secret, *_ in known])
        wish = {"drop": self.drop["id"], "channel": "web"}
        repeats = shop.call_many([("POST", "/v1/holds", {**wish, "lines": [{"sku": sku, "units": 1}]}, key)
                                  for _, key, _, sku, *_ in known])
        for (hold, key, _, _, verb, _, _), found, again in zip(known, looks, repeats):
            # A confirmation or release whose answer was lost may have happened: then the hold has moved on.
            allowed = {"hold": {"held", "confirmed", "released"}, "confirm": {"confirmed"}, "release": {"released"}}
            if found.status != 200 or found.body["status"] not in allowed[verb]:
                wrong.append(f"{hold} after an acknowledged {verb}: {found}")
            if again.status != 201 or again.body["id"] != hold or not again.replayed:
                wrong.append(f"key {key} had {hold} and now got {again}")
        confirmed = [(hold, order, secret) for hold, _, _, _, verb, order, secret in known if verb == "confirm"]
        kept = shop.call_many([("GET", f"/v1/orders/{order}", None, None, secret) for _, order, secret in confirmed])
        wrong += [f"order {order} of {hold}: {seen}" for (hold, order, _), seen in zip(confirmed, kept)
                  if seen.status != 200]
        return wrong

    def assert_units(self, shop, told, unanswered):
        """The stock law from outside: held + sold is what was acknowledged, give or take what was never answered."""
        rows = [row for sku in SKUS for row in shop.stock(sku)]
        for row in rows:
            self.assertEqual(row["received"] + row["returned"] + row["moved_in"] + row["short"],
                             row["free"] + row["held"] + row["sold"] + row["moved_out"] + row["written_off"], row)
        taken = sum(row["held"] + row["sold"] for row in rows)
        released = sum(1 for verb, _, _ in told.ended.values() if verb == "release")
        expected = len(told.by_hold) - released
        self.assertLessEqual(abs(taken - expected), unanswered, f"{taken} units taken, {expected} acknowledged")


if __name__ == "__main__":
    unittest.main(verbosity=2)
