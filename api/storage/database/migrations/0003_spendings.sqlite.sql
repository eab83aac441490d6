-- What the busiest callers have spent, at all processes together. A key says nothing without the server's secret, and is
-- deleted half a minute later.
CREATE TABLE spendings (
    id VARCHAR(32) NOT NULL PRIMARY KEY,
    period BIGINT NOT NULL,
    spent INT NOT NULL
);
