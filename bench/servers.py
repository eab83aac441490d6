"""How is a contestant started, pinned to a core, and asked whether it works?"""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from tests.databases import free_port

ROOT = Path(__file__).parents[1]
PEERS = ROOT / "bench" / "peers"
COMMAND = Path(sys.executable).with_name("pingxuan")
SEED = ROOT / "seed" / "shanghai-2017.toml"
SLUG = "shanghai-2017"
SECRET = "the secret of the benchmark's servers"  # noqa: S105 - it protects nothing
MORNING = "2017-03-22T09:00:00+08:00"  # of the first voting day
# All requests come from one address, which no city's do: they are not counted under it, nor is that put on record.
UNCOUNTED = {
    **dict.fromkeys(("LIMIT_CONNECTIONS", "LIMIT_REQUESTS", "LIMIT_REQUESTS_PER_VOTER", "LIMIT_SIGN_INS"), "0"),
    "SUSPICIONS": "ONE_ADDRESS=off ONE_NETWORK=off",
}
SERVER_CORE, LOAD_CORE = "0", "1"
MAX_LOG_BYTES = 1024 * 1024  # bytes of a log that are read
START_TIMEOUT = 30.0  # seconds for a server to start or to stop


@dataclass
class Server:
    """A running server. database_pid: the PostgreSQL it writes to, None when it has none.

    used: how many voters were sent there; acknowledged: how many ballots it said it has stored; warm: the fields that it has
    been asked for under load.
    """

    name: str
    pid: int
    port: int
    path: str = "/graphql"
    database_url: str = ""
    database_pid: int | None = None
    used: int = 0
    acknowledged: int = 0
    warm: set[str] = field(default_factory=set)
    output: Any = field(default=None, repr=False)

    def at(self, path: str, name: str) -> "Server":
        """The same process, asked at another path."""
        return Server(name, self.pid, self.port, path)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    def post(self, body: str, token: str | None = None) -> bytes:
        """The answer to one request."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START_TIMEOUT)
        try:
            connection.request("POST", self.path, body, headers)
            return connection.getresponse().read()
        finally:
            connection.close()

    def log(self) -> str:
        """What the process has written."""
        return (
            "" if self.output is None else os.pread(self.output.fileno(), MAX_LOG_BYTES, 0).decode("utf-8", "replace")
        )


def settings(database_url: str, **overrides: str) -> dict[str, str]:
    """The environment of one of our processes, with nothing in it of the machine's own settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PINGXUAN_")}
    ours = {"DATABASE_URL": database_url, "SECRET": SECRET, "CLOCK": MORNING, "GUESTS": "on", **UNCOUNTED, **overrides}
    return inherited | {f"PINGXUAN_{name}": value for name, value in ours.items()}


def prepare(database_url: str) -> None:
    """Migrate a database and load the campaign, as staff do: before it opens."""
    before = settings(database_url, CLOCK="2015-01-01T00:00:00+08:00")
    for arguments in (["migrate"], ["load", str(SEED)]):
        subprocess.run([COMMAND, *arguments], env=before, check=True, capture_output=True, cwd=ROOT)


@contextmanager
def running(
    name: str, command: Sequence[str | Path], port: int, environment: Mapping[str, str], core: str = SERVER_CORE
) -> Iterator[Server]:
    """A server process on one core, or on several when core is such as 0,1; stopped afterwards."""
    with TemporaryFile() as output:
        process = subprocess.Popen(
            ["taskset", "--cpu-list", core, *command],
            env=dict(environment),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        server = Server(name, process.pid, port, output=output)
        try:
            await_ready(server, process)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(START_TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def await_ready(server: Server, process: subprocess.Popen[bytes], interval: float = 0.01) -> None:
    """Return at the first 200 on /readyz."""
    deadline = time.monotonic() + START_TIMEOUT
    while not is_ready(server.port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{server.name} does not start:\n{server.log()}")
        time.sleep(interval)


def is_ready(port: int) -> bool:
    """Whether the server at this port says that it can do its work."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def ours(
    name: str, database_url: str, database_pid: int | None = None, core: str = SERVER_CORE, **overrides: str
) -> Iterator[Server]:
    """`pingxuan serve` on a prepared database; more are settings without their prefix."""
    port = free_port()
    environment = settings(database_url, PORT=str(port), **overrides)
    with running(name, [COMMAND, "serve"], port, environment, core) as server:
        server.database_url, server.database_pid = database_url, database_pid
        yield server


@contextmanager
def peer(name: str, database_url: str, database_pid: int) -> Iterator[Server]:
    """The Node server peers/NAME.js on a database that was prepared as ours is."""
    port = free_port()
    environment = {
        **os.environ,
        "NODE_ENV": "production",
        "NODE_NO_WARNINGS": "1",
        "DATABASE_URL": database_url,
        "SECRET": SECRET,
        "CLOCK": MORNING,
        "PORT": str(port),
    }
    with running(name, ["node", PEERS / f"{name}.js"], port, environment) as server:
        server.database_url, server.database_pid = database_url, database_pid
        yield server


@contextmanager
def limit(name: str, folder: Path) -> Iterator[Server]:
    """The routes without GraphQL; the folder holds the bytes to answer."""
    port = free_port()
    command = [sys.executable, "-m", "bench.limit", str(port), str(folder)]
    with running(name, command, port, os.environ) as server:
        yield server
