BEGIN TRANSACTION;
CREATE TABLE "ballots" (
    id VARCHAR(26) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    cast_at TIMESTAMP NOT NULL,
    channel VARCHAR(8) NOT NULL,
    choices BLOB NOT NULL
);
INSERT INTO "ballots" VALUES('3bhakcsmm27afnptsz6o64r3ax','shanghai-2017','2017-03-22','2017-03-22 00:37:32.980994+00:00','WEB',X'09');
INSERT INTO "ballots" VALUES('4cb7x5os2hll5acqdejcjvuxzs','shanghai-2017','2017-03-22','2017-03-22 06:16:30.112607+00:00','WEB',X'05');
INSERT INTO "ballots" VALUES('4f5hdeldq77eubz5nalx2nasip','shanghai-2017','2017-03-22','2017-03-22 15:53:19.488710+00:00','WEB',X'08');
INSERT INTO "ballots" VALUES('hu3qbhkwhjdg6igrg7bkdsgijm','shanghai-2017','2017-03-22','2017-03-22 02:29:11.005390+00:00','WEB',X'09');
INSERT INTO "ballots" VALUES('imlrzl5exgdx73lchbyo5zu265','shanghai-2017','2017-03-24','2017-03-23 22:22:18.319357+00:00','WEB',X'0E');
INSERT INTO "ballots" VALUES('mtdz3dccrjssfn6qtbvnqkfjh4','shanghai-2017','2017-03-22','2017-03-21 21:40:17.968486+00:00','WEB',X'05');
INSERT INTO "ballots" VALUES('nmq7ac4jialxrjtokmalqfr77u','shanghai-2017','2017-03-22','2017-03-21 16:53:18.412066+00:00','WEB',X'0E');
INSERT INTO "ballots" VALUES('nuepdwmiu3nvwaw4ef6qrw7pgp','shanghai-2017','2017-03-25','2017-03-24 22:24:01.220316+00:00','WEB',X'02');
INSERT INTO "ballots" VALUES('qbuxn5haxns7srz75fvpnfvqqe','shanghai-2017','2017-03-25','2017-03-24 17:25:11.152250+00:00','WEB',X'08');
INSERT INTO "ballots" VALUES('ql5xd2dci424piemg6nizm6f73','shanghai-2017','2017-03-22','2017-03-22 13:37:44.023098+00:00','WEB',X'0A');
INSERT INTO "ballots" VALUES('raoknlifagzc3fommyzyggqmy7','shanghai-2017','2017-03-22','2017-03-21 23:34:38.227133+00:00','WEB',X'0C');
INSERT INTO "ballots" VALUES('vet5fkfmnggcvt5ichva7dw4tz','shanghai-2017','2017-03-22','2017-03-21 23:58:07.991880+00:00','WEB',X'0A');
CREATE TABLE "campaigns" (
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
INSERT INTO "campaigns" VALUES('shanghai-2017',1,'PRESENTED','["zh","en"]','{"translations":[["zh","第三届上海社会建设十大创新项目"],["en","Third Shanghai Top Ten Social Construction Innovation Projects"]]}','{"translations":[["zh","上海市社会建设委员会办公室"],["en","Office of the Shanghai Municipal Social Construction Committee"]]}',NULL,NULL,3,'Asia/Shanghai','2017-03-21 16:00:00+00:00','2017-03-31 04:00:00+00:00',NULL,1,3,1,'DAY',0,'[]','LIVE',NULL,'SECOND',NULL,'[{"code":"ELDER_CARE","name":{"translations":[["zh","为老服务"],["en","Elder care"]]},"description":null},{"code":"HEALTH","name":{"translations":[["zh","健康医疗"],["en","Health"]]},"description":null},{"code":"EDUCATION_AND_FAMILY","name":{"translations":[["zh","教育与家庭"],["en","Education and family"]]},"description":null},{"code":"CULTURE","name":{"translations":[["zh","文化与阅读"],["en","Culture and reading"]]},"description":null},{"code":"WORK_AND_ENTERPRISE","name":{"translations":[["zh","就业创业与职工服务"],["en","Work and enterprise"]]},"description":null},{"code":"PUBLIC_SAFETY","name":{"translations":[["zh","公共安全与交通"],["en","Safety and traffic"]]},"description":null},{"code":"URBAN_ENVIRONMENT","name":{"translations":[["zh","城市环境与住房"],["en","Urban environment and housing"]]},"description":null},{"code":"DISPUTES_AND_APPEALS","name":{"translations":[["zh","调解与信访"],["en","Disputes and appeals"]]},"description":null},{"code":"SELF_GOVERNANCE","name":{"translations":[["zh","居民自治"],["en","Residents'' self-governance"]]},"description":null},{"code":"NEIGHBOURHOOD_SERVICES","name":{"translations":[["zh","邻里与居委会服务"],["en","Neighbourhood services"]]},"description":null},{"code":"PARTY_BUILDING","name":{"translations":[["zh","党建引领"],["en","Party building"]]},"description":null},{"code":"DIGITAL_SERVICES","name":{"translations":[["zh","互联网与数字服务"],["en","Digital services"]]},"description":null},{"code":"VOLUNTEERING_AND_CHARITY","name":{"translations":[["zh","志愿与公益"],["en","Volunteering and charity"]]},"description":null},{"code":"SOCIAL_ORGANIZATIONS","name":{"translations":[["zh","社会组织"],["en","Social organizations"]]},"description":null}]','[]','[]','[]','[]','[]','[{"code":"SUBMITTED","name":{"translations":[["zh","申报项目"],["en","Submitted projects"]]},"seats":6,"decided":true,"decided_at":null,"formula":null,"ties":[]},{"code":"CANDIDATE","name":{"translations":[["zh","复审候选项目"],["en","Candidate projects"]]},"seats":4,"decided":true,"decided_at":null,"formula":null,"ties":[]},{"code":"FINALIST","name":{"translations":[["zh","终审项目"],["en","Finalist projects"]]},"seats":2,"decided":false,"decided_at":null,"formula":null,"ties":[]},{"code":"WINNER","name":{"translations":[["zh","十大创新项目"],["en","Top ten innovation projects"]]},"seats":1,"decided":false,"decided_at":null,"formula":null,"ties":[]}]','[{"code":"INNOVATION","name":{"translations":[["zh","创新性强"],["en","Strongly innovative"]]}},{"code":"DEMONSTRATION","name":{"translations":[["zh","示范性强"],["en","A strong model for others"]]}},{"code":"PRACTICE","name":{"translations":[["zh","实践性强"],["en","Strongly practical"]]}},{"code":"RECOGNITION","name":{"translations":[["zh","认同度高"],["en","Widely recognized"]]}}]','{"publisher":"上海报业集团","published":"2017-03-21","url":null}','9b9c6298447fa4c2b08bd97667d447446db816bcd6a3b89688e194b18b7b1785');
CREATE TABLE "districts" (
    code VARCHAR(12) NOT NULL PRIMARY KEY,
    name JSON NOT NULL
);
INSERT INTO "districts" VALUES('310101','{"translations":[["zh","黄浦区"],["en","Huangpu District"]]}');
INSERT INTO "districts" VALUES('310104','{"translations":[["zh","徐汇区"],["en","Xuhui District"]]}');
INSERT INTO "districts" VALUES('310105','{"translations":[["zh","长宁区"],["en","Changning District"]]}');
INSERT INTO "districts" VALUES('310106','{"translations":[["zh","静安区"],["en","Jing''an District"]]}');
INSERT INTO "districts" VALUES('310107','{"translations":[["zh","普陀区"],["en","Putuo District"]]}');
INSERT INTO "districts" VALUES('310109','{"translations":[["zh","虹口区"],["en","Hongkou District"]]}');
INSERT INTO "districts" VALUES('310110','{"translations":[["zh","杨浦区"],["en","Yangpu District"]]}');
INSERT INTO "districts" VALUES('310112','{"translations":[["zh","闵行区"],["en","Minhang District"]]}');
INSERT INTO "districts" VALUES('310113','{"translations":[["zh","宝山区"],["en","Baoshan District"]]}');
INSERT INTO "districts" VALUES('310114','{"translations":[["zh","嘉定区"],["en","Jiading District"]]}');
INSERT INTO "districts" VALUES('310115','{"translations":[["zh","浦东新区"],["en","Pudong New Area"]]}');
INSERT INTO "districts" VALUES('310116','{"translations":[["zh","金山区"],["en","Jinshan District"]]}');
INSERT INTO "districts" VALUES('310117','{"translations":[["zh","松江区"],["en","Songjiang District"]]}');
INSERT INTO "districts" VALUES('310118','{"translations":[["zh","青浦区"],["en","Qingpu District"]]}');
INSERT INTO "districts" VALUES('310120','{"translations":[["zh","奉贤区"],["en","Fengxian District"]]}');
INSERT INTO "districts" VALUES('310151','{"translations":[["zh","崇明区"],["en","Chongming District"]]}');
CREATE TABLE earlier_counts (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    moment TIMESTAMP NOT NULL,
    counts BLOB NOT NULL,
    UNIQUE (campaign_id, moment)
);
CREATE TABLE electors (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    viewer VARCHAR(26) NOT NULL,
    UNIQUE (campaign_id, viewer)
);
CREATE TABLE grants (
    id INTEGER NOT NULL PRIMARY KEY,
    viewer VARCHAR(26) NOT NULL,
    role VARCHAR(16) NOT NULL,
    campaign VARCHAR(64) NOT NULL,
    UNIQUE (viewer, role, campaign)
);
INSERT INTO "grants" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaa','EXPERT','');
CREATE TABLE images (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    format VARCHAR(4) NOT NULL,
    width SMALLINT NOT NULL,
    height SMALLINT NOT NULL,
    content BLOB NOT NULL
);
CREATE TABLE kept_orders (
    id VARCHAR(16) NOT NULL PRIMARY KEY,
    places BLOB NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE TABLE migrations (
            name VARCHAR(64) NOT NULL PRIMARY KEY,
            sha256 CHAR(64) NOT NULL,
            applied_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))
        );
