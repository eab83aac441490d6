-- The orders of results that cursors refer to, so that whoever pages through them finds every project once while ranks
-- move. An order is deleted a day after it was last in use.
CREATE TABLE kept_orders (
    id VARCHAR(16) NOT NULL PRIMARY KEY,
    places BLOB NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE INDEX idx_kept_orders_seen_at ON kept_orders (seen_at);
