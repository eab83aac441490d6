-- Images that organizers upload, each under the SHA-256 of its bytes, so that browsers may keep it for good.
CREATE TABLE images (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE RESTRICT,
    format VARCHAR(4) NOT NULL,
    width SMALLINT NOT NULL,
    height SMALLINT NOT NULL,
    content BLOB NOT NULL
);
