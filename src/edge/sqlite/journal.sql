-- shop.db: the journal and the vault. Only the loop's thread writes. See docs/formats/journal.md.

-- name: writer_settings
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 0;
PRAGMA secure_delete = ON;
PRAGMA cache_size = -8192;

-- name: reader_settings
PRAGMA query_only = ON;
PRAGMA cache_size = -2048;

-- name: schema
PRAGMA application_id = 1146244944;
PRAGMA user_version = 1;
CREATE TABLE IF NOT EXISTS batch (
    first INTEGER PRIMARY KEY,      -- sequence of its first fact
    last  INTEGER NOT NULL,
    bytes BLOB    NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS vault (
    kind  TEXT NOT NULL,            -- "person", "secret" ...
    key   BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

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
INSERT INTO batch (first, last, bytes) VALUES (?1, ?2, ?3);

-- name: put_vault
INSERT INTO vault (kind, key, value) VALUES (?1, ?2, ?3) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value;

-- name: erase_vault
DELETE FROM vault WHERE kind = ?1 AND key = ?2;

-- name: head
SELECT last FROM batch ORDER BY first DESC LIMIT 1;

-- name: read_from
SELECT first, last, bytes FROM batch
WHERE first >= coalesce((SELECT max(first) FROM batch WHERE first <= ?1), 0) AND last >= ?1
ORDER BY first;

-- name: get_vault
SELECT value FROM vault WHERE kind = ?1 AND key = ?2;

-- name: each_vault
SELECT key, value FROM vault WHERE kind = ?1 ORDER BY key;
