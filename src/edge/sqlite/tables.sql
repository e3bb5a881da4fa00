-- tables.db: what lists, reports and the user's own SQL read; a projection of the journal that can be made anew at any
-- time. Columns are described in docs/formats/tables.md. Money in minor units, time in milliseconds since 1970 UTC, ids
-- as the journal has them. Facts and holds are written in runs of what is alike but for its number, and read as views.

-- name: writer_settings
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -4096;

-- name: reader_settings
PRAGMA query_only = ON;

-- name: user_version
PRAGMA user_version;

-- name: schema
BEGIN IMMEDIATE;
PRAGMA user_version = 5;
CREATE TABLE bookmark (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
INSERT INTO bookmark VALUES (1, 0, 0);
CREATE TABLE numbers (n INTEGER PRIMARY KEY) STRICT;
INSERT INTO numbers WITH RECURSIVE count (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM count WHERE n < 1023)
    SELECT n FROM count;
CREATE TABLE fact_runs (
    first INTEGER PRIMARY KEY, length INTEGER NOT NULL, at INTEGER NOT NULL, code INTEGER NOT NULL, name TEXT NOT NULL,
    actor TEXT NOT NULL, grant_id INTEGER NOT NULL, drop_id INTEGER NOT NULL) STRICT;
CREATE INDEX fact_runs_of_drop ON fact_runs (drop_id, first) WHERE drop_id > 0;
CREATE VIEW facts (seq, at, code, name, actor, grant_id, drop_id) AS
    SELECT first + n, at, code, name, actor, grant_id, drop_id FROM fact_runs CROSS JOIN numbers ON n < length;
CREATE TABLE products (
    product_id INTEGER PRIMARY KEY, title TEXT NOT NULL, brand TEXT NOT NULL, tax_category TEXT NOT NULL) STRICT;
CREATE TABLE skus (
    sku_id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, sku TEXT NOT NULL, size TEXT NOT NULL,
    unit_cost INTEGER, list_price INTEGER, gtin TEXT NOT NULL) STRICT;
CREATE TABLE places (
    place_id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, time_zone TEXT NOT NULL) STRICT;
CREATE TABLE channels (channel_id INTEGER PRIMARY KEY, name TEXT NOT NULL, mode TEXT NOT NULL) STRICT;
CREATE TABLE stock (
    sku_id INTEGER NOT NULL, place_id INTEGER NOT NULL,
    received INTEGER NOT NULL DEFAULT 0, returned INTEGER NOT NULL DEFAULT 0, moved_in INTEGER NOT NULL DEFAULT 0,
    short INTEGER NOT NULL DEFAULT 0, free INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0,
    sold INTEGER NOT NULL DEFAULT 0, moved_out INTEGER NOT NULL DEFAULT 0, written_off INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (sku_id, place_id)) STRICT, WITHOUT ROWID;
CREATE TABLE drops (
    drop_id INTEGER PRIMARY KEY, slug TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
    opens_at INTEGER NOT NULL, closes_at INTEGER NOT NULL, opened_at INTEGER, closed_at INTEGER,
    settled_at INTEGER) STRICT;
CREATE TABLE drop_lines (
    drop_id INTEGER NOT NULL, line INTEGER NOT NULL, sku_id INTEGER NOT NULL, cap INTEGER NOT NULL,
    list_price INTEGER NOT NULL, floor INTEGER, ended INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0, sold INTEGER NOT NULL DEFAULT 0, refunded INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (drop_id, line)) STRICT, WITHOUT ROWID;
CREATE TABLE drop_line_channels (
    drop_id INTEGER NOT NULL, line INTEGER NOT NULL, channel_id INTEGER NOT NULL, list_price INTEGER NOT NULL,
    floor INTEGER, PRIMARY KEY (drop_id, line, channel_id)) STRICT, WITHOUT ROWID;
CREATE TABLE hold_runs (
    first INTEGER PRIMARY KEY, length INTEGER NOT NULL, drop_id INTEGER NOT NULL, channel_id INTEGER NOT NULL,
    units INTEGER NOT NULL, total INTEGER NOT NULL, placed_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    preorder INTEGER NOT NULL) STRICT;
CREATE TABLE hold_changes (
    hold_id INTEGER PRIMARY KEY, status TEXT NOT NULL, less_units INTEGER NOT NULL, less_total INTEGER NOT NULL,
    ended_at INTEGER) STRICT;
CREATE VIEW holds (hold_id, drop_id, channel_id, status, units, total, placed_at, expires_at, ended_at, preorder) AS
    WITH placed AS MATERIALIZED (SELECT first + n AS hold, r.* FROM hold_runs r CROSS JOIN numbers ON n < r.length)
    SELECT p.hold, p.drop_id, p.channel_id, coalesce(c.status, 'held'), p.units - coalesce(c.less_units, 0),
           p.total - coalesce(c.less_total, 0), p.placed_at, p.expires_at, c.ended_at, p.preorder
    FROM placed p LEFT JOIN hold_changes c ON c.hold_id = p.hold;
CREATE TABLE orders (
    order_id INTEGER PRIMARY KEY, number INTEGER NOT NULL, hold_id INTEGER NOT NULL, drop_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL, place_id INTEGER NOT NULL, person_id INTEGER NOT NULL, status TEXT NOT NULL,
    refund_state TEXT NOT NULL, fulfilment TEXT NOT NULL, units INTEGER NOT NULL, delivery INTEGER NOT NULL,
    tax INTEGER NOT NULL, total INTEGER NOT NULL, paid INTEGER NOT NULL, refunded INTEGER NOT NULL,
    placed_at INTEGER NOT NULL, due_at INTEGER NOT NULL, done_at INTEGER,
    archived_seq INTEGER NOT NULL DEFAULT 0, ship_by INTEGER) STRICT;
CREATE INDEX orders_of_drop ON orders (drop_id, order_id);
CREATE INDEX orders_of_person ON orders (person_id);
CREATE INDEX orders_of_status ON orders (status, order_id);
CREATE TABLE order_lines (
    order_id INTEGER NOT NULL, line INTEGER NOT NULL, drop_line INTEGER NOT NULL, sku_id INTEGER NOT NULL,
    place_id INTEGER NOT NULL, units INTEGER NOT NULL, unit_price INTEGER NOT NULL, gross INTEGER NOT NULL,
    discount INTEGER NOT NULL, tax INTEGER NOT NULL, tax_rate_ppm INTEGER NOT NULL, decision_id INTEGER NOT NULL,
    unit_cost INTEGER, refunded_units INTEGER NOT NULL DEFAULT 0, refunded INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (order_id, line)) STRICT, WITHOUT ROWID;
CREATE TABLE decisions (
    decision_id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL, drop_id INTEGER NOT NULL,
    line INTEGER NOT NULL, channel_id INTEGER NOT NULL, kind TEXT NOT NULL, price INTEGER NOT NULL,
    wanted INTEGER NOT NULL,
    floor INTEGER NOT NULL, arm INTEGER, propensity_ppm INTEGER NOT NULL, policy TEXT NOT NULL, reason TEXT NOT NULL,
    until INTEGER) STRICT;
CREATE INDEX decisions_of_drop ON decisions (drop_id, decision_id);
CREATE TABLE subscribers (
    subscriber_id INTEGER PRIMARY KEY, drop_id INTEGER NOT NULL, person_id INTEGER NOT NULL, status TEXT NOT NULL,
    asked_at INTEGER NOT NULL) STRICT;
CREATE INDEX subscribers_of_drop ON subscribers (drop_id, subscriber_id);
CREATE TABLE refusals (
    drop_id INTEGER NOT NULL, refusal INTEGER NOT NULL, times INTEGER NOT NULL,
    PRIMARY KEY (drop_id, refusal)) STRICT, WITHOUT ROWID;
CREATE TABLE imports (
    import_id INTEGER PRIMARY KEY, file_name TEXT NOT NULL, file_digest TEXT NOT NULL, format TEXT NOT NULL,
    status TEXT NOT NULL, rows INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
    gross INTEGER NOT NULL DEFAULT 0, net INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE demand (
    minute INTEGER NOT NULL, drop_id INTEGER NOT NULL, sku_id INTEGER NOT NULL, place_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (minute, drop_id, sku_id, place_id, channel_id, kind)) STRICT, WITHOUT ROWID;
COMMIT;

-- name: begin
BEGIN IMMEDIATE;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: bookmark
SELECT seq, at FROM bookmark;

-- name: set_bookmark
UPDATE bookmark SET seq = ?1, at = ?2;

-- name: facts
INSERT INTO fact_runs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: product
INSERT OR REPLACE INTO products VALUES (?1, ?2, ?3, ?4);

-- name: sku
INSERT OR REPLACE INTO skus VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: place
INSERT OR REPLACE INTO places VALUES (?1, ?2, ?3, ?4);

-- name: channel
INSERT OR REPLACE INTO channels VALUES (?1, ?2, ?3);

-- name: stock
INSERT INTO stock (sku_id, place_id, received, returned, moved_in, short, free, held, sold, moved_out, written_off)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (sku_id, place_id) DO UPDATE SET
    received = received + excluded.received, returned = returned + excluded.returned,
    moved_in = moved_in + excluded.moved_in, short = short + excluded.short, free = free + excluded.free,
    held = held + excluded.held, sold = sold + excluded.sold, moved_out = moved_out + excluded.moved_out,
    written_off = written_off + excluded.written_off;

-- name: drop
INSERT INTO drops (drop_id, slug, title, kind, status, opens_at, closes_at) VALUES (?1, ?2, ?3, ?4, 'draft', ?5, ?6)
ON CONFLICT (drop_id) DO UPDATE SET slug = excluded.slug, title = excluded.title, kind = excluded.kind,
    opens_at = excluded.opens_at, closes_at = excluded.closes_at;

-- name: drop_line
INSERT INTO drop_lines (drop_id, line, sku_id, cap, list_price, floor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (drop_id, line) DO UPDATE SET sku_id = excluded.sku_id, cap = excluded.cap,
    list_price = excluded.list_price, floor = excluded.floor;

-- name: cut_drop_lines
DELETE FROM drop_lines WHERE drop_id = ?1 AND line >= ?2;

-- name: cut_drop_line_channels
DELETE FROM drop_line_channels WHERE drop_id = ?1;

-- name: drop_line_channel
INSERT INTO drop_line_channels (drop_id, line, channel_id, list_price, floor) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: end_drop_line
UPDATE drop_lines SET ended = 1 WHERE drop_id = ?1 AND line = ?2;

-- name: drop_status
UPDATE drops SET status = ?2 WHERE drop_id = ?1;

-- name: drop_opened
UPDATE drops SET status = 'open', opened_at = ?2 WHERE drop_id = ?1;

-- name: drop_closed
UPDATE drops SET status = 'closed', closed_at = coalesce(closed_at, ?2) WHERE drop_id = ?1;

-- name: drop_settled
UPDATE drops SET status = 'settled', settled_at = ?2 WHERE drop_id = ?1;

-- name: drop_use
UPDATE drop_lines SET held = held + ?3, sold = sold + ?4, refunded = refunded + ?5 WHERE drop_id = ?1 AND line = ?2;

-- name: holds
INSERT INTO hold_runs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- name: hold_reduced
INSERT INTO hold_changes VALUES (?1, 'held', ?2, ?3, NULL) ON CONFLICT (hold_id) DO UPDATE SET
    less_units = less_units + excluded.less_units, less_total = less_total + excluded.less_total;

-- name: hold_ended
INSERT INTO hold_changes VALUES (?1, ?2, 0, 0, ?3) ON CONFLICT (hold_id) DO UPDATE SET
    status = excluded.status, ended_at = excluded.ended_at;

-- name: order
INSERT INTO orders VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'none', ?9, ?10, ?11, ?12, ?13, ?14, 0, ?15,
    coalesce(?16, max(?15, coalesce((SELECT closes_at FROM drops WHERE drop_id = ?4), 0))), NULL, 0, ?16);

-- name: order_archived
UPDATE orders SET archived_seq = ?2 WHERE order_id = ?1;

-- name: archived_orders
SELECT archived_seq FROM orders
WHERE archived_seq > 0 AND (order_id = ?1 OR drop_id = ?2 OR person_id = ?3) ORDER BY order_id;

-- name: subscribed
INSERT INTO subscribers VALUES (?1, ?2, ?3, 'pending', ?4);

-- name: subscriber_status
UPDATE subscribers SET status = ?2 WHERE subscriber_id = ?1;

-- name: person_erased
UPDATE subscribers SET status = 'ended' WHERE person_id = ?1;

-- name: list_subscribers
SELECT subscriber_id, drop_id, person_id, status, asked_at FROM subscribers
WHERE subscriber_id < ?1 AND drop_id = ?2 AND (?3 IS NULL OR status = ?3) ORDER BY subscriber_id DESC LIMIT ?4;

-- name: orders_due_anew
UPDATE orders SET due_at = max(placed_at, ?2) WHERE drop_id = ?1 AND done_at IS NULL AND ship_by IS NULL;

-- name: order_line
INSERT INTO order_lines VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, 0);

-- name: order_status
UPDATE orders SET status = ?2, done_at = coalesce(?3, done_at) WHERE order_id = ?1;

-- name: order_paid
UPDATE orders SET paid = paid + ?2, status = CASE status WHEN 'awaiting_payment' THEN 'paid' ELSE status END
WHERE order_id = ?1;

-- name: order_refunded
UPDATE orders SET refunded = refunded + ?2, refund_state = CASE
    WHEN refunded + ?2 = 0 THEN 'none' WHEN refunded + ?2 = paid THEN 'fully' ELSE 'partly' END
WHERE order_id = ?1;

-- name: order_line_refunded
UPDATE order_lines SET refunded_units = refunded_units + ?3, refunded = refunded + ?4 WHERE order_id = ?1 AND line = ?2;

-- name: decision
INSERT INTO decisions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15);

