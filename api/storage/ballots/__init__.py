"""The ballot box: ballots are committed in batches and counted in the same transaction."""
