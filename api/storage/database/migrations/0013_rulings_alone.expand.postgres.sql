-- A ruling names its ballot, but refers to it no longer: ballots may lie in several databases, or in partitions by day.
-- Rulings are made on ballots that the same transaction has read, and no ballot that can be ruled on is ever deleted.
ALTER TABLE rulings DROP CONSTRAINT rulings_ballot_id_fkey;
