"""Where everything is kept: SQLite or PostgreSQL, behind the promises of the ports."""
