"""What selling.py measures: our server and each rival, started on one core, driven from another.

A rival is a function of what was asked that opens (as a context manager) a function of the round's number, which
answers {"per_second", "heard", "latency_us"}, and the server's process id, or None for what runs in process.
"""

import contextlib
import glob
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
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


def loader(port, wanted, requests, prefix, *more, connections=CONNECTIONS):
    """wanted: the words that say of which drop and SKU."""
    return run_json(program("drop_loader"), "--port", port, *wanted, "--connections", connections, "--requests",
                    requests, "--key-prefix", prefix, "--pad-body", REQUEST_BYTES, "--timeout", 300, *more)[0]


def one_sku(drop, sku):
    return "--drop", drop, "--sku", sku


@contextlib.contextmanager
def process(*words, end=signal.SIGKILL, **more):
    started = subprocess.Popen(pinned(SERVER_CORE, *words), stdin=subprocess.DEVNULL, **more)
    try:
        yield started
    finally:
        started.send_signal(end)
        try:
            started.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            started.kill()
            started.communicate()


def echo(*more):
    @contextlib.contextmanager
    def rival(asked):
        words = (program("bare_echo"), "--reply-bytes", REPLY_BYTES, "--seconds", 600)
        with process(*words, stdout=subprocess.PIPE) as server:
            port = json.loads(server.stdout.readline())["port"]
            wanted = one_sku("drop_0000000000000", "HOT-SKU")
            yield lambda number: loader(port, wanted, 4 * asked.requests, f"e{number}", *more), server.pid
    return rival


def slower(us):
    """The environment of a server whose syncs take longer; None: as the disk is."""
    return {**os.environ, "LD_PRELOAD": program("libslow_sync.so"), "SLOW_SYNC_US": str(us)} if us else None


def redis(sync_us=0):
    @contextlib.contextmanager
    def rival(asked):
        port = free_port()
        with tempfile.TemporaryDirectory(prefix="dropsmith-bench-", dir=asked.folder) as folder, \
                process("redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes",
                        "--appendfsync", "always", "--save", "", "--auto-aof-rewrite-percentage", 0,
                        "--loglevel", "warning", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                        env=slower(sync_us)) as server:
            set_stock(port, 10**9)

            def reserved(number):
                return run_json(program("redis_rival"), "--port", port, "--connections", CONNECTIONS,
                                "--requests", fewer(asked.requests, sync_us), "--key-prefix", f"r{number}-")[0]
            yield reserved, server.pid
    return rival


def fewer(requests, sync_us):
    return max(requests // 4, 500) if sync_us else requests


def set_stock(port, units):
    """SET stock in Redis, as soon as it listens."""
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(f"SET stock {units}\r\n".encode())
            if line.recv(64).startswith(b"+OK"):
                return
        time.sleep(0.05)
    raise SystemExit("redis-server did not start")


TRANSACTION = """\\set id random(1, 9000000000000000000)
BEGIN;
UPDATE stock SET free = free - 1 WHERE sku = 'MUG-RED' AND free >= 1;
INSERT INTO hold VALUES ('key-' || :id, 'MUG-RED', 1, 2990, 1800000000, 'held');
COMMIT;
"""
STATEMENT = """\\set id random(1, 9000000000000000000)
WITH taken AS (UPDATE stock SET free = free - 1 WHERE sku = 'MUG-RED' AND free >= 1 RETURNING sku)
INSERT INTO hold SELECT 'key-' || :id, sku, 1, 2990, 1800000000, 'held' FROM taken ON CONFLICT (key) DO NOTHING;
"""
TABLES = """CREATE TABLE stock (sku text PRIMARY KEY, free bigint NOT NULL CHECK (free >= 0));
CREATE TABLE hold (key text PRIMARY KEY, sku text, units int, price bigint, expires bigint, status text);
INSERT INTO stock VALUES ('MUG-RED', 1000000000);
"""


def postgres_programs():
    """The folder of initdb, postgres, psql and pgbench; None: not installed, or nobody there to run it."""
    if os.getuid() == 0 and not any(one.pw_name == "postgres" for one in pwd.getpwall()):
        return None  # it refuses to run as root
    found = [os.path.dirname(os.path.realpath(shutil.which("pgbench")))] if shutil.which("pgbench") else []
    for folder in found + sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True):
        if all(os.access(os.path.join(folder, name), os.X_OK) for name in ("initdb", "postgres", "psql", "pgbench")):
            return folder
    return None


