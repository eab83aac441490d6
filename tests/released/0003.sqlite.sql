BEGIN TRANSACTION;
CREATE TABLE ballots (
    id VARCHAR(26) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    cast_at TIMESTAMP NOT NULL,
    choices BLOB NOT NULL,
    retry_tag VARCHAR(32) UNIQUE
);
INSERT INTO "ballots" VALUES('cn4kjmg3jwlkyxa7yv6tjptdhq','shanghai-2017','2017-03-28','2017-03-28 13:19:33.330209+00:00',X'0C',NULL);
INSERT INTO "ballots" VALUES('ekpheu5s5fvlpayyqphx47cttm','shanghai-2017','2017-03-24','2017-03-24 12:57:29.528503+00:00',X'0C',NULL);
INSERT INTO "ballots" VALUES('f4rltmlp4phhlqamevcjtiollh','shanghai-2017','2017-03-29','2017-03-29 05:36:23.485192+00:00',X'0A',NULL);
INSERT INTO "ballots" VALUES('fjlk24d3hgrq5snhverevsptwv','shanghai-2017','2017-03-22','2017-03-22 10:24:20.777717+00:00',X'04',NULL);
INSERT INTO "ballots" VALUES('ftjdxydmxvvi55brw3tet27fwj','shanghai-2017','2017-03-30','2017-03-29 21:32:35.542890+00:00',X'07',NULL);
INSERT INTO "ballots" VALUES('grnheutfctk5ogeivkehrrh4uv','shanghai-2017','2017-03-26','2017-03-26 02:17:10.907767+00:00',X'0A',NULL);
INSERT INTO "ballots" VALUES('ndafrkj4nqq2e3zqpc3g6n7qtl','shanghai-2017','2017-03-26','2017-03-25 19:07:19.336643+00:00',X'0C',NULL);
INSERT INTO "ballots" VALUES('oe3aizhd6jfbtd3rkt2mb6oznb','shanghai-2017','2017-03-26','2017-03-25 17:27:20.792606+00:00',X'04',NULL);
INSERT INTO "ballots" VALUES('rehaf3ykrjbsaeti2jwnihwrsx','shanghai-2017','2017-03-28','2017-03-27 21:35:27.084057+00:00',X'0A',NULL);
INSERT INTO "ballots" VALUES('rsk3f3aj54ebtlnohbwajiknxy','shanghai-2017','2017-03-22','2017-03-21 16:33:23.376631+00:00',X'0C',NULL);
INSERT INTO "ballots" VALUES('usetdblpcou77sx63jt6ltz4wj','shanghai-2017','2017-03-24','2017-03-23 21:33:43.539371+00:00',X'05',NULL);
INSERT INTO "ballots" VALUES('v7te5e4u64oyzgch7db4hom5y6','shanghai-2017','2017-03-24','2017-03-24 11:40:53.968212+00:00',X'0A',NULL);
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
INSERT INTO "campaigns" VALUES('shanghai-2017',1,'第三届上海社会建设十大创新项目','Third Shanghai Top Ten Social Construction Innovation Projects','上海市社会建设委员会办公室','Office of the Shanghai Municipal Social Construction Committee',3,'Asia/Shanghai','2017-03-21 16:00:00+00:00','2017-03-31 04:00:00+00:00',NULL,1,3,1,'DAY','LIVE','[{"code":"SUBMITTED","name":{"zh":"申报项目","en":"Submitted projects"},"seats":6,"decided":true,"decided_at":null,"formula":null},{"code":"CANDIDATE","name":{"zh":"复审候选项目","en":"Candidate projects"},"seats":4,"decided":true,"decided_at":null,"formula":null},{"code":"FINALIST","name":{"zh":"终审项目","en":"Finalist projects"},"seats":2,"decided":false,"decided_at":null,"formula":null},{"code":"WINNER","name":{"zh":"十大创新项目","en":"Top ten innovation projects"},"seats":1,"decided":false,"decided_at":null,"formula":null}]','[{"code":"INNOVATION","name":{"zh":"创新性强","en":"Strongly innovative"}},{"code":"DEMONSTRATION","name":{"zh":"示范性强","en":"A strong model for others"}},{"code":"PRACTICE","name":{"zh":"实践性强","en":"Strongly practical"}},{"code":"RECOGNITION","name":{"zh":"认同度高","en":"Widely recognized"}}]','{"publisher":"上海报业集团","published":"2017-03-21","url":null}','24ef0aaad04b84ad045476f8a76d03788ab634ea8e23d88c426f74beff5c1a5d');
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
CREATE TABLE migrations (
            name VARCHAR(64) NOT NULL PRIMARY KEY,
            sha256 CHAR(64) NOT NULL,
            applied_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))
        );
