"""Which steps lead to today's schema? Each is NUMBER_NAME.DIALECT.sql; once released, a file never changes."""
