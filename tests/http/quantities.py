"""What is no quantity: every wrong number, of every kind, wherever a buyer states how many. Each is refused with 400
and the field's name, and nothing changes: the journal's head afterwards is the one before."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop  # noqa: E402

# As they stand in the body: what JSON itself forbids is among them.
WRONG = ["0", "-1", "-0", "-9223372036854775808", "-9223372036854775809", "2147483648", "4294967296",
         "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e400", "1.5", "1.0", "1e3", "1E0",
         '"1"', '""', "null", "[]", "[1]", "{}", "true", "false", "NaN", "Infinity", "-Infinity", "+1", "01", "0x1",
         "1_000", "1,0", "", "١"]


class Quantities(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        cls.drop = cls.shop.open_drop([("COUNT", 100)])

    @classmethod
    def tearDownClass(cls):
        try:
            cls.shop.stop()
            cls.shop.verify()
        finally:
            cls.shop.clean_up(False)

    def body(self, number):
        """The request with this in the place of its number of units."""
        return '{"drop":"%s","channel":"web","lines":[{"sku":"COUNT","units":%s}]}' % (self.drop["id"], number)

    def facts(self):
        found = self.shop.verify()
        return found["facts"], found["state_hash"]

    def test_each_is_refused_and_changes_nothing(self):
        paths = ["/v1/holds", "/v1/quotes", "/v1/holds:batch"]
        self.assertEqual(self.shop.call("POST", "/v1/holds", self.body("1"), key="good").status, 201, "the twin")
        before = self.facts()
        for path in paths:
            for number in WRONG:
                with self.subTest(path=path, units=number):
                    body = self.body(number)
                    if path.endswith("batch"):
                        body = '{"holds":[{"key":"b",%s]}' % body[1:]
                    answer = self.shop.call("POST", path, body.encode(), key="wrong",
                                            headers={"Content-Type": "application/json"})
                    inner = answer.body.get("data") if path.endswith("batch") else None
                    statuses = [answer.status] if inner is None else [one["status"] for one in inner]
                    self.assertEqual(statuses, [400], answer)
        self.assertEqual(self.facts(), before, "something changed")

    def test_the_limit_of_one_hold_is_the_stocks(self):
        answer = self.shop.call("POST", "/v1/holds", self.body("1000000000"), key="all of it")
        self.assertEqual((answer.status, answer.code), (409, "insufficient_stock"), answer)


if __name__ == "__main__":
    unittest.main(verbosity=2)
