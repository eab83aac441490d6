"""The ballot box: commit ballots in batches and count them in the same transaction."""
