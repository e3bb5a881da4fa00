-- snapshots.db: states as bytes, written by a child process beside the running shop, so that it never waits for them.

-- name: settings
PRAGMA journal_mode = DELETE;
PRAGMA synchronous = FULL;

-- name: schema
CREATE TABLE IF NOT EXISTS snapshot (
    schema       TEXT    NOT NULL,
    seq          INTEGER NOT NULL,  -- facts up to here are in it
    journal_hash BLOB    NOT NULL,  -- head of the chain at seq
    digest       BLOB    NOT NULL,  -- BLAKE2b-256 of state: a damaged snapshot is passed over
    state        BLOB    NOT NULL,
    PRIMARY KEY (schema, seq)
) STRICT;

-- name: put
INSERT OR REPLACE INTO snapshot (schema, seq, journal_hash, digest, state) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: forget_old
DELETE FROM snapshot WHERE schema <> ?1 OR seq NOT IN (
    SELECT seq FROM snapshot WHERE schema = ?1 ORDER BY seq DESC LIMIT 2);

-- name: newest
SELECT seq, journal_hash, digest, state FROM snapshot WHERE schema = ?1 ORDER BY seq DESC;
