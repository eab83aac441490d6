-- Campaigns of any kind: texts in any languages as one JSON value each, themes, districts and awards of a campaign's own, further
-- rules, its state and what happened to it. Projects get a position, which is what ballots and tallies store: what was a number.
-- Ballots and counts know the channel that a ballot came by.

ALTER TABLE campaigns
    ADD COLUMN state varchar(12) NOT NULL DEFAULT 'PRESENTED',
    ADD COLUMN languages jsonb NOT NULL DEFAULT '["zh", "en"]',
    ADD COLUMN title jsonb,
    ADD COLUMN organizer jsonb,
    ADD COLUMN candidate_term jsonb,
    ADD COLUMN cover jsonb,
    ADD COLUMN quota_per_channel boolean NOT NULL DEFAULT false,
    ADD COLUMN rules jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN results_at varchar(5),
    ADD COLUMN results_step varchar(8) NOT NULL DEFAULT 'SECOND',
    ADD COLUMN currency varchar(3),
    ADD COLUMN themes jsonb NOT NULL DEFAULT '[{"code":"ELDER_CARE","name":{"translations":[["zh","为老服务"],["en","Elder care"]]},"description":null},
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
    ADD COLUMN own_districts jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN awards jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN pauses jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN extensions jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN voided_votes jsonb NOT NULL DEFAULT '[]';

UPDATE campaigns SET
    title = jsonb_build_object('translations', jsonb_build_array(jsonb_build_array('zh', title_zh), jsonb_build_array('en', title_en))),
    organizer = jsonb_build_object('translations', jsonb_build_array(jsonb_build_array('zh', organizer_zh), jsonb_build_array('en', organizer_en))),
    stages = (
        SELECT coalesce(jsonb_agg(stage || jsonb_build_object('ties', '[]'::jsonb, 'name', jsonb_build_object('translations', jsonb_build_array(jsonb_build_array('zh', stage->'name'->'zh'), jsonb_build_array('en', stage->'name'->'en')))) ORDER BY place), '[]')
        FROM jsonb_array_elements(stages) WITH ORDINALITY AS each (stage, place)
    ),
    criteria = (
        SELECT coalesce(jsonb_agg(criterion || jsonb_build_object('name', jsonb_build_object('translations', jsonb_build_array(jsonb_build_array('zh', criterion->'name'->'zh'), jsonb_build_array('en', criterion->'name'->'en')))) ORDER BY place), '[]')
        FROM jsonb_array_elements(criteria) WITH ORDINALITY AS each (criterion, place)
    );

ALTER TABLE campaigns
    ALTER COLUMN title SET NOT NULL,
    ALTER COLUMN organizer SET NOT NULL,
    ALTER COLUMN state DROP DEFAULT,
    ALTER COLUMN languages DROP DEFAULT,
    ALTER COLUMN quota_per_channel DROP DEFAULT,
    ALTER COLUMN rules DROP DEFAULT,
    ALTER COLUMN results_step DROP DEFAULT,
    ALTER COLUMN themes DROP DEFAULT,
    ALTER COLUMN own_districts DROP DEFAULT,
    ALTER COLUMN awards DROP DEFAULT,
    ALTER COLUMN pauses DROP DEFAULT,
    ALTER COLUMN extensions DROP DEFAULT,
    ALTER COLUMN voided_votes DROP DEFAULT,
    DROP COLUMN title_zh,
    DROP COLUMN title_en,
    DROP COLUMN organizer_zh,
    DROP COLUMN organizer_en;

ALTER TABLE districts ADD COLUMN name jsonb;
UPDATE districts SET name = jsonb_build_object('translations', jsonb_build_array(jsonb_build_array('zh', name_zh), jsonb_build_array('en', name_en)));
ALTER TABLE districts ALTER COLUMN name SET NOT NULL, DROP COLUMN name_zh, DROP COLUMN name_en;

