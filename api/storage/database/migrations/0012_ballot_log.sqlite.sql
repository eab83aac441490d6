-- The ballot log: what waits to be sealed, the logs with their tiles and entries, and how many people signed in on a day.
-- A row of the queue is what one commit has stored of a campaign's ballots: their ids of 26 characters, one after the other.
-- All ballots there are, and then all rulings on them, wait from now on.

ALTER TABLE ballots ADD COLUMN client_tag BLOB;

CREATE TABLE log_queue (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    ballots TEXT NOT NULL,
    ruling JSON
);

CREATE TABLE logs (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    generation SMALLINT NOT NULL,
    origin VARCHAR(400) NOT NULL,
    size BIGINT NOT NULL,
    root BLOB NOT NULL,
    ballots BIGINT NOT NULL,
    state JSON NOT NULL,
    sealed_at TIMESTAMP,
    published_size BIGINT NOT NULL,
    published_at TIMESTAMP,
    note TEXT,
    continues JSON,
    UNIQUE (campaign_id, generation)
);

CREATE TABLE log_tiles (
    id INTEGER NOT NULL PRIMARY KEY,
    log_id BIGINT NOT NULL REFERENCES logs (id) ON DELETE RESTRICT,
    level SMALLINT NOT NULL,
    n BIGINT NOT NULL,
    hashes BLOB NOT NULL,
    UNIQUE (log_id, level, n)
);

CREATE TABLE log_bundles (
    id INTEGER NOT NULL PRIMARY KEY,
    log_id BIGINT NOT NULL REFERENCES logs (id) ON DELETE RESTRICT,
    n BIGINT NOT NULL,
    entries BLOB NOT NULL,
    ballots TEXT NOT NULL,
    UNIQUE (log_id, n)
);

CREATE TABLE log_places (
    ballot_id VARCHAR(26) NOT NULL PRIMARY KEY,
    log_id BIGINT NOT NULL REFERENCES logs (id) ON DELETE RESTRICT,
    place BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE log_documents (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    sha256 VARCHAR(64) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    content BLOB NOT NULL,
    UNIQUE (campaign_id, sha256)
);

CREATE TABLE sign_ins (
    id INTEGER NOT NULL PRIMARY KEY,
    zone VARCHAR(64) NOT NULL,
    day DATE NOT NULL,
    key VARCHAR(26) NOT NULL,
    UNIQUE (zone, day, key)
);

CREATE TABLE sign_in_days (
    id INTEGER NOT NULL PRIMARY KEY,
    zone VARCHAR(64) NOT NULL,
    day DATE NOT NULL,
    count BIGINT NOT NULL,
    UNIQUE (zone, day)
);

INSERT INTO log_queue (campaign_id, ballots)
SELECT campaign_id, group_concat(id, '')
FROM (
    SELECT campaign_id, id, (row_number() OVER (PARTITION BY campaign_id ORDER BY id) - 1) / 1000 AS portion FROM ballots
) AS numbered
GROUP BY campaign_id, portion
ORDER BY campaign_id, portion;

-- sha256 is a function that our connections have: SQLite itself has none.
INSERT INTO log_queue (campaign_id, ballots, ruling)
SELECT ballots.campaign_id, ballots.id, json_object('kind', kind, 'reason_sha256', sha256(reason))
FROM rulings JOIN ballots ON ballots.id = rulings.ballot_id
ORDER BY rulings.id;
