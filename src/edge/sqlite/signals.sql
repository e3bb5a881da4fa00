-- signals.db: raw events as they came in, once by source + id. See docs/formats/tables.md.

-- name: writer_settings
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -8192;

-- name: schema
CREATE TABLE IF NOT EXISTS signal (
    row        INTEGER PRIMARY KEY AUTOINCREMENT,  -- in order of arrival, never used again
    same       BLOB    NOT NULL,                   -- 16 octets of BLAKE2b over source and id
    source     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    received   INTEGER NOT NULL,
    minute     INTEGER NOT NULL,                   -- of the event's own time, since 1970
    drop_id    INTEGER NOT NULL,
    sku_id     INTEGER NOT NULL,
    place_id   INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    kind       INTEGER NOT NULL,
    count      INTEGER NOT NULL,
    data       TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS signal_once ON signal (same);

-- name: begin
BEGIN IMMEDIATE;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: put
INSERT OR IGNORE INTO signal
    (same, source, id, received, minute, drop_id, sku_id, place_id, channel_id, kind, count, data)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12);

-- name: after
SELECT row, minute, drop_id, sku_id, place_id, channel_id, kind, count, same, data FROM signal
WHERE row > ?1 ORDER BY row;

-- name: forget
DELETE FROM signal WHERE row <= ?1 AND received < ?2;
