-- What the busiest callers have spent, at all processes together. A key says nothing without the server's secret, and is
-- deleted half a minute later. Lost in a crash, it is no loss: so nothing is written ahead for it.
CREATE UNLOGGED TABLE spendings (
    id varchar(32) NOT NULL PRIMARY KEY,
    period bigint NOT NULL,
    spent integer NOT NULL
);
