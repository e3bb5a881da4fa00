"""The disk's faults on the real program, by shim.c: the process ends before, inside or after the N-th write-like call;
the power goes at it, and of what was not synced a random part survives; it fails, writes half, or is interrupted;
syncs are slow. After each: what was acknowledged is there once, `verify` holds, and a restart serves.

A few points of each here; DROPSMITH_FAULTS and DROPSMITH_SEED ask for more (tests/long/faults), `every` for every
call of the scripted day."""

import os
import random
import shutil
import tempfile
import time
import unittest

from shim import Day, ShopError, faulty_copy, prepare
from shop import PATIENCE, until

TRIALS = os.environ.get("DROPSMITH_FAULTS", "3")
SEED = int(os.environ.get("DROPSMITH_SEED", "20261122"))


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="dropsmith-faults-")
        cls.prepared, cls.drop, cls.owner = prepare(cls.folder)
        with cls.trial() as shop:  # how many calls a day without faults makes
            started = shop.told()["calls"]
            day = Day(shop, cls.drop)
            day.live()
            cls.calls = shop.told()["calls"]
        assert day.refused == day.unanswered == 0 and len(day.holds) > 10, vars(day)
        print(f"seed {SEED}: a day makes {cls.calls} write-like calls, {started} of them at the start", flush=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def trial(cls):
        return faulty_copy(cls.prepared, cls.folder, cls.owner)

    def points(self, what):
        """The calls at which the fault shall come."""
        if TRIALS == "every":
            return range(1, self.calls + 1)
        chance = random.Random(f"{SEED} {what}")
        return sorted(chance.randint(1, self.calls) for _ in range(int(TRIALS)))

    def live(self, shop, what, at):
        """A day with the fault at that call; whether the program ended by itself, and the day."""
        shop.order(what, at=at, seed=SEED + at)
        day = Day(shop, self.drop)
        try:
            shop.start()
            day.live()
        except ShopError:
            pass  # it ended while it started
        ended = shop.process is not None and shop.process.poll() is not None
        return ended, day

    def audit(self, shop, day, what, at):
        """Without faults: it starts, everything acknowledged is there, every law holds."""
        shop.order("nothing", at=0)
        shop.start()
        self.assertEqual(day.missing(), [], f"after {what} at call {at}, DROPSMITH_SEED={SEED}")
        shop.stop()
        shop.verify()

    def run_points(self, what, must_end):
        happened = ended_times = 0
        for at in self.points(what):
            with self.subTest(what=what, at=at):
                shop = self.trial()
                try:
                    ended, day = self.live(shop, what, at)
                    happened += shop.told()["happened"]
                    if must_end and shop.told()["happened"] and not ended:  # it ends just now
                        shop.process.wait(PATIENCE)
                        ended = True
                    ended_times += ended
                    shop.kill9()
                    self.audit(shop, day, what, at)
                finally:
                    shop.kill9()
                    shop.clean_up(False)
        return happened, ended_times

    def test_the_end_at_any_call(self):
        for what in ("end_before", "end_inside", "end_after"):
            happened, _ = self.run_points(what, must_end=True)
            self.assertGreater(happened, 0, f"{what} never came: it proves nothing")

    def test_power_cuts(self):
        happened, ended = self.run_points("power_cut", must_end=True)
        self.assertGreater(ended, 0, "no cut came: it proves nothing")

    def test_calls_that_fail(self):
        """A failed call: no reply says that it worked unless it did; the process may end, or refuse and go on."""
        for what in ("fail", "short", "interrupt"):
            happened, _ = self.run_points(what, must_end=False)
            self.assertGreater(happened, 0, f"{what} never came: it proves nothing")

    def test_a_failed_sync_of_the_journal_ends_the_process(self):
        shop = self.trial()
        try:
            shop.start()
            day = Day(shop, self.drop)
            day.hold("before")
            for call in range(1, 40):  # the first of the next batch's calls that is its sync
                syncs = shop.told()["syncs"]
                shop.order("fail", at=shop.told()["calls"] + call)
                day.step(call * 6)
                if shop.process.poll() is None:
                    time.sleep(0.05)
                if shop.process.poll() is not None or shop.told()["syncs"] == syncs:
                    break
            until(lambda: shop.process.poll() is not None, what="a failed sync must end the process")
            self.assertIn("journal", shop.log_tail())
            shop.kill9()
            self.audit(shop, day, "fail", 0)
        finally:
            shop.kill9()
            shop.clean_up(False)

    def test_slow_syncs(self):
        """Everything takes longer and nothing else changes."""
        shop = self.trial()
        try:
            shop.order(slow_ms=20)
            shop.start()
            day = Day(shop, self.drop)
            day.live()
            self.assertEqual((day.refused, day.unanswered), (0, 0))
            self.assertEqual(day.missing(), [])
            self.assertGreater(shop.told()["syncs"], Day.STEPS // 2)
            shop.stop()
            shop.verify()
        finally:
            shop.kill9()
            shop.clean_up(False)

    def test_the_alarm_rings(self):
        """On a disk that says "synced" and has not, a power cut must take back what was acknowledged."""
        lost = 0
        for seed in range(1, 9):
            shop = self.trial()
            try:
                shop.order("power_cut", at=0, seed=seed, lies=1)
                shop.start()
                day = Day(shop, self.drop)
                day.live()
                shop.order(at=shop.told()["calls"] + 2)
                late = 600
                while day.step(late):  # until it is cut off
                    late += 6
                shop.process.wait(PATIENCE)
                shop.order("nothing", at=0)
                try:
                    shop.start()
                    lost += bool(day.missing())
                except ShopError:
                    lost += 1  # it found the loss itself
            finally:
                shop.kill9()
                shop.clean_up(False)
        self.assertGreater(lost, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
