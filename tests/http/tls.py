#!/usr/bin/env python3
"""TLS by the shop itself: a client that checks certificates is served, old versions and plain requests are not, HSTS
stands in every answer, the certificate is read anew on SIGHUP, a broken one is kept out, and one who never finishes
the handshake keeps nobody waiting."""
import hashlib
import http.client
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import PATIENCE, Shop, until  # noqa: E402


def make_certificate(folder, name="shop"):
    """A key and a certificate for 127.0.0.1 that signs itself."""
    cert, key = f"{folder}/{name}.pem", f"{folder}/{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", cert, "-days", "2", "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return cert, key


class TlsShop(Shop):
    """Speaks TLS; trusts the certificate of the file."""

    def __init__(self, cert, key):
        super().__init__(arguments=["--tls-cert", cert, "--tls-key", key])
        self.cert = cert

    def _connection(self, timeout):
        held = getattr(self.local, "connection", None)
        self.local.fresh = held is None or self.local.port != self.port
        if self.local.fresh:
            self._forget()
            self.local.port = self.port
            self.local.connection = http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=timeout, context=ssl.create_default_context(cafile=self.cert))
            self.connections.append(self.local.connection)
        return self.local.connection


@unittest.skipUnless(shutil.which("openssl"), "no openssl program to make a certificate with: TLS was not tried")
class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="dropsmith-tls-")
        cls.cert, cls.key = make_certificate(cls.folder)
        cls.shop = TlsShop(cls.cert, cls.key).start()

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()
        cls.shop.clean_up(False)
        shutil.rmtree(cls.folder)

    def handshake(self, context=None):
        context = context or ssl.create_default_context(cafile=self.shop.cert)
        with socket.create_connection(("127.0.0.1", self.shop.port), timeout=PATIENCE) as plain:
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as link:
                return link.version(), link.selected_alpn_protocol(), link.getpeercert(binary_form=True)

    def test_a_drop_is_sold_over_tls(self):
        shop = self.shop
        drop = shop.open_drop([("TLS-1", 3)])
        hold = shop.hold(drop, "TLS-1", key="tls-1")
        self.assertEqual(hold.status, 201, hold)
        self.assertIn("max-age=31536000", hold.headers["strict-transport-security"])
        self.assertEqual(shop.confirm(hold.body).status, 201)
        page = shop.call("GET", f"/d/{drop['slug']}")
        self.assertEqual(page.status, 200)
        self.assertIn("strict-transport-security", page.headers)
        self.assertIn("strict-transport-security", shop.call("GET", "/favicon.svg").headers)
        shop.verify()

    def test_versions_and_protocol(self):
        context = ssl.create_default_context(cafile=self.shop.cert)
        context.set_alpn_protocols(["h2", "http/1.1"])
        self.assertEqual(self.handshake(context)[:2], ("TLSv1.3", "http/1.1"))
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.assertEqual(self.handshake(context)[0], "TLSv1.2")
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("ALL:@SECLEVEL=0")
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.handshake(old)

    def test_plain_requests_get_nothing(self):
        with socket.create_connection(("127.0.0.1", self.shop.port), timeout=PATIENCE) as plain:
            plain.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertNotIn(b"200 OK", plain.recv(4096))

    def test_one_who_never_finishes_keeps_nobody_waiting(self):
        silent = [socket.create_connection(("127.0.0.1", self.shop.port), timeout=PATIENCE) for _ in range(50)]
        try:
            self.assertEqual(self.shop.call("GET", "/readyz").status, 200)
        finally:
            for link in silent:
                link.close()

    def test_large_answers_and_many_at_once(self):
        whole = hashlib.sha256(self.shop.call("GET", "/openapi.json").raw).digest()
        wrong = []

        def reader():
            for _ in range(10):
                if hashlib.sha256(self.shop.call("GET", "/openapi.json").raw).digest() != whole:
                    wrong.append(1)
        readers = [threading.Thread(target=reader) for _ in range(8)]
        for thread in readers:
            thread.start()
        for thread in readers:
            thread.join(60)
        self.assertEqual(wrong, [])

    def test_zz_the_certificate_is_read_anew(self):
        before = self.handshake()[2]
        newer, newer_key = make_certificate(self.folder, "newer")
        pathlib.Path(self.cert).write_text("no certificate")
        self.shop.process.send_signal(signal.SIGHUP)
        self.wait_log("certificate_kept")
        loose = ssl.create_default_context()
        loose.check_hostname, loose.verify_mode = False, ssl.CERT_NONE
        self.assertEqual(self.handshake(loose)[2], before, "what cannot be read does not replace what works")
        shutil.copy(newer, self.cert)
        shutil.copy(newer_key, self.key)
        self.shop.process.send_signal(signal.SIGHUP)
        self.wait_log("certificate_read")
        self.assertNotEqual(self.handshake(loose)[2], before)
        self.shop._forget()
        self.assertEqual(self.shop.call("GET", "/readyz").status, 200)

    def wait_log(self, word):
        until(lambda: word in self.shop.log_tail(), what=word)


class Settings(unittest.TestCase):
    def refused(self, *arguments):
        shop = Shop(arguments=list(arguments))
        shop.launch()
        code = shop.process.wait(PATIENCE)
        told = shop.log_tail()
        shop.clean_up(False)
        return code, told

    def test_half_a_setting_and_files_that_are_none(self):
        code, told = self.refused("--tls-cert", "/nowhere.pem")
        self.assertEqual(code, 2)
        self.assertIn("belong together", told)
        code, told = self.refused("--tls-cert", "/nowhere.pem", "--tls-key", "/nowhere.key")
        self.assertEqual(code, 1)
        self.assertIn("--tls-cert", told)


if __name__ == "__main__":
    unittest.main()
