"""The whole program under a wall clock that jumps (libfaketime): a second, an hour, a day, to 1970, to 2038, back and
forth, and back across a restart. A hold is never let go early and goes when its time is over, the shop sells on, times
only rise.

Needs Debian's package `faketime`; says so and passes when it is not there."""

import datetime
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop  # noqa: E402

LIBRARIES = sorted(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
HOLD_S, SLACK_S = 12, 60  # slack: a busy machine; how late exactly is engine/shop_clock_test.cpp's matter
JUMPS = ["+1s", "-1s", "+3600s", "-3600s", "+86400s", "-86400s", "1970", "2038", "+0s"]


def offset(jump):
    """What libfaketime adds to the real time."""
    if jump not in ("1970", "2038"):
        return jump
    there = datetime.datetime(int(jump), 1, 19, 3, 14, 8, tzinfo=datetime.timezone.utc).timestamp()
    return f"{int(there - time.time()):+d}s"


@unittest.skipUnless(LIBRARIES, "libfaketime is not installed (Debian: faketime); engine/shop_clock_test.cpp has the "
                                "jump schedules without it")
class ClockJumps(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="dropsmith-clock-")
        self.wall = pathlib.Path(self.folder, "wall")
        self.turn("+0s")
        self.shop = Shop(environment={
            "LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(self.wall), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"})
        self.addCleanup(shutil.rmtree, self.folder, True)

    def turn(self, jump):
        self.wall.write_text(offset(jump) + "\n")
        self.now = jump

    def assert_held(self, holds):
        """While a tenth of the oldest's time is left: none was let go. By a clock that libfaketime does not touch."""
        seen = [self.status(hold) for hold in holds]
        if time.monotonic() < self.began + HOLD_S * 0.9:
            self.assertEqual(set(seen), {"held"}, f"let go early when the wall went to {self.now}")

    def status(self, hold):
        seen = self.shop.call("GET", f"/v1/holds/{hold['id']}", token=hold["secret"])
        self.assertEqual(seen.status, 200, f"after the wall went to {self.now}: {seen}")
        return seen.body["status"]

    def sell(self):
        taken = self.shop.hold(self.drop, "CLOCK")
        self.assertEqual(taken.status, 201, f"after the wall went to {self.now}: {taken}")
        return taken.body

    def test_jumps_let_nothing_go_early(self):
        with self.shop as shop:
            self.drop = shop.open_drop([("CLOCK", 1000)], hold_seconds=HOLD_S)
            self.began = time.monotonic()
            holds, waited = [self.sell()], False
            for jump in JUMPS:
                self.turn(jump)
                time.sleep(0.7)  # the loop looks at the wall twice a second
                holds.append(self.sell())
                waited = waited or self.sees_the_jump()
                self.assert_held(holds)
            self.assertTrue(waited, "the shop never saw a jump: libfaketime did nothing, this proves nothing")
            for jump in ("-86400s", "1970"):
                shop.kill9()
                self.turn(jump)
                shop.start()
                holds.append(self.sell())
                self.assert_held(holds)
            times = [hold["expires_at"] for hold in holds]
            self.assertEqual(times, sorted(times), "the shop's time went back")
            ends = time.monotonic() + HOLD_S + SLACK_S
            while {self.status(hold) for hold in holds} != {"expired"}:
                self.assertLess(time.monotonic(), ends, "a hold outlives its time, with the wall in 1970")
                time.sleep(0.5)
            self.sell()
            self.assertEqual(shop.stop(), 0)
            shop.verify()

    def sees_the_jump(self):
        """The shop itself says that its wall is far away."""
        text = self.shop.call("GET", "/metrics", token=self.shop.token()).raw.decode()
        return "dropsmith_clock_waits 1" in text


if __name__ == "__main__":
    unittest.main(verbosity=2)
