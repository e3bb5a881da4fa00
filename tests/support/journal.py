"""The journal of a stopped shop, to be damaged on purpose: the tests that prove that an alarm rings use it. It goes by
what is in shop.db, not by names: the journal is the table whose blobs weigh most."""

import hashlib
import pathlib
import sqlite3
import struct
import zlib


class Journal:
    """Opens shop.db of a data folder that no process has open. `rows` are the batches' row ids, oldest first."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.connection = sqlite3.connect(self.folder / "shop.db")
        tables = self.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        found = [self._weigh(table, column) for (table,) in tables
                 for _, column, *_ in self.connection.execute(f'PRAGMA table_info("{table}")').fetchall()]
        self.size, self.table, self.column = max(found)
        self.rows = [row for (row,) in self.connection.execute(
            f"""SELECT rowid FROM "{self.table}" WHERE typeof("{self.column}") = 'blob' ORDER BY rowid""")]
        if len(self.rows) < 3:  # a kill may come early
            raise AssertionError(f"no journal found in shop.db: {found}")

    def _weigh(self, table, column):
        size, = self.connection.execute(f"""SELECT coalesce(sum(length("{column}")), 0) FROM "{table}"
                                            WHERE typeof("{column}") = 'blob'""").fetchone()
        return size, table, column

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.commit()
        self.connection.close()

    def blob(self, row):
        read = f'SELECT "{self.column}" FROM "{self.table}" WHERE rowid = ?'
        return self.connection.execute(read, (row,)).fetchone()[0]

    def write(self, row, blob):
        """With the row's check sum made to fit: whoever changes things on purpose makes that too."""
        self.connection.execute(f'UPDATE "{self.table}" SET "{self.column}" = ? WHERE rowid = ?', (blob, row))
        last, = self.connection.execute(f'SELECT last FROM "{self.table}" WHERE rowid = ?', (row,)).fetchone()
        total = zlib.crc32(struct.pack("<QQ", row, last), zlib.crc32(blob))
        self.connection.execute(f'UPDATE "{self.table}" SET sum = ? WHERE rowid = ?', (total, row))

    def turn_bit(self, row, part):
        """Turns one bit of the batch, at `part` (0 to 1) of its length."""
        blob = bytearray(self.blob(row))
        blob[int(part * (len(blob) - 1))] ^= 0x10
        self.write(row, bytes(blob))

    def forget(self, rows):
        """Takes batches away, and the file that would tell that they were acknowledged."""
        self.folder.joinpath("shop.head").unlink(missing_ok=True)
        self.connection.executemany(f'DELETE FROM "{self.table}" WHERE rowid = ?', [(row,) for row in rows])

    def exchange(self, one, other):
        first, second = self.blob(one), self.blob(other)
        self.write(one, second)
        self.write(other, first)

    def turn_bit_and_chain_anew(self, row, part):
        """Turns one bit of a batch's body, and gives every later batch the hash that now fits: only the rules can tell.
        The layout is docs/formats/journal.md's: five varints, 32 octets of the hash before, the rest."""
        def header(blob):
            at = 0
            for _ in range(5):
                while blob[at] & 0x80:
                    at += 1
                at += 1
            return at
        previous = bytes(32)
        for one in self.rows:
            blob = bytearray(self.blob(one))
            at = header(blob)
            blob[at:at + 32] = previous
            if one == row:
                body = at + 32
                blob[body + int(part * (len(blob) - body - 1))] ^= 1
            self.write(one, bytes(blob))
            previous = hashlib.blake2b(previous + bytes(blob), digest_size=32).digest()
