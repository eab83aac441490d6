-- A row for each batch that was sealed, instead of one for each ballot: which places its ballots have, and when they were cast.
-- A ballot is looked for in the bundles of the batches of its time, which takes a moment; a large index of random ids took the
-- sealer a third of its time.

CREATE TABLE log_batches (
    id INTEGER NOT NULL PRIMARY KEY,
    log_id BIGINT NOT NULL REFERENCES logs (id) ON DELETE RESTRICT,
    first_place BIGINT NOT NULL,
    last_place BIGINT NOT NULL,
    first_cast_at TIMESTAMP NOT NULL,
    last_cast_at TIMESTAMP NOT NULL,
    UNIQUE (log_id, first_place)
);

INSERT INTO log_batches (log_id, first_place, last_place, first_cast_at, last_cast_at)
SELECT log_id, min(place), max(place), min(cast_at), max(cast_at)
FROM log_places JOIN ballots ON ballots.id = ballot_id
GROUP BY log_id, place / 8192
ORDER BY 1, 2;

DROP TABLE log_places;
