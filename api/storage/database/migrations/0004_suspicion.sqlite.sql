-- Rulings on ballots, what they withdraw from the count, and the signals and suspicions that may lead to them.

-- Rows are only added. The unique key finds a ballot's last ruling, and lets no two be the same step.
CREATE TABLE rulings (
    id INTEGER NOT NULL PRIMARY KEY,
    ballot_id VARCHAR(26) NOT NULL REFERENCES ballots (id) ON DELETE RESTRICT,
    step SMALLINT NOT NULL,
    kind VARCHAR(8) NOT NULL,
    reason TEXT NOT NULL,
    ruled_at TIMESTAMP NOT NULL,
    ruled_by VARCHAR(26),
    UNIQUE (ballot_id, step)
);

-- Held and voided ballots stay in tallies and turnouts, which only grow; readers subtract these rows.
CREATE TABLE withdrawals (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    project SMALLINT NOT NULL,
    held BIGINT NOT NULL,
    voided BIGINT NOT NULL,
    UNIQUE (campaign_id, day, project),
    CONSTRAINT withdrawals_held_check CHECK (held >= 0),
    CONSTRAINT withdrawals_voided_check CHECK (voided >= 0)
);

-- Keys are HMACs; rows live for hours, and for days where a suspicion rests on them. The unique key finds the newest of a
-- key and lets a batch be written twice; the index on cast_at finds what is to be deleted.
CREATE TABLE signals (
    id INTEGER NOT NULL PRIMARY KEY,
    key VARCHAR(26) NOT NULL,
    cast_at TIMESTAMP NOT NULL,
    ballot_key VARCHAR(26) NOT NULL,
    UNIQUE (key, cast_at, ballot_key)
);
CREATE INDEX idx_signals_cast_at ON signals (cast_at);

CREATE TABLE suspicions (
    number INTEGER NOT NULL PRIMARY KEY,
    key VARCHAR(26) NOT NULL UNIQUE,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    kind VARCHAR(16) NOT NULL,
    first_at TIMESTAMP NOT NULL,
    last_at TIMESTAMP NOT NULL
);
