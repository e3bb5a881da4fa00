"""One effect for a key, whoever races: crowds of 2 to 64 twins send the same request with the same key at the same
moment, over and over; twins with another body race them; and all of them come again after a kill.

1,000 races here; DROPSMITH_RACES and DROPSMITH_SEED ask for more (tests/long/twins; 100,000 with
DROPSMITH_ACCEPTANCE=1)."""

import os
import pathlib
import random
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "crash"))
import kill9  # noqa: E402
from shop import Shop, acceptance, load, loaded  # noqa: E402

RACES = int(os.environ.get("DROPSMITH_RACES", "100000" if acceptance() else "1000"))
SEED = int(os.environ.get("DROPSMITH_SEED", "20261122"))
ROUNDS = 10  # each a crowd of another size
SKU = "TWIN"


class Twins(unittest.TestCase):
    def test_each_race_has_one_effect_also_after_a_kill(self):
        chance = random.Random(SEED)
        crowds = [2, 64] + [chance.randint(2, 64) for _ in range(ROUNDS - 2)]
        with Shop() as shop, tempfile.TemporaryDirectory(prefix="dropsmith-acks-") as folder:
            drop = shop.open_drop([(SKU, RACES)], hold_seconds=86_400)
            acks, told = pathlib.Path(folder, "acks"), kill9.Acknowledged()
            races = RACES // ROUNDS
            for kill in (False, True):
                if kill:
                    shop.kill9()
                    shop.verify()
                    shop.start()
                for number, crowd in enumerate(crowds):
                    seen = load(shop.port, "--drop", drop["id"], "--sku", SKU, "--mode", "twins",
                                "--connections", crowd, "--requests", races * crowd,
                                "--key-prefix", f"race{number}", "--timeout", 600, "--ack", acks)
                    self.assertEqual((seen["mismatched"], seen["doubled"], seen["unread"]), (0, 0, 0), seen)
                    self.assertEqual(seen["by_status"], {"201": races * crowd}, seen)
                    self.assertEqual(seen["replayed"], races * (crowd if kill else crowd - 1), seen)
            told.read(acks)  # a key that was ever told two holds, or a hold told to two keys, is an error here
            self.assertEqual(len(told.by_hold), RACES)
            self.assertEqual(sum(row["held"] for row in shop.stock(SKU)), RACES)
            print(f"seed {SEED}: {RACES} races of {min(crowds)} to {max(crowds)} twins, and again after a kill",
                  flush=True)
            shop.stop()
            shop.verify()

    def test_a_twin_with_another_body_hears_so(self):
        """Two crowds with the same keys and different wishes: whoever comes first is the key's only effect."""
        keys = max(RACES // 5, 100)
        with Shop() as shop:
            drop = shop.open_drop([(SKU, 3 * keys)], hold_seconds=86_400)
            crowds = [load(shop.port, "--drop", drop["id"], "--sku", SKU, "--units", units, "--connections", 8,
                           "--requests", keys, "--key-prefix", "same", "--timeout", 300, background=True)
                      for units in (1, 2)]
            one, two = (loaded(crowd) for crowd in crowds)
            for seen in (one, two):
                self.assertLessEqual(set(seen["by_status"]), {"201", "422"}, seen)
                self.assertLessEqual(set(seen["by_code"]), {"key_reused"}, seen)
            took = [seen["by_status"].get("201", 0) for seen in (one, two)]
            self.assertEqual(sum(took), keys, (one, two))
            self.assertEqual(sum(row["held"] for row in shop.stock(SKU)), took[0] + 2 * took[1])
            shop.stop()
            shop.verify()


if __name__ == "__main__":
    unittest.main(verbosity=2)
