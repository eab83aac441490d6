"""How do tests start a sandbox and talk to it? As a process of its own, with nothing but the standard library."""

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
from uuid import uuid4

from api.testing.http_client import Json, exchanged, parsed

START_TIMEOUT = 60.0  # seconds for a sandbox to start or to stop
# -P: a folder named `api` where the tests run is not mistaken for ours.
COMMAND = (sys.executable, "-P", "-m", "api.cli", "sandbox", "--with-parent")
PREFIX = "PINGXUAN_"
SIGN_IN = "mutation SignIn($name: String!) { signIn(with: {guest: {name: $name}}) { token viewer { id roles } } }"


class SandboxError(Exception):
    """A sandbox that did not start, or did not do what it was told, with what it said."""


class GraphQLErrors(AssertionError):
    """An answer with errors where none was expected."""

    def __init__(self, errors: Sequence[Json]) -> None:
        super().__init__("; ".join(f"{error['extensions']['code']}: {error['message']}" for error in errors))
        self.errors = tuple(errors)
        self.codes = tuple(error["extensions"]["code"] for error in errors)


@dataclass(frozen=True)
class SandboxClock:
    """The clock of a sandbox. It stands still unless it was told to tick."""

    control_url: str

    @property
    def now(self) -> datetime:
        """What it shows."""
        return datetime.fromisoformat(_controlled("GET", self.control_url)["clock"]["now"])

    def set(self, at: datetime | str) -> datetime:
        """Show this instant, a datetime or RFC 3339, with an offset. Returns what it shows; raises SandboxError."""
        return self._change(at=at.isoformat() if isinstance(at, datetime) else at)

    def move(self, by: timedelta | float) -> datetime:
        """Show an instant so much later, or earlier: a timedelta, or seconds. Returns what it shows."""
        return self._change(move=by.total_seconds() if isinstance(by, timedelta) else by)

    def tick(self, *, on: bool = True) -> datetime:
        """Run on by itself, or stand still again. Returns what it shows."""
        return self._change(tick=on)

    def _change(self, **change: Any) -> datetime:
        return datetime.fromisoformat(_controlled("POST", f"{self.control_url}/clock", change)["clock"]["now"])


@dataclass(frozen=True)
class Endpoint:
    """A GraphQL endpoint, as whoever has this token asks it."""

    url: str
    token: str | None = field(default=None, repr=False)

    def answer(self, query: str, variables: Mapping[str, Any] | None = None, language: str = "en") -> Json:
        """The whole answer to an operation, `data` and `errors`."""
        headers = {"Accept-Language": language}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return parsed(exchanged("POST", self.url, {"query": query, "variables": variables or {}}, headers))

    def ask(self, query: str, variables: Mapping[str, Any] | None = None, language: str = "en") -> Json:
        """The data of an operation. Raises GraphQLErrors when there is an error, whatever data came with it."""
        answer = self.answer(query, variables, language)
        if "errors" in answer:
            raise GraphQLErrors(answer["errors"])
        data: Json = answer["data"]
        return data


@dataclass(frozen=True, kw_only=True)
class SandboxVoter(Endpoint):
    """Somebody who is signed in."""

    name: str
    id: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SandboxServer(Endpoint):
    """A running sandbox; asking it directly asks as nobody. log reads what it has written to standard error so far.

    voters are the named ones: lin, wang and chen, and an expert, an organizer and an auditor of these names.
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
        """Scheme, host and port."""
        return self.url.removesuffix("/graphql")

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.origin.rpartition(":")[2])

    @property
    def log(self) -> str:
        """What it has written to standard error so far."""
        return _read(self.stderr)

    @property
    def clock(self) -> SandboxClock:
        """Its clock."""
        return SandboxClock(self.control_url)

    def reset(self) -> float:
        """Go back to the seeded state, the clock too; how many milliseconds that took there."""
        return float(_controlled("POST", f"{self.control_url}/reset")["resetMilliseconds"])

    def sign_in(self, name: str | None = None) -> SandboxVoter:
        """The guest of this name; without one, a guest who was never here."""
        name = name or f"guest {uuid4()}"
        session = self.ask(SIGN_IN, {"name": name})["signIn"]
        viewer = session["viewer"]
        return SandboxVoter(self.url, session["token"], name=name, id=viewer["id"], roles=tuple(viewer["roles"]))


@contextmanager
def running(
    campaigns: Sequence[Path] = (), at: str | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[SandboxServer]:
    """A sandbox with these campaign files, whose clock shows `at` at first; it ends with the block, or with this process.

    settings are variables such as PINGXUAN_SESSION; the environment's own are not passed on. Raises SandboxError.
    """
    options = [option for file in campaigns for option in ("--campaign", str(file))] + (["--at", at] if at else [])
    plain = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    with TemporaryFile() as stderr:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, *options],
            env=plain | dict(settings or {}),
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
    """The server that this process is, once it says so."""
    told = _parsed_line(_first_line(process), stderr)
    voters = {
        voter["name"]: SandboxVoter(
            told["url"], voter["token"], name=voter["name"], id=voter["id"], roles=tuple(voter["roles"])
        )
        for voter in told["voters"]
    }
    return SandboxServer(
        told["url"],
        websocket_url=told["websocketUrl"],
        control_url=told["controlUrl"],
        database_url=told["databaseUrl"],
        version=told["version"],
        campaign=told["campaign"],
        voters=voters,
        process=process,
        stderr=stderr,
    )


def _first_line(process: "subprocess.Popen[bytes]") -> bytes:
    if process.stdout is None or not select.select([process.stdout], [], [], START_TIMEOUT)[0]:
        return b""
    return process.stdout.readline()


def _parsed_line(line: bytes, stderr: IO[bytes]) -> Json:
    if not line.strip():
        raise SandboxError(f"the sandbox did not start: {_read(stderr).strip()}")
    return parsed(line)


def _stop(process: "subprocess.Popen[bytes]", stderr: IO[bytes]) -> None:
    """End it as the end of this process would. Raises SandboxError when it does not end well."""
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
    """All that was written to a file that another process writes at its own place in it."""
    return os.pread(stderr.fileno(), os.fstat(stderr.fileno()).st_size, 0).decode("utf-8", "replace")


def _controlled(method: str, url: str, body: Json | None = None) -> Json:
    answer = parsed(exchanged(method, url, body, {"Accept-Language": "en"}))
    if "errors" in answer:
        raise SandboxError(answer["errors"][0]["message"])
    return answer
