"""More is asked than can be done: beyond the queue everybody is told at once when to come again (503 with
Retry-After), who asked later never overtakes who asked before, what was granted is stored once and the stock is
sold to the last unit, memory stays bounded, and afterwards the shop serves as before.

Two ways in: a disk that stalls while requests come in (the queue must fill), and an open loop that asks five times
what the shop answers. Figures are measured by bench/overload."""

import json
import os
import pathlib
import socket
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "crash"))
from shim import SKU, Faulty, Shop, faulty_copy, prepare  # noqa: E402
from shop import acceptance, load, loaded  # noqa: E402

QUEUE = 8_192  # src/base/limits.h, selling_queue
GROWTH_MAX = 64 << 20
STALL_S, SECONDS = (5, 20) if acceptance() else (2, 3)


def resident(shop):
    return int(pathlib.Path(f"/proc/{shop.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def statuses_in_order(port, drop, sku, count):
    """The statuses of so many holds sent down one connection in one go."""
    body = json.dumps({"drop": drop, "channel": "web", "lines": [{"sku": sku, "units": 1}]})
    asks = "".join(f"POST /v1/holds HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                   f"Idempotency-Key: order-{n}\r\nContent-Length: {len(body)}\r\n\r\n{body}" for n in range(count))
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        threading.Thread(target=line.sendall, args=(asks.encode(),), daemon=True).start()
        replies, seen = line.makefile("rb"), []
        for _ in range(count):
            seen.append(int(replies.readline().split()[1]))
            length = 0
            while (head := replies.readline().strip().lower()):
                if head.startswith(b"content-length:"):
                    length = int(head.split(b":")[1])
            replies.read(length)
        return seen


class Overload(unittest.TestCase):
    def assert_served(self, seen, asked):
        self.assertEqual((seen["heard"], seen["unanswered"], seen["malformed"]), (asked, 0, False), seen)
        self.assertLessEqual(set(seen["by_status"]), {"201", "409", "503"}, seen)
        self.assertEqual((seen["overtook"], seen["no_retry_after"], seen["unread"]), (0, 0, 0), seen)

    def test_a_stalled_disk_fills_the_queue_and_no_more(self):
        """Twice the queue comes in while a sync takes two seconds."""
        with tempfile.TemporaryDirectory(prefix="dropsmith-overload-") as folder:
            prepared, drop, owner = prepare(folder)
            shop = faulty_copy(prepared, folder, owner)
            self.assertIsInstance(shop, Faulty)
            with shop:
                warm = load(shop.port, "--drop", drop["id"], "--sku", SKU, "--connections", 256, "--depth", 16,
                            "--requests", 8_192, "--key-prefix", "warm")
                self.assert_served(warm, 8_192)
                before, granted = resident(shop), warm["by_status"]["201"]
                for stall in (STALL_S, 2 * STALL_S, 4 * STALL_S):  # on a busy machine the crowd comes in slowly
                    seen, most = self.crowd_in_a_stall(shop, drop, stall)
                    granted += seen["by_status"]["201"]
                    told_off = seen["by_status"].get("503", 0)
                    self.assertLess(most - before, GROWTH_MAX)
                    if told_off:
                        break
                self.assertGreater(told_off, 0, f"the queue never filled: it proves nothing {seen}")
                print(f"of {2 * QUEUE} asked in a stall, {told_off} were told to come again; "
                      f"{(most - before) >> 20} MiB more in memory", flush=True)
                row = next(row for row in shop.stock(SKU))
                self.assertEqual(row["held"], granted)
                after = load(shop.port, "--drop", drop["id"], "--sku", SKU, "--requests", 500, "--key-prefix", "after")
                self.assertEqual(after["by_status"], {"201": 500}, "afterwards as before")
                self.assertEqual(shop.stop(), 0)
                shop.verify()

    def crowd_in_a_stall(self, shop, drop, stall):
        """What a crowd of twice the queue hears that comes in while a sync takes so long, and the most memory."""
        shop.order(slow_ms=stall * 1000)
        crowd = load(shop.port, "--drop", drop["id"], "--sku", SKU, "--connections", 256, "--depth", 64,
                     "--requests", 2 * QUEUE, "--key-prefix", f"crowd{stall}", background=True)
        time.sleep(stall * 0.75)
        most = resident(shop)
        health = shop.call("GET", "/healthz")
        self.assertEqual(health.status, 200, "who only looks is answered while the disk stalls")
        shop.order(slow_ms=0)
        seen = loaded(crowd)
        self.assert_served(seen, 2 * QUEUE)
        return seen, most

    def test_five_times_what_it_can_do(self):
        """An open loop: requests are due by the clock, whether or not the shop keeps up."""
        with Shop() as shop:
            calm = shop.open_drop([("CALM", 1_000_000)], hold_seconds=86_400)
            hot = shop.open_drop([(f"HOT-{n}", 150) for n in range(20)], hold_seconds=86_400)
            can = load(shop.port, "--drop", calm["id"], "--sku", "CALM", "--requests", 5_000)["per_second"]
            rate = min(int(5 * can), 500_000)
            with tempfile.NamedTemporaryFile("w", suffix=".txt") as targets:
                targets.writelines(f"{hot['id']} HOT-{n}\n{calm['id']} CALM\n" for n in range(20))
                targets.flush()
                crowd = load(shop.port, "--targets", targets.name, "--connections", 256, "--depth", 64,
                             "--rate", rate, "--requests", rate * SECONDS, "--timeout", 120, "--key-prefix", "crowd",
                             background=True)
                seen = loaded(crowd, 150)
            self.assert_served(seen, rate * SECONDS)
            held = [sum(row["held"] for row in shop.stock(sku)) for sku in ["CALM"] + [f"HOT-{n}" for n in range(20)]]
            self.assertEqual(sum(held), 5_000 + seen["by_status"]["201"], seen)
            self.assertEqual(set(held[1:]), {150}, "neither oversold nor undersold")
            after = load(shop.port, "--drop", calm["id"], "--sku", "CALM", "--requests", 500, "--key-prefix", "after")
            self.assertEqual(after["by_status"], {"201": 500}, "afterwards as before")
            print(f"asked {rate} a second for {SECONDS} s, {seen['by_status']}", flush=True)
            self.assertEqual(shop.stop(), 0)
            shop.verify()

    def test_first_come_first_served_on_a_connection(self):
        """Of holds sent one after the other, beside a crowd, those that are granted are the first."""
        with Shop() as shop:
            drop = shop.open_drop([("ORDER", 300), ("BESIDE", 1_000_000)], hold_seconds=86_400)
            crowd = load(shop.port, "--drop", drop["id"], "--sku", "BESIDE", "--connections", 200, "--depth", 64,
                         "--requests", 30_000, background=True)
            seen = statuses_in_order(shop.port, drop["id"], "ORDER", 400)
            self.assert_served(loaded(crowd), 30_000)
            taken = [status for status in seen if status != 503]
            self.assertEqual(taken, sorted(taken), "a later one was granted after an earlier one heard sold out")
            self.assertEqual(seen.count(201), min(300, len(taken)))
            shop.stop()
            shop.verify()


if __name__ == "__main__":
    unittest.main(verbosity=2)
