#!/usr/bin/env python3
"""An order that has nothing left to do is put away after 90 days and is not lost: it is read and listed as it was,
refuses changes with the remedy, and comes back by recall to be refunded. The wall clock is libfaketime's: the shop is
shut for 91 days. Needs Debian's package `faketime`; says so and passes when it is not there."""
import pathlib
import shutil
import sys
import tempfile
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, until  # noqa: E402

LIBRARIES = sorted(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


@unittest.skipUnless(LIBRARIES, "libfaketime is not installed (Debian: faketime)")
class Archive(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="dropsmith-archive-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.wall = pathlib.Path(self.folder, "wall")
        self.wall.write_text("+0d\n")
        self.shop = Shop(environment={
            "LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(self.wall), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"})

    def sold(self, drop, done):
        order = self.shop.confirm(self.shop.hold(drop, "AWAY").body).body
        self.shop.staff("POST", f"/v1/orders/{order['id']}/payments",
                        {"amount": order["total"], "reference": "till"})
        for step in ("ready", "ship", "deliver") if done else ():
            self.shop.staff("POST", f"/v1/orders/{order['id']}/{step}", {})
        return self.shop.staff("GET", f"/v1/orders/{order['id']}")

    def change(self, path):
        """A step that an order handed over refuses, wherever it is: it says whether it is still here."""
        return self.shop.call("POST", path + "/ready", key=uuid.uuid4().hex, token=self.shop.token())

    def test_put_away_read_and_called_back(self):
        with self.shop as shop:
            drop = shop.open_drop([("AWAY", 10)])
            done, open_order = self.sold(drop, True), self.sold(drop, False)
            shop.stop()
            self.wall.write_text("+91d\n")
            shop.start()
            path = f"/v1/orders/{done['id']}"
            # it is put away by a timer soon after the start
            away = until(lambda: self.change(path), lambda seen: seen.status != 409 or seen.code == "order_archived",
                         "not put away")
            self.assertEqual(away.status, 409, away)
            self.assertIn("recall", away.body["detail"])
            self.assertEqual(shop.staff("GET", path), done, "put away, it reads as it was")
            listed = [row["id"] for row in shop.staff("GET", "/v1/orders")["data"]]
            self.assertEqual(listed, [open_order["id"], done["id"]])
            for stranger in (None, "a-secret-of-nobodys"):  # learns no more of one put away than of one that is here
                seen = [shop.call("GET", f"/v1/orders/{one['id']}", token=stranger) for one in (open_order, done)]
                self.assertEqual([one.status for one in seen], [seen[0].status] * 2)
                self.assertIn(seen[0].status, (401, 404))
            shop.staff("POST", path + "/recall")
            self.assertEqual(shop.staff("GET", path), done, "called back, it is as it was")
            line = {"sku": "AWAY", "units": 1}
            given = shop.staff("POST", path + "/refunds", {"lines": [line], "reason": "came back"})
            self.assertEqual(given["amount"], done["total"])
            self.assertEqual(shop.staff("GET", f"/v1/orders/{open_order['id']}")["status"], open_order["status"])
            shop.stop()
            shop.verify()


if __name__ == "__main__":
    unittest.main()
