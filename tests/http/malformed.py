#!/usr/bin/env python3
"""Malformed HTTP over raw sockets: whatever two parsers could read in two ways is refused and the connection ends;
the server lives on. Each row: name, bytes, the status that must come (None: the connection may just end). After
every row a good request on a fresh connection must be answered."""
import pathlib
import re
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import PATIENCE, Shop  # noqa: E402

ANSWER = re.compile(rb"HTTP/1\.1 \d\d\d ")
HOST = b"Host: shop\r\n"
GET = b"GET /healthz HTTP/1.1\r\n" + HOST


def post(fields, body=b"", path=b"/v1/quotes"):
    return b"POST " + path + b" HTTP/1.1\r\n" + HOST + fields + b"\r\n" + body


CHUNKED = b"Transfer-Encoding: chunked\r\n"
ROWS = [
    # both lengths, two lengths, lengths that are no plain number
    ("length and chunked", post(b"Content-Length: 4\r\n" + CHUNKED, b"0\r\n\r\n"), 400),
    ("chunked and length", post(CHUNKED + b"Content-Length: 4\r\n", b"0\r\n\r\n"), 400),
    ("two equal lengths", post(b"Content-Length: 2\r\nContent-Length: 2\r\n", b"{}"), 400),
    ("two other lengths", post(b"Content-Length: 2\r\nContent-Length: 3\r\n", b"{}x"), 400),
    ("length list", post(b"Content-Length: 2, 2\r\n", b"{}"), 400),
    ("length +2", post(b"Content-Length: +2\r\n", b"{}"), 400),
    ("length -1", post(b"Content-Length: -1\r\n"), 400),
    ("length hex", post(b"Content-Length: 0x2\r\n", b"{}"), 400),
    ("length empty", post(b"Content-Length: \r\n"), 400),
    ("length with space", post(b"Content-Length: 1 2\r\n", b"{}"), 400),
    ("length beyond 64 bits", post(b"Content-Length: 99999999999999999999\r\n"), 400),
    ("length 1.5", post(b"Content-Length: 1.5\r\n", b"{}"), 400),
    # transfer codings
    ("identity coding", post(b"Transfer-Encoding: identity\r\n", b"{}"), 400),
    ("gzip, chunked", post(b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n"), 400),
    ("chunked, identity", post(b"Transfer-Encoding: chunked, identity\r\n", b"0\r\n\r\n"), 400),
    ("chunked twice", post(CHUNKED + CHUNKED, b"0\r\n\r\n"), 400),
    ("chunked, chunked", post(b"Transfer-Encoding: chunked, chunked\r\n", b"0\r\n\r\n"), 400),
    ("xchunked", post(b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n"), 400),
    ("quoted coding", post(b'Transfer-Encoding: "chunked"\r\n', b"0\r\n\r\n"), 400),
    ("tab before colon", post(b"Transfer-Encoding\t: chunked\r\n", b"0\r\n\r\n"), 400),
    ("space before colon", post(b"Transfer-Encoding : chunked\r\n", b"0\r\n\r\n"), 400),
    ("vertical tab in coding", post(b"Transfer-Encoding: \x0bchunked\r\n", b"0\r\n\r\n"), 400),
    ("chunked in 1.0", b"POST /v1/quotes HTTP/1.0\r\n" + HOST + CHUNKED + b"\r\n0\r\n\r\n", 400),
    # chunks
    ("chunk size no hex", post(CHUNKED, b"zz\r\n{}\r\n0\r\n\r\n"), 400),
    ("chunk size negative", post(CHUNKED, b"-2\r\n{}\r\n0\r\n\r\n"), 400),
    ("chunk size 0x", post(CHUNKED, b"0x2\r\n{}\r\n0\r\n\r\n"), 400),
    ("chunk size overflow", post(CHUNKED, b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n"), 400),
    ("chunk larger than its size", post(CHUNKED, b"1\r\n{}\r\n0\r\n\r\n"), 400),
    ("chunk without its line end", post(CHUNKED, b"2\r\n{}0\r\n\r\n"), 400),
    ("chunk size with space in front", post(CHUNKED, b" 2\r\n{}\r\n0\r\n\r\n"), 400),
    ("chunk size bare LF", post(CHUNKED, b"2\n{}\r\n0\r\n\r\n"), 400),
    ("chunk too large", post(CHUNKED, b"7fffffff\r\n"), 413),
    # line ends, folds, control letters
    ("bare LF", b"GET /healthz HTTP/1.1\nHost: shop\n\n", 400),
    ("bare LF in a field", GET + b"A: b\nC: d\r\n\r\n", 400),
    ("bare CR in a field", GET + b"A: b\rC: d\r\n\r\n", 400),
    ("bare CR in the line", b"GET /healthz\rHTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("NUL in a field", GET + b"A: b\x00c\r\n\r\n", 400),
    ("NUL in the path", b"GET /hea\x00lthz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("folded field", GET + b"A: b\r\n c\r\n\r\n", 400),
    ("folded with tab", GET + b"A: b\r\n\tc\r\n\r\n", 400),
    ("fold before the first field", b"GET /healthz HTTP/1.1\r\n X: y\r\n" + HOST + b"\r\n", 400),
    ("field without colon", GET + b"Nonsense\r\n\r\n", 400),
    ("field without name", GET + b": x\r\n\r\n", 400),
    ("space in a name", GET + b"A B: c\r\n\r\n", 400),
    ("high letter in a name", GET + b"\xc3\xa4: c\r\n\r\n", 400),
    # request line
    ("no version", b"GET /healthz\r\n" + HOST + b"\r\n", 400),
    ("version 0.9", b"GET /healthz HTTP/0.9\r\n" + HOST + b"\r\n", (400, 505)),
    ("version 2.0", b"GET /healthz HTTP/2.0\r\n" + HOST + b"\r\n", (400, 505)),
    ("version lower case", b"GET /healthz http/1.1\r\n" + HOST + b"\r\n", 400),
    ("two spaces", b"GET  /healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("tabs for spaces", b"GET\t/healthz\tHTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("no method", b" /healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("method with brackets", b"G(T /healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("absolute target", b"GET http://other/healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("asterisk", b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("authority", b"CONNECT shop:80 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("broken escape", b"GET /%zz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("cut escape", b"GET /% HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("escaped NUL", b"GET /a%00b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("escaped rubbish", b"GET /%ff%fe HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("long target", b"GET /" + b"a" * 6000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    # fields that may stand once; sizes; TLS on a plain port; rubbish
    ("no Host", b"GET /healthz HTTP/1.1\r\n\r\n", 400),
    ("two Hosts", GET + b"Host: other\r\n\r\n", 400),
    ("two Authorizations", GET + b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400),
    ("two keys", post(b"Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 2\r\n", b"{}", b"/v1/holds"), 400),
    ("compressed body", post(b"Content-Encoding: gzip\r\nContent-Length: 2\r\n", b"{}"), 415),
    ("unknown expectation", post(b"Expect: 200-maybe\r\nContent-Length: 2\r\n", b"{}"), 417),
    ("huge head", GET + b"A: " + b"x" * 40_000 + b"\r\n\r\n", 431),
    ("many fields", GET + b"".join(b"A%d: b\r\n" % i for i in range(4000)) + b"\r\n", 431),
    ("huge body", post(b"Content-Length: 1048577\r\n"), 413),
    ("TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64, 400),
    ("rubbish", bytes(range(256)), 400),
    ("only line ends", b"\r\n\r\n\r\n\r\n", None),
]


def talk(port, data, patience=PATIENCE):
    """What the server says to these bytes until it hangs up or is quiet, and whether it hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as link:
        try:
            link.sendall(data)
        except OSError:
            pass
        said, closed = b"", False
        try:
            while True:
                more = link.recv(65536)
                if not more:
                    closed = True
                    break
                said += more
        except (TimeoutError, ConnectionResetError) as trouble:
            closed = isinstance(trouble, ConnectionResetError)
        return said, closed


class Malformed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop()
        cls.shop.start()

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()

    def alive(self):
        said, _ = talk(self.shop.port, b"GET /healthz HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
        self.assertTrue(said.startswith(b"HTTP/1.1 200 "), said[:200])

    def test_each_is_refused_and_the_connection_ends(self):
        self.assertGreaterEqual(len(ROWS), 60)
        for name, data, wanted in ROWS:
            with self.subTest(name):
                said, closed = talk(self.shop.port, data, 1.0 if wanted is None else PATIENCE)
                if wanted is None:
                    self.assertFalse(said.startswith(b"HTTP/1.1 5"), said[:200])
                else:
                    status = int(said[9:12]) if said.startswith(b"HTTP/1.1 ") else None
                    self.assertIn(status, wanted if isinstance(wanted, tuple) else (wanted,), said[:300])
                    self.assertTrue(closed, f"{name}: the connection stays open after {said[:80]!r}")
                    self.assertEqual(len(ANSWER.findall(said)), 1, "what followed was taken for a request")
                self.alive()

    def test_a_smuggled_request_is_never_answered(self):
        hidden = b"GET /v1/drops HTTP/1.1\r\nHost: shop\r\n\r\n"
        for fields in (b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % (5 + len(hidden)),
                       b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"):
            said, closed = talk(self.shop.port, post(fields, b"0\r\n\r\n" + hidden))
            self.assertEqual(len(ANSWER.findall(said)), 1, said[:400])
            self.assertTrue(closed)

    def test_pipelined_answers_come_in_order(self):
        asked = b"".join(b"GET %s HTTP/1.1\r\nHost: shop\r\n\r\n" % path
                         for path in (b"/readyz", b"/healthz", b"/v1/drops", b"/nowhere"))
        asked += GET + b"Connection: close\r\n\r\n"  # the last: nothing is waited for after it
        said, closed = talk(self.shop.port, asked)
        self.assertTrue(closed)
        found = [int(part[:3]) for part in said.split(b"HTTP/1.1 ")[1:]]
        self.assertEqual(found, [200, 200, 200, 404, 200], said[:2000])

    def test_byte_by_byte_is_the_same_as_at_once(self):
        data = post(b"Content-Type: application/json\r\nConnection: close\r\nContent-Length: 2\r\n", b"{}")
        whole, _ = talk(self.shop.port, data)
        with socket.create_connection(("127.0.0.1", self.shop.port), timeout=PATIENCE) as link:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for i in range(len(data)):
                link.sendall(data[i:i + 1])
            with link.makefile("rb") as answer:
                parts = answer.read()
        self.assertEqual(whole[:12], parts[:12])
        self.assertEqual(whole.split(b"\r\n\r\n")[1], parts.split(b"\r\n\r\n")[1])


if __name__ == "__main__":
    unittest.main()
