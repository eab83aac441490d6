"""What tests of other projects, and our own, use: a sandbox as fixtures of pytest. Standard library and pytest only."""