-- name: refusal
INSERT INTO refusals VALUES (?1, ?2, ?3) ON CONFLICT (drop_id, refusal) DO UPDATE SET times = times + excluded.times;

-- name: import_begun
INSERT INTO imports (import_id, file_name, file_digest, format, status) VALUES (?1, ?2, ?3, ?4, 'staging');

-- name: import_done
UPDATE imports SET status = ?2, rows = ?3, unchanged = ?4, gross = ?5, net = ?6 WHERE import_id = ?1;

-- name: demand
INSERT INTO demand VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (minute, drop_id, sku_id, place_id, channel_id, kind) DO UPDATE SET count = count + excluded.count;

-- name: list_orders
SELECT order_id, number, drop_id, channel_id, place_id, person_id, status, refund_state, fulfilment, units, total, paid,
       refunded, placed_at, due_at, archived_seq
FROM orders
WHERE order_id < ?1 AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR drop_id = ?3) AND (?4 IS NULL OR place_id = ?4)
  AND (?5 IS NULL OR (due_at < ?5 AND done_at IS NULL AND status <> 'cancelled' AND refund_state <> 'fully'))
  AND (?7 IS NULL OR place_id IN (SELECT value FROM json_each(?7)) OR EXISTS (
      SELECT 1 FROM order_lines l
      WHERE l.order_id = orders.order_id AND l.place_id IN (SELECT value FROM json_each(?7))))
  AND (?8 IS NULL OR channel_id IN (SELECT value FROM json_each(?8)))
ORDER BY order_id DESC LIMIT ?6;

-- name: list_decisions
SELECT decision_id, seq FROM decisions
WHERE decision_id < ?1 AND (?2 IS NULL OR drop_id = ?2) AND (?3 IS NULL OR kind = ?3)
ORDER BY decision_id DESC LIMIT ?4;

-- name: list_facts
SELECT first, length FROM fact_runs WHERE first < ?1 AND (?2 IS NULL OR code = ?2) ORDER BY first DESC LIMIT ?3;

-- name: list_facts_of_drop
SELECT first, length FROM fact_runs WHERE drop_id = ?4 AND drop_id > 0 AND first < ?1 AND (?2 IS NULL OR code = ?2)
ORDER BY first DESC LIMIT ?3;

-- name: list_refusals
SELECT drop_id, refusal, times FROM refusals WHERE drop_id = ?1 ORDER BY refusal;
