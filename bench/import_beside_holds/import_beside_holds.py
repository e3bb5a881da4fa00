#!/usr/bin/env python3
"""Does an import during a live drop delay a hold?

Buyers ask for holds at a steady rate, each due at its time whether or not the shop keeps up; half of the time a file of
orders is imported into the same shop by `dropsmith import`. Prints the holds' latency with and without the import, in
rounds that alternate, since neighbours on the machine move the far end: the aim is that it adds no more than 5 ms to
any hold. The loop's own longest batches say what an import can cost the buyer behind it, whatever the neighbours do.

    bench/import_beside_holds/import_beside_holds.py              300,000 rows made from a seed, 500 holds a second
    bench/import_beside_holds/import_beside_holds.py --file ORDERS.csv.gz    your own file, in the same columns
    bench/import_beside_holds/import_beside_holds.py --smoke
"""

import argparse
import csv
import datetime
import json
import os
import pathlib
import platform
import random
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from shop import Shop, load, loaded  # noqa: E402

MAP = ROOT / "docs" / "examples" / "online-retail.toml"
SEED, SKUS = 1, 400


def write_orders(path, rows):
    """Orders of one to twenty lines in the columns of docs/examples/online-retail.toml, always the same for a seed."""
    chance, at = random.Random(SEED), datetime.datetime(2025, 1, 6, 8)
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow("InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country".split())
        written, invoice = 0, 536000
        while written < rows:
            invoice, at = invoice + 1, at + datetime.timedelta(minutes=chance.randint(0, 3))
            for sku in chance.sample(range(SKUS), chance.randint(1, 20)):
                out.writerow([invoice, f"H{sku:05}", f"HISTORIC GOODS {sku}", chance.randint(1, 12),
                              at.strftime("%Y-%m-%d %H:%M:%S"), f"{1 + sku % 9}.{sku % 100:02}",
                              f"{12000 + invoice % 4000}.0", "United Kingdom"])
                written += 1
    return written


def steady(shop, drop, asked, prefix):
    return load(shop.port, "--drop", drop["id"], "--sku", "BESIDE", "--connections", 16, "--rate", asked.rate,
                "--requests", int(asked.rate * asked.seconds), "--key-prefix", prefix, "--timeout", 120,
                background=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="small and quick")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--file", help="import this one instead")
    parser.add_argument("--rate", type=int, default=500, help="holds a second")
    parser.add_argument("--seconds", type=float, help="how long the buyers ask, each time")
    parser.add_argument("--rounds", type=int, help="each with a shop of its own")
    asked = parser.parse_args()
    asked.rows = asked.rows or (5_000 if asked.smoke else 300_000)
    asked.seconds = asked.seconds or (1 if asked.smoke else 12)
    asked.rounds = asked.rounds or (1 if asked.smoke else 3)

    print(f"kernel {platform.release()}, {os.cpu_count()} cores, seed {SEED}, {asked.rate} holds a second")
    added, longest = [], []
    with tempfile.TemporaryDirectory(prefix="dropsmith-bench-") as folder:
        file = asked.file or os.path.join(folder, "orders.csv")
        if not asked.file:
            write_orders(file, asked.rows)
        for number in range(asked.rounds):
            alone, beside = one_round(asked, file, longest)
            added.append({key: beside["latency_us"][key] - alone["latency_us"][key] for key in ("p99", "max")})
    print(json.dumps({"added_max_us": [one["max"] for one in added], "added_p99_us": [one["p99"] for one in added],
                      "longest_batches_us": longest}))


def longest_batches(shop):
    """What the loop says of its longest batches since the shop's start."""
    text = shop.call("GET", "/metrics", token=shop.token()).raw.decode()
    figures = dict(line.split() for line in text.splitlines() if line[0] != "#")
    return {name: int(figures[f"dropsmith_{name}_max_microseconds"])
            for name in ("batch_cpu", "bulk_batch_cpu", "batch_write", "bulk_batch_write")}


def one_round(asked, file, longest):
    with Shop() as shop:
        drop = shop.open_drop([("BESIDE", 4 * int(asked.rate * asked.seconds))], hold_seconds=3600)
        alone = loaded(steady(shop, drop, asked, "alone"))
        buyers = steady(shop, drop, asked, "beside")
        started = time.monotonic()
        taken = shop.command("import", "orders", "--format", "csv", "--map", str(MAP), file)
        took = time.monotonic() - started
        still_asking = buyers.poll() is None
        beside = loaded(buyers)
        longest.append(longest_batches(shop))
        shop.stop()
        shop.verify()
    for name, seen in (("alone", alone), ("beside", beside)):
        if seen["by_status"] != {"201": seen["asked"]}:
            sys.exit(f"holds were refused {name}: {seen}")
        print(f"{name:8} " + "  ".join(f"{key} {value:9,.0f} us" for key, value in seen["latency_us"].items()))
    print(f"import: {taken['rows']:,} rows in {took:.2f} s, {taken['rows'] / took:,.0f} rows/s; "
          f"{'buyers asked all the while' if still_asking else 'it outlasted the buyers: ask for more --seconds'}")
    print(f"longest batches, us: {longest[-1]}", flush=True)
    return alone, beside


if __name__ == "__main__":
    main()
