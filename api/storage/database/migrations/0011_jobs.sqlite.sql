-- Imports and exports that run in the background, their files, and what came in by them. A campaign that is being imported names
-- the job, and is seen by nobody before it is whole.

ALTER TABLE campaigns ADD COLUMN importing VARCHAR(26);

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

CREATE INDEX idx_jobs_state ON jobs (state);
CREATE INDEX idx_jobs_requested_by ON jobs (requested_by);

CREATE TABLE job_pieces (
    id INTEGER NOT NULL PRIMARY KEY,
    job_id BIGINT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    start BIGINT NOT NULL,
    content BLOB NOT NULL,
    UNIQUE (job_id, start)
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
