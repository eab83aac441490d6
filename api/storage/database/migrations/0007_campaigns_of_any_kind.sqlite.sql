-- Campaigns of any kind: texts in any languages as one JSON value each, themes, districts and awards of a campaign's own, further
-- rules, its state and what happened to it. Projects get a position, which is what ballots and tallies store: what was a number.
-- Ballots and counts know the channel that a ballot came by. SQLite cannot change columns, so the rows move to new tables.

CREATE TABLE new_campaigns (
    slug VARCHAR(64) NOT NULL PRIMARY KEY,
    revision INT NOT NULL,
    state VARCHAR(12) NOT NULL,
    languages JSON NOT NULL,
    title JSON NOT NULL,
    organizer JSON NOT NULL,
    candidate_term JSON,
    cover JSON,
    edition INT,
    time_zone VARCHAR(64) NOT NULL,
    opens_at TIMESTAMP NOT NULL,
    closes_at TIMESTAMP NOT NULL,
    published_at TIMESTAMP,
    minimum_choices SMALLINT NOT NULL,
    maximum_choices SMALLINT NOT NULL,
    quota_limit SMALLINT NOT NULL,
    quota_period VARCHAR(8) NOT NULL,
    quota_per_channel INT NOT NULL,
    rules JSON NOT NULL,
    visibility VARCHAR(24) NOT NULL,
    results_at VARCHAR(5),
    results_step VARCHAR(8) NOT NULL,
    currency VARCHAR(3),
    themes JSON NOT NULL,
    own_districts JSON NOT NULL,
    awards JSON NOT NULL,
    pauses JSON NOT NULL,
    extensions JSON NOT NULL,
    voided_votes JSON NOT NULL,
    stages JSON NOT NULL,
    criteria JSON NOT NULL,
    source JSON,
    voter_salt VARCHAR(64)
);

INSERT INTO new_campaigns (
    slug, revision, state, languages, title, organizer, edition, time_zone, opens_at, closes_at, published_at, minimum_choices,
    maximum_choices, quota_limit, quota_period, quota_per_channel, rules, visibility, results_step, themes, own_districts, awards,
    pauses, extensions, voided_votes, stages, criteria, source, voter_salt
)
SELECT
    slug, revision, 'PRESENTED', '["zh", "en"]',
    json_object('translations', json_array(json_array('zh', title_zh), json_array('en', title_en))),
    json_object('translations', json_array(json_array('zh', organizer_zh), json_array('en', organizer_en))),
    edition, time_zone, opens_at, closes_at, published_at, minimum_choices, maximum_choices, quota_limit, quota_period, 0, '[]',
    visibility, 'SECOND',
    '[{"code":"ELDER_CARE","name":{"translations":[["zh","为老服务"],["en","Elder care"]]},"description":null},
{"code":"HEALTH","name":{"translations":[["zh","健康医疗"],["en","Health"]]},"description":null},
{"code":"EDUCATION_AND_FAMILY","name":{"translations":[["zh","教育与家庭"],["en","Education and family"]]},"description":null},
{"code":"CULTURE","name":{"translations":[["zh","文化与阅读"],["en","Culture and reading"]]},"description":null},
{"code":"WORK_AND_ENTERPRISE","name":{"translations":[["zh","就业创业与职工服务"],["en","Work and enterprise"]]},"description":null},
{"code":"PUBLIC_SAFETY","name":{"translations":[["zh","公共安全与交通"],["en","Safety and traffic"]]},"description":null},
{"code":"URBAN_ENVIRONMENT","name":{"translations":[["zh","城市环境与住房"],["en","Urban environment and housing"]]},"description":null},
{"code":"DISPUTES_AND_APPEALS","name":{"translations":[["zh","调解与信访"],["en","Disputes and appeals"]]},"description":null},
{"code":"SELF_GOVERNANCE","name":{"translations":[["zh","居民自治"],["en","Residents'' self-governance"]]},"description":null},
{"code":"NEIGHBOURHOOD_SERVICES","name":{"translations":[["zh","邻里与居委会服务"],["en","Neighbourhood services"]]},"description":null},
{"code":"PARTY_BUILDING","name":{"translations":[["zh","党建引领"],["en","Party building"]]},"description":null},
{"code":"DIGITAL_SERVICES","name":{"translations":[["zh","互联网与数字服务"],["en","Digital services"]]},"description":null},
{"code":"VOLUNTEERING_AND_CHARITY","name":{"translations":[["zh","志愿与公益"],["en","Volunteering and charity"]]},"description":null},
{"code":"SOCIAL_ORGANIZATIONS","name":{"translations":[["zh","社会组织"],["en","Social organizations"]]},"description":null}]',
    '[]', '[]', '[]', '[]', '[]',
    (
        SELECT json_group_array(json_set(value, '$.ties', json_array(), '$.name', json_object('translations', json_array(json_array('zh', json_extract(value, '$.name.zh')), json_array('en', json_extract(value, '$.name.en'))))))
        FROM json_each(stages)
    ),
    (
        SELECT json_group_array(json_set(value, '$.name', json_object('translations', json_array(json_array('zh', json_extract(value, '$.name.zh')), json_array('en', json_extract(value, '$.name.en'))))))
        FROM json_each(criteria)
    ),
    source, voter_salt
FROM campaigns;

DROP TABLE campaigns;

ALTER TABLE new_campaigns RENAME TO campaigns;

