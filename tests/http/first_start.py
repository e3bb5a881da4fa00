#!/usr/bin/env python3
"""A first start has no default password, listens on loopback only, and lets the first owner in by a link that works
once."""
import pathlib
import re
import stat
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, until  # noqa: E402


class FirstStart(unittest.TestCase):
    def fresh(self):
        shop = Shop()
        shop.token = lambda *_: None                    # nobody has made a token before
        shop.start()
        self.addCleanup(lambda: shop.stop(check=False))
        return shop

    def link(self, shop):
        log = until(lambda: shop.log_tail(10_000), lambda seen: "#setup=" in seen, "no link")  # written once it serves
        return re.search(r"http://127\.0\.0\.1:\d+/#setup=(\S+)", log).group(1)

    def test_the_link_works_once(self):
        shop = self.fresh()
        setup = self.link(shop)
        self.assertGreaterEqual(len(setup), 50)
        self.assertEqual(shop.call("POST", "/v1/setup", {"setup": "dst_" + "0" * 52}).status, 403)
        made = shop.call("POST", "/v1/setup", {"setup": setup})
        self.assertEqual(made.status, 201, made)
        self.assertEqual(shop.call("GET", "/v1/me", token=made.body["token"]).body["role"], "owner")
        again = shop.call("POST", "/v1/setup", {"setup": setup})
        self.assertIn(again.status, (403, 409), again)
        self.assertEqual(shop.call("GET", "/v1/me", token=setup).status, 401)

    def test_a_new_link_ends_the_old_one_and_an_owner_ends_the_links(self):
        shop = self.fresh()
        first = self.link(shop)
        shop.stop()
        pathlib.Path(shop.log_path()).write_bytes(b"")
        shop.start()
        second = self.link(shop)
        self.assertNotEqual(first, second)
        self.assertEqual(shop.call("POST", "/v1/setup", {"setup": first}).status, 403)
        self.assertEqual(shop.call("POST", "/v1/setup", {"setup": second}).status, 201)
        shop.stop()
        pathlib.Path(shop.log_path()).write_bytes(b"")
        shop.start()
        self.assertNotIn("#setup=", shop.log_tail(10_000))

    def test_nothing_is_open_to_a_guess(self):
        shop = self.fresh()
        for token in ("admin", "password", "dropsmith", "dst_", "owner"):
            self.assertIn(shop.call("GET", "/v1/grants", token=token).status, (401, 403, 404))
            self.assertIn(shop.call("GET", "/v1/grants", headers={"Authorization": f"Basic {token}"}).status, (401,
                                                                                                               403))

    def test_loopback_only_and_private_files(self):
        shop = self.fresh()
        listening = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ours = [row[1] for row in listening if row[3] == "0A" and int(row[1].split(":")[1], 16) == shop.port]
        self.assertEqual(ours, [f"0100007F:{shop.port:04X}"])
        data = pathlib.Path(shop.data)
        self.assertEqual(stat.S_IMODE(data.stat().st_mode), 0o700)
        self.assertEqual(stat.S_IMODE((data / "shop.key").stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE((data / "control.sock").stat().st_mode), 0o600)


if __name__ == "__main__":
    unittest.main()
