"""The database: its URL, its engines, its migrations, and the few calls that everything else makes."""
