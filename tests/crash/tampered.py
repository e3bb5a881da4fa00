"""First prove that the alarm rings: a journal in which one bit was turned, one batch removed or two exchanged must be
found by `dropsmith verify`, which ends with 1 and names the law; the untouched copy must pass."""

import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from journal import Journal  # noqa: E402
from shop import Shop, load  # noqa: E402


class Tampered(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        drop = cls.shop.open_drop([("TAMPER", 1000)])
        load(cls.shop.port, "--drop", drop["id"], "--sku", "TAMPER", "--connections", 4, "--requests", 400)
        cls.shop.stop()
        cls.kept_head = cls.shop.verify()["head_hash"]

    @classmethod
    def tearDownClass(cls):
        cls.shop.clean_up(False)

    def verify_after(self, change):
        """The exit code and the report of `verify` on a copy of the folder whose journal `change` has altered."""
        with tempfile.TemporaryDirectory(prefix="dropsmith-tampered-") as folder:
            copy = pathlib.Path(folder, "data")
            shutil.copytree(self.shop.data, copy, ignore=shutil.ignore_patterns("*.sock"))
            with Journal(copy) as journal:
                change(journal)
            return Shop(data=copy).command("verify", check=False)

    def assert_found(self, change, newest=False):
        """Found by everybody; a change of the newest batch, which no later one covers yet, by whoever kept the head."""
        code, report = self.verify_after(change)
        if newest and code == 0:
            self.assertNotEqual(report["head_hash"], self.kept_head)
            return
        self.assertEqual(code, 1, report)
        if report and "laws" in report:
            self.assertTrue([law for law in report["laws"] if not law["holds"]], report)

    def test_the_untouched_copy_passes(self):
        code, report = self.verify_after(lambda journal: None)
        self.assertEqual((code, report["head_hash"]), (0, self.kept_head), report)

    def test_one_bit_anywhere_is_found(self):
        for where in (0.0, 0.5, 0.9, 1.0):
            for part in (0.0, 0.3, 0.6, 1.0):
                with self.subTest(row=where, byte=part):
                    self.assert_found(lambda journal: journal.turn_bit(
                        journal.rows[int(where * (len(journal.rows) - 1))], part), newest=where == 1.0)

    def test_a_missing_batch_is_found(self):
        self.assert_found(lambda journal: journal.forget([journal.rows[len(journal.rows) // 2]]))

    def test_two_exchanged_batches_are_found(self):
        self.assert_found(lambda journal: journal.exchange(*journal.rows[len(journal.rows) // 2:][:2]))

    def test_a_bit_turned_and_chained_anew_ends_in_a_message(self):
        """Whoever changes a fact and every hash after it gets past the chain. What the rules can tell is told; and
        neither `verify` nor a start ever ends by a signal."""
        found = 0
        for where in (0.0, 0.1, 0.3, 0.6, 0.9):
            for part in (0.1, 0.35, 0.6, 0.85):
                with self.subTest(row=where, byte=part), tempfile.TemporaryDirectory() as folder:
                    copy = pathlib.Path(folder, "data")
                    shutil.copytree(self.shop.data, copy, ignore=shutil.ignore_patterns("*.sock"))
                    with Journal(copy) as journal:
                        journal.turn_bit_and_chain_anew(journal.rows[int(where * (len(journal.rows) - 1))], part)
                    (copy / "snapshots.db").unlink(missing_ok=True)
                    shop = Shop(data=copy)
                    code, report = shop.command("verify", check=False)
                    self.assertIn(code, (0, 1), report)
                    if code == 1 and report:
                        breaches = [law["first_breach"] for law in report["laws"] if not law["holds"]]
                        self.assertTrue(all(breach.startswith("fact ") for breach in breaches), breaches)
                    found += code
                    code, said = shop.command("report", "none", check=False)  # a start, without serving
                    self.assertEqual(code, 1, said)
        self.assertGreater(found, 0, "some changed bits break what the rules can tell")


if __name__ == "__main__":
    unittest.main(verbosity=2)