CREATE TABLE new_districts (
    code VARCHAR(12) NOT NULL PRIMARY KEY,
    name JSON NOT NULL
);

INSERT INTO new_districts (code, name)
SELECT code, json_object('translations', json_array(json_array('zh', name_zh), json_array('en', name_en))) FROM districts;

DROP TABLE districts;

ALTER TABLE new_districts RENAME TO districts;

CREATE TABLE new_projects (
    id VARCHAR(96) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    number INT NOT NULL,
    position SMALLINT NOT NULL,
    code VARCHAR(64),
    title JSON NOT NULL,
    summary JSON,
    organization JSON,
    description JSON,
    level VARCHAR(12) NOT NULL,
    district_id VARCHAR(12) REFERENCES districts (code) ON DELETE RESTRICT,
    own_district VARCHAR(40),
    themes JSON NOT NULL,
    start_year SMALLINT,
    figures JSON NOT NULL,
    images JSON NOT NULL,
    links JSON NOT NULL,
    cost VARCHAR(40),
    outcome VARCHAR(16) NOT NULL,
    award VARCHAR(40),
    standing VARCHAR(12) NOT NULL,
    standing_reason JSON,
    standing_since TIMESTAMP,
    replacement VARCHAR(16),
    UNIQUE (campaign_id, number),
    UNIQUE (campaign_id, position),
    UNIQUE (campaign_id, code)
);

INSERT INTO new_projects (
    id, campaign_id, number, position, title, summary, organization, level, district_id, themes, start_year, figures, images, links,
    outcome, standing
)
SELECT
    id, campaign_id, number, number,
    json_object('translations', json_array(json_array('zh', title_zh), json_array('en', title_en))),
    json_object('translations', json_array(json_array('zh', summary_zh), json_array('en', summary_en))),
    CASE WHEN organization_zh IS NOT NULL THEN json_object('translations', json_array(json_array('zh', organization_zh), json_array('en', coalesce(organization_en, '')))) END,
    level, district_id, themes, start_year,
    (
        SELECT json_group_array(json_set(
            value,
            '$.label', json_object('translations', json_array(json_array('zh', json_extract(value, '$.label.zh')), json_array('en', json_extract(value, '$.label.en')))),
            '$.unit', json(CASE json_type(value, '$.unit') WHEN 'object' THEN json_object('translations', json_array(json_array('zh', json_extract(value, '$.unit.zh')), json_array('en', json_extract(value, '$.unit.en')))) ELSE 'null' END)
        ))
        FROM json_each(figures)
    ),
    '[]', '[]', outcome, 'STANDING'
FROM projects;

DROP TABLE projects;

ALTER TABLE new_projects RENAME TO projects;

CREATE TABLE new_ballots (
    id VARCHAR(26) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    cast_at TIMESTAMP NOT NULL,
    channel VARCHAR(8) NOT NULL,
    choices BLOB NOT NULL
);

INSERT INTO new_ballots (id, campaign_id, day, cast_at, channel, choices)
SELECT id, campaign_id, day, cast_at, 'WEB', choices FROM ballots ORDER BY rowid;

DROP TABLE ballots;

ALTER TABLE new_ballots RENAME TO ballots;

CREATE TABLE new_tallies (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    shard SMALLINT NOT NULL,
    channel VARCHAR(8) NOT NULL,
    project SMALLINT NOT NULL,
    votes BIGINT NOT NULL,
    UNIQUE (campaign_id, day, shard, channel, project),
    CONSTRAINT tallies_votes_check CHECK (votes >= 0)
);

INSERT INTO new_tallies (id, campaign_id, day, shard, channel, project, votes)
SELECT id, campaign_id, day, shard, 'WEB', project, votes FROM tallies;

DROP TABLE tallies;

ALTER TABLE new_tallies RENAME TO tallies;

CREATE TABLE new_turnouts (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    shard SMALLINT NOT NULL,
    channel VARCHAR(8) NOT NULL,
    ballots BIGINT NOT NULL,
    UNIQUE (campaign_id, day, shard, channel),
    CONSTRAINT turnouts_ballots_check CHECK (ballots >= 0)
);

INSERT INTO new_turnouts (id, campaign_id, day, shard, channel, ballots)
SELECT id, campaign_id, day, shard, 'WEB', ballots FROM turnouts;

DROP TABLE turnouts;

ALTER TABLE new_turnouts RENAME TO turnouts;

CREATE TABLE new_withdrawals (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    channel VARCHAR(8) NOT NULL,
    project SMALLINT NOT NULL,
    held BIGINT NOT NULL,
    voided BIGINT NOT NULL,
    UNIQUE (campaign_id, day, channel, project),
    CONSTRAINT withdrawals_held_check CHECK (held >= 0),
    CONSTRAINT withdrawals_voided_check CHECK (voided >= 0)
);

INSERT INTO new_withdrawals (id, campaign_id, day, channel, project, held, voided)
SELECT id, campaign_id, day, 'WEB', project, held, voided FROM withdrawals;

DROP TABLE withdrawals;

ALTER TABLE new_withdrawals RENAME TO withdrawals;

-- Keys are HMACs, which name nobody. What is claimed here keeps a voter's second vote for a project out of a period.
CREATE TABLE vote_slots (
    id VARCHAR(26) NOT NULL PRIMARY KEY
);

CREATE TABLE electors (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    viewer VARCHAR(26) NOT NULL,
    UNIQUE (campaign_id, viewer)
);
