"""Where do tests get a real PostgreSQL and a fresh database from, with nothing installed beforehand?"""

import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import SystemRandom
from threading import Barrier
from typing import Any

from api.storage.database.connection import MODELS
from tests.postgres_programs import PostgresError, as_user, last_lines, server_folder, server_user, surroundings

START_ATTEMPTS = 5
PORT_TAKEN = "could not create any TCP/IP sockets"
# A test that needs what a crash leaves behind starts a server of its own, with PostgreSQL's own defaults for everything that
# makes a commit durable.
DURABLE = {"max_connections": "50"}
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "100"}


@dataclass(frozen=True)
class PostgresServer:
    """A running server on 127.0.0.1, which trusts everyone there. under: what it is started by."""

    binaries: Path
    port: int
    data: Path
    user: str | None
    options: str
    under: tuple[str, ...] = ()

    def url(self, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    @property
    def postmaster(self) -> int:
        """The process above all of its others. Raises OSError or IndexError where there is none."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    @contextmanager
    def fresh_database(self, template: str = "template0") -> Iterator[str]:
        """The URL of an empty database, or of a copy of this one, which is dropped afterwards."""
        name = f"test_{next(NUMBERS)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def start(self) -> None:
        """Start it, again if it was stopped."""
        log = self.data / "log"
        try:
            self.control("-l", log, "-o", self.options, "-w", "start")
        except PostgresError as error:
            raise PostgresError(f"{error}\n{last_lines(log.read_text()) if log.exists() else ''}") from None

    def stop(self) -> None:
        """Stop it as a crash would: connections break, and nothing is written but what was durable."""
        self.control("-m", "immediate", "-w", "stop")

    def control(self, *command: str | Path) -> None:
        as_user(self.user, *self.under, self.binaries / "pg_ctl", "-D", self.data, *command)

    def run(self, sql: str, database: str = "postgres") -> list[str]:
        """The lines that it selects."""
        quiet = [
            self.binaries / "psql",
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--tuples-only",
            "--no-align",
        ]
        return as_user(None, *quiet, self.url(database), "--command", sql).split()


NUMBERS = count(1)
CONTRACTS = sorted(Path(__file__).with_name("contracts").glob("test_*.py"))  # they run parts of theirs in processes


@contextmanager
def running_postgres(settings: dict[str, str] = FAST) -> Iterator[PostgresServer]:
    """Start a server on a free port with a data folder of its own; stop it and remove the folder whatever happens."""
    user = server_user()
    with server_folder(user) as (folder, binaries), removed_afterwards(user, binaries / "pg_ctl", folder):
        data = folder / "data"
        as_user(
            user, binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        yield started(user, binaries, data, settings)


@contextmanager
def removed_afterwards(user: str | None, pg_ctl: Path, folder: Path) -> Iterator[None]:
    """Stop the server and remove the folder at the end, or when this process is killed: the pipe closes either way."""
    script = 'cat; "$0" -D "$1/data" -m immediate -w stop; rm -rf "$1"'
    command = ["sh", "-c", script, pg_ctl, folder]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **surroundings(user)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, **quiet):
        yield


def started(
    user: str | None, binaries: Path, data: Path, settings: dict[str, str], attempts: int = START_ATTEMPTS
) -> PostgresServer:
    """Start a server on a free port, or on another if somebody takes that one first."""
    port = free_port()
    wanted = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": "", **settings}
    options = " ".join(f"-c {name}='{value}'" for name, value in wanted.items())
    server = PostgresServer(binaries, port, data, user, options)
    try:
        server.start()
    except PostgresError as error:
        if PORT_TAKEN in str(error) and attempts > 1:
            return started(user, binaries, data, settings, attempts - 1)
        raise
    return server


def free_port(in_a_row: int = 1) -> int:
    """The first of so many free ports, below those a system hands out by itself: nothing takes one by chance later."""
    while True:
        first = SystemRandom().randrange(20_000, 32_000)  # Linux hands out from 32,768 upwards, others from 49,152
        with ExitStack() as probes, suppress(OSError):
            for port in range(first, first + in_a_row):
                probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


def in_processes(processes: int, function: Callable[..., Any], *arguments: Any) -> list[Any]:
    """What a module's function returns when that many new processes call it at the same moment."""
    context = forking()
    barrier = context.Barrier(processes, timeout=300)
    with ProcessPoolExecutor(processes, context, await_all, (barrier,)) as pool:
        calls = [pool.submit(function, *arguments) for _ in range(processes)]
        return [call.result(timeout=600) for call in calls]


def forking() -> ForkServerContext:
    """Where new processes are forks of one that has imported all that they need, which takes fifty times as long as they do."""
    context = get_context("forkserver")
    # What the first call names is imported, so it is the same whichever test comes first.
    context.set_forkserver_preload(["tests.conftest", *MODELS, *(f"tests.contracts.{file.stem}" for file in CONTRACTS)])
    return context


def await_all(barrier: Barrier) -> None:
    barrier.wait()


def drop_table(url: str, table: str) -> None:
    """Damage a SQLite database that somebody may have open."""
    with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as connection:
        connection.execute(f"drop table {table}")
        connection.commit()
