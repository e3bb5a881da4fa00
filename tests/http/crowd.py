"""A crowd that looks at one drop: one question to the shop answers many, and still nobody sees less than what was
acknowledged before he asked; each connection hears as many answers as it asked for, in their order."""

import http.client
import pathlib
import socket
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop  # noqa: E402

LOOKERS, BUYERS, EACH = 8, 4, 40


class Crowd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        cls.addClassCleanup(cls.shop.stop)
        cls.drop = cls.shop.open_drop([("CROWD", 1_000)], show="exact")

    def left(self):
        return self.shop.call("GET", f"/v1/drops/{self.drop['id']}").body["lines"][0]["available"]

    def test_what_was_acknowledged_is_seen(self):
        seen, trouble, over = [], [], threading.Event()

        def look(path):
            while not over.is_set():
                answer = self.shop.call("GET", path)
                seen.append(answer.status)

        def buy(number):
            for n in range(EACH):
                before = self.left()
                held = self.shop.call("POST", "/v1/holds", {
                    "drop": self.drop["id"], "channel": "web", "lines": [{"sku": "CROWD", "units": 1}]},
                    key=f"crowd-{number}-{n}")
                after = self.left()
                if held.status != 201 or after >= before:
                    trouble.append((held.status, before, after))
        paths = (f"/v1/drops/{self.drop['id']}", f"/v1/drops/{self.drop['slug']}", f"/d/{self.drop['slug']}")
        lookers = [threading.Thread(target=look, args=(paths[n % 3],)) for n in range(LOOKERS)]
        buyers = [threading.Thread(target=buy, args=(n,)) for n in range(BUYERS)]
        for one in lookers + buyers:
            one.start()
        for one in buyers:
            one.join()
        over.set()
        for one in lookers:
            one.join()
        self.assertEqual(trouble, [])
        self.assertEqual(set(seen), {200})
        self.assertEqual(self.left(), 1_000 - BUYERS * EACH)

    def test_many_of_one_connection_are_answered_in_their_order(self):
        asked = [f"/v1/drops/{self.drop['id']}", "/v1/drops/nothing", f"/d/{self.drop['slug']}", "/d/nothing"] * 16
        with socket.create_connection(("127.0.0.1", self.shop.port), timeout=30) as line:
            line.sendall("".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" for path in asked).encode())
            heard = []
            with line.makefile("rb") as stream:
                for _ in asked:
                    status = int(stream.readline().split()[1])
                    size = 0
                    while (field := stream.readline().strip().lower()):
                        if field.startswith(b"content-length:"):
                            size = int(field.split(b":")[1])
                    heard.append((status, stream.read(size)[:1]))
        self.assertEqual(heard, [(200, b"{"), (404, b"{"), (200, b"<"), (404, b"{")] * 16)

    def test_head_says_the_same_without_a_body(self):
        line = http.client.HTTPConnection("127.0.0.1", self.shop.port, timeout=30)
        line.request("HEAD", f"/d/{self.drop['slug']}")
        reply = line.getresponse()
        self.assertEqual((reply.status, reply.read()), (200, b""))
        line.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
