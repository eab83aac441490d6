-- The panel of experts with their reviews and ballots, and what the stages of a selection have decided, with the objections to
-- it. Campaigns get the terms of their panel, the digest of the seed for lots, and what was announced when.

ALTER TABLE campaigns ADD COLUMN panel JSON;
ALTER TABLE campaigns ADD COLUMN lot_digest VARCHAR(64);
ALTER TABLE campaigns ADD COLUMN announcements JSON;

-- Members of enums were stored as the sentences that describe them; from now on by their names.
UPDATE campaigns SET stages = replace(replace(replace(replace(replace(stages,
    '"All that are equal at the cut line pass, even if that makes more than there are seats."', '"ALL_IN"'),
    '"A further criterion that the organizer has named decides."', '"FURTHER_CRITERION"'),
    '"The experts vote once more, among those that are equal."', '"EXPERT_REVOTE"'),
    '"Lots are drawn, by a seed whose digest was published before voting opened."', '"LOT"'),
    '"The organizer decides, and the decision is on record with its reason."', '"RECORDED_DECISION"');
UPDATE campaigns SET rules = replace(replace(replace(replace(replace(replace(rules,
    '"One hour of the clocks in the campaign''s time zone. A new hour brings a new quota."', '"HOUR"'),
    '"One voting day, in the campaign''s time zone. A new day brings a new quota."', '"DAY"'),
    '"The whole campaign. A quota that is used up stays used up."', '"CAMPAIGN"'),
    '"By theme; a project of several themes is in several groups."', '"THEME"'),
    '"By district; projects without one are in no group."', '"DISTRICT"'),
    '"By who carries them: the city, a district, or not stated."', '"LEVEL"');

CREATE TABLE experts (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    number SMALLINT NOT NULL,
    name VARCHAR(200) NOT NULL,
    organization VARCHAR(200),
    viewer VARCHAR(26),
    code_digest VARCHAR(64) UNIQUE,
    claim VARCHAR(64),
    claim_value VARCHAR(200),
    invited_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    accepted_at TIMESTAMP,
    dropped_at TIMESTAMP,
    dropped_reason JSON,
    UNIQUE (campaign_id, number),
    UNIQUE (campaign_id, viewer)
);

CREATE TABLE reviews (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    expert SMALLINT NOT NULL,
    project INT NOT NULL,
    state VARCHAR(12) NOT NULL,
    assigned INT NOT NULL,
    scores JSON NOT NULL,
    comment TEXT,
    reason TEXT,
    by_organizer INT NOT NULL,
    revision INT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (campaign_id, expert, project)
);

CREATE TABLE review_revisions (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    expert SMALLINT NOT NULL,
    project INT NOT NULL,
    revision INT NOT NULL,
    at TIMESTAMP NOT NULL,
    state VARCHAR(12) NOT NULL,
    scores JSON NOT NULL,
    comment TEXT,
    reason TEXT,
    UNIQUE (campaign_id, expert, project, revision)
);

CREATE TABLE expert_ballots (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    stage VARCHAR(40) NOT NULL,
    expert SMALLINT NOT NULL,
    choices JSON NOT NULL,
    revision INT NOT NULL,
    cast_at TIMESTAMP NOT NULL,
    UNIQUE (campaign_id, stage, expert)
);

CREATE TABLE selections (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    stage VARCHAR(40) NOT NULL,
    version INT NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    record TEXT NOT NULL,
    outcome TEXT NOT NULL,
    trace TEXT NOT NULL,
    digest VARCHAR(64) NOT NULL,
    reason JSON,
    UNIQUE (campaign_id, stage, version)
);

CREATE TABLE objections (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    stage VARCHAR(40) NOT NULL,
    number INT NOT NULL,
    at TIMESTAMP NOT NULL,
    "by" VARCHAR(200) NOT NULL,
    project INT,
    text TEXT NOT NULL,
    answer JSON,
    answered_at TIMESTAMP,
    UNIQUE (campaign_id, stage, number)
);

CREATE TRIGGER review_revisions_are_never_changed BEFORE UPDATE ON review_revisions
BEGIN
    SELECT RAISE(ABORT, 'rows of review_revisions are never changed');
END;

CREATE TRIGGER review_revisions_are_never_deleted BEFORE DELETE ON review_revisions
BEGIN
    SELECT RAISE(ABORT, 'rows of review_revisions are never changed');
END;

CREATE TRIGGER selections_are_never_changed BEFORE UPDATE ON selections
BEGIN
    SELECT RAISE(ABORT, 'rows of selections are never changed');
END;

CREATE TRIGGER selections_are_never_deleted BEFORE DELETE ON selections
BEGIN
    SELECT RAISE(ABORT, 'rows of selections are never changed');
END;
