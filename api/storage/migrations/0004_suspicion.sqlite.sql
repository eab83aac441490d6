-- Rulings on ballots, and what they withdraw from the count.

-- Rows are only added. The unique key finds a ballot's last ruling, and lets no two be the same step.
CREATE TABLE rulings (
    id INTEGER NOT NULL PRIMARY KEY,
    ballot_id VARCHAR(26) NOT NULL REFERENCES ballots (id) ON DELETE RESTRICT,
    step SMALLINT NOT NULL,
    kind VARCHAR(8) NOT NULL,
    reason TEXT NOT NULL,
    ruled_at TIMESTAMP NOT NULL,
    ruled_by VARCHAR(64) NOT NULL,
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
