"""Types of the ballot log: receipts, checkpoints and proofs."""
