-- The counts of campaigns whose standings are seen as of an earlier moment, as of each such moment of the last day: every
-- process shows these, also after a restart.
CREATE TABLE earlier_counts (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    moment TIMESTAMP NOT NULL,
    counts BLOB NOT NULL,
    UNIQUE (campaign_id, moment)
);