def postgres(script, sync_us=0):
    @contextlib.contextmanager
    def rival(asked):
        programs = postgres_programs()
        who = {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid} if os.getuid() == 0 else {}
        with tempfile.TemporaryDirectory(prefix="dropsmith-bench-", dir=asked.folder) as folder:
            if who:
                shutil.chown(folder, who["user"], who["group"])

            def psql(text):
                words = [f"{programs}/psql", "-h", folder, "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1"]
                return subprocess.run(words, input=text.encode(), capture_output=True, timeout=120, cwd="/", **who)
            subprocess.run([f"{programs}/initdb", "-D", f"{folder}/data", "-A", "trust", "-E", "UTF8", "--locale=C"],
                           stdout=subprocess.DEVNULL, check=True, timeout=300, cwd="/", **who)
            with process(f"{programs}/postgres", "-D", f"{folder}/data", "-k", folder, "-c", "listen_addresses=",
                         "-c", "max_connections=200", "-c", "shared_buffers=256MB", stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, cwd="/", env=slower(sync_us), end=signal.SIGINT, **who) as server:
                for _ in range(400):
                    if psql("SELECT 1").returncode == 0:
                        break
                    time.sleep(0.05)
                made = psql(TABLES)
                if made.returncode != 0:
                    raise SystemExit(f"postgres did not start: {made.stderr.decode()[-800:]}")
                path = os.path.join(folder, "reserve.sql")
                pathlib.Path(path).write_text(script)
                each = max(asked.requests // 20 // CONNECTIONS // (4 if sync_us else 1), 4)

                def reserved(number):
                    log = os.path.join(folder, f"log{number}")
                    done = subprocess.run(
                        pinned(LOADER_CORE, f"{programs}/pgbench", "-n", "-f", path, "-h", folder, "-c", CONNECTIONS,
                               "-j", 1, "-t", each, "-M", "prepared", "-l", "--log-prefix", log, "postgres"),
                        capture_output=True, timeout=600, cwd="/", **who)
                    rate = re.search(rb"tps = ([0-9.]+)", done.stdout)
                    if done.returncode != 0 or not rate:
                        raise SystemExit(f"pgbench failed: {done.stderr.decode()[-800:]}")
                    took = sorted(int(line.split()[2]) for one in glob.glob(log + ".*") for line in open(one))
                    return {"per_second": float(rate.group(1)), "heard": len(took),
                            "latency_us": {"p50": took[len(took) // 2], "p99": took[len(took) * 99 // 100]}}
                yield reserved, server.pid
    return rival


def storage_floor(floor, group):
    @contextlib.contextmanager
    def rival(asked):
        with tempfile.TemporaryDirectory(prefix="dropsmith-bench-", dir=asked.folder) as folder:
            yield lambda _: next(
                seen for seen in run_json(program("storage_floors"), "--folder", folder, "--groups",
                                          max(asked.requests // 256, 20), "--only", f"{floor}-{group}")), None
    return rival


def file_on_slow_disk(group, sync_us):
    @contextlib.contextmanager
    def rival(asked):
        with tempfile.TemporaryDirectory(prefix="dropsmith-bench-", dir=asked.folder) as folder:
            def written(_):
                words = pinned(LOADER_CORE, program("storage_floors"), "--folder", folder, "--groups",
                               max(asked.requests // 1024, 20), "--only", f"file-{group}")
                done = subprocess.run(words, capture_output=True, check=True, timeout=600, env=slower(sync_us))
                return json.loads(done.stdout)
            yield written, None
    return rival


@contextlib.contextmanager
def our_shop(asked, sync_us=0):
    with tempfile.TemporaryDirectory(prefix="dropsmith-bench-", dir=asked.folder) as folder, \
            Shop(data=os.path.join(folder, "data"), cores=SERVER_CORE, environment=slower(sync_us)) as shop:
        yield shop
        verified(shop)


def dropsmith_held(skus=1, depth=1, sync_us=0, connections=CONNECTIONS):
    """Holds that all find units, over so many SKUs in turn, so many on the way in each connection."""
    @contextlib.contextmanager
    def rival(asked):
        requests = fewer(asked.requests, sync_us)
        with our_shop(asked, sync_us) as shop, tempfile.NamedTemporaryFile("w", prefix="dropsmith-targets-") as targets:
            names = [f"SKU-{number:03}" for number in range(skus)]
            units = requests * (asked.rounds + 1) // skus + skus
            drop = shop.open_drop([(name, units) for name in names], hold_seconds=3600)["id"]
            targets.writelines(f"{drop} {name}\n" for name in names)
            targets.flush()

            def held(number):
                seen = loader(shop.port, ("--targets", targets.name), requests, f"d{number}", "--depth", depth,
                              connections=connections)
                if seen["by_status"] != {"201": requests}:
                    raise SystemExit(f"dropsmith refused holds that it had units for: {seen}")
                return seen
            yield held, shop.process.pid
    return rival


def dropsmith_batch(size):
    """The same, `size` holds in one request: what is counted is holds, a latency is that of a request."""
    @contextlib.contextmanager
    def rival(asked):
        requests = max(asked.requests // size, 1)
        with our_shop(asked) as shop:
            drop = shop.open_drop([("HOT-SKU", requests * size * (asked.rounds + 1))], hold_seconds=3600)["id"]

            def held(number):
                seen = loader(shop.port, one_sku(drop, "HOT-SKU"), requests, f"b{number}", "--mode", "batch", "--batch",
                              size, connections=8)
                if seen["by_verb"] != {"hold": requests * size}:
                    raise SystemExit(f"dropsmith refused holds that it had units for: {seen}")
                return {**seen, "per_second": seen["per_second"] * size, "heard": seen["heard"] * size}
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
