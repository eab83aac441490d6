"""What stands in for Citus, which neither Debian nor PyPI has: an extension of that name, with what we call of it.

In a real PostgreSQL. Its functions spread nothing: they record what they were asked, and mark tables as Citus does.
"""

from pathlib import Path

from tests.databases import PostgresServer

CONTROL = "default_version = '14.0'\n"
# Whatever refers to a table that comes to be on every node is known from then on, with the replication model 's'.
SCRIPT = """
CREATE TABLE citus_calls (number bigint GENERATED ALWAYS AS IDENTITY, call text NOT NULL);
CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, partmethod "char" NOT NULL, repmodel "char" NOT NULL);
ALTER TABLE pg_dist_partition SET SCHEMA pg_catalog;
CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void BEGIN ATOMIC
    INSERT INTO citus_calls (call) VALUES ('on every node: ' || table_name);
    INSERT INTO pg_dist_partition SELECT DISTINCT conrelid::regclass, 'n'::"char", 's'::"char"
    FROM pg_constraint WHERE contype = 'f' AND confrelid = table_name ON CONFLICT DO NOTHING;
    INSERT INTO pg_dist_partition VALUES (table_name, 'n', 't')
    ON CONFLICT (logicalrelid) DO UPDATE SET repmodel = 't';
END;
CREATE FUNCTION create_distributed_table(
    table_name regclass, distribution_column text, colocate_with text DEFAULT 'default'
) RETURNS void BEGIN ATOMIC
    INSERT INTO citus_calls (call)
    VALUES ('by ' || distribution_column || ': ' || table_name || ', colocated with ' || colocate_with);
    INSERT INTO pg_dist_partition VALUES (table_name, 'h', 's')
    ON CONFLICT (logicalrelid) DO UPDATE SET partmethod = 'h';
END;
CREATE FUNCTION recover_prepared_transactions() RETURNS integer BEGIN ATOMIC
    INSERT INTO citus_calls (call) SELECT 'recover, while locked: ' || coalesce(string_agg(relname, ', ' ORDER BY relname), '')
    FROM pg_locks JOIN pg_class ON pg_class.oid = relation WHERE mode = 'ShareLock' AND granted AND pid <> pg_backend_pid();
    SELECT 0;
END;
"""
CALLS = "select call from citus_calls order by number"


def install(server: PostgresServer, database: str, folder: Path) -> None:
    """Create the extension in a database; its files lie in this folder, which the server has to be able to read."""
    files = folder / "extension"
    files.mkdir(exist_ok=True)
    (files / "citus.control").write_text(CONTROL)
    (files / "citus--14.0.sql").write_text(SCRIPT)
    for path in (folder, files):
        path.chmod(0o755)
    server.run(f"SET extension_control_path = '{folder}:$system'; CREATE EXTENSION citus", database)
