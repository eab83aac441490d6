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
from bench.loading import Guard, unguarded
from bench.servers import PEERS, Server, limit, ours, peer, prepare
from bench.workloads import PROJECTS, RANKED
from tests.databases import PostgresServer, running_postgres

# Durability is as it comes: fsync, full_page_writes and synchronous_commit are on.
POSTGRES = {"max_connections": "200", "shared_buffers": "1GB", "max_wal_size": "4GB"}
FILLED = 10_000  # ballots that every database holds before the first run
SYNCS = 200
PREPARED = "prepared.sqlite3"
OURS, PEER_NAMES = ("postgres", "sqlite", "reference"), ("mercurius", "yoga")
TITLES = {
    "postgres": "Pingxuan, PostgreSQL",
    "sqlite": "Pingxuan, SQLite",
    "reference": "Pingxuan, reference engine",
    "mercurius": "mercurius + JIT, PostgreSQL",
    "yoga": "GraphQL Yoga + JIT, PostgreSQL",
    "do_nothing": "limit: decode, check, answer",
    "fixed": "limit: fixed bytes",
}


class MissingTool(Exception):
    """A program that the benchmark needs, and how to get it."""


@dataclass(frozen=True)
class Arena:
    """The database server, a folder for everything else, and in each a prepared database of which the others are copies."""

    postgres: PostgresServer
    folder: Path
    template: str

    @contextmanager
    def postgres_database(self, ballots: int) -> Iterator[str]:
        """The URL of a prepared database with so many ballots."""
        with self.postgres.fresh_database(self.template) as url:
            asyncio.run(fill_postgres(url, ballots))
            yield url

    @contextmanager
    def sqlite_database(self, ballots: int) -> Iterator[str]:
        """The same as a file."""
        with TemporaryDirectory(dir=self.folder) as folder:
            file = Path(folder) / PREPARED
            shutil.copy(self.folder / PREPARED, file)
            fill_sqlite(str(file), ballots)
            yield f"sqlite://{file}"


def check_tools() -> None:
    """Raises MissingTool for the first that is not there."""
    if shutil.which("wrk") is None:
        raise MissingTool("wrk is missing: `apt-get update && apt-get install -y wrk`, or your system's package of it.")
    if shutil.which("taskset") is None:
        raise MissingTool("taskset is missing: it comes with util-linux.")
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise MissingTool("node and npm are missing: the peers are Node servers. Install Node 20 or newer.")
    if (os.cpu_count() or 1) < 2:
        raise MissingTool("The benchmark needs two cores: one for the server, one for the load.")


def install_peers() -> None:
    """Install the peers' packages where they are not, in the exact versions of their package.json."""
    stamp = PEERS / "node_modules" / ".installed"
    manifest = (PEERS / "package.json").read_text()
    if not stamp.is_file() or stamp.read_text() != manifest:
        command = ["npm", "install", "--omit=dev", "--no-package-lock", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=PEERS, check=True, capture_output=True)
        stamp.write_text(manifest)


@contextmanager
def arena() -> Iterator[Arena]:
    """A place for one benchmark, cleared away afterwards."""
    with (
        TemporaryDirectory(prefix="pingxuan-bench-") as folder,
        running_postgres(POSTGRES) as postgres,
        postgres.fresh_database() as template,
    ):
        prepare(template)
        prepare(f"sqlite://{folder}/{PREPARED}")
        yield Arena(postgres, Path(folder), template.rpartition("/")[2])


@contextmanager
def contestants(place: Arena, guard: Guard = unguarded) -> Iterator[dict[str, Server]]:
    """Every contestant, running, by its key in TITLES; without those that do not start."""
    with ExitStack() as stack:
        enter, pid = stack.enter_context, place.postgres.postmaster
        servers = {}
        for name, overrides in (("postgres", {}), ("reference", {"EXECUTION": "reference"})):
            with guard(f"start, {name}"):
                servers[name] = enter(ours(name, enter(place.postgres_database(FILLED)), pid, **overrides))
        with guard("start, sqlite"):
            servers["sqlite"] = enter(ours("sqlite", enter(place.sqlite_database(FILLED))))
        for name in PEER_NAMES:
            with guard(f"start, {name}"):
                servers[name] = enter(peer(name, enter(place.postgres_database(FILLED)), pid))
        with guard("start, limit"):
            servers |= limits(enter(limit("limit", fixed_answers(place, servers["postgres"]))))
        yield servers


def fixed_answers(place: Arena, server: Server) -> Path:
    """A folder with this server's answers."""
    folder = place.folder / "fixed"
    folder.mkdir(exist_ok=True)
    for workload in (PROJECTS, RANKED):
        (folder / f"{workload.key}.json").write_bytes(server.post(workload.body))
    return folder


def limits(base: Server) -> dict[str, Server]:
    """The limits of the platform, which are routes of one server."""
    fixed = {f"fixed_{workload.key}": base.at(f"/fixed/{workload.key}", "fixed") for workload in (PROJECTS, RANKED)}
    return {"do_nothing": base.at("/do-nothing", "do_nothing"), **fixed}


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
