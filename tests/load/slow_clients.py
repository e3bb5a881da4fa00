"""Slow clients: some send one octet a second, some ask and never read. They are cut off (10 s for a head, 30 s for a
body, 30 s for what they do not take), and buyers beside them are served as if they were not there.

Few of them here; DROPSMITH_CLIENTS asks for more (tests/long/slow_clients takes 1,000 of each)."""

import os
import pathlib
import selectors
import socket
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, load, loaded  # noqa: E402

CLIENTS = int(os.environ.get("DROPSMITH_CLIENTS", "40"))
HEAD_S, BODY_S, TAKE_S = 10, 30, 30
SLACK_S = 90  # a busy machine; how quick is not what is tested here
SKU = "SLOW"
# A deaf client's answers fill what one connection may have untaken (edge/http/connection.cpp); the others need little.
OCTETS_EACH_MAX, WARM_UP = 256 << 10, 32 << 20


def resident(shop):
    with open(f"/proc/{shop.process.pid}/statm", encoding="ascii") as figures:
        return int(figures.read().split()[1]) * os.sysconf("SC_PAGESIZE")


class Dripping:
    """Connections that send one octet a second of something that never ends; when each was closed by the server."""

    def __init__(self, port, count, prefix, octet):
        self.port, self.count, self.prefix, self.octet = port, count, prefix, octet
        self.lived, self.answers = [], []
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        watch, open_at = selectors.DefaultSelector(), {}
        for _ in range(self.count):
            one = socket.create_connection(("127.0.0.1", self.port))
            one.sendall(self.prefix)
            one.setblocking(False)
            watch.register(one, selectors.EVENT_READ)
            open_at[one] = time.monotonic()
        end, next_drip = time.monotonic() + BODY_S + SLACK_S + 5, time.monotonic() + 1
        while open_at and time.monotonic() < end:
            for key, _ in watch.select(0.2):
                self.read(key.fileobj, watch, open_at)
            if time.monotonic() >= next_drip:
                next_drip += 1
                for one in list(open_at):
                    try:
                        one.send(self.octet)
                    except BlockingIOError:
                        pass
                    except OSError:
                        self.gone(one, watch, open_at)
        self.left = len(open_at)
        for one in open_at:
            one.close()

    def read(self, one, watch, open_at):
        try:
            seen = one.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            seen = b""
        if seen:
            self.answers.append(seen)
        else:
            self.gone(one, watch, open_at)

    def gone(self, one, watch, open_at):
        if one in open_at:
            self.lived.append(time.monotonic() - open_at.pop(one))
            watch.unregister(one)
            one.close()


class NeverReading:
    """Connections that ask for the same page again and again and never take an answer."""

    def __init__(self, port, count, path):
        self.port, self.count = port, count
        self.request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        self.lived = []
        self.left = None
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        open_at = {}
        for _ in range(self.count):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect(("127.0.0.1", self.port))
            one.setblocking(False)
            open_at[one] = time.monotonic()
        end = time.monotonic() + TAKE_S + SLACK_S + 5
        while open_at and time.monotonic() < end:
            for one in list(open_at):
                try:
                    while one.send(self.request * 50):
                        pass
                except BlockingIOError:
                    pass
                except OSError:
                    self.lived.append(time.monotonic() - open_at.pop(one))
                    one.close()
            time.sleep(0.3)
        self.left = len(open_at)
        for one in open_at:
            one.close()


class SlowClients(unittest.TestCase):
    def test_they_are_cut_off_and_buyers_are_served(self):
        with Shop() as shop:
            drop = shop.open_drop([(SKU, 1_000_000)], hold_seconds=86_400)
            warm = resident(shop)
            heads = Dripping(shop.port, CLIENTS, b"GET /v1/drops HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"a")
            bodies = Dripping(shop.port, CLIENTS, b"POST /v1/holds HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                              b"application/json\r\nIdempotency-Key: slow\r\nContent-Length: 100000\r\n\r\n{", b" ")
            deaf = NeverReading(shop.port, CLIENTS, f"/v1/drops/{drop['id']}")
            for kind in (heads, bodies, deaf):
                kind.thread.start()
            time.sleep(1)
            asked, most, descriptors = 0, 0, 0
            while any(kind.thread.is_alive() for kind in (heads, bodies, deaf)):
                buyers = load(shop.port, "--drop", drop["id"], "--sku", SKU, "--connections", 8, "--requests", 400,
                              "--key-prefix", f"beside{asked}", "--timeout", 60, background=True)
                rests = time.monotonic() + 1
                while buyers.poll() is None or time.monotonic() < rests:
                    most = max(most, resident(shop))
                    descriptors = max(descriptors, len(os.listdir(f"/proc/{shop.process.pid}/fd")))
                    time.sleep(0.1)
                seen = loaded(buyers)
                self.assertEqual(seen["by_status"], {"201": 400}, "a buyer beside slow clients")
                asked += 400
            self.assertGreater(asked, 0)
            self.assertGreaterEqual(descriptors, 2 * CLIENTS, "they were all connected at once")
            each = (most - warm) // (3 * CLIENTS)
            self.assertLess(each, OCTETS_EACH_MAX + WARM_UP // (3 * CLIENTS), "memory of a slow client is bounded")
            ends = time.monotonic() + SLACK_S
            while (left := len(os.listdir(f"/proc/{shop.process.pid}/fd"))) > 100 and time.monotonic() < ends:
                time.sleep(0.2)
            self.assertLess(left, 100, "their descriptors are given back")
            for name, kind, limit in (("head", heads, HEAD_S), ("body", bodies, BODY_S)):
                self.assertEqual((kind.left, len(kind.lived)), (0, CLIENTS), f"slow {name}s are all cut off")
                self.assertGreater(min(kind.lived), limit - 2, f"a slow {name} has its {limit} s")
                self.assertLess(max(kind.lived), limit + SLACK_S, f"a slow {name} has no more than its {limit} s")
                for answer in kind.answers:
                    self.assertIn(b" 408 ", answer.split(b"\r\n")[0] + b" ")
            self.assertEqual((deaf.left, len(deaf.lived)), (0, CLIENTS), "those who never read are all cut off")
            print(f"{CLIENTS} of each; heads closed after {max(heads.lived):.1f} s at most, bodies after "
                  f"{max(bodies.lived):.1f} s, deaf ones after {max(deaf.lived):.1f} s; {asked} holds beside them; "
                  f"{descriptors} descriptors, {each} octets of memory for each at most", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
