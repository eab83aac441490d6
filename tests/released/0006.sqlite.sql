BEGIN TRANSACTION;
CREATE TABLE "ballots" (
    id VARCHAR(26) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    cast_at TIMESTAMP NOT NULL,
    choices BLOB NOT NULL
);
INSERT INTO "ballots" VALUES('64se6s5z7od4ziaa4ng6p5wtvs','shanghai-2017','2017-03-23','2017-03-23 14:50:02.919584+00:00',X'01');
INSERT INTO "ballots" VALUES('dcas5c5kl5g3im6nlk7l3oujb7','shanghai-2017','2017-03-23','2017-03-23 05:50:52.430051+00:00',X'03');
INSERT INTO "ballots" VALUES('dpab7iusg4poshi5z67axzcuo2','shanghai-2017','2017-03-24','2017-03-24 00:28:43.740868+00:00',X'03');
INSERT INTO "ballots" VALUES('f32ciu7236jyc5aly3hhvsty5k','shanghai-2017','2017-03-22','2017-03-22 09:45:44.509454+00:00',X'09');
INSERT INTO "ballots" VALUES('gf7ornjm43nukvzmamxt2q3tib','shanghai-2017','2017-03-23','2017-03-23 10:17:36.830417+00:00',X'09');
INSERT INTO "ballots" VALUES('niqv6tnpujxdsggkynljlko7p2','shanghai-2017','2017-03-25','2017-03-24 21:19:37.730512+00:00',X'02');
INSERT INTO "ballots" VALUES('rdpgx6mltlrxaxy5waloiri7mw','shanghai-2017','2017-03-23','2017-03-23 14:35:21.709980+00:00',X'03');
INSERT INTO "ballots" VALUES('re3b4fclhty7m3os2hbxnyvuhz','shanghai-2017','2017-03-22','2017-03-21 19:18:51.061245+00:00',X'01');
INSERT INTO "ballots" VALUES('rhathlspsmas2eoe4ocyydnixe','shanghai-2017','2017-03-24','2017-03-24 06:30:58.266336+00:00',X'05');
INSERT INTO "ballots" VALUES('soaoqcaikzt2x44z72icikypnl','shanghai-2017','2017-03-24','2017-03-23 17:33:19.188850+00:00',X'04');
INSERT INTO "ballots" VALUES('vxahe7ktngnwrovqi5jflnhsrl','shanghai-2017','2017-03-22','2017-03-21 19:58:12.740516+00:00',X'0A');
INSERT INTO "ballots" VALUES('zlbe7th6scdscg4tnawfc2qbvv','shanghai-2017','2017-03-22','2017-03-22 05:44:45.149646+00:00',X'03');
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
INSERT INTO "campaigns" VALUES('shanghai-2017',1,'第三届上海社会建设十大创新项目','Third Shanghai Top Ten Social Construction Innovation Projects','上海市社会建设委员会办公室','Office of the Shanghai Municipal Social Construction Committee',3,'Asia/Shanghai','2017-03-21 16:00:00+00:00','2017-03-31 04:00:00+00:00',NULL,1,3,1,'DAY','LIVE','[{"code":"SUBMITTED","name":{"zh":"申报项目","en":"Submitted projects"},"seats":6,"decided":true,"decided_at":null,"formula":null},{"code":"CANDIDATE","name":{"zh":"复审候选项目","en":"Candidate projects"},"seats":4,"decided":true,"decided_at":null,"formula":null},{"code":"FINALIST","name":{"zh":"终审项目","en":"Finalist projects"},"seats":2,"decided":false,"decided_at":null,"formula":null},{"code":"WINNER","name":{"zh":"十大创新项目","en":"Top ten innovation projects"},"seats":1,"decided":false,"decided_at":null,"formula":null}]','[{"code":"INNOVATION","name":{"zh":"创新性强","en":"Strongly innovative"}},{"code":"DEMONSTRATION","name":{"zh":"示范性强","en":"A strong model for others"}},{"code":"PRACTICE","name":{"zh":"实践性强","en":"Strongly practical"}},{"code":"RECOGNITION","name":{"zh":"认同度高","en":"Widely recognized"}}]','{"publisher":"上海报业集团","published":"2017-03-21","url":null}','ad071c3b49f46274fe9bd6b5e16bda56f02413d539273ce5c828469026dcf680');
CREATE TABLE districts (
    code VARCHAR(12) NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL
);
INSERT INTO "districts" VALUES('310101','黄浦区','Huangpu District');
INSERT INTO "districts" VALUES('310104','徐汇区','Xuhui District');
INSERT INTO "districts" VALUES('310105','长宁区','Changning District');
INSERT INTO "districts" VALUES('310106','静安区','Jing''an District');
INSERT INTO "districts" VALUES('310107','普陀区','Putuo District');
INSERT INTO "districts" VALUES('310109','虹口区','Hongkou District');
INSERT INTO "districts" VALUES('310110','杨浦区','Yangpu District');
INSERT INTO "districts" VALUES('310112','闵行区','Minhang District');
INSERT INTO "districts" VALUES('310113','宝山区','Baoshan District');
INSERT INTO "districts" VALUES('310114','嘉定区','Jiading District');
INSERT INTO "districts" VALUES('310115','浦东新区','Pudong New Area');
INSERT INTO "districts" VALUES('310116','金山区','Jinshan District');
INSERT INTO "districts" VALUES('310117','松江区','Songjiang District');
INSERT INTO "districts" VALUES('310118','青浦区','Qingpu District');
INSERT INTO "districts" VALUES('310120','奉贤区','Fengxian District');
INSERT INTO "districts" VALUES('310151','崇明区','Chongming District');
CREATE TABLE grants (
    id INTEGER NOT NULL PRIMARY KEY,
    viewer VARCHAR(26) NOT NULL,
    role VARCHAR(16) NOT NULL,
    campaign VARCHAR(64) NOT NULL,
    UNIQUE (viewer, role, campaign)
);
INSERT INTO "grants" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaa','EXPERT','');
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
INSERT INTO "migrations" VALUES('0001_selection','b69abd1bdf6840552c77b372d7b2e495d3e34726199498f5b6a28b94b40584fe','2026-11-28 01:37:01.299+00:00');
INSERT INTO "migrations" VALUES('0002_roles_and_trail','b13647f0ab53dcc583fda6f2af2d9b83a1957d73144a393b82553d1eea3f2ff7','2026-11-28 01:37:01.300+00:00');
INSERT INTO "migrations" VALUES('0003_spendings','4175c32f5a195b44dac7eced5ea36c9bf2ca8404eb76fe0fd8fb840f99220fe5','2026-11-28 01:37:01.301+00:00');
INSERT INTO "migrations" VALUES('0004_suspicion','455e2628e0a85cb033c50ff9804aee47e1ec542ffd0a322ecf011f6ac577640a','2026-11-28 01:37:01.303+00:00');
INSERT INTO "migrations" VALUES('0005_retries','b05ef02d3849113ca0a7b550aabb9430c45bc95ec5d0661296d8305783bbaaa4','2026-11-28 01:37:01.306+00:00');
INSERT INTO "migrations" VALUES('0006_kept_orders','5942784b47461dfc3075cb4503ce506380a93bcfb4609987a62297098fdba464','2026-11-28 01:37:01.307+00:00');
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
INSERT INTO "projects" VALUES('shanghai-2017/1','shanghai-2017',1,'上海市网上信访大厅建设','Building Shanghai''s Online Petitions Hall','把全市各级网上信访渠道并入一个大厅，市、区、街镇执行统一标准。市民注册一次，就能向各级领导信箱和信访部门提出诉求或建议，并查看结果、作出评价。办理周期由2010年的90天降到2016年的32天。','Brings the city''s online petition channels together in one hall, with common standards for the municipality, the districts, and the subdistricts and towns. After registering once, people can send complaints and proposals to leaders'' mailboxes and petition offices at every level, look up the result and rate it. Handling time fell from 90 days in 2010 to 32 days in 2016.','市信访办','Shanghai Municipal Public Complaints and Proposals Office','MUNICIPAL',NULL,'["DIGITAL_SERVICES","DISPUTES_AND_APPEALS"]',2016,'[{"label":{"zh":"2010年办理周期","en":"Handling time, 2010"},"value":"90","unit":{"zh":"天","en":"days"},"year":2010,"value_en":null},{"label":{"zh":"2016年办理周期","en":"Handling time, 2016"},"value":"32","unit":{"zh":"天","en":"days"},"year":2016,"value_en":null},{"label":{"zh":"按期办结率，2010年至2016年","en":"Share completed on time, 2010 to 2016"},"value":"68→99","unit":{"zh":"%","en":"%"},"year":null,"value_en":null},{"label":{"zh":"公开回复率，2010年至2016年","en":"Share answered publicly, 2010 to 2016"},"value":"19→77","unit":{"zh":"%","en":"%"},"year":null,"value_en":null}]','CANDIDATE');
INSERT INTO "projects" VALUES('shanghai-2017/2','shanghai-2017',2,'学区化集团化办学','Running Schools in Clusters and Groups','学校按学区或教育集团结成联合体，共享课程、教师和管理经验，并打通公办与民办、不同学段以及学校与社区之间的界限。各校保留自己的特色，目标是让更多学生得到优质教育。到2016年底共有137个学区和集团、746所学校，约占全市普通中小学的一半。','Schools join together in school districts or education groups to share curricula, teachers and management experience, across the divides between public and private schools, between stages of schooling, and between school and community. Each school keeps its own character, and the aim is a good education for more pupils. By the end of 2016 there were 137 such districts and groups with 746 schools, about half of the city''s ordinary primary and secondary schools.',NULL,NULL,'MUNICIPAL',NULL,'["EDUCATION_AND_FAMILY"]',2014,'[{"label":{"zh":"学区和集团","en":"School districts and groups"},"value":"137","unit":{"zh":"个","en":"districts and groups"},"year":2016,"value_en":null},{"label":{"zh":"覆盖学校","en":"Schools covered"},"value":"746","unit":{"zh":"所","en":"schools"},"year":2016,"value_en":null},{"label":{"zh":"占全市普通中小学总数（约）","en":"Share of the city''s ordinary primary and secondary schools (about)"},"value":"50","unit":{"zh":"%","en":"%"},"year":2016,"value_en":null},{"label":{"zh":"表示教师已跨校带教、备课或教研的校长（以上）","en":"School heads who report cross-school mentoring, preparation or research by teachers (or more)"},"value":"80","unit":{"zh":"%","en":"%"},"year":null,"value_en":null}]','CANDIDATE');
INSERT INTO "projects" VALUES('shanghai-2017/3','shanghai-2017',3,'烟花爆竹安全管控','Safety Control of Fireworks and Firecrackers','依据2016年1月1日施行的新修订条例，公安局与有关部门从源头、宣传和执法三方面管控烟花爆竹，以保障城市安全、减轻空气污染。2016年和2017年春节期间，外环线以内没有燃放。2017年全市没有发生烟花爆竹引起的火灾，也没有人因此受伤。','Under revised regulations in force since 1 January 2016, the police and other departments control fireworks at the source, through publicity and through enforcement, for a safer city and cleaner air. No fireworks were set off inside the Outer Ring Road during the Spring Festivals of 2016 and 2017. In 2017 the city recorded no fires and no injuries caused by fireworks.','市公安局','Shanghai Municipal Public Security Bureau','MUNICIPAL',NULL,'["PUBLIC_SAFETY","URBAN_ENVIRONMENT"]',2016,'[{"label":{"zh":"春节期间外环线以内“零燃放”连续年数","en":"Consecutive Spring Festivals with no fireworks inside the Outer Ring Road"},"value":"2","unit":{"zh":"年","en":"years"},"year":null,"value_en":null},{"label":{"zh":"2017年全市烟花爆竹引发火灾数","en":"Fires caused by fireworks in the city, 2017"},"value":"0","unit":null,"year":2017,"value_en":null},{"label":{"zh":"2017年全市烟花爆竹致伤数","en":"Injuries caused by fireworks in the city, 2017"},"value":"0","unit":null,"year":2017,"value_en":null}]','CANDIDATE');
INSERT INTO "projects" VALUES('shanghai-2017/4','shanghai-2017',4,'道路交通违法行为大整治','Citywide Campaign against Road Traffic Violations','2016年3月24日起，公安局会同有关部门在全市整治道路交通违法行为，做法包括改革勤务、常态化严格执法、广泛宣传和社会参与。与整治前相比，交通事故减少26.6%，死亡人数减少16.9%，受伤人数减少43.3%。','Since 24 March 2016 the police and other departments have acted against traffic violations across the city, with reformed patrols, steady and strict enforcement, wide publicity and public participation. Compared with the time before the campaign, traffic accidents fell by 26.6%, deaths by 16.9% and injuries by 43.3%.','市公安局','Shanghai Municipal Public Security Bureau','MUNICIPAL',NULL,'["PUBLIC_SAFETY"]',2016,'[{"label":{"zh":"交通事故数降幅（比整治前）","en":"Fall in traffic accidents (compared with before the campaign)"},"value":"26.6","unit":{"zh":"%","en":"%"},"year":null,"value_en":null},{"label":{"zh":"死亡人数降幅（比整治前）","en":"Fall in deaths (compared with before the campaign)"},"value":"16.9","unit":{"zh":"%","en":"%"},"year":null,"value_en":null},{"label":{"zh":"受伤人数降幅（比整治前）","en":"Fall in injuries (compared with before the campaign)"},"value":"43.3","unit":{"zh":"%","en":"%"},"year":null,"value_en":null},{"label":{"zh":"“滴滴出行”拥堵排名","en":"Place in DiDi''s congestion ranking"},"value":"8→18","unit":{"zh":"名","en":"place"},"year":null,"value_en":null}]','CANDIDATE');
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
INSERT INTO "rulings" VALUES(1,'64se6s5z7od4ziaa4ng6p5wtvs',1,'HOLD','They are all alike.','2017-03-25 02:00:00.016520+00:00',NULL);
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
INSERT INTO "tallies" VALUES(1,'shanghai-2017','2017-03-22',13,1,3);
INSERT INTO "tallies" VALUES(2,'shanghai-2017','2017-03-22',13,2,2);
INSERT INTO "tallies" VALUES(3,'shanghai-2017','2017-03-22',13,4,2);
INSERT INTO "tallies" VALUES(4,'shanghai-2017','2017-03-23',13,1,4);
INSERT INTO "tallies" VALUES(5,'shanghai-2017','2017-03-23',13,2,2);
INSERT INTO "tallies" VALUES(6,'shanghai-2017','2017-03-23',13,4,1);
INSERT INTO "tallies" VALUES(7,'shanghai-2017','2017-03-24',13,1,2);
INSERT INTO "tallies" VALUES(8,'shanghai-2017','2017-03-24',13,2,1);
INSERT INTO "tallies" VALUES(9,'shanghai-2017','2017-03-24',13,3,2);
INSERT INTO "tallies" VALUES(10,'shanghai-2017','2017-03-25',13,2,1);
CREATE TABLE trail (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TIMESTAMP NOT NULL,
    kind VARCHAR(24) NOT NULL,
    campaign VARCHAR(64),
    actor VARCHAR(26),
    details JSON NOT NULL
);
INSERT INTO "trail" VALUES(1,'2017-02-28 16:00:00.000002+00:00','CAMPAIGN_LOADED','shanghai-2017',NULL,'{"file": "small.toml", "sha256": "5318851bc8323e325b2ac5c80cc313e465297d91bd2aacdd61dad5fda574a086"}');
INSERT INTO "trail" VALUES(2,'2017-02-28 16:00:00.000002+00:00','ROLE_GRANTED',NULL,NULL,'{"role": "EXPERT", "viewer": "avdc2jl62hgvpmiv626bdvbkyw"}');
INSERT INTO "trail" VALUES(3,'2017-03-25 02:00:00.016520+00:00','BALLOTS_HELD','shanghai-2017',NULL,'{"ballots": 1, "reason": "They are all alike."}');
CREATE TABLE turnouts (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    shard SMALLINT NOT NULL,
    ballots BIGINT NOT NULL,
    UNIQUE (campaign_id, day, shard),
    CONSTRAINT turnouts_ballots_check CHECK (ballots >= 0)
);
INSERT INTO "turnouts" VALUES(1,'shanghai-2017','2017-03-22',13,4);
INSERT INTO "turnouts" VALUES(2,'shanghai-2017','2017-03-23',13,4);
INSERT INTO "turnouts" VALUES(3,'shanghai-2017','2017-03-24',13,3);
INSERT INTO "turnouts" VALUES(4,'shanghai-2017','2017-03-25',13,1);
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
INSERT INTO "withdrawals" VALUES(1,'shanghai-2017','2017-03-23',0,1,0);
INSERT INTO "withdrawals" VALUES(2,'shanghai-2017','2017-03-23',1,1,0);
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
