#!/usr/bin/env python3
"""How many durable reservations a second, over HTTP, and beside what?

Starts our server and each rival itself, one after the other, each on one core with the loader on another, drives all of
them with the same loader, connections and request sizes, and prints one table with ratios:

    bare echo   epoll, the same fixed answer to everything: nothing is parsed, decided or kept (the floor under HTTP)
    redis       a reservation as a Lua script, appendfsync always, over its own protocol (left out when not installed)
    file        128-byte records appended to a bare file, fdatasync per group (the floor under durability)
    sqlite      the reservation as two statements, 256 a transaction, WAL, synchronous FULL, in process
    dropsmith   POST /v1/holds for one hot SKU, durable before the reply; for 100 SKUs in turn; 16 on the way in each
                connection; when the drop is sold out; and POST /v1/quotes

Every rival keeps its data in a temporary folder of the same disk, listens on loopback only, is ended by its process id.

    bench/selling/selling.py                 a minute or so: 3 rounds, the median is shown
    bench/selling/selling.py --smoke         a few seconds: does it still run?
    bench/selling/selling.py --json out.json --only echo,dropsmith --requests 200000
"""

import argparse
import contextlib
import json
import os
import pathlib
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "support"))
from shop import Shop, free_port, program  # noqa: E402

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOADER_CORE = str(CORES[0]), str(CORES[-1])
REQUEST_BYTES, REPLY_BYTES, CONNECTIONS = 230, 220, 64


def pinned(core, *words):
    return ["taskset", "-c", core, *map(str, words)]


