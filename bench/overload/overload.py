#!/usr/bin/env python3
"""What becomes of a shop that is asked twice, and five times, what it can do?

Peak: holds as fast as they are answered, 64 connections. Then an open loop, each request due at its time whether or not
the shop keeps up: holds at so many times the peak over 256 connections, and the same with a SKU that is sold out.
Beside that crowd, 128 buyers with a connection each who ask one thing at a time, four hundred a second in all: how
soon they hear "come again" (503). (The crowd's own latencies are its own queue: with 64 on the way on a connection,
answers come in order.) Aims: goodput (holds granted a second) at least 0.9 of the peak; a refusal within 10 ms. A
latency counts from the moment when the request was due. Server on core 0, loaders on core 1 where there are two; the
128 before the crowd, where the system allows it: what is measured is the shop, not the loaders' queue for their core.

    bench/overload/overload.py [--seconds 10] [--rounds 3] [--times 2,5] [--smoke]
"""

import argparse
import os
import pathlib
import platform
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from shop import Shop, first, load, loaded  # noqa: E402

SINGLES, BUYERS = 400, 128  # enough that one is free when a question is due, however long a place in the queue takes


def one_round(seconds, times):
    two = (os.cpu_count() or 1) > 1
    if two:
        os.sched_setaffinity(0, {1})
    with Shop(cores="0" if two else None) as shop:
        drop = shop.open_drop([("PLENTY", 100_000_000), ("GONE", 1)], hold_seconds=86_400)
        shop.hold(drop, "GONE")

        def asked(name, sku, background=False, **more):
            words = [word for key, value in more.items() for word in (f"--{key}", value)]
            return load(shop.port, "--drop", drop["id"], "--sku", sku, "--key-prefix", name, "--timeout", 120, *words,
                        background=background)

        asked("warm", "PLENTY", requests=5_000, connections=64)
        peak = asked("peak", "PLENTY", requests=int(5_000 * seconds), connections=64)["per_second"]
        for many in times:
            rate = min(int(many * peak), 1_000_000)
            crowd = dict(connections=256, depth=64, rate=rate, requests=int(rate * seconds))
            single = first(asked(f"single{many}", "PLENTY", background=True, connections=BUYERS, rate=SINGLES,
                                 requests=max(int(SINGLES * seconds), 1)))
            over = asked(f"over{many}", "PLENTY", **crowd)
            single = loaded(single)
            gone = asked(f"gone{many}", "GONE", **crowd)
            tell(many, peak, rate, over, gone, single)


def tell(many, peak, rate, over, gone, single):
    goodput = over["by_status"].get("201", 0) / over["seconds"]
    told_off = over["by_status"].get("503", 0) / over["heard"]
    late, soon = gone["latency_us"], single["told_off_us"]
    refused = single["by_status"].get("503", 0)
    print(f"{many:5} {peak:9,.0f} {rate:9,} {goodput:10,.0f} {goodput / peak:7.2f} {told_off:10.2f} "
          f"{gone['per_second']:10,.0f} {late['p50'] / 1e3:12.1f} {late['p99'] / 1e3:8.1f} "
          f"{refused:8} {soon['p50'] / 1e3:7.1f} {soon['p99'] / 1e3:7.1f} {soon['max'] / 1e3:7.1f}", flush=True)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--seconds", type=float, default=10)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--times", default="2,5")
    words.add_argument("--smoke", action="store_true")
    asked = words.parse_args()
    if asked.smoke:
        asked.seconds, asked.rounds = 0.3, 1
    load_now = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, kernel {platform.release()}, load {load_now:.1f} at the start; "
          f"{asked.rounds} rounds of {asked.seconds:g} s")
    print(f"{'times':>5} {'peak/s':>9} {'asked/s':>9} {'goodput/s':>10} {'/ peak':>7} {'503 share':>10} "
          f"{'refused/s':>10} {'sold out p50, p99 ms':>21} {'503 to a single p50, p99, max ms':>33}")
    for _ in range(asked.rounds):
        one_round(asked.seconds, [int(many) for many in asked.times.split(",")])


if __name__ == "__main__":
    main()
