"""A sandbox as pytest fixtures, for tests of other projects and our own. Needs only the standard library and pytest."""
