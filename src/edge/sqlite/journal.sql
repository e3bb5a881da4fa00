-- shop.db: the journal and the vault. Only the loop's thread writes. See docs/formats/journal.md.

-- name: writer_settings
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 0;
PRAGMA secure_delete = ON;
PRAGMA cache_size = -2048;

-- name: reader_settings
PRAGMA query_only = ON;
PRAGMA cache_size = -2048;

-- name: schema
PRAGMA application_id = 1146244944;
PRAGMA user_version = 2;
CREATE TABLE IF NOT EXISTS batch (
    first INTEGER PRIMARY KEY,      -- sequence of its first fact
    last  INTEGER NOT NULL,
    bytes BLOB    NOT NULL,
    sum   INTEGER                   -- of the row (edge/sqlite/sums.h); none: written by layout 1
) STRICT;
CREATE TABLE IF NOT EXISTS vault (
    kind  TEXT NOT NULL,            -- "person", "secret" ...
    key   BLOB NOT NULL,
    value BLOB NOT NULL,
    sum   INTEGER,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

-- name: from_layout_1
BEGIN IMMEDIATE;
ALTER TABLE batch ADD COLUMN sum INTEGER;
ALTER TABLE vault ADD COLUMN sum INTEGER;
PRAGMA user_version = 2;
COMMIT;

-- name: application_id
PRAGMA application_id;

-- name: user_version
PRAGMA user_version;

-- name: limit_pages
PRAGMA max_page_count =

-- name: begin
BEGIN IMMEDIATE;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: append_batch
INSERT INTO batch (first, last, bytes, sum) VALUES (?1, ?2, ?3, ?4);

-- name: put_vault
INSERT INTO vault (kind, key, value, sum) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, sum = excluded.sum;

-- name: erase_vault
DELETE FROM vault WHERE kind = ?1 AND key = ?2;

-- name: head
SELECT first, last, bytes, sum FROM batch ORDER BY first DESC LIMIT 1;

-- name: read_from
SELECT first, last, bytes, sum FROM batch
WHERE first >= coalesce((SELECT max(first) FROM batch WHERE first <= ?1), 0)
ORDER BY first;

-- name: get_vault
SELECT value, sum FROM vault WHERE kind = ?1 AND key = ?2;

-- name: each_vault
SELECT key, value, sum FROM vault WHERE kind = ?1 ORDER BY key;

-- name: whole_vault
SELECT kind, key, value, sum FROM vault;

-- name: structure
PRAGMA integrity_check(1);
