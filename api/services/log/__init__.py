"""The ballot log of each campaign: sealed, published, read and proved."""
