#!/usr/bin/env python3
"""How many durable reservations a second, over HTTP, and beside what?

Starts our server and each rival itself, each on one core with the loader on another, drives all of them with the same
connections and request sizes in rounds that take turns (so that a neighbour on the machine meets all alike), and prints
one table with ratios and the goals beside it:

    bare echo   epoll, the same fixed answer to everything: nothing is parsed, decided or kept (the floor under HTTP)
    redis       a reservation as a Lua script, appendfsync always, over its own protocol
    postgres    a reservation as a transaction (BEGIN, UPDATE, INSERT, COMMIT) and as one statement, by pgbench
    file        128-byte records appended to a bare file, fdatasync per group (the floor under durability)
    sqlite      the reservation as two statements, 256 a transaction, WAL, synchronous FULL, in process
    dropsmith   POST /v1/holds for one hot SKU, durable before the reply; for 100 SKUs in turn; 16 on the way in each
                connection; 64 in one request; when the drop is sold out; and POST /v1/quotes
    slow disk   echo apart, the same with 2 ms more in every sync (slow_sync.c)
    restart     a shop with a million live holds: memory, and the time from start to first reply, after kill -9 and
                after a clean stop

What is not installed is left out, and said. Every rival keeps its data in a temporary folder of the same disk, listens
on loopback or a socket of that folder only, and is ended by its process id.

    bench/selling/selling.py                 some minutes: 5 rounds, the median is shown
    bench/selling/selling.py --smoke         a few seconds: does it still run?
    bench/selling/selling.py --json out.json --only echo,dropsmith --requests 200000
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from rivals import (CONNECTIONS, CORES, LOADER_CORE, REPLY_BYTES, REQUEST_BYTES, SERVER_CORE, STATEMENT,  # noqa: E402
                    TRANSACTION, Shop, dropsmith_batch, dropsmith_held, dropsmith_quotes, dropsmith_sold_out, echo,
                    file_on_slow_disk, loader, one_sku, postgres, postgres_programs, program, redis, storage_floor)


# -- a shop with many live holds ---------------------------------------------------------------------------------------

def memory_mib(pid):
    return int(re.search(r"VmRSS:\s*(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def seconds_to_first_reply(shop, drop):
    """From the start of the process until a buyer sees the drop."""
    begun = time.monotonic()
    shop.launch()
    while time.monotonic() < begun + 120:
        with contextlib.suppress(OSError):
            line = http.client.HTTPConnection("127.0.0.1", shop.port, timeout=120)
            line.request("GET", f"/v1/drops/{drop}")
            if line.getresponse().status == 200:
                return time.monotonic() - begun
        time.sleep(0.002)
    raise SystemExit("the shop did not start again within two minutes")


def restart(asked):
    """Not pinned: whoever starts a shop has all its cores."""
    holds = asked.holds
    with tempfile.TemporaryDirectory(prefix="dropsmith-bench-", dir=asked.folder) as folder, \
            Shop(data=os.path.join(folder, "data")) as shop:
        drop = shop.open_drop([("HOT-SKU", holds)], hold_seconds=86400)["id"]
        loader(shop.port, one_sku(drop, "HOT-SKU"), holds, "m", "--depth", 16)
        live = memory_mib(shop.process.pid)
        shop.kill9()
        killed, spent = seconds_to_first_reply(shop, drop), cpu_seconds(shop.process.pid)
        shop.stop()
        stopped, spent_2 = seconds_to_first_reply(shop, drop), cpu_seconds(shop.process.pid)
        started = memory_mib(shop.process.pid)
    return {"holds": holds, "memory_mib": live, "memory_after_start_mib": started,
            "after_kill_s": killed, "after_kill_cpu_s": spent, "after_stop_s": stopped, "after_stop_cpu_s": spent_2}


# -- the table ---------------------------------------------------------------------------------------------------------

def cpu_seconds(pid):
    """User and system time of a process, all its threads and its children so far."""
    spent, children = 0, [pid]
    for one in children:  # grows while it is walked
        with contextlib.suppress(OSError):
            fields = pathlib.Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            spent += sum(map(int, fields[11:15]))
            children += pathlib.Path(f"/proc/{one}/task/{one}/children").read_text().split()
    return spent / os.sysconf("SC_CLK_TCK")


def measure(rivals, asked):
    """Rounds that take turns. What a server still does behind a round (tables, checkpoints) counts as its own."""
    results = {}
    with contextlib.ExitStack() as running:
        started = {}
        for name, rival in rivals.items():
            started[name] = running.enter_context(rival(asked))
            started[name][0](0)  # warm-up, not counted
            print(f"  started: {name}", file=sys.stderr, flush=True)
        rounds, spent = {name: [] for name in rivals}, dict.fromkeys(rivals, 0.0)
        for number in range(1, asked.rounds + 1):
            for name, (one_round, pid) in started.items():
                before = cpu_seconds(pid) if pid else 0
                rounds[name].append(one_round(number))
                if pid:
                    time.sleep(0.3)
                    spent[name] += cpu_seconds(pid) - before
            print(f"  round {number} of {asked.rounds}", file=sys.stderr, flush=True)
    for name, seen in rounds.items():
        middle = sorted(seen, key=lambda one: one["per_second"])[len(seen) // 2]
        results[name] = {"per_second": statistics.median(one["per_second"] for one in seen),
                         "rounds": [one["per_second"] for one in seen], "latency_us": middle["latency_us"],
                         **{key: middle[key] for key in ("request_bytes", "reply_bytes") if key in middle}}
        if started[name][1]:
            results[name]["server_cpu_us"] = 1e6 * spent[name] / sum(one["heard"] for one in seen)
    return results


def set_up(asked):
    def text(path, pattern, otherwise="unknown"):
        with contextlib.suppress(OSError):
            found = re.search(pattern, pathlib.Path(path).read_text())
            return found.group(1).strip() if found else otherwise
        return otherwise
    mount = subprocess.run(["findmnt", "-n", "-o", "FSTYPE,SOURCE", "-T", asked.folder], capture_output=True, text=True)
    build = pathlib.Path(program("drop_loader")).parent
    return {
        "cpu": text("/proc/cpuinfo", r"model name\s*:\s*(.*)"), "cores": len(CORES), "kernel": platform.release(),
        "memory_gib": round(int(text("/proc/meminfo", r"MemTotal:\s*(\d+)", "0")) / 2**20, 1),
        "disk": " on ".join(mount.stdout.split()[:2]) or "unknown",
        "build": text(build / "CMakeCache.txt", r"DROPSMITH_KIND:\w+=(.*)"),
        "pinned": f"server on core {SERVER_CORE}, loader on core {LOADER_CORE}",
        "load_before": os.getloadavg()[0],
        "request": f"{REQUEST_BYTES} bytes of JSON in, {REPLY_BYTES} out, {CONNECTIONS} connections, one request each",
        "requests": asked.requests, "rounds": asked.rounds,
        "seed": "none: the load is the same in every run",
    }


def ratio_of(results, name, to):
    """Of rounds that stood beside each other: the median of their ratios."""
    if name not in results or to not in results:
        return None
    return statistics.median(a / b for a, b in zip(results[name]["rounds"], results[to]["rounds"]))


def print_table(results):
    def ratio(name, to):
        found = ratio_of(results, name, to)
        return "-" if found is None else f"{found:.2f}"
    wide = f"{'':34}{'per second':>12}{'p50 us':>10}{'p99 us':>10}{'cpu us':>9}{'/ echo':>9}{'/ redis':>9}"
    print("\n" + wide + "\n" + "-" * len(wide))
    for name, seen in results.items():
        latency = seen["latency_us"]
        print(f"{name:34}{seen['per_second']:12,.0f}{latency['p50']:10,.0f}{latency['p99']:10,.0f}"
              f"{format(seen['server_cpu_us'], '9.1f') if 'server_cpu_us' in seen else format('-', '>9')}"
              f"{ratio(name, 'bare echo'):>9}{ratio(name, 'redis, Lua, fsync always'):>9}")


def print_goals(results, restarted):
    """Each goal, what was seen in this run, and whether it is met."""
    def times(name, to):
        return ratio_of(results, name, to)

    def figure(name, key):
        return results[name].get(key) if name in results else None

    held, slow = "dropsmith, held", "slow disk, dropsmith, held"
    goals = [
        ("P1   held / echo", times(held, "bare echo"), ">=", 0.60),
        ("     held / redis", times(held, "redis, Lua, fsync always"), ">=", 1.5),
        ("     held / postgres, one statement", times(held, "postgres, one statement"), ">=", 30),
        ("     held / postgres, transaction", times(held, "postgres, transaction"), ">=", 40),
        ("P2   processor time of a hold, us", figure(held, "server_cpu_us"), "<=", 8),
        ("     … / that of an echo", held in results and "bare echo" in results and
         results[held]["server_cpu_us"] / results["bare echo"]["server_cpu_us"] or None, "<=", 1.67),
        ("P3   one SKU / 100 SKUs", times(held, "dropsmith, held, 100 SKUs"), ">=", 0.95),
        ("P4   16 deep, a second", figure("dropsmith, held, 16 deep", "per_second"), ">=", 400_000),
        ("     64 in a request, a second", figure("dropsmith, held, 64 a request", "per_second"), ">=", 400_000),
        ("P5   + 2 ms: held / file, 64 a sync", times(slow, "slow disk, file, 64 a sync"), ">=", 0.75),
        ("     + 2 ms: held / redis", times(slow, "slow disk, redis"), ">=", 1.5),
        ("P10  quotes / echo", times("dropsmith, quotes", "bare echo"), ">=", 0.85),
        ("P11  refused / echo", times("dropsmith, refused: sold out", "bare echo"), ">=", 0.85),
        ("P12  start to first reply after kill -9, s", restarted and restarted["after_kill_s"], "<=", 1),
        ("     … after a clean stop, s", restarted and restarted["after_stop_s"], "<=", 1),
        ("     memory with these holds, MiB", restarted and restarted["memory_mib"], "<=", 256),
    ]
    print()
    if restarted and restarted["holds"] < 1_000_000:
        goals = goals[:-3]  # those are said of a million
    for name, seen, sign, aim in goals:
        if seen:
            met = seen >= aim if sign == ">=" else seen <= aim
            print(f"{name:46}{seen:12,.2f}   {sign} {aim:<10,}{'met' if met else 'missed'}")


def rivals_of(only):
    rivals, slow_us = {}, 2_000
    if "echo" in only:
        rivals["bare echo"] = echo()
    if "dropsmith" in only:
        rivals["dropsmith, held"] = dropsmith_held()
        rivals["dropsmith, held, 100 SKUs"] = dropsmith_held(skus=100)
        rivals["dropsmith, refused: sold out"] = dropsmith_sold_out
        rivals["dropsmith, quotes"] = dropsmith_quotes
    if "echo" in only:
        rivals["bare echo, 16 deep"] = echo("--depth", 16)
    if "dropsmith" in only:
        rivals["dropsmith, held, 16 deep"] = dropsmith_held(depth=16)
        rivals["dropsmith, held, 64 a request"] = dropsmith_batch(64)
    have_redis, have_postgres = shutil.which("redis-server"), postgres_programs()
    if "redis" in only and have_redis:
        rivals["redis, Lua, fsync always"] = redis()
    if "postgres" in only and have_postgres:
        rivals["postgres, transaction"] = postgres(TRANSACTION)
        rivals["postgres, one statement"] = postgres(STATEMENT)
    if "floors" in only:
        for floor, group in (("file", 1), ("file", 64), ("file", 256), ("sqlite", 256)):
            rivals[f"{floor}, {group} a sync"] = storage_floor(floor, group)
    if "slow" in only:
        rivals["slow disk, dropsmith, held"] = dropsmith_held(sync_us=slow_us)
        rivals["slow disk, dropsmith, 1024 conn."] = dropsmith_held(sync_us=slow_us, connections=1024)
        rivals["slow disk, file, 64 a sync"] = file_on_slow_disk(64, slow_us)
        if have_redis:
            rivals["slow disk, redis"] = redis(slow_us)
        if have_postgres:
            rivals["slow disk, postgres, one statement"] = postgres(STATEMENT, slow_us)
    for name, have in (("redis", have_redis), ("postgres", have_postgres)):
        if name in only and not have:
            print(f"skipped: {name} is not installed")
    return rivals


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="small and quick")
    parser.add_argument("--requests", type=int, help="per round (echo, refusals, quotes: four times as many)")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--holds", type=int, help="live ones, for restart (1,000,000)")
    parser.add_argument("--only", default="echo,redis,postgres,floors,dropsmith,slow,restart")
    parser.add_argument("--folder", default=tempfile.gettempdir(), help="where the data is kept: choose the disk")
    parser.add_argument("--json", metavar="FILE", help="write set-up and results here too")
    asked = parser.parse_args()
    asked.requests = asked.requests or (2_000 if asked.smoke else 50_000)
    asked.rounds = asked.rounds or (1 if asked.smoke else 5)
    asked.holds = asked.holds or (5_000 if asked.smoke else 1_000_000)
    only = asked.only.split(",")

    setting = set_up(asked)
    for name, value in setting.items():
        print(f"{name:14} {value}")
    sys.stdout.flush()
    results = measure(rivals_of(only), asked)
    restarted = restart(asked) if "restart" in only else None
    print_table(results)
    sizes = results.get("dropsmith, held")
    if sizes:
        print(f"\nour bodies: {sizes['request_bytes']} bytes in, {sizes['reply_bytes']} out; cpu: of the server's "
              "process and its children, per reservation;\nratios are medians over rounds that stood beside each "
              "other; file and sqlite are in process, their latency is that of one group")
    if restarted:
        print(f"\n{restarted['holds']:,} live holds: {restarted['memory_mib']:.0f} MiB, after a start "
              f"{restarted['memory_after_start_mib']:.0f} MiB; start to first reply after kill -9 "
              f"{restarted['after_kill_s']:.2f} s ({restarted['after_kill_cpu_s']:.2f} s of processor time), after a "
              f"clean stop {restarted['after_stop_s']:.2f} s ({restarted['after_stop_cpu_s']:.2f} s)")
    print_goals(results, restarted)
    if asked.json:
        pathlib.Path(asked.json).write_text(
            json.dumps({"set_up": setting, "results": results, "restart": restarted}, indent=1) + "\n")


if __name__ == "__main__":
    main()
