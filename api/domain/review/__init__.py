"""How experts score projects, and what their scores come to together."""
