"""A server for the tests of other projects: seeded, ephemeral, with a clock that tests set and a reset between them."""
