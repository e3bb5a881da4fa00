"""A steady crowd for a while: holds that lapse, confirmations, releases, repeats, quotes and looks, and beside them the
pages that people leave open. Nothing leaks: descriptors and threads end as they began, memory grows no faster than what
is stored, the log is carried back; the audit holds while it runs and afterwards.

10 seconds here; DROPSMITH_SOAK_S asks for more (tests/long/soak: 300)."""

import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, load, loaded, until  # noqa: E402

SECONDS = int(os.environ.get("DROPSMITH_SOAK_S", "10"))
SEED = int(os.environ.get("DROPSMITH_SEED", "20261122"))
RATE, ROUND_S, SKU = 1_500, 5, "SOAK"
BYTES_AN_ANSWER_MAX, LOG_MAX = 1_024, 128 << 20


class Figures:
    """What a process has, as /proc tells it."""

    def __init__(self, shop):
        proc = pathlib.Path(f"/proc/{shop.process.pid}")
        self.descriptors = len(list((proc / "fd").iterdir()))
        self.threads = len(list((proc / "task").iterdir()))
        self.resident = int((proc / "statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
        log = pathlib.Path(shop.data, "shop.db-wal")
        self.log = log.stat().st_size if log.exists() else 0

    def __repr__(self):
        return (f"{self.descriptors} descriptors, {self.threads} threads, {self.resident >> 20} MiB, "
                f"log {self.log >> 20} MiB")


class Soak(unittest.TestCase):
    def test_a_steady_crowd(self):
        with Shop() as shop:
            drop = shop.open_drop([(SKU, 100_000_000)], hold_seconds=3)
            rounds, heard, seen, alone = max(SECONDS // ROUND_S, 2), 0, [], Figures(shop)
            for number in range(rounds):
                crowds = [load(shop.port, "--drop", drop["id"], "--sku", SKU, "--mode", mode, "--connections", 32,
                               "--rate", RATE, "--requests", RATE * ROUND_S, "--seed", SEED + number,
                               "--key-prefix", f"{mode}{number}", "--timeout", 500, background=True)
                          for mode in ("mixed", "quotes")]
                for crowd in crowds:
                    told = loaded(crowd)
                    self.assertEqual((told["unanswered"], told["doubled"], told["mismatched"], told["malformed"]),
                                     (0, 0, 0, False), told)
                    known = {"200", "201", "204", "404", "409", "410", "503"}
                    self.assertLessEqual(set(told["by_status"]), known, told)
                    heard += told["heard"]
                self.assertEqual(shop.call("GET", "/healthz").status, 200)
                seen.append((until(lambda: Figures(shop), lambda now: now.descriptors <= alone.descriptors + 2,
                                   "the crowd has gone, its descriptors have not"), heard))
                if number % 10 == 0:
                    shop.verify()
            (first, heard_first), (last, _) = seen[0], seen[-1]
            print(f"{heard} answers in {rounds * ROUND_S} s; first {first}; last {last}", flush=True)
            self.assertEqual(last.threads, first.threads, seen)
            self.assertLess(max(figures.log for figures, _ in seen), LOG_MAX)
            allowed = BYTES_AN_ANSWER_MAX * (heard - heard_first) + (8 << 20)
            self.assertLess(last.resident - first.resident, allowed, seen)
            row = until(lambda: shop.stock(SKU)[0], lambda row: row["held"] == 0, "holds outlive their time")
            self.assertEqual(row["received"], row["free"] + row["sold"], row)
            self.assertEqual(shop.stop(), 0)
            shop.verify()


if __name__ == "__main__":
    unittest.main(verbosity=2)