INSERT INTO "migrations" VALUES('0001_selection','b69abd1bdf6840552c77b372d7b2e495d3e34726199498f5b6a28b94b40584fe','2026-11-28 01:36:49.648+00:00');
INSERT INTO "migrations" VALUES('0002_roles_and_trail','b13647f0ab53dcc583fda6f2af2d9b83a1957d73144a393b82553d1eea3f2ff7','2026-11-28 01:36:49.649+00:00');
INSERT INTO "migrations" VALUES('0003_spendings','4175c32f5a195b44dac7eced5ea36c9bf2ca8404eb76fe0fd8fb840f99220fe5','2026-11-28 01:52:05.040+00:00');
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
INSERT INTO "projects" VALUES('shanghai-2017/1','shanghai-2017',1,'上海市网上信访大厅建设','Building Shanghai''s Online Petitions Hall','把全市各级网上信访渠道并入一个大厅，市、区、街镇执行统一标准。市民注册一次，就能向各级领导信箱和信访部门提出诉求或建议，并查看结果、作出评价。办理周期由2010年的90天降到2016年的32天。','Brings the city''s online petition channels together in one hall, with common standards for the municipality, the districts, and the subdistricts and towns. After registering once, people can send complaints and proposals to leaders'' mailboxes and petition offices at every level, look up the result and rate it. Handling time fell from 90 days in 2010 to 32 days in 2016.','市信访办','Shanghai Municipal Public Complaints and Proposals Office','MUNICIPAL',NULL,'["DIGITAL_SERVICES","DISPUTES_AND_APPEALS"]',2016,'[{"label":{"zh":"2010年办理周期","en":"Handling time, 2010"},"value":"90","unit":{"zh":"天","en":"days"},"year":2010},{"label":{"zh":"2016年办理周期","en":"Handling time, 2016"},"value":"32","unit":{"zh":"天","en":"days"},"year":2016},{"label":{"zh":"按期办结率，2010年至2016年","en":"Share completed on time, 2010 to 2016"},"value":"68→99","unit":{"zh":"%","en":"%"},"year":null},{"label":{"zh":"公开回复率，2010年至2016年","en":"Share answered publicly, 2010 to 2016"},"value":"19→77","unit":{"zh":"%","en":"%"},"year":null}]','CANDIDATE');
INSERT INTO "projects" VALUES('shanghai-2017/2','shanghai-2017',2,'学区化集团化办学','Running Schools in Clusters and Groups','学校按学区或教育集团结成联合体，共享课程、教师和管理经验，并打通公办与民办、不同学段以及学校与社区之间的界限。各校保留自己的特色，目标是让更多学生得到优质教育。到2016年底共有137个学区和集团、746所学校，约占全市普通中小学的一半。','Schools join together in school districts or education groups to share curricula, teachers and management experience, across the divides between public and private schools, between stages of schooling, and between school and community. Each school keeps its own character, and the aim is a good education for more pupils. By the end of 2016 there were 137 such districts and groups with 746 schools, about half of the city''s ordinary primary and secondary schools.',NULL,NULL,'MUNICIPAL',NULL,'["EDUCATION_AND_FAMILY"]',2014,'[{"label":{"zh":"学区和集团","en":"School districts and groups"},"value":"137","unit":{"zh":"个","en":"districts and groups"},"year":2016},{"label":{"zh":"覆盖学校","en":"Schools covered"},"value":"746","unit":{"zh":"所","en":"schools"},"year":2016},{"label":{"zh":"占全市普通中小学总数（约）","en":"Share of the city''s ordinary primary and secondary schools (about)"},"value":"50","unit":{"zh":"%","en":"%"},"year":2016},{"label":{"zh":"表示教师已跨校带教、备课或教研的校长（以上）","en":"School heads who report cross-school mentoring, preparation or research by teachers (or more)"},"value":"80","unit":{"zh":"%","en":"%"},"year":null}]','CANDIDATE');
INSERT INTO "projects" VALUES('shanghai-2017/3','shanghai-2017',3,'烟花爆竹安全管控','Safety Control of Fireworks and Firecrackers','依据2016年1月1日施行的新修订条例，公安局与有关部门从源头、宣传和执法三方面管控烟花爆竹，以保障城市安全、减轻空气污染。2016年和2017年春节期间，外环线以内没有燃放。2017年全市没有发生烟花爆竹引起的火灾，也没有人因此受伤。','Under revised regulations in force since 1 January 2016, the police and other departments control fireworks at the source, through publicity and through enforcement, for a safer city and cleaner air. No fireworks were set off inside the Outer Ring Road during the Spring Festivals of 2016 and 2017. In 2017 the city recorded no fires and no injuries caused by fireworks.','市公安局','Shanghai Municipal Public Security Bureau','MUNICIPAL',NULL,'["PUBLIC_SAFETY","URBAN_ENVIRONMENT"]',2016,'[{"label":{"zh":"春节期间外环线以内“零燃放”连续年数","en":"Consecutive Spring Festivals with no fireworks inside the Outer Ring Road"},"value":"2","unit":{"zh":"年","en":"years"},"year":null},{"label":{"zh":"2017年全市烟花爆竹引发火灾数","en":"Fires caused by fireworks in the city, 2017"},"value":"0","unit":null,"year":2017},{"label":{"zh":"2017年全市烟花爆竹致伤数","en":"Injuries caused by fireworks in the city, 2017"},"value":"0","unit":null,"year":2017}]','CANDIDATE');
INSERT INTO "projects" VALUES('shanghai-2017/4','shanghai-2017',4,'道路交通违法行为大整治','Citywide Campaign against Road Traffic Violations','2016年3月24日起，公安局会同有关部门在全市整治道路交通违法行为，做法包括改革勤务、常态化严格执法、广泛宣传和社会参与。与整治前相比，交通事故减少26.6%，死亡人数减少16.9%，受伤人数减少43.3%。','Since 24 March 2016 the police and other departments have acted against traffic violations across the city, with reformed patrols, steady and strict enforcement, wide publicity and public participation. Compared with the time before the campaign, traffic accidents fell by 26.6%, deaths by 16.9% and injuries by 43.3%.','市公安局','Shanghai Municipal Public Security Bureau','MUNICIPAL',NULL,'["PUBLIC_SAFETY"]',2016,'[{"label":{"zh":"交通事故数降幅（比整治前）","en":"Fall in traffic accidents (compared with before the campaign)"},"value":"26.6","unit":{"zh":"%","en":"%"},"year":null},{"label":{"zh":"死亡人数降幅（比整治前）","en":"Fall in deaths (compared with before the campaign)"},"value":"16.9","unit":{"zh":"%","en":"%"},"year":null},{"label":{"zh":"受伤人数降幅（比整治前）","en":"Fall in injuries (compared with before the campaign)"},"value":"43.3","unit":{"zh":"%","en":"%"},"year":null},{"label":{"zh":"“滴滴出行”拥堵排名","en":"Place in DiDi''s congestion ranking"},"value":"8→18","unit":{"zh":"名","en":"place"},"year":null}]','CANDIDATE');
CREATE TABLE revocations (
    number INT NOT NULL PRIMARY KEY,
    viewer VARCHAR(26)
);
CREATE TABLE spendings (
    id VARCHAR(32) NOT NULL PRIMARY KEY,
    period BIGINT NOT NULL,
    spent INT NOT NULL
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
INSERT INTO "tallies" VALUES(1,'shanghai-2017','2017-03-22',6,3,2);
INSERT INTO "tallies" VALUES(2,'shanghai-2017','2017-03-22',6,4,1);
INSERT INTO "tallies" VALUES(3,'shanghai-2017','2017-03-24',6,1,1);
INSERT INTO "tallies" VALUES(4,'shanghai-2017','2017-03-24',6,2,1);
INSERT INTO "tallies" VALUES(5,'shanghai-2017','2017-03-24',6,3,2);
INSERT INTO "tallies" VALUES(6,'shanghai-2017','2017-03-24',6,4,2);
INSERT INTO "tallies" VALUES(7,'shanghai-2017','2017-03-26',6,2,1);
INSERT INTO "tallies" VALUES(8,'shanghai-2017','2017-03-26',6,3,2);
INSERT INTO "tallies" VALUES(9,'shanghai-2017','2017-03-26',6,4,2);
INSERT INTO "tallies" VALUES(10,'shanghai-2017','2017-03-28',6,2,1);
INSERT INTO "tallies" VALUES(11,'shanghai-2017','2017-03-28',6,3,1);
INSERT INTO "tallies" VALUES(12,'shanghai-2017','2017-03-28',6,4,2);
INSERT INTO "tallies" VALUES(13,'shanghai-2017','2017-03-29',6,2,1);
INSERT INTO "tallies" VALUES(14,'shanghai-2017','2017-03-29',6,4,1);
INSERT INTO "tallies" VALUES(15,'shanghai-2017','2017-03-30',6,1,1);
INSERT INTO "tallies" VALUES(16,'shanghai-2017','2017-03-30',6,2,1);
INSERT INTO "tallies" VALUES(17,'shanghai-2017','2017-03-30',6,3,1);
CREATE TABLE trail (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TIMESTAMP NOT NULL,
    kind VARCHAR(24) NOT NULL,
    campaign VARCHAR(64),
    actor VARCHAR(26),
    details JSON NOT NULL
);
INSERT INTO "trail" VALUES(1,'2017-02-28 16:00:00.000002+00:00','CAMPAIGN_LOADED','shanghai-2017',NULL,'{"file": "small.toml", "sha256": "5318851bc8323e325b2ac5c80cc313e465297d91bd2aacdd61dad5fda574a086"}');
INSERT INTO "trail" VALUES(2,'2017-02-28 16:00:00.000003+00:00','ROLE_GRANTED',NULL,NULL,'{"role": "EXPERT", "viewer": "avdc2jl62hgvpmiv626bdvbkyw"}');
CREATE TABLE turnouts (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    shard SMALLINT NOT NULL,
    ballots BIGINT NOT NULL,
    UNIQUE (campaign_id, day, shard),
    CONSTRAINT turnouts_ballots_check CHECK (ballots >= 0)
);
INSERT INTO "turnouts" VALUES(1,'shanghai-2017','2017-03-22',6,2);
INSERT INTO "turnouts" VALUES(2,'shanghai-2017','2017-03-24',6,3);
INSERT INTO "turnouts" VALUES(3,'shanghai-2017','2017-03-26',6,3);
INSERT INTO "turnouts" VALUES(4,'shanghai-2017','2017-03-28',6,2);
INSERT INTO "turnouts" VALUES(5,'shanghai-2017','2017-03-29',6,1);
INSERT INTO "turnouts" VALUES(6,'shanghai-2017','2017-03-30',6,1);
CREATE TRIGGER trail_is_never_changed BEFORE UPDATE ON trail
BEGIN
    SELECT RAISE(ABORT, 'the trail is append-only');
END;
CREATE TRIGGER trail_is_never_shortened BEFORE DELETE ON trail
BEGIN
    SELECT RAISE(ABORT, 'the trail is append-only');
END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('trail',2);
COMMIT;
