"""First prove that the alarm rings: a journal in which one bit was turned, one batch removed or two exchanged must be
found by `dropsmith verify`, which ends with 1 and names the law; the untouched copy must pass."""

import pathlib
import shutil
import sqlite3
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, load  # noqa: E402


def journal_of(folder):
    """(connection, table, blob column) of the journal: the table of shop.db whose blobs are most."""
    connection = sqlite3.connect(pathlib.Path(folder, "shop.db"))
    best = None
    for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        for _, column, *_ in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
            blobs, size = connection.execute(f"""SELECT count(*), coalesce(sum(length("{column}")), 0)
                                                 FROM "{table}" WHERE typeof("{column}") = 'blob'""").fetchone()
            if blobs > 20 and (best is None or size > best[0]):
                best = (size, table, column)
    if best is None:
        raise AssertionError("no journal found in shop.db")
    return connection, best[1], best[2]


class Tampered(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        drop = cls.shop.open_drop([("TAMPER", 1000)])
        load(cls.shop.port, "--drop", drop["id"], "--sku", "TAMPER", "--connections", 4, "--requests", 400)
        cls.shop.stop()
        cls.shop.verify()

    @classmethod
    def tearDownClass(cls):
        cls.shop.__exit__(None)

    def verify_after(self, change):
        """The exit code and the report of `verify` on a copy of the folder whose journal `change` has altered."""
        with tempfile.TemporaryDirectory(prefix="dropsmith-tampered-") as folder:
            copy = pathlib.Path(folder, "data")
            shutil.copytree(self.shop.data, copy, ignore=lambda _, names: [n for n in names if n.endswith(".sock")])
            connection, table, column = journal_of(copy)
            rows = [row for (row,) in connection.execute(
                f"SELECT rowid FROM \"{table}\" WHERE typeof(\"{column}\") = 'blob' ORDER BY rowid")]
            change(connection, table, column, rows)
            connection.commit()
            connection.close()
            return Shop(data=copy).command("verify", check=False)

    def assert_found(self, change):
        code, report = self.verify_after(change)
        self.assertEqual(code, 1, report)
        if report and "laws" in report:
            self.assertTrue([law for law in report["laws"] if not law["holds"]], report)

    def test_the_untouched_copy_passes(self):
        code, report = self.verify_after(lambda *_: None)
        self.assertEqual(code, 0, report)

    def test_one_bit_anywhere_is_found(self):
        def turn(where, part):
            def change(connection, table, column, rows):
                row = rows[int(where * (len(rows) - 1))]
                found = connection.execute(f'SELECT "{column}" FROM "{table}" WHERE rowid = ?', (row,)).fetchone()
                blob = bytearray(found[0])
                blob[int(part * (len(blob) - 1))] ^= 0x10
                connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (bytes(blob), row))
            return change
        for where in (0.0, 0.5, 0.9, 1.0):
            for part in (0.0, 0.3, 0.6, 1.0):
                with self.subTest(row=where, byte=part):
                    self.assert_found(turn(where, part))

    def test_a_missing_batch_is_found(self):
        self.assert_found(lambda connection, table, _, rows: connection.execute(
            f'DELETE FROM "{table}" WHERE rowid = ?', (rows[len(rows) // 2],)))

    def test_two_exchanged_batches_are_found(self):
        def change(connection, table, column, rows):
            one, other = rows[len(rows) // 2], rows[len(rows) // 2 + 1]
            read = f'SELECT "{column}" FROM "{table}" WHERE rowid = ?'
            blobs = [connection.execute(read, (row,)).fetchone()[0] for row in (one, other)]
            for row, blob in zip((other, one), blobs):
                connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (blob, row))
        self.assert_found(change)


if __name__ == "__main__":
    unittest.main(verbosity=2)
