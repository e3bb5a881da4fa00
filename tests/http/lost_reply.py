"""A buyer whose answer was lost asks again with the same key and gets the very same unit: same bytes, marked as
replayed, also when the drop has sold out since and after the server was killed. Another body under the key is refused;
a refusal is not remembered."""

import json
import pathlib
import socket
import struct
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, load, until  # noqa: E402


def ask_and_hang_up(shop, drop, sku, key):
    """Sends the whole request, reads nothing, and resets the connection."""
    body = json.dumps({"drop": drop["id"], "channel": "web", "lines": [{"sku": sku, "units": 1}]})
    with socket.create_connection(("127.0.0.1", shop.port)) as line:
        line.sendall(f"POST /v1/holds HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                     f"Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        wait_held(shop, sku, 1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def wait_held(shop, sku, units):
    until(lambda: shop.stock(sku), lambda rows: sum(row["held"] for row in rows) == units,
          f"{sku}: {units} held expected", every=0.02)


class LostReply(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()

    @classmethod
    def tearDownClass(cls):
        try:
            cls.shop.stop()
            cls.shop.verify()
        finally:
            cls.shop.clean_up(False)

    def assert_same(self, first, again):
        self.assertEqual((again.status, again.raw), (201, first.raw), again)
        self.assertFalse(first.replayed, first.headers)
        self.assertTrue(again.replayed, again.headers)

    def test_the_same_key_gets_the_same_unit_though_the_reply_was_lost(self):
        drop = self.shop.open_drop([("LOST", 2)])
        ask_and_hang_up(self.shop, drop, "LOST", "lost-1")
        again = self.shop.hold(drop, "LOST", key="lost-1")
        self.assertEqual(again.status, 201, again)
        self.assertTrue(again.replayed, again.headers)
        wait_held(self.shop, "LOST", 1)
        self.assertEqual(self.shop.hold(drop, "LOST", key="lost-1").raw, again.raw)

    def test_the_same_bytes_though_sold_out_since(self):
        drop = self.shop.open_drop([("SINCE", 1)])
        first = self.shop.hold(drop, "SINCE", key="since-1")
        self.assertEqual(first.status, 201, first)
        other = self.shop.hold(drop, "SINCE", key="since-2")
        self.assertEqual((other.status, other.code), (409, "sold_out"), other)
        self.assert_same(first, self.shop.hold(drop, "SINCE", key="since-1"))

    def test_the_same_bytes_though_released_since(self):
        drop = self.shop.open_drop([("FREED", 1)])
        first = self.shop.hold(drop, "FREED", key="freed-1")
        self.assertEqual(self.shop.release(first.body).status // 100, 2)
        self.assert_same(first, self.shop.hold(drop, "FREED", key="freed-1"))
        wait_held(self.shop, "FREED", 0)

    def test_another_body_under_the_key_is_refused(self):
        drop = self.shop.open_drop([("OTHER", 5)])
        first = self.shop.hold(drop, "OTHER", key="other-1")
        self.assertEqual(first.status, 201, first)
        reused = self.shop.hold(drop, "OTHER", units=2, key="other-1")
        self.assertEqual((reused.status, reused.code), (422, "key_reused"), reused)
        self.assert_same(first, self.shop.hold(drop, "OTHER", key="other-1"))

    def test_the_same_request_written_differently_is_the_same(self):
        drop = self.shop.open_drop([("SPACED", 5)])
        first = self.shop.hold(drop, "SPACED", key="spaced-1")
        spaced = ' { "lines" : [ {"units":1, "sku":"SPACED"} ],\n "channel":"web", "drop":"%s" } ' % drop["id"]
        self.assert_same(first, self.shop.call("POST", "/v1/holds", spaced, key="spaced-1"))

    def test_a_refusal_is_not_remembered(self):
        drop = self.shop.open_drop([("AGAIN", 1)])
        first = self.shop.hold(drop, "AGAIN", key="again-1")
        refused = self.shop.hold(drop, "AGAIN", key="again-2")
        self.assertEqual((refused.status, refused.code), (409, "sold_out"), refused)
        self.assertEqual(self.shop.release(first.body).status // 100, 2)
        taken = self.shop.hold(drop, "AGAIN", key="again-2")
        self.assertEqual(taken.status, 201, taken)
        self.assertFalse(taken.replayed)

    def test_a_hold_needs_a_key(self):
        drop = self.shop.open_drop([("KEYLESS", 1)])
        answer = self.shop.call("POST", "/v1/holds", {"drop": drop["id"], "channel": "web",
                                                      "lines": [{"sku": "KEYLESS", "units": 1}]})
        self.assertEqual(answer.status, 400, answer)

    def test_a_repeated_confirmation_is_one_order(self):
        drop = self.shop.open_drop([("ORDERED", 2)])
        hold = self.shop.hold(drop, "ORDERED").body
        first = self.shop.confirm(hold, key="ordered-1")
        self.assertEqual(first.status, 201, first)
        self.assert_same(first, self.shop.confirm(hold, key="ordered-1"))

    def test_the_same_bytes_after_a_kill(self):
        drop = self.shop.open_drop([("KILLED", 1)])
        first = self.shop.hold(drop, "KILLED", key="killed-1")
        self.assertEqual(first.status, 201, first)
        self.shop.kill9()
        self.shop.start()
        self.assert_same(first, self.shop.hold(drop, "KILLED", key="killed-1"))
        other = self.shop.hold(drop, "KILLED", key="killed-2")
        self.assertEqual((other.status, other.code), (409, "sold_out"), other)

    def test_twins_in_flight_share_one_answer(self):
        keys, units = 1000, 500
        drop = self.shop.open_drop([("TWINS", units)])
        seen = load(self.shop.port, "--drop", drop["id"], "--sku", "TWINS", "--mode", "repeat",
                    "--requests", 2 * keys, "--key-prefix", "twins")
        self.assertEqual((seen["mismatched"], seen["doubled"]), (0, 0), seen)
        self.assertEqual(seen["by_status"], {"201": 2 * units, "409": 2 * (keys - units)}, seen)
        self.assertEqual(seen["replayed"], units, seen)
        wait_held(self.shop, "TWINS", units)

    def test_a_crowd_of_twins_has_one_effect(self):
        keys, crowd = 100, 64
        drop = self.shop.open_drop([("CROWD", keys)])
        seen = load(self.shop.port, "--drop", drop["id"], "--sku", "CROWD", "--mode", "twins", "--connections", crowd,
                    "--requests", keys * crowd, "--key-prefix", "crowd")
        self.assertEqual((seen["mismatched"], seen["doubled"]), (0, 0), seen)
        self.assertEqual(seen["by_status"], {"201": keys * crowd}, seen)
        self.assertEqual(seen["replayed"], keys * (crowd - 1), seen)
        wait_held(self.shop, "CROWD", keys)


if __name__ == "__main__":
    unittest.main(verbosity=2)
