"""How do tests put a real PgBouncer in front of PostgreSQL?"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.databases import PostgresServer, free_port
from tests.postgres_programs import surroundings

PATHS = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
KEEPS_STATEMENTS = (1, 21)  # the first version that keeps track of prepared statements
STATEMENTS = 200  # that it keeps of each session where it can
PATIENCE = 180.0  # seconds for it to start
CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {sessions}
{more}
"""


def pgbouncer_program() -> str:
    """Where the program is. It is installed where this is root's own machine; elsewhere the test is skipped with the reason."""
    if shutil.which("pgbouncer", path=PATHS) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        install = (
            "apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends pgbouncer"
        )
        subprocess.run(["sh", "-c", install], capture_output=True)
    program = shutil.which("pgbouncer", path=PATHS)
    if program is None:
        pytest.skip("there is no pgbouncer here: install it, such as by `apt-get install pgbouncer`")
    return program


def pgbouncer_version() -> tuple[int, ...]:
    """Such as (1, 18, 0)."""
    said = subprocess.run([pgbouncer_program(), "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said.splitlines()[0]))


@contextmanager
def pooled(server: PostgresServer, folder: Path, sessions: int = 3) -> Iterator[int]:
    """The port of a PgBouncer in transaction mode in front of this server, with so many sessions for a database."""
    program, port = pgbouncer_program(), free_port()
    folder.chmod(0o755)
    (folder / "users").write_text('"postgres" ""\n')
    more = f"max_prepared_statements = {STATEMENTS}" if pgbouncer_version() >= KEEPS_STATEMENTS else ""
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        CONFIGURATION.format(port=server.port, own_port=port, folder=folder, sessions=sessions, more=more)
    )
    with (folder / "log").open("wb") as log:
        # It refuses to run as root, as PostgreSQL does.
        process = subprocess.Popen([program, configuration], stdout=log, stderr=log, **surroundings(server.user))
    try:
        await_port(port, process, folder / "log")
        yield port
    finally:
        process.kill()
        process.wait()


def await_port(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise AssertionError(log.read_text())
