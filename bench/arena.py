"""Where does it all run? A PostgreSQL with durable commits, and every contestant on a database of its own."""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.filling import fill_postgres, fill_sqlite
from bench.servers import PEER, Server, limit, ours, peer, prepare
from bench.workloads import PROJECTS, RANKED
from tests.databases import PostgresServer, running_postgres

# Durability is as it comes: fsync, full_page_writes and synchronous_commit are on.
POSTGRES = {"max_connections": "200", "shared_buffers": "1GB", "max_wal_size": "4GB"}
FILLED = 10_000  # ballots that every database holds before the first run
SYNCS = 200
TITLES = {
    "postgres": "Pingxuan, PostgreSQL",
    "sqlite": "Pingxuan, SQLite",
    "reference": "Pingxuan, reference engine",
    "peer": "mercurius + JIT, PostgreSQL",
    "do_nothing": "limit: decode, check, answer",
    "fixed": "limit: fixed bytes",
}


class MissingTool(Exception):
    """A program that the benchmark needs, and how to get it."""


@dataclass(frozen=True)
class Arena:
    """The database server, and a folder for everything else."""

    postgres: PostgresServer
    folder: Path

    @property
    def postgres_pid(self) -> int:
        """The process above all of PostgreSQL's."""
        return int((self.postgres.data / "postmaster.pid").read_text().split()[0])

    @contextmanager
    def postgres_database(self, ballots: int) -> Iterator[str]:
        """The URL of a prepared database with so many ballots."""
        with self.postgres.fresh_database() as url:
            prepare(url)
            asyncio.run(fill_postgres(url, ballots))
            yield url

    @contextmanager
    def sqlite_database(self, ballots: int) -> Iterator[str]:
        """The same as a file."""
        with TemporaryDirectory(dir=self.folder) as folder:
            url = f"sqlite://{folder}/pingxuan.sqlite3"
            prepare(url)
            fill_sqlite(f"{folder}/pingxuan.sqlite3", ballots)
            yield url


def check_tools() -> None:
    """Raises MissingTool for the first that is not there."""
    if shutil.which("wrk") is None:
        raise MissingTool("wrk is missing: `apt-get update && apt-get install -y wrk`, or your system's package of it.")
    if shutil.which("taskset") is None:
        raise MissingTool("taskset is missing: it comes with util-linux.")
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise MissingTool("node and npm are missing: the peer is a Node server. Install Node 20 or newer.")
    if (os.cpu_count() or 1) < 2:
        raise MissingTool("The benchmark needs two cores: one for the server, one for the load.")


def install_peer() -> None:
    """Install the peer's packages where they are not, in the exact versions of its package.json."""
    stamp = PEER / "node_modules" / ".installed"
    manifest = (PEER / "package.json").read_text()
    if not stamp.is_file() or stamp.read_text() != manifest:
        command = ["npm", "install", "--omit=dev", "--no-package-lock", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=PEER, check=True, capture_output=True)
        stamp.write_text(manifest)


@contextmanager
def arena() -> Iterator[Arena]:
    """A place for one benchmark, cleared away afterwards."""
    with TemporaryDirectory(prefix="pingxuan-bench-") as folder, running_postgres(POSTGRES) as postgres:
        yield Arena(postgres, Path(folder))


@contextmanager
def contestants(place: Arena) -> Iterator[dict[str, Server]]:
    """Every contestant, running, by its key in TITLES."""
    with ExitStack() as stack:
        enter = stack.enter_context
        urls = {name: enter(place.postgres_database(FILLED)) for name in ("postgres", "reference", "peer")}
        pid = place.postgres_pid
        servers = {
            "postgres": enter(ours("postgres", urls["postgres"], pid)),
            "sqlite": enter(ours("sqlite", enter(place.sqlite_database(FILLED)))),
            "reference": enter(ours("reference", urls["reference"], pid, EXECUTION="reference")),
            "peer": enter(peer("peer", urls["peer"], pid)),
        }
        folder = place.folder / "fixed"
        folder.mkdir()
        for workload in (PROJECTS, RANKED):
            (folder / f"{workload.key}.json").write_bytes(servers["postgres"].post(workload.body))
        base = enter(limit("limit", folder))
        servers["do_nothing"] = base.at("/do-nothing", "do_nothing")
        for workload in (PROJECTS, RANKED):
            servers[f"fixed_{workload.key}"] = base.at(f"/fixed/{workload.key}", "fixed")
        yield servers


def sync_microseconds(folder: Path) -> float:
    """What one durable write of a page costs on this disk: below it no commit can go."""
    page, durations = b"\0" * 8192, []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            start = time.perf_counter()
            file.write(page)
            os.fdatasync(file.fileno())
            durations.append(time.perf_counter() - start)
    return sorted(durations)[SYNCS // 2] * 1e6
