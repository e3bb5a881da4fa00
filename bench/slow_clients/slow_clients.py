#!/usr/bin/env python3
"""What do buyers notice of a thousand slow clients?

Buyers ask for holds at a steady rate, each due at its time whether or not the shop keeps up: alone, while a thousand
clients of one kind come, and while they are there; then alone again, and so on for each kind and for all three at once.
The kinds: heads and bodies that come one octet a second, and the deaf, who ask for the drop's page as often as they can
and never read. Whoever is cut off comes back, so that there are always a thousand. Aim: while they are there, the p99
of the buyers is at most twice what it is alone (the mean of before and after). Server on core 0, buyers and slow
clients on core 1 where there are two; the buyers before them, if the system allows it: what is measured is the shop,
not the loader's own queue.

    bench/slow_clients/slow_clients.py [--clients 1000] [--seconds 6] [--rate 2000] [--rounds 1] [--smoke]
"""

import argparse
import os
import pathlib
import platform
import selectors
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from shop import Shop, first, load, loaded  # noqa: E402

SKU = "BESIDE"
HEAD = b"GET /v1/drops HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = (b"POST /v1/holds HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: slow\r\n"
        b"Content-Length: 100000\r\n\r\n{")


class Slow:
    """So many connections of one kind, kept at their number."""

    def __init__(self, port, count, start, again, every_s):
        self.port, self.start, self.again, self.every_s = port, start, again, every_s
        self.watch, self.made, self.due = selectors.DefaultSelector(), 0, {}
        for n in range(count):
            self.dial(time.monotonic() + every_s * n / count)

    def dial(self, next_word):
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(("127.0.0.1", self.port))
        one.setblocking(False)
        self.made += 1
        if self.start:
            self.watch.register(one, selectors.EVENT_READ)
            one.send(self.start)
        self.due[one] = next_word

    def gone(self, one):
        if self.start:
            self.watch.unregister(one)
        del self.due[one]
        one.close()
        self.dial(time.monotonic() + self.every_s)

    def turn(self):
        if self.start:  # the deaf never look
            for key, _ in self.watch.select(0):
                try:
                    key.fileobj.recv(4096)
                except BlockingIOError:
                    continue
                except OSError:
                    pass
                self.gone(key.fileobj)  # any answer to them is the last
        now = time.monotonic()
        for one in [one for one, due in self.due.items() if due <= now]:
            self.due[one] = now + self.every_s
            try:
                one.send(self.again)
            except BlockingIOError:
                pass
            except OSError:
                self.gone(one)


def slow_clients(port, count, kinds, drop):
    """Until it is ended: the work of a process of its own."""
    page = f"GET /v1/drops/{drop} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 200
    ways = {"heads": (HEAD, b"a", 1), "bodies": (BODY, b" ", 1), "deaf": (b"", page, 1)}
    clients = [Slow(port, count, *ways[kind]) for kind in kinds]
    print("there", flush=True)
    while True:
        for one in clients:
            one.turn()
        time.sleep(0.002)


def buyers(shop, drop, asked, name, seconds):
    return first(load(shop.port, "--drop", drop["id"], "--sku", SKU, "--connections", 16, "--rate", asked.rate,
                      "--requests", int(asked.rate * seconds), "--key-prefix", name, "--timeout", 120, background=True))


def latencies(process, kinds=()):
    seen = loaded(process)
    if seen["by_status"] != {"201": seen["asked"]}:
        sys.exit(f"a buyer beside {kinds} was not served: {seen}")
    return seen["latency_us"]


def beside(shop, drop, asked, kinds, name):
    """The buyers' latencies while they come, and while they are there, and how many descriptors the shop had open."""
    coming = buyers(shop, drop, asked, f"coming{name}", asked.seconds / 3)
    slow = subprocess.Popen([sys.executable, "-B", __file__, "--slow", ",".join(kinds), "--port", str(shop.port),
                             "--clients", str(asked.clients), "--drop", drop["id"]], stdout=subprocess.PIPE)
    slow.stdout.readline()
    came = latencies(coming, kinds)
    there = buyers(shop, drop, asked, f"there{name}", asked.seconds)
    time.sleep(asked.seconds / 2)
    open_now = len(os.listdir(f"/proc/{shop.process.pid}/fd"))
    took = latencies(there, kinds)
    slow.kill()
    slow.wait()
    slow.stdout.close()
    ends = time.monotonic() + 30
    while len(os.listdir(f"/proc/{shop.process.pid}/fd")) > 100 and time.monotonic() < ends:
        time.sleep(0.05)
    return came, took, open_now


def tell(name, took, there="", against=None):
    ratio = f"{took['p99'] / against:11.2f}" if against else ""
    print(f"{name:>22} {there:>9} {took['p50'] / 1e3:7.2f} {took['p99'] / 1e3:7.2f} {took['p999'] / 1e3:8.2f} "
          f"{took['max'] / 1e3:7.2f} {ratio}", flush=True)


def one_round(shop, asked, number):
    drop = shop.open_drop([(SKU, 10_000_000)], hold_seconds=86_400)
    latencies(buyers(shop, drop, asked, f"warm{number}", asked.seconds / 2))
    before = latencies(buyers(shop, drop, asked, f"alone{number}", asked.seconds))
    tell("nobody", before)
    for kinds in (("heads",), ("bodies",), ("deaf",), ("heads", "bodies", "deaf")):
        name = kinds[0] if len(kinds) == 1 else "all three"
        came, took, there = beside(shop, drop, asked, kinds, f"{name[:4]}{number}")
        after = latencies(buyers(shop, drop, asked, f"after{name[:4]}{number}", asked.seconds))
        against = (before["p99"] + after["p99"]) / 2
        tell(f"{name} come", came, "", against)
        tell(f"{name} are there", took, there, against)
        tell("nobody", after)
        before = after


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--clients", type=int, default=1_000)
    words.add_argument("--seconds", type=float, default=6)
    words.add_argument("--rate", type=int, default=2_000)
    words.add_argument("--rounds", type=int, default=1)
    words.add_argument("--smoke", action="store_true")
    words.add_argument("--slow", help=argparse.SUPPRESS)
    words.add_argument("--port", type=int, help=argparse.SUPPRESS)
    words.add_argument("--drop", help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.slow:
        return slow_clients(asked.port, asked.clients, asked.slow.split(","), asked.drop)
    if asked.smoke:
        asked.clients, asked.seconds, asked.rate = 20, 0.6, 500
    print(f"{os.cpu_count()} cores, kernel {platform.release()}, load {os.getloadavg()[0]:.1f} at the start; "
          f"{asked.rate} holds a second for {asked.seconds:g} s, {asked.clients} slow clients of each kind")
    print(f"{'beside':>22} {'connected':>9} {'p50 ms':>7} {'p99 ms':>7} {'p99.9 ms':>8} {'max ms':>7} "
          f"{'p99 / alone':>11}")
    two = (os.cpu_count() or 1) > 1
    if two:
        os.sched_setaffinity(0, {1})
    for number in range(asked.rounds):
        with Shop(cores="0" if two else None) as shop:
            one_round(shop, asked, number)


if __name__ == "__main__":
    main()
