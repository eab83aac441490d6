BEGIN TRANSACTION;
CREATE TABLE "ballots" (
    id VARCHAR(26) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    day DATE NOT NULL,
    cast_at TIMESTAMP NOT NULL,
    channel VARCHAR(8) NOT NULL,
    choices BLOB NOT NULL
, client_tag BLOB);
INSERT INTO "ballots" VALUES('4xo5gngxtrr47zarak5l26ewjq','shanghai-2017','2017-03-24','2017-03-23 17:50:49.341678+00:00','WEB',X'06',NULL);
INSERT INTO "ballots" VALUES('556ynotnvayklb77alpfurmp4l','shanghai-2017','2017-03-25','2017-03-24 21:53:20.205626+00:00','WEB',X'04',NULL);
INSERT INTO "ballots" VALUES('ezoig5f6m6x3nbili7w5tmimez','shanghai-2017','2017-03-24','2017-03-24 11:17:07.110195+00:00','WEB',X'03',NULL);
INSERT INTO "ballots" VALUES('hxohirayv7yrawhpupbs7q2qpg','shanghai-2017','2017-03-24','2017-03-24 02:25:54.722311+00:00','WEB',X'05',NULL);
INSERT INTO "ballots" VALUES('khressczimac7neg7woecrvwsc','shanghai-2017','2017-03-22','2017-03-21 22:38:41.870406+00:00','WEB',X'06',NULL);
INSERT INTO "ballots" VALUES('mvvofudxwhga3qc43oub2256hq','shanghai-2017','2017-03-22','2017-03-22 05:54:11.422687+00:00','WEB',X'02',NULL);
INSERT INTO "ballots" VALUES('nxyd2urfu2nc4axz3k2kftnoey','shanghai-2017','2017-03-24','2017-03-24 03:17:23.224431+00:00','WEB',X'0E',NULL);
INSERT INTO "ballots" VALUES('senhjkfs55r3arewzjauxytr65','shanghai-2017','2017-03-23','2017-03-23 03:19:51.888675+00:00','WEB',X'02',NULL);
INSERT INTO "ballots" VALUES('ttdrs4mfrlbtev2gvz62nrmdpg','shanghai-2017','2017-03-22','2017-03-22 00:46:38.151826+00:00','WEB',X'04',NULL);
INSERT INTO "ballots" VALUES('ty2vzjrj2ixpzahrq5rlpe4o2b','shanghai-2017','2017-03-24','2017-03-23 23:02:20.370995+00:00','WEB',X'04',NULL);
INSERT INTO "ballots" VALUES('xggqkg6av7lkhqy5bgnc7cby7d','shanghai-2017','2017-03-22','2017-03-21 19:40:28.348259+00:00','WEB',X'01',NULL);
INSERT INTO "ballots" VALUES('fndllxhbq6txvhg3ta52xyf2na','shanghai-2017','2017-03-25','2017-03-25 01:00:01.724790+00:00','WEB',X'05',NULL);
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
, panel JSON, lot_digest VARCHAR(64), announcements JSON, importing VARCHAR(26));
INSERT INTO "campaigns" VALUES('shanghai-2017',1,'PRESENTED','["zh","en"]','{"translations":[["zh","第三届上海社会建设十大创新项目"],["en","Third Shanghai Top Ten Social Construction Innovation Projects"]]}','{"translations":[["zh","上海市社会建设委员会办公室"],["en","Office of the Shanghai Municipal Social Construction Committee"]]}',NULL,NULL,3,'Asia/Shanghai','2017-03-21 16:00:00+00:00','2017-03-31 04:00:00+00:00',NULL,1,3,1,'DAY',0,'[]','LIVE',NULL,'SECOND',NULL,'[{"code":"ELDER_CARE","name":{"translations":[["zh","为老服务"],["en","Elder care"]]},"description":null},{"code":"HEALTH","name":{"translations":[["zh","健康医疗"],["en","Health"]]},"description":null},{"code":"EDUCATION_AND_FAMILY","name":{"translations":[["zh","教育与家庭"],["en","Education and family"]]},"description":null},{"code":"CULTURE","name":{"translations":[["zh","文化与阅读"],["en","Culture and reading"]]},"description":null},{"code":"WORK_AND_ENTERPRISE","name":{"translations":[["zh","就业创业与职工服务"],["en","Work and enterprise"]]},"description":null},{"code":"PUBLIC_SAFETY","name":{"translations":[["zh","公共安全与交通"],["en","Safety and traffic"]]},"description":null},{"code":"URBAN_ENVIRONMENT","name":{"translations":[["zh","城市环境与住房"],["en","Urban environment and housing"]]},"description":null},{"code":"DISPUTES_AND_APPEALS","name":{"translations":[["zh","调解与信访"],["en","Disputes and appeals"]]},"description":null},{"code":"SELF_GOVERNANCE","name":{"translations":[["zh","居民自治"],["en","Residents'' self-governance"]]},"description":null},{"code":"NEIGHBOURHOOD_SERVICES","name":{"translations":[["zh","邻里与居委会服务"],["en","Neighbourhood services"]]},"description":null},{"code":"PARTY_BUILDING","name":{"translations":[["zh","党建引领"],["en","Party building"]]},"description":null},{"code":"DIGITAL_SERVICES","name":{"translations":[["zh","互联网与数字服务"],["en","Digital services"]]},"description":null},{"code":"VOLUNTEERING_AND_CHARITY","name":{"translations":[["zh","志愿与公益"],["en","Volunteering and charity"]]},"description":null},{"code":"SOCIAL_ORGANIZATIONS","name":{"translations":[["zh","社会组织"],["en","Social organizations"]]},"description":null}]','[]','[]','[]','[]','[]','[{"code":"SUBMITTED","name":{"translations":[["zh","申报项目"],["en","Submitted projects"]]},"seats":6,"decided":true,"decided_at":null,"formula":null,"ties":[],"kind":"SUBMISSION","inputs":[],"threshold":null,"places":4,"further_criteria":[],"opens_at":null,"closes_at":null,"choices":null},{"code":"CANDIDATE","name":{"translations":[["zh","复审候选项目"],["en","Candidate projects"]]},"seats":4,"decided":true,"decided_at":null,"formula":"由市社会建设委员会相关成员单位、全市各区和有关专家等组成的评审委员会推选","ties":[],"kind":"DECISION","inputs":[],"threshold":null,"places":4,"further_criteria":[],"opens_at":null,"closes_at":null,"choices":null},{"code":"FINALIST","name":{"translations":[["zh","终审项目"],["en","Finalist projects"]]},"seats":2,"decided":false,"decided_at":null,"formula":"通过接受公众投票、组织专家评审等环节选出","ties":[],"kind":"DECISION","inputs":[],"threshold":null,"places":4,"further_criteria":[],"opens_at":null,"closes_at":null,"choices":null},{"code":"WINNER","name":{"translations":[["zh","十大创新项目"],["en","Top ten innovation projects"]]},"seats":1,"decided":false,"decided_at":null,"formula":null,"ties":[],"kind":"DECISION","inputs":[],"threshold":null,"places":4,"further_criteria":[],"opens_at":null,"closes_at":null,"choices":null}]','[{"code":"INNOVATION","name":{"translations":[["zh","创新性强"],["en","Strongly innovative"]]},"weight":"1","minimum":"0","maximum":null,"step":"1","anchors":[],"counted":true},{"code":"DEMONSTRATION","name":{"translations":[["zh","示范性强"],["en","A strong model for others"]]},"weight":"1","minimum":"0","maximum":null,"step":"1","anchors":[],"counted":true},{"code":"PRACTICE","name":{"translations":[["zh","实践性强"],["en","Strongly practical"]]},"weight":"1","minimum":"0","maximum":null,"step":"1","anchors":[],"counted":true},{"code":"RECOGNITION","name":{"translations":[["zh","认同度高"],["en","Widely recognized"]]},"weight":"1","minimum":"0","maximum":null,"step":"1","anchors":[],"counted":true}]','{"publisher":"上海报业集团","published":"2017-03-21","url":null}','dcb15d8d2da04c789bc275f0f6f7b7f52b7452ae4c8379bbd8d56cc29b8d7da3',NULL,NULL,'[]',NULL);
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
CREATE TABLE imported_files (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL UNIQUE REFERENCES campaigns (slug) ON DELETE RESTRICT,
    job VARCHAR(26) NOT NULL,
    format VARCHAR(12) NOT NULL,
    name VARCHAR(200) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    imported_at TIMESTAMP NOT NULL,
    result JSON NOT NULL,
    extras JSON NOT NULL
);
CREATE TABLE job_pieces (
    id INTEGER NOT NULL PRIMARY KEY,
    job_id BIGINT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    start BIGINT NOT NULL,
    content BLOB NOT NULL,
    UNIQUE (job_id, start)
);
CREATE TABLE jobs (
    id INTEGER NOT NULL PRIMARY KEY,
    key VARCHAR(26) NOT NULL UNIQUE,
    kind VARCHAR(8) NOT NULL,
    content VARCHAR(12) NOT NULL,
    state VARCHAR(24) NOT NULL,
    campaign VARCHAR(64),
    terms JSON NOT NULL,
    requested_by VARCHAR(26),
    language VARCHAR(2) NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    received BIGINT NOT NULL,
    size BIGINT,
    sha256 VARCHAR(64),
    done BIGINT NOT NULL,
    total BIGINT,
    problems JSON NOT NULL,
    problem_count INT NOT NULL,
    result JSON,
    checkpoint TEXT,
    approved_by VARCHAR(26),
    approved_at TIMESTAMP,
    cancel_requested INT NOT NULL,
    cancelled_by VARCHAR(26),
    attempts SMALLINT NOT NULL,
    session_roles JSON NOT NULL,
    session_version BIGINT NOT NULL,
    lease VARCHAR(64),
    leased_until TIMESTAMP
);
CREATE TABLE kept_orders (
    id VARCHAR(16) NOT NULL PRIMARY KEY,
    places BLOB NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE TABLE log_bundles (
    id INTEGER NOT NULL PRIMARY KEY,
    log_id BIGINT NOT NULL REFERENCES logs (id) ON DELETE RESTRICT,
    n BIGINT NOT NULL,
    entries BLOB NOT NULL,
    ballots TEXT NOT NULL,
    UNIQUE (log_id, n)
);
INSERT INTO "log_bundles" VALUES(1,1,0,X'004672756C65732031363737336339396436653562326433653534333332346163343839653135653562656566323631313365383438323464323166346461336565306666633836003077696E646F7720323031372D30332D32315431363A30303A30305A20323031372D30332D33315430343A30303A30305A005262616C6C6F7420323031372D30332D32342037343233393035623932386638336439633530383839346639633366626465333537393736393938663733313731656635643830643035313366303836303563005262616C6C6F7420323031372D30332D32322035333264653764333339376166663239643532646263313631393564396330633764363735313065636533386166353562333036643262613963616664343665005262616C6C6F7420323031372D30332D32322036396538653339346233383161393234373263636631353937636332376331303961393435303838636266633538383736303034653366653363613731336239005262616C6C6F7420323031372D30332D32342039373738323038333635626330326235613138656662666334353736383038343032323132386630343139316232306464346666343962393562616665343866005262616C6C6F7420323031372D30332D32322030636532313435336230313033353536656537313364663065306534346137303565313930646466316363396664356538376266316565303830363466393932005262616C6C6F7420323031372D30332D32342061303338366635316139366534333930626562323039313438306365366466646539633431323439626236313531336366313964656332363161306232346332005262616C6C6F7420323031372D30332D32322031373333393162336564356130623963396635373962333133376566626532646133326465323236333462623038333736323230303735333766383635646666005262616C6C6F7420323031372D30332D32332035383534636161653131656236623636353235323064306238366664383835376338333762646334643565326662396462393030616564626566653263623631005262616C6C6F7420323031372D30332D32352034626362613066343138663662346435356635616630313061626235656331363633363137396230613333643266643932646565393039626339336330303730005262616C6C6F7420323031372D30332D32342036363639396466643437656631636162616532353634313962343134383132636434303665633034373361333231663533333765633365343666643965656561005262616C6C6F7420323031372D30332D323420666236306335323063393863353331636436653634613237366331353561343835373135303161356636623566613835363263313538656131373766323230360047686F6C6420342038346365663039373566653330336539353461396662633930316432353063643239663033353338303838386161353135313730653339316636616637663436001664617920323031372D30332D32322034203120302030001664617920323031372D30332D32332031203020302030001664617920323031372D30332D32342035203020302030','----------------------------------------------------nxyd2urfu2nc4axz3k2kftnoeyxggqkg6av7lkhqy5bgnc7cby7dkhressczimac7neg7woecrvwscezoig5f6m6x3nbili7w5tmimezttdrs4mfrlbtev2gvz62nrmdpghxohirayv7yrawhpupbs7q2qpgmvvofudxwhga3qc43oub2256hqsenhjkfs55r3arewzjauxytr65556ynotnvayklb77alpfurmp4l4xo5gngxtrr47zarak5l26ewjqty2vzjrj2ixpzahrq5rlpe4o2b--------------------------------------------------------------------------------------------------------');
CREATE TABLE log_documents (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    sha256 VARCHAR(64) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    content BLOB NOT NULL,
    UNIQUE (campaign_id, sha256)
);
INSERT INTO "log_documents" VALUES(1,'shanghai-2017','16773c99d6e5b2d3e543324ac489e15e5beef26113e84824d21f4da3ee0ffc86','rules',X'7B2263616E64696461746573223A5B7B226E756D626572223A312C22706F736974696F6E223A312C2272756C65645F6279223A5B5D7D2C7B226E756D626572223A322C22706F736974696F6E223A322C2272756C65645F6279223A5B5D7D2C7B226E756D626572223A332C22706F736974696F6E223A332C2272756C65645F6279223A5B5D7D2C7B226E756D626572223A342C22706F736974696F6E223A342C2272756C65645F6279223A5B5D7D5D2C2263686F69636573223A7B226D6178696D756D223A332C226D696E696D756D223A317D2C2271756F7461223A7B226C696D6974223A312C227065725F6368616E6E656C223A66616C73652C22706572696F64223A22444159227D2C22726573756C74735F6174223A6E756C6C2C22726573756C74735F73746570223A225345434F4E44222C2272756C6573223A5B5D2C22737461676573223A5B7B22636F6465223A225355424D4954544544222C22666F726D756C61223A6E756C6C2C226B696E64223A225355424D495353494F4E222C227365617473223A362C2274696573223A5B5D7D2C7B22636F6465223A2243414E444944415445222C22666F726D756C61223A22E794B1E5B882E7A4BEE4BC9AE5BBBAE8AEBEE5A794E59198E4BC9AE79BB8E585B3E68890E59198E58D95E4BD8DE38081E585A8E5B882E59084E58CBAE5928CE69C89E585B3E4B893E5AEB6E7AD89E7BB84E68890E79A84E8AF84E5AEA1E5A794E59198E4BC9AE68EA8E98089222C227365617473223A342C2274696573223A5B5D7D2C7B22636F6465223A2246494E414C495354222C22666F726D756C61223A22E9809AE8BF87E68EA5E58F97E585ACE4BC97E68A95E7A5A8E38081E7BB84E7BB87E4B893E5AEB6E8AF84E5AEA1E7AD89E78EAFE88A82E98089E587BA222C227365617473223A322C2274696573223A5B5D7D2C7B22636F6465223A2257494E4E4552222C22666F726D756C61223A6E756C6C2C227365617473223A312C2274696573223A5B5D7D5D2C2274696D655F7A6F6E65223A22417369612F5368616E67686169222C227669736962696C697479223A224C495645227D');
CREATE TABLE log_places (
    ballot_id VARCHAR(26) NOT NULL PRIMARY KEY,
    log_id BIGINT NOT NULL REFERENCES logs (id) ON DELETE RESTRICT,
    place BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO "log_places" VALUES('4xo5gngxtrr47zarak5l26ewjq',1,11);
INSERT INTO "log_places" VALUES('556ynotnvayklb77alpfurmp4l',1,10);
INSERT INTO "log_places" VALUES('ezoig5f6m6x3nbili7w5tmimez',1,5);
INSERT INTO "log_places" VALUES('hxohirayv7yrawhpupbs7q2qpg',1,7);
INSERT INTO "log_places" VALUES('khressczimac7neg7woecrvwsc',1,4);
INSERT INTO "log_places" VALUES('mvvofudxwhga3qc43oub2256hq',1,8);
INSERT INTO "log_places" VALUES('nxyd2urfu2nc4axz3k2kftnoey',1,2);
INSERT INTO "log_places" VALUES('senhjkfs55r3arewzjauxytr65',1,9);
INSERT INTO "log_places" VALUES('ttdrs4mfrlbtev2gvz62nrmdpg',1,6);
INSERT INTO "log_places" VALUES('ty2vzjrj2ixpzahrq5rlpe4o2b',1,12);
INSERT INTO "log_places" VALUES('xggqkg6av7lkhqy5bgnc7cby7d',1,3);
CREATE TABLE log_queue (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    ballots TEXT NOT NULL,
    ruling JSON
);
INSERT INTO "log_queue" VALUES(3,'shanghai-2017','fndllxhbq6txvhg3ta52xyf2na',NULL);
CREATE TABLE log_tiles (
    id INTEGER NOT NULL PRIMARY KEY,
    log_id BIGINT NOT NULL REFERENCES logs (id) ON DELETE RESTRICT,
    level SMALLINT NOT NULL,
    n BIGINT NOT NULL,
    hashes BLOB NOT NULL,
    UNIQUE (log_id, level, n)
);
INSERT INTO "log_tiles" VALUES(1,1,0,0,X'8B3D56ED01E3ED2D018FCACA346F08A150C9DC5D3A9901CFF475F1454221C549A8637126BE02F27E5D8F51FDAB98C0EAC9FED85E43D4ED9DC819EBAAA3E16B6A08B35B649DE14A4776A46C6211DDFB72F591315608923BB176084EA130C290C30943454C47D22F5E5F55574AC42FC2A25FA7B8EC0EFCF7A3E4493ACE4D1F868C113520B82237598B2F9A9EB9C9533EFDD34A15EFC96DE7B704316A0E23046772200E6CBE00FD49612352A03109753B65DDE495D868C49C54DE46086C213BD86822480474BFEE09AF31651D47A65C1310FF61BA3BCD28A3AB8D4D1FB00CA916F435614F4410665AD0B3E22B32ED3B988FECA1B0E8D64918E9D6AD5DDAE1665C035DF510F9DE8B04F56F2D4511BE8D9D128445E21CF3E4FC277193D1270DCADC978D178D99560EB737EDC4922EBA2EFF6E4066D9B452D73BBDDF727C3D4452EDB5A607AF9E6714B60F207DCF81CBBE9975D94A28C8CDA4C89196D696B9573FF1CCE3474E7B1B6FE237F987D2F2E0BDF26734DB48D770E5F9CB520A382198FF6C52F1FA523F671BC236E958703032121E252E42FB25FBBE65C90628F46D71C7D780758634A0017D1132D3889E917DD57FA326AA802C8A56AF0DED6F2DA46561DA31A52C7F1C39D660F40732B0417711BEA1B598D3B890185C06CE049175EA47AC13F87FC58311B8D4C7DFB51D93293981B9DDF80E445618C63025501439B59E0145998616F01D8890ECBEE32D2497AED1B7905928910C04DCC467DF6BA8BFFF2AF3');
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
INSERT INTO "logs" VALUES(1,'shanghai-2017',1,'vote.example.cn/log/shanghai-2017',17,X'4F5A3B040B265204F3632E261ECA0A16781BB40BCD5A27068EA23287B870214E',11,'{"rules": "16773c99d6e5b2d3e543324ac489e15e5beef26113e84824d21f4da3ee0ffc86", "window": "window 2017-03-21T16:00:00Z 2017-03-31T04:00:00Z", "days": {"2017-03-22": [4, 1, 0, 0], "2017-03-23": [1, 0, 0, 0], "2017-03-24": [5, 0, 0, 0]}, "revision": 1, "passed": 8}','2017-03-25 01:00:01.574194+00:00',17,'2017-03-25 01:00:02.041983+00:00','vote.example.cn/log/shanghai-2017
17
T1o7BAsmUgTzYy4mHsoKFngbtAvNWicGjqIyh7hwIU4=

— vote.example.cn/log/shanghai-2017 cHKKGzPQQQXPqjbk5QcweqdTo490k/Q1SdJYeARS4Zku73m+DpTJGMY8L8uPu0RvOmJisgWGne14knEj2EZGd8CCaAE=
',NULL);
CREATE TABLE migrations (
            name VARCHAR(64) NOT NULL PRIMARY KEY,
            sha256 CHAR(64) NOT NULL,
            applied_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))
        );
INSERT INTO "migrations" VALUES('0001_selection','b69abd1bdf6840552c77b372d7b2e495d3e34726199498f5b6a28b94b40584fe','2026-11-28 01:55:11.198+00:00');
INSERT INTO "migrations" VALUES('0002_roles_and_trail','b13647f0ab53dcc583fda6f2af2d9b83a1957d73144a393b82553d1eea3f2ff7','2026-11-28 01:55:11.212+00:00');
INSERT INTO "migrations" VALUES('0003_spendings','4175c32f5a195b44dac7eced5ea36c9bf2ca8404eb76fe0fd8fb840f99220fe5','2026-11-28 01:55:11.216+00:00');
INSERT INTO "migrations" VALUES('0004_suspicion','455e2628e0a85cb033c50ff9804aee47e1ec542ffd0a322ecf011f6ac577640a','2026-11-28 01:55:11.240+00:00');
INSERT INTO "migrations" VALUES('0005_retries','b05ef02d3849113ca0a7b550aabb9430c45bc95ec5d0661296d8305783bbaaa4','2026-11-28 01:55:11.276+00:00');
INSERT INTO "migrations" VALUES('0006_kept_orders','5942784b47461dfc3075cb4503ce506380a93bcfb4609987a62297098fdba464','2026-11-28 01:55:11.277+00:00');
INSERT INTO "migrations" VALUES('0007_campaigns_of_any_kind','63448fcad9f3806ae6e889fb3378ab9229880242582973535ea7a1f2a2e62287','2026-11-28 01:55:11.412+00:00');
INSERT INTO "migrations" VALUES('0008_images','6afaf651c2b926db438c33ec7fcdaf52efc087edb1fa5b7c30dba341d21a33cf','2026-11-28 01:55:11.422+00:00');
INSERT INTO "migrations" VALUES('0009_earlier_counts','1f98a3e2ef19eac6d2c6a64a959f9aa3f8741e3b2bb8c3354b9b4402894bf049','2026-11-28 01:55:11.422+00:00');
INSERT INTO "migrations" VALUES('0010_experts_and_selections','efcb952049161e58396a3fd5d64f44118ea3601453ccc217e65ca9c09eeedae5','2026-11-28 01:55:11.490+00:00');
INSERT INTO "migrations" VALUES('0011_jobs','d8d5a116364b409c4e3123dff34ea8d0917941f643d369c4d3abe3d39b261edf','2026-11-28 01:55:11.510+00:00');
INSERT INTO "migrations" VALUES('0012_ballot_log','cb1c076282cbb1b26a4a5f6201bad429c4ed0f3357b69998c9327a0d54dfb6c7','2026-11-28 01:55:11.542+00:00');
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
CREATE TABLE paper_batches (
    id INTEGER NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    digest VARCHAR(64) NOT NULL,
    place VARCHAR(200) NOT NULL,
    day DATE NOT NULL,
    channel VARCHAR(8) NOT NULL,
    job VARCHAR(26) NOT NULL,
    approved_by VARCHAR(26) NOT NULL,
    approved_at TIMESTAMP NOT NULL,
    ballots INT NOT NULL,
    counted_at TIMESTAMP,
    UNIQUE (campaign_id, digest)
);
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
INSERT INTO "rulings" VALUES(1,'khressczimac7neg7woecrvwsc',1,'HOLD','They are all alike.','2017-03-25 01:00:00.630939+00:00',NULL);
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
CREATE TABLE sign_in_days (
    id INTEGER NOT NULL PRIMARY KEY,
    zone VARCHAR(64) NOT NULL,
    day DATE NOT NULL,
    count BIGINT NOT NULL,
    UNIQUE (zone, day)
);
CREATE TABLE sign_ins (
    id INTEGER NOT NULL PRIMARY KEY,
    zone VARCHAR(64) NOT NULL,
    day DATE NOT NULL,
    key VARCHAR(26) NOT NULL,
    UNIQUE (zone, day, key)
);
INSERT INTO "sign_ins" VALUES(1,'Asia/Shanghai','2017-03-25','upesdepk6fgaky5hgviy6npqi7');
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
INSERT INTO "tallies" VALUES(1,'shanghai-2017','2017-03-22',1,'WEB',1,1);
INSERT INTO "tallies" VALUES(2,'shanghai-2017','2017-03-22',1,'WEB',2,2);
INSERT INTO "tallies" VALUES(3,'shanghai-2017','2017-03-22',1,'WEB',3,2);
INSERT INTO "tallies" VALUES(4,'shanghai-2017','2017-03-23',1,'WEB',2,1);
INSERT INTO "tallies" VALUES(5,'shanghai-2017','2017-03-24',1,'WEB',1,2);
INSERT INTO "tallies" VALUES(6,'shanghai-2017','2017-03-24',1,'WEB',2,3);
INSERT INTO "tallies" VALUES(7,'shanghai-2017','2017-03-24',1,'WEB',3,4);
INSERT INTO "tallies" VALUES(8,'shanghai-2017','2017-03-24',1,'WEB',4,1);
INSERT INTO "tallies" VALUES(9,'shanghai-2017','2017-03-25',1,'WEB',3,1);
INSERT INTO "tallies" VALUES(10,'shanghai-2017','2017-03-25',12,'WEB',1,1);
INSERT INTO "tallies" VALUES(11,'shanghai-2017','2017-03-25',12,'WEB',3,1);
CREATE TABLE trail (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TIMESTAMP NOT NULL,
    kind VARCHAR(24) NOT NULL,
    campaign VARCHAR(64),
    actor VARCHAR(26),
    details JSON NOT NULL
);
INSERT INTO "trail" VALUES(1,'2017-02-28 16:00:00.000002+00:00','CAMPAIGN_LOADED','shanghai-2017',NULL,'{"file": "small.toml", "sha256": "1ceaf15cc27638962449c5663822471ac06b45dadb80ea698bbd2cc415227b7d"}');
INSERT INTO "trail" VALUES(2,'2017-03-25 01:00:00.000002+00:00','ROLE_GRANTED',NULL,NULL,'{"role": "EXPERT", "viewer": "avdc2jl62hgvpmiv626bdvbkyw"}');
INSERT INTO "trail" VALUES(3,'2017-03-25 01:00:00.630939+00:00','BALLOTS_HELD','shanghai-2017',NULL,'{"ballots": 1, "reason": "They are all alike."}');
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
INSERT INTO "turnouts" VALUES(1,'shanghai-2017','2017-03-22',1,'WEB',4);
INSERT INTO "turnouts" VALUES(2,'shanghai-2017','2017-03-23',1,'WEB',1);
INSERT INTO "turnouts" VALUES(3,'shanghai-2017','2017-03-24',1,'WEB',5);
INSERT INTO "turnouts" VALUES(4,'shanghai-2017','2017-03-25',1,'WEB',1);
INSERT INTO "turnouts" VALUES(5,'shanghai-2017','2017-03-25',12,'WEB',1);
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
INSERT INTO "withdrawals" VALUES(2,'shanghai-2017','2017-03-22','WEB',2,1,0);
INSERT INTO "withdrawals" VALUES(3,'shanghai-2017','2017-03-22','WEB',3,1,0);
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
CREATE INDEX idx_jobs_state ON jobs (state);
CREATE INDEX idx_jobs_requested_by ON jobs (requested_by);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('trail',3);
COMMIT;
