"""Somebody else takes the processor: four busy loops for each core run beside a shop that stands behind them all
(niceness 10). It may be slow and nothing else: every request is answered, exactly the stock is sold, who only looks is
served, what nobody confirmed comes back, and the journal holds. The hogs' own processor time proves that they were
there. DROPSMITH_ATTEMPTS asks for more requests than 5,000."""

import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import PATIENCE, Shop, load, until  # noqa: E402

UNITS, REQUESTS = 200, int(os.environ.get("DROPSMITH_ATTEMPTS", "5000"))
HOGS = 4 * (os.cpu_count() or 1)
HOLD_SECONDS = 15


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Hog(unittest.TestCase):
    def setUp(self):
        self.hogs = []
        self.addCleanup(self.end_hogs)

    def end_hogs(self):
        for hog in self.hogs:
            hog.kill()
            hog.wait()

    def test_the_shop_is_slow_and_nothing_else(self):
        with Shop() as shop:
            drop = shop.open_drop([("HOGGED", UNITS)], hold_seconds=86_400)
            short = shop.open_drop([("LATER", 5)], hold_seconds=HOLD_SECONDS)
            for thread in os.listdir(f"/proc/{shop.process.pid}/task"):
                os.setpriority(os.PRIO_PROCESS, int(thread), 10)
            self.hogs = [subprocess.Popen(["sh", "-c", "while :; do :; done"], stdin=subprocess.DEVNULL)
                         for _ in range(HOGS)]
            began = time.monotonic()
            self.assertEqual(shop.hold(short, "LATER", units=5, key="later").status, 201)
            seen = load(shop.port, "--drop", drop["id"], "--sku", "HOGGED", "--connections", 64, "--requests", REQUESTS,
                        "--timeout", 300)
            self.assertEqual((seen["heard"], seen["unanswered"], seen["overtook"]), (REQUESTS, 0, 0), seen)
            self.assertEqual(seen["by_status"], {"201": UNITS, "409": REQUESTS - UNITS}, seen)
            self.assertEqual(shop.call("GET", f"/v1/drops/{drop['id']}").status, 200)
            took = sum(processor_seconds(hog.pid) for hog in self.hogs)
            share = took / (os.cpu_count() or 1) / (time.monotonic() - began)
            self.assertGreater(share, .1, "the hogs hardly ran: nothing was tried")
            until(lambda: shop.stock("LATER")[0]["held"], lambda held: held == 0,
                  "a hold that nobody confirmed goes, hogs or not", HOLD_SECONDS + PATIENCE)
            self.assertEqual(shop.stop(), 0)
            shop.verify()
            print(f"{HOGS} hogs took {share:.0%} of the processors", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
