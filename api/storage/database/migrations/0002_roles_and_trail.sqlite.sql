-- Roles given to viewers, sessions ended, and the trail of what happened.

-- campaign is '' for a role in every campaign: a unique key would take any number of nulls.
CREATE TABLE grants (
    id INTEGER NOT NULL PRIMARY KEY,
    viewer VARCHAR(26) NOT NULL,
    role VARCHAR(16) NOT NULL,
    campaign VARCHAR(64) NOT NULL,
    UNIQUE (viewer, role, campaign)
);

-- The numbers have no gap and no generator: one revocation is committed before the next can have its number.
CREATE TABLE revocations (
    number INT NOT NULL PRIMARY KEY,
    viewer VARCHAR(26)
);

-- AUTOINCREMENT: a number is never given twice.
CREATE TABLE trail (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TIMESTAMP NOT NULL,
    kind VARCHAR(24) NOT NULL,
    campaign VARCHAR(64),
    actor VARCHAR(26),
    details JSON NOT NULL
);

CREATE TRIGGER trail_is_never_changed BEFORE UPDATE ON trail
BEGIN
    SELECT RAISE(ABORT, 'the trail is append-only');
END;

CREATE TRIGGER trail_is_never_shortened BEFORE DELETE ON trail
BEGIN
    SELECT RAISE(ABORT, 'the trail is append-only');
END;
