-- Reminders that voters asked for, until they are sent. Nobody is named: owner is made with the campaign's voter secret, and
-- recipient is encrypted with a key that is made with it. No number or time tells in which order they were asked for.

CREATE TABLE reminders (
    key VARCHAR(26) NOT NULL PRIMARY KEY,
    campaign_id VARCHAR(64) NOT NULL REFERENCES campaigns (slug) ON DELETE CASCADE,
    owner VARCHAR(26) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    send_at TIMESTAMP NOT NULL,
    language VARCHAR(8) NOT NULL,
    recipient BLOB NOT NULL,
    lease VARCHAR(64),
    leased_until TIMESTAMP,
    UNIQUE (owner, kind)
);

CREATE INDEX idx_reminders_send_at ON reminders (send_at);
