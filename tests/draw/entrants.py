"""A ballot of a hundred thousand: the program and the script that knows nothing of it (recompute.py) draw the same
order, and the program rings for every kind of bent transcript."""

import hashlib
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import recompute  # noqa: E402
from shop import program  # noqa: E402

ENTRANTS = 100_000


def transcript(seed):
    chance = random.Random(seed)
    hex_seed = chance.randbytes(32).hex()
    tickets = [f"{chance.getrandbits(64):016x}" for _ in range(ENTRANTS)]
    return {"format": "dropsmith/draw/1", "drop": "drop_1", "slug": "crowd", "drawn_at": "2026-12-05T10:00:00Z",
            "seed": hex_seed, "commitment": recompute.digest(bytes.fromhex(hex_seed)).hex(), "tickets": tickets,
            "order": recompute.order_of(hex_seed, tickets)}


def verified(draw):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(draw, file)
        file.flush()
        done = subprocess.run([program(), "draw", "verify", file.name, "--json"], capture_output=True, timeout=120)
        if not done.stdout:
            raise AssertionError(f"not judged at all: {done.stderr}")
        return json.loads(done.stdout)["holds"]


class Entrants(unittest.TestCase):
    def test_two_languages_draw_the_same(self):
        draw = transcript(20261122)
        self.assertEqual(sorted(draw["order"]), sorted(draw["tickets"]))
        self.assertTrue(verified(draw))

    def test_every_bent_transcript_rings(self):
        draw = transcript(7)
        order, tickets = draw["order"], draw["tickets"]
        swapped = [order[1], order[0], *order[2:]]
        other_seed = hashlib.sha256(b"another").hexdigest()
        bent = {"two places swapped": {**draw, "order": swapped},
                "one left out": {**draw, "order": order[:-1]},
                "one twice": {**draw, "order": order[:-1] + order[:1]},
                "one entered later": {**draw, "tickets": tickets + ["0" * 16], "order": order + ["0" * 16]},
                "another seed": {**draw, "seed": other_seed},
                "seed and commitment, made to fit afterwards": {
                    **draw, "seed": other_seed, "commitment": recompute.digest(bytes.fromhex(other_seed)).hex()}}
        for name, one in bent.items():
            with self.subTest(name):
                self.assertFalse(recompute.holds(one))
                self.assertFalse(verified(one))


if __name__ == "__main__":
    unittest.main(verbosity=2)
