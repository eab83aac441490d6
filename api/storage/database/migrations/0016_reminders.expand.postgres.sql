-- Reminders that voters asked for, until they are sent. Nobody is named: owner is made with the campaign's voter secret, and
-- recipient is encrypted with a key that is made with it. No number or time tells in which order they were asked for.

CREATE TABLE reminders (
    key varchar(26) NOT NULL PRIMARY KEY,
    campaign_id varchar(64) NOT NULL REFERENCES campaigns (slug) ON DELETE CASCADE,
    owner varchar(26) NOT NULL,
    kind varchar(16) NOT NULL,
    send_at timestamptz NOT NULL,
    language varchar(8) NOT NULL,
    recipient bytea NOT NULL,
    lease varchar(64),
    leased_until timestamptz,
    UNIQUE (owner, kind)
);

CREATE INDEX idx_reminders_send_at ON reminders (send_at);
