-- Images that organizers upload, each under the SHA-256 of its bytes, so that browsers may keep it for good.
CREATE TABLE images (
    id varchar(64) NOT NULL PRIMARY KEY,
    campaign_id varchar(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    format varchar(4) NOT NULL,
    width smallint NOT NULL,
    height smallint NOT NULL,
    content bytea NOT NULL
);