INSERT INTO "migrations" VALUES('0001_selection','b69abd1bdf6840552c77b372d7b2e495d3e34726199498f5b6a28b94b40584fe','2026-11-28 01:37:05.703+00:00');
INSERT INTO "migrations" VALUES('0002_roles_and_trail','b13647f0ab53dcc583fda6f2af2d9b83a1957d73144a393b82553d1eea3f2ff7','2026-11-28 01:37:05.705+00:00');
INSERT INTO "migrations" VALUES('0003_spendings','4175c32f5a195b44dac7eced5ea36c9bf2ca8404eb76fe0fd8fb840f99220fe5','2026-11-28 01:37:05.705+00:00');
INSERT INTO "migrations" VALUES('0004_suspicion','455e2628e0a85cb033c50ff9804aee47e1ec542ffd0a322ecf011f6ac577640a','2026-11-28 01:37:05.706+00:00');
INSERT INTO "migrations" VALUES('0005_retries','b05ef02d3849113ca0a7b550aabb9430c45bc95ec5d0661296d8305783bbaaa4','2026-11-28 01:37:05.709+00:00');
INSERT INTO "migrations" VALUES('0006_kept_orders','5942784b47461dfc3075cb4503ce506380a93bcfb4609987a62297098fdba464','2026-11-28 01:37:05.710+00:00');
INSERT INTO "migrations" VALUES('0007_campaigns_of_any_kind','63448fcad9f3806ae6e889fb3378ab9229880242582973535ea7a1f2a2e62287','2026-11-28 01:37:05.723+00:00');
INSERT INTO "migrations" VALUES('0008_images','6afaf651c2b926db438c33ec7fcdaf52efc087edb1fa5b7c30dba341d21a33cf','2026-11-28 01:52:07.932+00:00');
INSERT INTO "migrations" VALUES('0009_earlier_counts','1f98a3e2ef19eac6d2c6a64a959f9aa3f8741e3b2bb8c3354b9b4402894bf049','2026-11-28 01:52:09.714+00:00');
CREATE TABLE "projects" (
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
INSERT INTO "projects" VALUES('shanghai-2017/1','shanghai-2017',1,1,NULL,'{"translations":[["zh","上海市网上信访大厅建设"],["en","Building Shanghai''s Online Petitions Hall"]]}','{"translations":[["zh","把全市各级网上信访渠道并入一个大厅，市、区、街镇执行统一标准。市民注册一次，就能向各级领导信箱和信访部门提出诉求或建议，并查看结果、作出评价。办理周期由2010年的90天降到2016年的32天。"],["en","Brings the city''s online petition channels together in one hall, with common standards for the municipality, the districts, and the subdistricts and towns. After registering once, people can send complaints and proposals to leaders'' mailboxes and petition offices at every level, look up the result and rate it. Handling time fell from 90 days in 2010 to 32 days in 2016."]]}','{"translations":[["zh","市信访办"],["en","Shanghai Municipal Public Complaints and Proposals Office"]]}',NULL,'MUNICIPAL',NULL,NULL,'["DIGITAL_SERVICES","DISPUTES_AND_APPEALS"]',2016,'[{"label":{"translations":[["zh","2010年办理周期"],["en","Handling time, 2010"]]},"value":"90","unit":{"translations":[["zh","天"],["en","days"]]},"year":2010,"value_en":null},{"label":{"translations":[["zh","2016年办理周期"],["en","Handling time, 2016"]]},"value":"32","unit":{"translations":[["zh","天"],["en","days"]]},"year":2016,"value_en":null},{"label":{"translations":[["zh","按期办结率，2010年至2016年"],["en","Share completed on time, 2010 to 2016"]]},"value":"68→99","unit":{"translations":[["zh","%"],["en","%"]]},"year":null,"value_en":null},{"label":{"translations":[["zh","公开回复率，2010年至2016年"],["en","Share answered publicly, 2010 to 2016"]]},"value":"19→77","unit":{"translations":[["zh","%"],["en","%"]]},"year":null,"value_en":null}]','[]','[]',NULL,'CANDIDATE',NULL,'STANDING',NULL,NULL,NULL);
INSERT INTO "projects" VALUES('shanghai-2017/2','shanghai-2017',2,2,NULL,'{"translations":[["zh","学区化集团化办学"],["en","Running Schools in Clusters and Groups"]]}','{"translations":[["zh","学校按学区或教育集团结成联合体，共享课程、教师和管理经验，并打通公办与民办、不同学段以及学校与社区之间的界限。各校保留自己的特色，目标是让更多学生得到优质教育。到2016年底共有137个学区和集团、746所学校，约占全市普通中小学的一半。"],["en","Schools join together in school districts or education groups to share curricula, teachers and management experience, across the divides between public and private schools, between stages of schooling, and between school and community. Each school keeps its own character, and the aim is a good education for more pupils. By the end of 2016 there were 137 such districts and groups with 746 schools, about half of the city''s ordinary primary and secondary schools."]]}',NULL,NULL,'MUNICIPAL',NULL,NULL,'["EDUCATION_AND_FAMILY"]',2014,'[{"label":{"translations":[["zh","学区和集团"],["en","School districts and groups"]]},"value":"137","unit":{"translations":[["zh","个"],["en","districts and groups"]]},"year":2016,"value_en":null},{"label":{"translations":[["zh","覆盖学校"],["en","Schools covered"]]},"value":"746","unit":{"translations":[["zh","所"],["en","schools"]]},"year":2016,"value_en":null},{"label":{"translations":[["zh","占全市普通中小学总数（约）"],["en","Share of the city''s ordinary primary and secondary schools (about)"]]},"value":"50","unit":{"translations":[["zh","%"],["en","%"]]},"year":2016,"value_en":null},{"label":{"translations":[["zh","表示教师已跨校带教、备课或教研的校长（以上）"],["en","School heads who report cross-school mentoring, preparation or research by teachers (or more)"]]},"value":"80","unit":{"translations":[["zh","%"],["en","%"]]},"year":null,"value_en":null}]','[]','[]',NULL,'CANDIDATE',NULL,'STANDING',NULL,NULL,NULL);
INSERT INTO "projects" VALUES('shanghai-2017/3','shanghai-2017',3,3,NULL,'{"translations":[["zh","烟花爆竹安全管控"],["en","Safety Control of Fireworks and Firecrackers"]]}','{"translations":[["zh","依据2016年1月1日施行的新修订条例，公安局与有关部门从源头、宣传和执法三方面管控烟花爆竹，以保障城市安全、减轻空气污染。2016年和2017年春节期间，外环线以内没有燃放。2017年全市没有发生烟花爆竹引起的火灾，也没有人因此受伤。"],["en","Under revised regulations in force since 1 January 2016, the police and other departments control fireworks at the source, through publicity and through enforcement, for a safer city and cleaner air. No fireworks were set off inside the Outer Ring Road during the Spring Festivals of 2016 and 2017. In 2017 the city recorded no fires and no injuries caused by fireworks."]]}','{"translations":[["zh","市公安局"],["en","Shanghai Municipal Public Security Bureau"]]}',NULL,'MUNICIPAL',NULL,NULL,'["PUBLIC_SAFETY","URBAN_ENVIRONMENT"]',2016,'[{"label":{"translations":[["zh","春节期间外环线以内“零燃放”连续年数"],["en","Consecutive Spring Festivals with no fireworks inside the Outer Ring Road"]]},"value":"2","unit":{"translations":[["zh","年"],["en","years"]]},"year":null,"value_en":null},{"label":{"translations":[["zh","2017年全市烟花爆竹引发火灾数"],["en","Fires caused by fireworks in the city, 2017"]]},"value":"0","unit":null,"year":2017,"value_en":null},{"label":{"translations":[["zh","2017年全市烟花爆竹致伤数"],["en","Injuries caused by fireworks in the city, 2017"]]},"value":"0","unit":null,"year":2017,"value_en":null}]','[]','[]',NULL,'CANDIDATE',NULL,'STANDING',NULL,NULL,NULL);
INSERT INTO "projects" VALUES('shanghai-2017/4','shanghai-2017',4,4,NULL,'{"translations":[["zh","道路交通违法行为大整治"],["en","Citywide Campaign against Road Traffic Violations"]]}','{"translations":[["zh","2016年3月24日起，公安局会同有关部门在全市整治道路交通违法行为，做法包括改革勤务、常态化严格执法、广泛宣传和社会参与。与整治前相比，交通事故减少26.6%，死亡人数减少16.9%，受伤人数减少43.3%。"],["en","Since 24 March 2016 the police and other departments have acted against traffic violations across the city, with reformed patrols, steady and strict enforcement, wide publicity and public participation. Compared with the time before the campaign, traffic accidents fell by 26.6%, deaths by 16.9% and injuries by 43.3%."]]}','{"translations":[["zh","市公安局"],["en","Shanghai Municipal Public Security Bureau"]]}',NULL,'MUNICIPAL',NULL,NULL,'["PUBLIC_SAFETY"]',2016,'[{"label":{"translations":[["zh","交通事故数降幅（比整治前）"],["en","Fall in traffic accidents (compared with before the campaign)"]]},"value":"26.6","unit":{"translations":[["zh","%"],["en","%"]]},"year":null,"value_en":null},{"label":{"translations":[["zh","死亡人数降幅（比整治前）"],["en","Fall in deaths (compared with before the campaign)"]]},"value":"16.9","unit":{"translations":[["zh","%"],["en","%"]]},"year":null,"value_en":null},{"label":{"translations":[["zh","受伤人数降幅（比整治前）"],["en","Fall in injuries (compared with before the campaign)"]]},"value":"43.3","unit":{"translations":[["zh","%"],["en","%"]]},"year":null,"value_en":null},{"label":{"translations":[["zh","“滴滴出行”拥堵排名"],["en","Place in DiDi''s congestion ranking"]]},"value":"8→18","unit":{"translations":[["zh","名"],["en","place"]]},"year":null,"value_en":null}]','[]','[]',NULL,'CANDIDATE',NULL,'STANDING',NULL,NULL,NULL);
CREATE TABLE retries (
    tag VARCHAR(32) NOT NULL PRIMARY KEY,
    ballot_key VARCHAR(26) NOT NULL
);
CREATE TABLE revocations (
    number INT NOT NULL PRIMARY KEY,
    viewer VARCHAR(26)
);
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
INSERT INTO "rulings" VALUES(1,'3bhakcsmm27afnptsz6o64r3ax',1,'HOLD','They are all alike.','2017-03-25 02:00:00.042100+00:00',NULL);
CREATE TABLE signals (
    id INTEGER NOT NULL PRIMARY KEY,
    key VARCHAR(26) NOT NULL,
    cast_at TIMESTAMP NOT NULL,
    ballot_key VARCHAR(26) NOT NULL,
    UNIQUE (key, cast_at, ballot_key)
);
CREATE TABLE spendings (
    id VARCHAR(32) NOT NULL PRIMARY KEY,
    period BIGINT NOT NULL,
    spent INT NOT NULL
);
CREATE TABLE suspicions (
    number INTEGER NOT NULL PRIMARY KEY,
    key VARCHAR(26) NOT NULL UNIQUE,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    kind VARCHAR(16) NOT NULL,
    first_at TIMESTAMP NOT NULL,
    last_at TIMESTAMP NOT NULL
);
CREATE TABLE "tallies" (
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
INSERT INTO "tallies" VALUES(1,'shanghai-2017','2017-03-22',15,'WEB',1,4);
INSERT INTO "tallies" VALUES(2,'shanghai-2017','2017-03-22',15,'WEB',2,3);
INSERT INTO "tallies" VALUES(3,'shanghai-2017','2017-03-22',15,'WEB',3,4);
INSERT INTO "tallies" VALUES(4,'shanghai-2017','2017-03-22',15,'WEB',4,7);
INSERT INTO "tallies" VALUES(5,'shanghai-2017','2017-03-24',15,'WEB',2,1);
INSERT INTO "tallies" VALUES(6,'shanghai-2017','2017-03-24',15,'WEB',3,1);
INSERT INTO "tallies" VALUES(7,'shanghai-2017','2017-03-24',15,'WEB',4,1);
INSERT INTO "tallies" VALUES(8,'shanghai-2017','2017-03-25',15,'WEB',2,1);
INSERT INTO "tallies" VALUES(9,'shanghai-2017','2017-03-25',15,'WEB',4,1);
CREATE TABLE trail (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TIMESTAMP NOT NULL,
    kind VARCHAR(24) NOT NULL,
    campaign VARCHAR(64),
    actor VARCHAR(26),
    details JSON NOT NULL
);
INSERT INTO "trail" VALUES(1,'2017-02-28 16:00:00.000003+00:00','CAMPAIGN_LOADED','shanghai-2017',NULL,'{"file": "small.toml", "sha256": "1da4264d85d993430c93d428dbf0c1d8ef3a85c52f737fb5a9a19be03d83e41a"}');
INSERT INTO "trail" VALUES(2,'2017-02-28 16:00:00.000002+00:00','ROLE_GRANTED',NULL,NULL,'{"role": "EXPERT", "viewer": "avdc2jl62hgvpmiv626bdvbkyw"}');
INSERT INTO "trail" VALUES(3,'2017-03-25 02:00:00.042100+00:00','BALLOTS_HELD','shanghai-2017',NULL,'{"ballots": 1, "reason": "They are all alike."}');
CREATE TABLE "turnouts" (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    shard SMALLINT NOT NULL,
    channel VARCHAR(8) NOT NULL,
    ballots BIGINT NOT NULL,
    UNIQUE (campaign_id, day, shard, channel),
    CONSTRAINT turnouts_ballots_check CHECK (ballots >= 0)
);
INSERT INTO "turnouts" VALUES(1,'shanghai-2017','2017-03-22',15,'WEB',9);
INSERT INTO "turnouts" VALUES(2,'shanghai-2017','2017-03-24',15,'WEB',1);
INSERT INTO "turnouts" VALUES(3,'shanghai-2017','2017-03-25',15,'WEB',2);
CREATE TABLE vote_slots (
    id VARCHAR(26) NOT NULL PRIMARY KEY
);
CREATE TABLE "withdrawals" (
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
INSERT INTO "withdrawals" VALUES(1,'shanghai-2017','2017-03-22','WEB',0,1,0);
INSERT INTO "withdrawals" VALUES(2,'shanghai-2017','2017-03-22','WEB',1,1,0);
INSERT INTO "withdrawals" VALUES(3,'shanghai-2017','2017-03-22','WEB',4,1,0);
CREATE TRIGGER trail_is_never_changed BEFORE UPDATE ON trail
BEGIN
    SELECT RAISE(ABORT, 'the trail is append-only');
END;
CREATE TRIGGER trail_is_never_shortened BEFORE DELETE ON trail
BEGIN
    SELECT RAISE(ABORT, 'the trail is append-only');
END;
CREATE INDEX idx_signals_cast_at ON signals (cast_at);
CREATE INDEX idx_kept_orders_seen_at ON kept_orders (seen_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('trail',3);
COMMIT;
