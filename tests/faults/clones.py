"""A PostgreSQL of its own, made from another's copy within a second, whose disks are small."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from tests.databases import PostgresServer, free_port
from tests.disks import disk_of, failing_sync
from tests.postgres_programs import PostgresError, as_user

NUMBERS = count(1)
TABLES_DISK, LOG_DISK = 128, 96  # megabytes
SMALL_LOG = " -c min_wal_size='32MB' -c max_wal_size='48MB'"  # of two segments and more, so that it fits its disk


@dataclass(frozen=True)
class Clone:
    """It, the disks of its tables and of its write-ahead log, and the file that keeps both from making anything durable."""

    server: PostgresServer
    tables: Path
    log: Path
    broken: Path


@contextmanager
def small_clone(original: PostgresServer) -> Iterator[Clone]:
    """It with all the databases of the other. Raises DiskUnavailable."""
    number = next(NUMBERS)
    folder = original.data.with_name(f"clone{number}")
    folder.mkdir()
    broken, under = failing_sync(folder)
    folder.chmod(0o755)
    with disk_of(folder / "tables", TABLES_DISK) as tables, disk_of(folder / "log", LOG_DISK) as log:
        if original.user is not None:
            for disk in (tables, log):
                shutil.chown(disk, original.user)
        source = ("-h", "127.0.0.1", "-p", str(original.port), "-U", "postgres", "-c", "fast")
        target = ("-D", tables / "data", f"--waldir={log / 'data'}")
        as_user(original.user, original.binaries / "pg_basebackup", *source, *target)
        options = original.options.replace(f"port='{original.port}'", f"port='{(port := free_port())}'") + SMALL_LOG
        server = replace(original, port=port, data=tables / "data", options=options, under=under)
        server.start()
        try:
            yield Clone(server, tables, log, broken)
        finally:
            end(server)


def end(server: PostgresServer) -> None:
    """Return once none of it runs; its disks are free then."""
    with suppress(PostgresError):  # it has ended before
        server.stop()
