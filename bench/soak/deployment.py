"""What is run: two server processes by a fast clock, with a ballot log, on a PostgreSQL with durable commits."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.transparency.key_file import make_key_file
from bench.servers import SECRET, UNCOUNTED
from bench.soak.schedule import HOURS
from tests.commands import SEED
from tests.databases import PostgresServer, running_postgres
from tests.faults.deployments import Deployment
from tests.servers import ROOT, prepare, settings

WORKERS = 2
# Durability is as it comes: fsync, full_page_writes and synchronous_commit are on. The rest is what
# docs/postgresql-at-scale.md advises, for a machine of this size: few checkpoints, and tallies that are vacuumed often.
POSTGRES = {
    "max_connections": "50",
    "shared_buffers": "2GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "log_checkpoints": "on",
}
TABLES = """
    alter table tallies
        set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
    alter table turnouts
        set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
    alter table ballots set (autovacuum_vacuum_insert_scale_factor = 0.02);
"""


@contextmanager
def database() -> Iterator[tuple[PostgresServer, str]]:
    """A PostgreSQL with a prepared database, and its URL; removed afterwards."""
    with running_postgres(POSTGRES) as server:
        url = server.url("postgres")
        prepare(url, SEED)
        server.run(TABLES)
        yield server, url


@contextmanager
def deployed(server: PostgresServer, url: str, folder: Path, seconds: float) -> Iterator[Deployment]:
    """A server whose selection opens now and lasts for so many seconds; stopped in the end."""
    keys, anchor = folder / "logkeys", folder / "anchor"
    make_key_file(keys)
    anchor.mkdir()
    given = settings(
        url,
        **UNCOUNTED,
        SECRET=SECRET,
        CLOCK="system",
        DATABASE_TIMEOUT="15",
        LOG_KEYS=str(keys),
        LOG_ANCHOR=str(anchor),
        LOG_SEAL_INTERVAL="5",  # instead of 60: days pass in minutes
    )
    under = [sys.executable, "-m", "bench.soak.server", str(time.monotonic()), str(seconds * 24 / HOURS)]
    deployment = Deployment(url, WORKERS, folder, given | {"PYTHONPATH": str(ROOT)}, server, under=under)
    deployment.start()
    try:
        yield deployment
    finally:
        deployment.stop()
