"""Do the contracts of storage hold on other layouts of PostgreSQL: behind a pooler, and with ballots in partitions?"""
