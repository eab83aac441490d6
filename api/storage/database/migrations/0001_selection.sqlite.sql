-- Campaigns, their projects, and the ballots with what was counted from them.
-- Types are the names that Tortoise gives them; SQLite itself does not enforce lengths.

CREATE TABLE campaigns (
    slug VARCHAR(64) NOT NULL PRIMARY KEY,
    revision INT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    organizer_zh TEXT NOT NULL,
    organizer_en TEXT NOT NULL,
    edition INT,
    time_zone VARCHAR(64) NOT NULL,
    opens_at TIMESTAMP NOT NULL,
    closes_at TIMESTAMP NOT NULL,
    published_at TIMESTAMP,
    minimum_choices SMALLINT NOT NULL,
    maximum_choices SMALLINT NOT NULL,
    quota_limit SMALLINT NOT NULL,
    quota_period VARCHAR(8) NOT NULL,
    visibility VARCHAR(24) NOT NULL,
    stages JSON NOT NULL,
    criteria JSON NOT NULL,
    source JSON,
    voter_salt VARCHAR(64)
);

CREATE TABLE districts (
    code VARCHAR(12) NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL
);

-- No index on district_id: a campaign's projects are read whole, and districts are not deleted.
CREATE TABLE projects (
    id VARCHAR(96) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    number SMALLINT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    summary_zh TEXT NOT NULL,
    summary_en TEXT NOT NULL,
    organization_zh TEXT,
    organization_en TEXT,
    level VARCHAR(12) NOT NULL,
    district_id VARCHAR(12) REFERENCES districts (code) ON DELETE RESTRICT,
    themes JSON NOT NULL,
    start_year SMALLINT,
    figures JSON NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    UNIQUE (campaign_id, number)
);

-- No index beyond the two unique keys: every ballot would pay for it, and only a recount reads ballots in bulk: all.
CREATE TABLE ballots (
    id VARCHAR(26) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    cast_at TIMESTAMP NOT NULL,
    choices BLOB NOT NULL,
    retry_tag VARCHAR(32) UNIQUE
);

-- An id is the row's own number; without AUTOINCREMENT, because nothing relies on ids never being used again.
-- The unique key begins with the campaign, and is what an upsert names as its conflict.
CREATE TABLE tallies (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    shard SMALLINT NOT NULL,
    project SMALLINT NOT NULL,
    votes BIGINT NOT NULL,
    UNIQUE (campaign_id, day, shard, project),
    CONSTRAINT tallies_votes_check CHECK (votes >= 0)
);

CREATE TABLE turnouts (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    shard SMALLINT NOT NULL,
    ballots BIGINT NOT NULL,
    UNIQUE (campaign_id, day, shard),
    CONSTRAINT turnouts_ballots_check CHECK (ballots >= 0)
);
