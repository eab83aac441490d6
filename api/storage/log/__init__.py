"""The ballot log of each campaign on a database: its queue, its tiles and bundles, and what is read of them."""
