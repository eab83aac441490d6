"""The ports on a database: SQLite or PostgreSQL."""
