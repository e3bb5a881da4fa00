#!/usr/bin/env python3
"""Slopes of real prices: the orange-juice panel of Dominick's Finer Foods through `dropsmith lab elasticity`.

    python3 tests/replay/dominicks.py

Data: Kilts Center, Chicago Booth (by way of bayesm), weeks 40 … 129, found beside the project or by $DROPSMITH_SHARED;
without it the test says so and is skipped. Expected slopes are those of the data's own PROVENANCE.md: least squares of
logmove on the log of the brand's own price.
"""
import csv
import gzip
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "support"))
from shop import program  # noqa: E402

SLOPES = {1: -2.6730, 2: -1.7522, 3: -3.6328, 4: -3.9452, 5: -3.2089, 6: -1.5955, 7: -3.1410, 8: -2.0233, 9: -3.3696,
          10: -3.3433, 11: -1.3301}


def find_data():
    folder = pathlib.Path(os.environ.get("DROPSMITH_SHARED", HERE.parents[3] / "shared"))
    path = folder / "data/dominicks/orange_juice_weekly_store.csv.gz"
    if not path.is_file():
        raise unittest.SkipTest(f"{path.name} is not here: set DROPSMITH_SHARED to the folder above data/")
    return path


class Dominicks(unittest.TestCase):
    def test_own_slopes_are_recovered(self):
        with gzip.open(find_data(), "rt", encoding="utf-8", newline="") as lines, \
                tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as table:
            out = csv.writer(table)
            out.writerow(("brand", "price", "units"))
            for row in csv.DictReader(lines):
                out.writerow((row["brand"], row["price" + row["brand"]], repr(math.exp(float(row["logmove"])))))
            table.flush()
            done = subprocess.run([program(), "lab", "elasticity", table.name, "--by", "brand", "--json"], check=True,
                                  capture_output=True, timeout=120)
        found = json.loads(done.stdout)
        groups = {int(group["group"]): group for group in found["groups"]}
        self.assertEqual(sorted(groups), sorted(SLOPES))
        for brand, slope in SLOPES.items():
            self.assertEqual(groups[brand]["rows"], 7158)
            self.assertAlmostEqual(groups[brand]["least_squares"]["value"], slope, delta=5e-5)
            low, high = groups[brand]["pooled"]["low"], groups[brand]["pooled"]["high"]
            self.assertTrue(low < groups[brand]["pooled"]["value"] < high)
        mean = sum(SLOPES.values()) / len(SLOPES)
        self.assertAlmostEqual(found["mean"]["value"], mean, delta=.1)
        self.assertGreater(found["between_sd"], .5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
