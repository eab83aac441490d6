-- Retry tags move to a table of their own, as on PostgreSQL, where a key that is unique over all ballots would keep these
-- from being partitioned. SQLite cannot drop a column that is unique, so the ballots move to a new table.

CREATE TABLE retries (
    tag VARCHAR(32) NOT NULL PRIMARY KEY,
    ballot_key VARCHAR(26) NOT NULL
);

INSERT INTO retries (tag, ballot_key) SELECT retry_tag, id FROM ballots WHERE retry_tag IS NOT NULL;

CREATE TABLE ballots_without_tags (
    id VARCHAR(26) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    cast_at TIMESTAMP NOT NULL,
    choices BLOB NOT NULL
);

INSERT INTO ballots_without_tags (id, campaign_id, day, cast_at, choices)
SELECT id, campaign_id, day, cast_at, choices FROM ballots ORDER BY rowid;

DROP TABLE ballots;

ALTER TABLE ballots_without_tags RENAME TO ballots;
