"""The disk is full, and some time later it is not: writes are refused with 503 and Retry-After, reads stay 200, nothing
that was acknowledged is lost, and the shop sells on without a restart. By the shim (every write that would grow a
file fails with ENOSPC, to the last byte), and, where the test may mount one, on a real tmpfs that is filled and
drained.

A few rounds here; DROPSMITH_ROUNDS asks for more (tests/long/full_disk)."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from shim import SKU, UNITS, Day, Faulty, Shop, faulty_copy, prepare
from shop import PATIENCE

ROUNDS = int(os.environ.get("DROPSMITH_ROUNDS", "3"))


class FullDisk(unittest.TestCase):
    def rounds(self, shop, drop, fill, drain):
        """Fill, drain, repeat: the days of every round."""
        days = []
        slowest = 0.0
        for number in range(ROUNDS):
            day = Day(shop, drop, name=f"round{number}")
            days.append(day)
            for i in range(3):
                day.step(i)
            self.assertEqual((day.refused, len(day.holds)), (0, 3), f"round {number}: with room it sells")
            fill()
            for i in range(10, 60):
                if not day.refused:
                    day.hold(f"round{number}-{i}")
            self.assertGreater(day.refused, 0, f"round {number}: the disk was never full")
            for path in (f"/v1/drops/{drop['id']}", "/v1/drops", "/healthz"):
                self.assertEqual(shop.call("GET", path).status, 200, f"round {number}: {path} on a full disk")
            held = day.holds[f"round{number}-0"]
            self.assertEqual(shop.call("GET", f"/v1/holds/{held['id']}", token=held["secret"]).status, 200)
            drain()
            since = time.monotonic()
            healed = False
            while not healed and time.monotonic() < since + PATIENCE:  # how quickly is measured in bench/
                before = len(day.holds)
                day.hold(f"round{number}-healed")
                healed = len(day.holds) > before
                time.sleep(0.02)
            self.assertTrue(healed, f"round {number}: refuses {PATIENCE} s after there is room\n{shop.log_tail()}")
            slowest = max(slowest, time.monotonic() - since)
        self.assertIsNone(shop.process.poll(), "it went on without a restart")
        print(f"{ROUNDS} rounds, healed in {slowest * 1000:.0f} ms at most", flush=True)
        return days

    def audit(self, shop, days):
        """Before and after a restart."""
        everything = Day(shop, days[0].drop)
        for day in days:
            everything.holds.update(day.holds), everything.orders.update(day.orders)
            everything.released |= day.released
            everything.refused += day.refused
        for restart in (False, True):
            if restart:
                shop.stop()
                shop.verify()
                shop.start()
            self.assertEqual(everything.missing(), [])

    def test_by_the_shim(self):
        with tempfile.TemporaryDirectory(prefix="dropsmith-full-") as folder:
            prepared, drop, owner = prepare(folder)
            shop = faulty_copy(prepared, folder, owner)
            self.assertIsInstance(shop, Faulty)
            with shop:
                days = self.rounds(shop, drop, lambda: shop.order(full=1), lambda: shop.order(full=0))
                self.audit(shop, days)

    def test_on_a_real_tmpfs(self):
        folder = tempfile.mkdtemp(prefix="dropsmith-tmpfs-")
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "dropsmith-test", folder],
                                 capture_output=True).returncode == 0
        if not mounted:
            os.rmdir(folder)
            self.skipTest("this user may not mount a tmpfs; the shim's test stands for it")
        filler = pathlib.Path(folder, "filler")

        def fill():
            with open(filler, "ab", buffering=0) as out:
                for size in (1 << 16, 1 << 12, 1 << 9, 1):  # to the last byte
                    try:
                        while True:
                            out.write(bytes(size))
                    except OSError:
                        pass

        try:
            data = pathlib.Path(folder, "shop")
            data.mkdir()
            with Shop(data=data) as shop:
                drop = shop.open_drop([(SKU, UNITS)], hold_seconds=86_400)
                shop.log_path = lambda: "/dev/null"  # the log may not take the room
                days = self.rounds(shop, drop, fill, filler.unlink)
                self.audit(shop, days)
        finally:
            subprocess.run(["umount", "-l", folder], check=False)
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