ALTER TABLE projects
    ALTER COLUMN number TYPE integer,
    ADD COLUMN position smallint,
    ADD COLUMN code varchar(64),
    ADD COLUMN title jsonb,
    ADD COLUMN summary jsonb,
    ADD COLUMN organization jsonb,
    ADD COLUMN description jsonb,
    ADD COLUMN own_district varchar(40),
    ADD COLUMN images jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN links jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN cost varchar(40),
    ADD COLUMN award varchar(40),
    ADD COLUMN standing varchar(12) NOT NULL DEFAULT 'STANDING',
    ADD COLUMN standing_reason jsonb,
    ADD COLUMN standing_since timestamptz,
    ADD COLUMN replacement varchar(16);

UPDATE projects SET
    position = number,
    title = jsonb_build_object('translations', jsonb_build_array(jsonb_build_array('zh', title_zh), jsonb_build_array('en', title_en))),
    summary = jsonb_build_object('translations', jsonb_build_array(jsonb_build_array('zh', summary_zh), jsonb_build_array('en', summary_en))),
    organization = CASE WHEN organization_zh IS NOT NULL THEN jsonb_build_object('translations', jsonb_build_array(jsonb_build_array('zh', organization_zh), jsonb_build_array('en', coalesce(organization_en, '')))) END,
    figures = (
        SELECT coalesce(jsonb_agg(figure || jsonb_build_object(
            'label', jsonb_build_object('translations', jsonb_build_array(jsonb_build_array('zh', figure->'label'->'zh'), jsonb_build_array('en', figure->'label'->'en'))),
            'unit', CASE WHEN jsonb_typeof(figure->'unit') = 'object' THEN jsonb_build_object('translations', jsonb_build_array(jsonb_build_array('zh', figure->'unit'->'zh'), jsonb_build_array('en', figure->'unit'->'en'))) END
        ) ORDER BY place), '[]')
        FROM jsonb_array_elements(figures) WITH ORDINALITY AS each (figure, place)
    );

ALTER TABLE projects
    ALTER COLUMN position SET NOT NULL,
    ALTER COLUMN title SET NOT NULL,
    ALTER COLUMN images DROP DEFAULT,
    ALTER COLUMN links DROP DEFAULT,
    ALTER COLUMN standing DROP DEFAULT,
    DROP COLUMN title_zh,
    DROP COLUMN title_en,
    DROP COLUMN summary_zh,
    DROP COLUMN summary_en,
    DROP COLUMN organization_zh,
    DROP COLUMN organization_en,
    ADD UNIQUE (campaign_id, position),
    ADD UNIQUE (campaign_id, code);

ALTER TABLE ballots ADD COLUMN channel varchar(8) NOT NULL DEFAULT 'WEB';
ALTER TABLE ballots ALTER COLUMN channel DROP DEFAULT;

ALTER TABLE tallies ADD COLUMN channel varchar(8) NOT NULL DEFAULT 'WEB';
ALTER TABLE tallies
    ALTER COLUMN channel DROP DEFAULT,
    DROP CONSTRAINT tallies_campaign_id_day_shard_project_key,
    ADD UNIQUE (campaign_id, day, shard, channel, project);

ALTER TABLE turnouts ADD COLUMN channel varchar(8) NOT NULL DEFAULT 'WEB';
ALTER TABLE turnouts
    ALTER COLUMN channel DROP DEFAULT,
    DROP CONSTRAINT turnouts_campaign_id_day_shard_key,
    ADD UNIQUE (campaign_id, day, shard, channel);

ALTER TABLE withdrawals ADD COLUMN channel varchar(8) NOT NULL DEFAULT 'WEB';
ALTER TABLE withdrawals
    ALTER COLUMN channel DROP DEFAULT,
    DROP CONSTRAINT withdrawals_campaign_id_day_project_key,
    ADD UNIQUE (campaign_id, day, channel, project);

-- Keys are HMACs, which name nobody. What is claimed here keeps a voter's second vote for a project out of a period.
CREATE TABLE vote_slots (
    id varchar(26) NOT NULL PRIMARY KEY
);

CREATE TABLE electors (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    campaign_id varchar(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    viewer varchar(26) NOT NULL,
    UNIQUE (campaign_id, viewer)
);
