"""A server for other people's tests: seeded, ephemeral, with a clock that they set and a reset between two of them."""
