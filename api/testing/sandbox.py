"""Start a sandbox as a process and control it, with nothing but the standard library."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import urlsplit
from uuid import uuid4

from api.testing.http_client import Json, parse_object, send_request

START_TIMEOUT = 180.0  # seconds to start or to stop, however busy the machine is
# -P: do not import a package named `api` from the folder where the tests run.
COMMAND = (sys.executable, "-P", "-m", "api.cli", "sandbox", "--with-parent")
PREFIX = "PINGXUAN_"
SIGN_IN = "mutation SignIn($name: String!) { signIn(with: {guest: {name: $name}}) { token viewer { id roles } } }"


class SandboxError(Exception):
    """The sandbox did not start or refused a request; the message is its own."""


class GraphQLErrors(AssertionError):
    """A response with errors where none was expected."""

    def __init__(self, errors: Sequence[Json]) -> None:
        super().__init__("; ".join(f"{error['extensions']['code']}: {error['message']}" for error in errors))
        self.errors = tuple(errors)
        self.codes = tuple(error["extensions"]["code"] for error in errors)


@dataclass(frozen=True)
class SandboxClock:
    """The clock of a sandbox. It stands still unless it was made to tick."""

    control_url: str

    @property
    def now(self) -> datetime:
        """Return the time it shows."""
        return datetime.fromisoformat(_control("GET", self.control_url)["clock"]["now"])

    def set(self, at: datetime | str) -> datetime:
        """Set it to an instant with an offset, a datetime or RFC 3339. Returns the time it shows; raises SandboxError."""
        return self._change(at=at.isoformat() if isinstance(at, datetime) else at)

    def move(self, by: timedelta | float) -> datetime:
        """Move it by a timedelta or seconds, back when negative. Returns the time it shows."""
        return self._change(move=by.total_seconds() if isinstance(by, timedelta) else by)

    def tick(self, *, on: bool = True) -> datetime:
        """Let it run on, or stand still again. Returns the time it shows."""
        return self._change(tick=on)

    def _change(self, **change: Any) -> datetime:
        return datetime.fromisoformat(_control("POST", f"{self.control_url}/clock", change)["clock"]["now"])


@dataclass(frozen=True)
class Endpoint:
    """A GraphQL endpoint, asked with this token; without one, anonymously."""

    url: str
    token: str | None = field(default=None, repr=False)

    def answer(self, query: str, variables: Mapping[str, Any] | None = None, language: str = "en") -> Json:
        """Execute an operation and return the whole response, `data` and `errors`."""
        headers = {"Accept-Language": language}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return parse_object(send_request("POST", self.url, {"query": query, "variables": variables or {}}, headers))

    def ask(self, query: str, variables: Mapping[str, Any] | None = None, language: str = "en") -> Json:
        """Execute an operation and return its data. Raises GraphQLErrors on any error, even beside data."""
        answer = self.answer(query, variables, language)
        if "errors" in answer:
            raise GraphQLErrors(answer["errors"])
        data: Json = answer["data"]
        return data


@dataclass(frozen=True, kw_only=True)
class SandboxVoter(Endpoint):
    """A voter who is signed in."""

    name: str
    id: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SandboxServer(Endpoint):
    """A running sandbox; its own `ask` is anonymous.

    voters: by name; lin, wang and chen have no role, expert, organizer and auditor the role of that name.
    """

    websocket_url: str
    control_url: str
    database_url: str
    version: str
    campaign: str
    voters: Mapping[str, SandboxVoter] = field(repr=False)
    process: "subprocess.Popen[bytes]" = field(repr=False)
    stderr: IO[bytes] = field(repr=False)

    @property
    def origin(self) -> str:
        """Return scheme, host and port."""
        return "://".join(urlsplit(self.url)[:2])

    @property
    def port(self) -> int:
        return int(self.origin.rpartition(":")[2])

    @property
    def log(self) -> str:
        """Return what it has written to standard error so far."""
        return _read(self.stderr)

    @property
    def clock(self) -> SandboxClock:
        return SandboxClock(self.control_url)

    def reset(self) -> float:
        """Return to the seeded state and the first time of the clock. Returns the server's duration in milliseconds."""
        return float(_control("POST", f"{self.control_url}/reset")["resetMilliseconds"])

    def sign_in(self, name: str | None = None) -> SandboxVoter:
        """Sign in as the guest of this name; without a name, as a new guest."""
        name = name or f"guest {uuid4()}"
        session = self.ask(SIGN_IN, {"name": name})["signIn"]
        viewer = session["viewer"]
        return SandboxVoter(self.url, session["token"], name=name, id=viewer["id"], roles=tuple(viewer["roles"]))


@contextmanager
def running(
    campaigns: Sequence[Path] = (), at: str | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[SandboxServer]:
    """Run a sandbox with these campaign files, until the end of the block or of this process. Raises SandboxError.

    at: the time its clock starts with; settings: variables such as PINGXUAN_SESSION, the environment's own are not passed on.
    """
    options = [option for file in campaigns for option in ("--campaign", str(file))] + (["--at", at] if at else [])
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    with TemporaryFile() as stderr:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, *options],
            env=environment | dict(settings or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
        with process:
            try:
                yield _server(process, stderr)
            finally:
                _stop(process, stderr)


def _server(process: "subprocess.Popen[bytes]", stderr: IO[bytes]) -> SandboxServer:
    """Wait for the process to describe itself on standard output, and return it as a server."""
    info = _parse_line(_first_line(process), stderr)
    voters = {
        voter["name"]: SandboxVoter(
            info["url"], voter["token"], name=voter["name"], id=voter["id"], roles=tuple(voter["roles"])
        )
        for voter in info["voters"]
    }
    return SandboxServer(
        info["url"],
        websocket_url=info["websocketUrl"],
        control_url=info["controlUrl"],
        database_url=info["databaseUrl"],
        version=info["version"],
        campaign=info["campaign"],
        voters=voters,
        process=process,
        stderr=stderr,
    )


def _first_line(process: "subprocess.Popen[bytes]") -> bytes:
    if process.stdout is None or not select.select([process.stdout], [], [], START_TIMEOUT)[0]:
        return b""
    return process.stdout.readline()


def _parse_line(line: bytes, stderr: IO[bytes]) -> Json:
    if not line.strip():
        raise SandboxError(f"the sandbox did not start: {_read(stderr).strip()}")
    return parse_object(line)


def _stop(process: "subprocess.Popen[bytes]", stderr: IO[bytes]) -> None:
    """Stop it by closing its standard input. Raises SandboxError when it exits with an error."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        code = process.wait(START_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    if code and sys.exc_info()[0] is None:
        raise SandboxError(f"the sandbox ended with {code}: {_read(stderr).strip()}")


def _read(stderr: IO[bytes]) -> str:
    """Read a file that another process is writing, without moving the shared position."""
    return os.pread(stderr.fileno(), os.fstat(stderr.fileno()).st_size, 0).decode("utf-8", "replace")


def _control(method: str, url: str, body: Json | None = None) -> Json:
    answer = parse_object(send_request(method, url, body, {"Accept-Language": "en"}))
    if "errors" in answer:
        raise SandboxError(answer["errors"][0]["message"])
    return answer
