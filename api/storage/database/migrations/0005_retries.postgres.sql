-- Retry tags move to a table of their own. A key that is unique over all ballots would keep these from being partitioned
-- or distributed by anything but that key; a table whose primary key is the tag can be distributed for itself. Nothing
-- refers from one to the other by a foreign key, because a shard could not check it.

CREATE TABLE retries (
    tag varchar(32) NOT NULL PRIMARY KEY,
    ballot_key varchar(26) NOT NULL
);

INSERT INTO retries (tag, ballot_key) SELECT retry_tag, id FROM ballots WHERE retry_tag IS NOT NULL;

ALTER TABLE ballots DROP COLUMN retry_tag;