def run_json(*words):
    done = subprocess.run(pinned(LOADER_CORE, *words), stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    if done.returncode != 0:
        raise SystemExit(f"{words[0]} failed ({done.returncode}): {done.stdout[-800:]}{done.stderr[-800:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def loader(port, wanted, requests, prefix, *more):
    """wanted: the words that say of which drop and SKU."""
    return run_json(program("drop_loader"), "--port", port, *wanted, "--connections", CONNECTIONS, "--requests",
                    requests, "--key-prefix", prefix, "--pad-body", REQUEST_BYTES, "--timeout", 300, *more)[0]


def one_sku(drop, sku):
    return "--drop", drop, "--sku", sku


@contextlib.contextmanager
def process(*words, **more):
    started = subprocess.Popen(pinned(SERVER_CORE, *words), stdin=subprocess.DEVNULL, **more)
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


# -- the rivals: each yields a function of the round that answers {"per_second", ...} and the server's pid

def echo(*more):
    @contextlib.contextmanager
    def rival(asked):
        words = (program("bare_echo"), "--reply-bytes", REPLY_BYTES, "--seconds", 600)
        with process(*words, stdout=subprocess.PIPE) as server:
            port = json.loads(server.stdout.readline())["port"]
            wanted = one_sku("drop_0000000000000", "HOT-SKU")
            yield lambda number: loader(port, wanted, 4 * asked.requests, f"e{number}", *more), server.pid
    return rival


@contextlib.contextmanager
def redis(asked):
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="dropsmith-bench-", dir=asked.folder) as folder, \
            process("redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes",
                    "--appendfsync", "always", "--save", "", "--auto-aof-rewrite-percentage", 0,
                    "--loglevel", "warning", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        set_stock(port, 10**9)

        def reserved(number):
            return run_json(program("redis_rival"), "--port", port, "--connections", CONNECTIONS,
                            "--requests", asked.requests, "--key-prefix", f"r{number}-")[0]
        yield reserved, server.pid


def set_stock(port, units):
    """SET stock in Redis, as soon as it listens."""
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(f"SET stock {units}\r\n".encode())
            if line.recv(64).startswith(b"+OK"):
                return
        time.sleep(0.05)
    raise SystemExit("redis-server did not start")


def floors(asked):
    with tempfile.TemporaryDirectory(prefix="dropsmith-bench-", dir=asked.folder) as folder:
        return run_json(program("storage_floors"), "--folder", folder, "--groups", max(asked.requests // 256, 20))


@contextlib.contextmanager
def our_shop(asked):
    with tempfile.TemporaryDirectory(prefix="dropsmith-bench-", dir=asked.folder) as folder, \
            Shop(data=os.path.join(folder, "data"), cores=SERVER_CORE) as shop:
        yield shop
        verified(shop)


def dropsmith_held(skus=1, depth=1):
    """Holds that all find units, over so many SKUs in turn, so many on the way in each connection."""
    @contextlib.contextmanager
    def rival(asked):
        with our_shop(asked) as shop, tempfile.NamedTemporaryFile("w", prefix="dropsmith-targets-") as targets:
            names = [f"SKU-{number:03}" for number in range(skus)]
            units = asked.requests * (asked.rounds + 1) // skus + skus
            drop = shop.open_drop([(name, units) for name in names], hold_seconds=3600)["id"]
            targets.writelines(f"{drop} {name}\n" for name in names)
            targets.flush()

            def held(number):
                seen = loader(shop.port, ("--targets", targets.name), asked.requests, f"d{number}", "--depth", depth)
                if seen["by_status"] != {"201": asked.requests}:
                    raise SystemExit(f"dropsmith refused holds that it had units for: {seen}")
                return seen
            yield held, shop.process.pid
    return rival


@contextlib.contextmanager
def dropsmith_sold_out(asked):
    with our_shop(asked) as shop:
        drop = shop.open_drop([("GONE-SKU", 100)], hold_seconds=3600)["id"]
        loader(shop.port, one_sku(drop, "GONE-SKU"), 200, "first")

        def refused(number):
            seen = loader(shop.port, one_sku(drop, "GONE-SKU"), 4 * asked.requests, f"s{number}")
            if seen["by_code"] != {"sold_out": 4 * asked.requests}:
                raise SystemExit(f"dropsmith sold what it did not have: {seen}")
            return seen
        yield refused, shop.process.pid


@contextlib.contextmanager
def dropsmith_quotes(asked):
    with our_shop(asked) as shop:
        drop = shop.open_drop([("HOT-SKU", 100)], hold_seconds=3600)["id"]

        def quoted(number):
            seen = loader(shop.port, one_sku(drop, "HOT-SKU"), 4 * asked.requests, f"q{number}", "--mode", "quotes")
            if seen["by_status"] != {"201": 4 * asked.requests} or seen["unread"]:
                raise SystemExit(f"dropsmith did not quote: {seen}")
            return seen
        yield quoted, shop.process.pid


def verified(shop):
    shop.stop()
    shop.verify()


# -- the table ---------------------------------------------------------------------------------------------------------

def cpu_seconds(pid):
    """User and system time of a process and all its threads so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(name, rival, asked, results):
    with rival(asked) as (one_round, pid):
        one_round(0)  # warm-up, not counted
        before = cpu_seconds(pid)
        rounds = [one_round(number + 1) for number in range(asked.rounds)]
        time.sleep(1)  # what follows behind (the tables) is counted too
        spent = cpu_seconds(pid) - before
    middle = sorted(rounds, key=lambda seen: seen["per_second"])[len(rounds) // 2]
    results[name] = {"per_second": statistics.median(seen["per_second"] for seen in rounds),
                     "rounds": [seen["per_second"] for seen in rounds],
                     "server_cpu_us": 1e6 * spent / sum(seen["heard"] for seen in rounds),
                     "latency_us": middle["latency_us"],
                     **{key: middle[key] for key in ("request_bytes", "reply_bytes") if key in middle}}
    print(f"  {name}: {results[name]['per_second']:,.0f}/s", file=sys.stderr, flush=True)


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


def print_table(results):
    def ratio(name, to):
        return f"{results[name]['per_second'] / results[to]['per_second']:.2f}" if to in results else "-"
    wide = f"{'':30}{'per second':>12}{'p50 us':>10}{'p99 us':>10}{'cpu us':>9}{'/ echo':>9}{'/ redis':>9}"
    print("\n" + wide + "\n" + "-" * len(wide))
    for name, seen in results.items():
        latency = seen["latency_us"]
        print(f"{name:30}{seen['per_second']:12,.0f}{latency['p50']:10,.0f}{latency['p99']:10,.0f}"
              f"{format(seen['server_cpu_us'], '9.1f') if 'server_cpu_us' in seen else format('-', '>9')}"
              f"{ratio(name, 'bare echo'):>9}{ratio(name, 'redis, Lua, fsync always'):>9}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="small and quick")
    parser.add_argument("--requests", type=int, help="per round (echo: four times as many)")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--only", default="echo,redis,floors,dropsmith", help="echo, redis, floors, dropsmith")
    parser.add_argument("--folder", default=tempfile.gettempdir(), help="where the data is kept: choose the disk")
    parser.add_argument("--json", metavar="FILE", help="write set-up and results here too")
    asked = parser.parse_args()
    asked.requests = asked.requests or (2_000 if asked.smoke else 100_000)
    asked.rounds = asked.rounds or (1 if asked.smoke else 3)
    only = asked.only.split(",")

    setting, results = set_up(asked), {}
    for name, value in setting.items():
        print(f"{name:14} {value}")
    if "echo" in only:
        measure("bare echo", echo(), asked, results)
        measure("bare echo, 16 deep", echo("--depth", 16), asked, results)
    if "redis" in only and shutil.which("redis-server"):
        measure("redis, Lua, fsync always", redis, asked, results)
    elif "redis" in only:
        print("  redis: redis-server is not installed, left out", file=sys.stderr)
    if "floors" in only:
        for floor in floors(asked):
            name = f"{floor['floor']}, {floor['group']} a sync"
            results[name] = {key: floor[key] for key in ("per_second", "latency_us")}
    if "dropsmith" in only:
        measure("dropsmith, held", dropsmith_held(), asked, results)
        measure("dropsmith, held, 100 SKUs", dropsmith_held(skus=100), asked, results)
        measure("dropsmith, held, 16 deep", dropsmith_held(depth=16), asked, results)
        measure("dropsmith, refused: sold out", dropsmith_sold_out, asked, results)
        measure("dropsmith, quotes", dropsmith_quotes, asked, results)
    print_table(results)
    if "dropsmith, held" in results:
        hot, many = (results[name]["per_second"] for name in ("dropsmith, held", "dropsmith, held, 100 SKUs"))
        print(f"\none SKU / 100 SKUs: {hot / many:.2f}")
    sizes = results.get("dropsmith, held", {})
    if sizes:
        print(f"\nour bodies: {sizes['request_bytes']} bytes in, {sizes['reply_bytes']} out; "
              "cpu: of the server's process, per request;\n"
              "file and sqlite are in process, their latency is that of one group")
    if asked.json:
        pathlib.Path(asked.json).write_text(json.dumps({"set_up": setting, "results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
