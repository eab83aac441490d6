-- A ruling names its ballot, but refers to it no longer: ballots may lie in several databases, or in partitions by day.
-- Rulings are made on ballots that the same transaction has read, and no ballot that can be ruled on is ever deleted.
CREATE TABLE new_rulings (
    id INTEGER NOT NULL PRIMARY KEY,
    ballot_id VARCHAR(26) NOT NULL,
    step SMALLINT NOT NULL,
    kind VARCHAR(8) NOT NULL,
    reason TEXT NOT NULL,
    ruled_at TIMESTAMP NOT NULL,
    ruled_by VARCHAR(26),
    UNIQUE (ballot_id, step)
);
INSERT INTO new_rulings (id, ballot_id, step, kind, reason, ruled_at, ruled_by)
SELECT id, ballot_id, step, kind, reason, ruled_at, ruled_by FROM rulings;
DROP TABLE rulings;
ALTER TABLE new_rulings RENAME TO rulings;
