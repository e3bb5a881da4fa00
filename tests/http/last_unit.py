"""The race for the last unit: 64 buyers want the same single unit at the same moment, 50 times over (1,000 with
DROPSMITH_ACCEPTANCE=1), each time another SKU. Every race has one winner, everybody else hears `sold_out`."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, acceptance, load  # noqa: E402

RACES, CONNECTIONS, LINES_PER_DROP = (1000 if acceptance() else 50), 64, 25


class LastUnit(unittest.TestCase):
    def test_every_race_has_one_winner(self):
        with Shop() as shop, tempfile.NamedTemporaryFile("w", suffix=".txt") as targets:
            skus = [f"ONE-{number:04d}" for number in range(RACES)]
            for start in range(0, RACES, LINES_PER_DROP):
                drop = shop.open_drop([(sku, 1) for sku in skus[start:start + LINES_PER_DROP]])
                targets.writelines(f"{drop['id']} {line['sku']}\n" for line in drop["lines"])
            targets.flush()
            seen = load(shop.port, "--targets", targets.name, "--mode", "race", "--connections", CONNECTIONS,
                        "--requests", RACES * CONNECTIONS, "--timeout", 300)
            self.assertEqual(seen["waves_by_winners"], {"1": RACES}, seen)
            self.assertEqual(seen["by_code"], {"sold_out": RACES * (CONNECTIONS - 1)}, seen)
            shop.stop()
            shop.verify()


if __name__ == "__main__":
    unittest.main(verbosity=2)
