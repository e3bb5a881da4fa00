"""Memory runs short: the N-th allocation fails and some after it, while the shop starts or while it sells; and the
operating system gives no more at all, under load. The process may refuse and go on, or end; it never says that
something worked that is not stored, and what it leaves behind starts, holds every law and has all that it said.

A few points of each here; DROPSMITH_FAULTS and DROPSMITH_SEED ask for more (tests/long/allocations)."""

import os
import pathlib
import random
import resource
import shutil
import tempfile
import time
import unittest

import kill9
from shim import SKU, Day, Preloaded, Shop, ShopError, faulty_copy, prepare
from shop import load, loaded

TRIALS = int(os.environ.get("DROPSMITH_FAULTS", "4"))
SEED = int(os.environ.get("DROPSMITH_SEED", "20261122"))
RUNS_OF_FAILURES = (1, 1, 3, 1_000, 1 << 40)  # one alone, a few, for a while, for good
MIB = 1 << 20


class Short(Preloaded):
    """A shop whose allocations can be made to fail while it runs (allocations.c)."""

    library, orders_name = "libdropsmith_allocations.so", "DROPSMITH_ALLOCATIONS"
    kinds, fields = "QQQQ", ["calls", "at", "how_many", "happened"]


class Allocations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="dropsmith-allocations-")
        cls.prepared, cls.drop, cls.owner = prepare(cls.folder)
        shop = cls.trial()
        with shop:  # how many allocations a start and a day make
            cls.at_start = shop.told()["calls"]
            day = Day(shop, cls.drop)
            day.live()
            cls.in_all = shop.told()["calls"]
        assert day.refused == day.unanswered == 0 and cls.in_all > cls.at_start > 1_000, vars(day)
        print(f"seed {SEED}: a start makes {cls.at_start} allocations, a day {cls.in_all - cls.at_start}", flush=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def trial(cls):
        return faulty_copy(cls.prepared, cls.folder, cls.owner, Short)

    def run_points(self, first, last):
        """So many trials with the first failure between two allocations: how many fell, refused, and ended."""
        fell = refused = ended = 0
        chance = random.Random(f"{SEED} {first}")
        for number in range(TRIALS):
            at, how_many = chance.randint(first, last), RUNS_OF_FAILURES[number % len(RUNS_OF_FAILURES)]
            with self.subTest(at=at, how_many=how_many):
                shop = self.trial()
                try:
                    day = Day(shop, self.drop)
                    shop.order(at=at, how_many=how_many)
                    try:
                        shop.start()
                        day.live()
                    except ShopError:
                        pass  # it ended while it started
                    fell += shop.told()["happened"]
                    refused += day.refused
                    ended += shop.process is None or shop.process.poll() is not None
                    shop.kill9()
                    shop.order(at=0)
                    shop.start()
                    self.assertEqual(day.missing(), [], f"DROPSMITH_SEED={SEED}")
                    shop.stop()
                    shop.verify()
                finally:
                    shop.kill9()
                    shop.clean_up(False)
        self.assertGreater(fell, 0, "no allocation failed: it proves nothing")
        print(f"{TRIALS} trials: {fell} allocations failed, {refused} requests refused, {ended} times it ended",
              flush=True)

    def test_while_it_starts(self):
        self.run_points(1, self.at_start)

    def test_while_it_sells(self):
        self.run_points(self.at_start + 1, self.in_all)

    def test_no_more_memory_under_load(self):
        """What the process has is all that it gets; buyers go on until it is used up."""
        with Shop() as shop, tempfile.TemporaryDirectory(prefix="dropsmith-acks-") as folder:
            self.drop = shop.open_drop([(SKU, 1_000_000)], hold_seconds=86_400)
            acks, told = pathlib.Path(folder, "acks"), kill9.Acknowledged()
            acks.touch()
            load(shop.port, "--drop", self.drop["id"], "--sku", SKU, "--requests", 2_000)  # all threads are warm
            status = pathlib.Path(f"/proc/{shop.process.pid}/status").read_text()
            used = int(status.split("VmData:")[1].split()[0]) * 1024
            resource.prlimit(shop.process.pid, resource.RLIMIT_DATA, (used + 2 * MIB, used + 2 * MIB))
            buyers = load(shop.port, "--drop", self.drop["id"], "--sku", SKU, "--requests", 10**6, "--timeout", 60,
                          "--key-prefix", "short", "--ack", acks, background=True)
            over = time.monotonic() + 90  # it may end, or refuse until then
            while shop.process.poll() is None and buyers.poll() is None and time.monotonic() < over:
                time.sleep(0.05)
            fell = shop.process.poll() is not None
            shop.kill9()
            seen = loaded(buyers)
            self.assertEqual((seen["mismatched"], seen["doubled"], seen["unread"]), (0, 0, 0), seen)
            self.assertTrue(fell or seen["by_status"].get("503"), f"memory never ran out: {seen}")
            fresh = told.read(acks)
            self.assertGreater(len(fresh), 0)
            shop.verify()
            shop.start()
            some = random.Random(SEED).sample(sorted(fresh), min(len(fresh), 2_000))
            self.assertEqual(kill9.KillNine.missing(self, shop, told, some), [])
            held = sum(row["held"] for row in shop.stock(SKU)) - 2_000
            self.assertTrue(len(fresh) <= held <= len(fresh) + seen["unanswered"], (held, len(fresh), seen))
            print(f"{'ended' if fell else 'refused'} after {len(fresh)} more holds in {2 * MIB >> 20} MiB", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
