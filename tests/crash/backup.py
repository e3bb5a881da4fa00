"""The drill: a backup is taken while buyers are served as fast as they come, the machine is lost, the backup is put in
its place. Its audit holds, it is one moment of the shop (all that was acknowledged before it began is there, each
once, with the same links), and it sells on. Data of an older layout is opened, of a newer one refused with a sentence.

8,000 holds here; 100,000 with DROPSMITH_ACCEPTANCE=1, and DROPSMITH_HOLDS asks for others; how long a restore takes is
printed."""

import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import kill9  # noqa: E402
from shop import PATIENCE, Shop, acceptance, load, loaded, program, until  # noqa: E402

HOLDS = int(os.environ.get("DROPSMITH_HOLDS", "100000" if acceptance() else "8000"))
SEED = int(os.environ.get("DROPSMITH_SEED", "20261122"))
SKU = "DRILL"


def backup(data, to):
    return subprocess.run([program(), "backup", "--data", str(data), "--to", str(to), "--json"], capture_output=True,
                          text=True, timeout=600)


class Backup(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dropsmith-backup-"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def test_taken_under_full_load_and_put_in_place(self):
        with Shop() as shop:
            self.drop = shop.open_drop([(SKU, 10 * HOLDS)], hold_seconds=86_400)
            acks, told = self.folder / "acks", kill9.Acknowledged()
            acks.touch()
            first = load(shop.port, "--drop", self.drop["id"], "--sku", SKU, "--mode", "mixed", "--requests", HOLDS,
                         "--connections", 64, "--key-prefix", "before", "--ack", acks, "--timeout", 600)
            self.assertEqual(first["unanswered"], 0, first)
            before = told.read(acks)
            buyers = load(shop.port, "--drop", self.drop["id"], "--sku", SKU, "--mode", "mixed", "--requests", 10**7,
                          "--connections", 64, "--key-prefix", "beside", "--timeout", 600, background=True)
            held = sum(row["held"] + row["sold"] for row in shop.stock(SKU))
            until(lambda: sum(row["held"] + row["sold"] for row in shop.stock(SKU)) > held + 100,
                  what="there is no load beside it")
            began = time.monotonic()
            taken = backup(shop.data, self.folder / "backup")
            took = time.monotonic() - began
            self.assertEqual(taken.returncode, 0, taken.stderr)
            served = shop.call("GET", "/healthz").status
            shop.kill9()
            seen = loaded(buyers)
            self.assertEqual((served, seen["doubled"], seen["mismatched"]), (200, 0, 0), seen)
            self.assertGreater(seen["heard"], 100, "there was no load beside it: it proves nothing")
            restored = Shop(data=self.folder / "backup")
            restored.owner = shop.token()
            found = restored.verify()
            self.assertGreater(found["facts"], len(before))
            began = time.monotonic()
            with restored:
                up = time.monotonic() - began
                some = random.Random(SEED).sample(sorted(before), min(len(before), 2_000))
                self.assertEqual(kill9.KillNine.missing(self, restored, told, some), [])
                self.assertEqual(restored.hold(self.drop, SKU).status, 201, "it sells on")
                row = next(row for row in restored.stock(SKU))
                self.assertEqual(row["received"], row["free"] + row["held"] + row["sold"], row)
            restored.verify()
            print(f"backup of {found['facts']} facts under load in {took:.1f} s with its audit; "
                  f"serving {up:.1f} s after the restore", flush=True)

    def test_what_it_refuses(self):
        with Shop() as shop:
            for n in range(2):
                taken = backup(shop.data, self.folder / "one")
                self.assertEqual(taken.returncode, n, taken.stderr)
            self.assertIn("is there already", taken.stderr)
            self.assertFalse((self.folder / "one.part").exists(), "nothing half is left")
            self.assertEqual((self.folder / "one").stat().st_mode & 0o777, 0o700, "persons are in it")
            self.assertEqual((self.folder / "one" / "shop.key").stat().st_mode & 0o777, 0o600)
            none = backup(self.folder / "nothing", self.folder / "two")
            self.assertEqual(none.returncode, 1)
            self.assertIn("is not the data folder of a shop", none.stderr)
            self.assertFalse((self.folder / "two").exists())

    def test_other_layouts(self):
        """Layout 1, as the first builds wrote it, is brought up to date; what is newer is refused by name."""
        data = self.folder / "shop"
        shop = Shop(data=data)
        with shop:
            self.drop = shop.open_drop([(SKU, 100)])
            hold = shop.hold(self.drop, SKU, key="kept").body
        db = sqlite3.connect(data / "shop.db")
        db.executescript("ALTER TABLE batch DROP COLUMN sum; ALTER TABLE vault DROP COLUMN sum; "
                         "PRAGMA user_version = 1;")
        db.close()
        with shop:
            self.assertEqual(shop.hold(self.drop, SKU, key="kept").body["id"], hold["id"])
        shop.verify()
        db = sqlite3.connect(data / "shop.db")
        db.executescript("PRAGMA user_version = 1000000;")
        db.close()
        for words in (["serve", "--listen", "127.0.0.1:0"], ["verify"], ["report", "x"]):
            done = subprocess.run([program(), *words, "--data", str(data)], capture_output=True, text=True,
                                  timeout=PATIENCE)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn("use the newer program that wrote it", done.stderr, words)


if __name__ == "__main__":
    unittest.main(verbosity=2)
