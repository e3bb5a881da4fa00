"""Recomputes a ballot from its published transcript alone (docs/concepts/fair-opening.md). Nothing of the shop is used:
python3 recompute.py TRANSCRIPT.json   ends with 0 when the commitment and the order hold, else 1."""

import hashlib
import json
import sys


def digest(data, key=b""):
    return hashlib.blake2b(data, digest_size=32, key=key).digest()


def order_of(seed_hex, tickets):
    seed = bytes.fromhex(seed_hex)
    key = digest(seed + digest("\n".join(tickets).encode()))
    return [ticket for _, _, ticket in sorted((digest(t.encode(), key), n, t) for n, t in enumerate(tickets))]


def holds(transcript):
    committed = digest(bytes.fromhex(transcript["seed"])).hex() == transcript["commitment"]
    fresh = len(set(transcript["tickets"])) == len(transcript["tickets"])
    return committed and fresh and order_of(transcript["seed"], transcript["tickets"]) == transcript["order"]


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        fair = holds(json.load(file))
    print("the draw holds" if fair else "THE DRAW DOES NOT HOLD")
    sys.exit(0 if fair else 1)
