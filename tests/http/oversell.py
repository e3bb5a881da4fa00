"""Many buyers, few units: 64 connections ask for 100 units 20,000 times (200,000 with
DROPSMITH_ACCEPTANCE=1; DROPSMITH_ATTEMPTS asks for others: tests/long/oversell).
Exactly 100 get one, everybody else hears `sold_out`, and the journal agrees. First the alarm is proven: the naive twin,
which checks and takes in two steps, must oversell under the same load."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, acceptance, load, program  # noqa: E402

UNITS, CONNECTIONS = 100, 64
REQUESTS = int(os.environ.get("DROPSMITH_ATTEMPTS", "200000" if acceptance() else "20000"))


def naive_sold(*flags):
    """What the naive twin sells of UNITS units under the load."""
    twin = subprocess.Popen([program("naive_twin"), "--units", str(UNITS), "--seconds", "60", *flags],
                            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    try:
        port = json.loads(twin.stdout.readline())["port"]
        seen = load(port, "--drop", "drop_a", "--sku", "MUG", "--connections", CONNECTIONS, "--requests", 20_000)
        return seen["by_status"]["201"]
    finally:
        twin.kill()
        twin.communicate()


class Oversell(unittest.TestCase):
    def test_the_alarm_rings(self):
        sold = 0
        for _ in range(10):
            sold = naive_sold()
            if sold > UNITS:
                break
        self.assertGreater(sold, UNITS, "the naive twin did not oversell: this load would not find an oversell")
        self.assertEqual(naive_sold("--careful"), UNITS)

    def test_exactly_the_stock_is_held(self):
        with Shop() as shop:
            drop = shop.open_drop([("LAST-100", UNITS)])
            seen = load(shop.port, "--drop", drop["id"], "--sku", "LAST-100", "--connections", CONNECTIONS,
                        "--requests", REQUESTS, "--timeout", 300)
            self.assertEqual(seen["heard"], REQUESTS, seen)
            self.assertEqual(seen["by_status"], {"201": UNITS, "409": REQUESTS - UNITS}, seen)
            self.assertEqual(seen["by_code"], {"sold_out": REQUESTS - UNITS}, seen)
            rows = shop.stock("LAST-100")
            self.assertEqual((sum(row["held"] for row in rows), sum(row["free"] for row in rows)), (UNITS, 0), rows)
            self.assertEqual(shop.stop(), 0)
            shop.verify()

    def test_a_thousand_connections_and_a_hundred_skus(self):
        """Stock from 1 to 300 units each: every SKU is sold to its last unit and no further."""
        units = {f"WIDE-{n}": 1 + 3 * n for n in range(100)}
        with Shop() as shop, tempfile.NamedTemporaryFile("w", suffix=".txt") as targets:
            drop = shop.open_drop(list(units.items()))
            targets.writelines(f"{drop['id']} {sku}\n" for sku in units)
            targets.flush()
            attempts = max(REQUESTS, 2 * 100 * max(units.values())) // 100 * 100
            seen = load(shop.port, "--targets", targets.name, "--connections", 1_000, "--requests", attempts,
                        "--timeout", 300)
            all_of_it = sum(units.values())
            self.assertEqual(seen["by_status"], {"201": all_of_it, "409": attempts - all_of_it}, seen)
            self.assertEqual((seen["overtook"], seen["by_code"]), (0, {"sold_out": attempts - all_of_it}))
            for sku, had in units.items():
                rows = shop.stock(sku)
                self.assertEqual((sum(r["held"] for r in rows), sum(r["free"] for r in rows)), (had, 0), sku)
            self.assertEqual(shop.stop(), 0)
            shop.verify()

    def test_a_basket_takes_all_or_nothing_and_says_what_is_left(self):
        with Shop() as shop:
            drop = shop.open_drop([("FIVE", 5)])
            too_many = shop.hold(drop, "FIVE", units=6)
            self.assertEqual((too_many.status, too_many.code), (409, "insufficient_stock"), too_many)
            self.assertEqual(too_many.body["available"], 5, too_many)
            twice = shop.call("POST", "/v1/holds", {"drop": drop["id"], "channel": "web", "lines": [
                {"sku": "FIVE", "units": 3}, {"sku": "FIVE", "units": 3}]}, key="the-same-sku-twice")
            self.assertEqual((twice.status, twice.code), (409, "insufficient_stock"), twice)
            self.assertEqual(shop.hold(drop, "FIVE", units=5).status, 201)
            none_left = shop.hold(drop, "FIVE")
            self.assertEqual((none_left.status, none_left.code), (409, "sold_out"), none_left)
            shop.stop()
            shop.verify()


if __name__ == "__main__":
    unittest.main(verbosity=2)
