"""How do tests start real server processes, and talk to them as any client would?"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp

from api.domain.texts import counted
from api.testing.sandbox import SandboxServer
from tests.commands import SEED, environment, fork_server
from tests.forking import ForkedProcess

ROOT = SEED.parents[1]
SLUG = "shanghai-2017"
SECRET = "the secret of the tests' servers"
MORNING = "2017-03-22T09:00:00+08:00"  # of the first voting day
PATIENCE = 180.0  # seconds for a process to start or to stop, however busy the machine is

UNCOUNTED = ("LIMIT_REQUESTS", "LIMIT_REQUESTS_PER_VOTER", "LIMIT_SIGN_INS")  # the tests come from one address

Json = dict[str, Any]


def settings(database_url: str, clock: str = MORNING, guests: str = "on", **more: str) -> dict[str, str]:
    """The environment of a server process, with nothing in it of the machine's own settings; more are further ones."""
    ours = {"DATABASE_URL": database_url, "SECRET": SECRET, "PORT": "0", "CLOCK": clock, "GUESTS": guests}
    ours |= dict.fromkeys(UNCOUNTED, "0")
    ours["ACCEPTED_DANGERS"] = "guests,weak-secret,demonstration-clock"  # some have a trusted proxy
    ours["SESSION"] = "30d"  # the whole of a vote, however far a test moves the clock
    ours["EXECUTION"] = os.environ.get("PINGXUAN_EXECUTION", "compiled")  # the suite runs under either engine
    return environment(ours | more)


def pingxuan(database_url: str, *arguments: str, clock: str = MORNING) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return fork_server().run(arguments, settings(database_url, clock), Path.cwd(), timeout=300)


def prepare(database_url: str, *campaign_files: Path) -> None:
    """Migrate a database and load campaigns into it, as staff do: before any of them opens."""
    for command in [("migrate",), *(("load", str(file)) for file in campaign_files)]:
        done = pingxuan(database_url, *command, clock="2015-01-01T00:00:00+08:00")
        assert done.returncode == 0, done.stdout + done.stderr


def edited_campaign(folder: Path, slug: str, changes: Mapping[str, str]) -> Path:
    """A campaign file like the seed's under another slug; changes are lines by the key whose first line they replace."""
    lines = SEED.read_text("utf-8").splitlines()
    for key, replacement in {"slug": f'slug = "{slug}"', **changes}.items():
        place = next(number for number, line in enumerate(lines) if line.startswith(f"{key} = "))
        lines[place] = replacement
    shutil.copy(SEED.with_name("districts.toml"), folder)
    file = folder / f"{slug}.toml"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def assert_audit_agrees(database_url: str, ballots: int | None = None) -> None:
    """Every ballot recounted gives the tallies; of the 2017 campaign there are so many."""
    audit = pingxuan(database_url, "audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
    if ballots is not None:
        assert f"{SLUG}: {counted(ballots, 'ballot')} recounted, 0 differences" in audit.stdout


@dataclass
class Server:
    """One server process. noisy: it is expected to log failures, so its log is not held against it."""

    process: ForkedProcess
    database_url: str
    folder: Path
    noisy: bool = False
    url: str = ""
    killed: bool = False
    asked_to_stop: bool = False

    @property
    def origin(self) -> str:
        """What its addresses begin with: the path that it is below too."""
        return self.url.removesuffix("/graphql")

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    @property
    def log(self) -> str:
        return "".join((self.folder / name).read_text("utf-8", "replace") for name in ("stdout", "stderr"))

    def await_start(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.url:
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.02)
            told = [line for line in self.log.splitlines() if line.startswith("GraphQL on http://")]
            self.url = told[0].split()[2] if told else ""

    def kill(self) -> None:
        """End it as a power failure would: it cannot finish anything."""
        self.killed = True
        self.process.kill()
        self.process.wait(PATIENCE)

    def ask_to_stop(self) -> None:
        """Once: a second signal would cut off what is under way."""
        if not self.killed and not self.asked_to_stop:
            self.asked_to_stop = True
            self.process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """End it as an operator would; whatever it did, it ends well and has not failed on the way."""
        if self.killed:
            return
        self.ask_to_stop()
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        assert code == 0, self.log
        assert self.noisy or "Traceback" not in self.log, self.log


@contextmanager
def started(
    database_url: str,
    *,
    clock: str = MORNING,
    guests: str = "on",
    noisy: bool = False,
    passed_on: socket.socket | None = None,
    **more: str,
) -> Iterator[Server]:
    """A server that is starting, with these further settings, on a socket of its own or on this; await_start before use."""
    with TemporaryDirectory(prefix="pingxuan-server-") as name:
        folder = Path(name)
        with (
            open(os.devnull, "rb") as stdin,
            (folder / "stdout").open("wb") as stdout,
            (folder / "stderr").open("wb") as stderr,
        ):
            given = settings(database_url, clock, guests, **more)
            process = fork_server().start(
                ["serve"], given, folder, (stdin, stdout, stderr, *([passed_on] if passed_on else []))
            )
        server = Server(process, database_url, folder, noisy)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def serving(
    database_url: str, *, clock: str = MORNING, guests: str = "on", noisy: bool = False, **more: str
) -> Iterator[Server]:
    """A server on a prepared database, stopped afterwards; any number may serve one database."""
    with started(database_url, clock=clock, guests=guests, noisy=noisy, **more) as server:
        server.await_start()
        yield server


@contextmanager
def serving_together(
    database_url: str, processes: int, *, clocks: Sequence[str] = (MORNING,), **more: str
) -> Iterator[list[Server]]:
    """Several server processes on one database, each with the next of the clocks."""
    with ExitStack() as stack:
        starts = islice(cycle(clocks), processes)
        servers = [stack.enter_context(started(database_url, clock=clock, **more)) for clock in starts]
        for server in servers:
            server.await_start()
        yield servers
        for server in servers:
            server.ask_to_stop()


CAST = """
mutation Cast($input: CastBallotInput!) {
  castBallot(input: $input) {
    ballot { id day castAt projects { number } }
    violations {
      __typename code rule message path
      ... on TooFewChoices { minimum chosen }
      ... on TooManyChoices { maximum chosen }
      ... on RepeatedChoices { projectIds }
      ... on UnknownProjects { projectIds }
      ... on QuotaExhausted { limit period nextAllowedAt }
      ... on IdempotencyKeyReused { ballotId }
      ... on VotingNotOpen { opensAt }
      ... on VotingClosed { closedAt }
    }
    viewer { id allowance { canCast remaining limit period nextAllowedAt } ballots { id } }
  }
}
"""
SIGN_IN = "mutation SignIn($name: String!) { signIn(with: {guest: {name: $name}}) { token } }"
TEN = tuple(range(1, 11))


def project_ids(numbers: Iterable[int], slug: str = SLUG) -> list[str]:
    """The public ids of these candidates."""
    return [f"project/{slug}/{number}" for number in numbers]


@dataclass(frozen=True)
class Response:
    """What came back over HTTP."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes

    @property
    def json(self) -> Any:
        """The body without what the operation cost: few tests are about that."""
        return without_cost(self.whole)

    @property
    def whole(self) -> Any:
        return json.loads(self.body)


def without_cost(told: Any) -> Any:
    """An answer, or a message with one as its payload, without what the operation cost."""
    for body in (told, told.get("payload")) if isinstance(told, dict) else ():
        if isinstance(body, dict) and body.get("extensions", {}).keys() == {"cost"}:
            del body["extensions"]
    return told


@dataclass(frozen=True)
class Client:
    """A client of one server."""

    session: aiohttp.ClientSession = field(repr=False)
    server: Server | SandboxServer

    def at(self, server: Server | SandboxServer) -> "Client":
        """The same client at another server."""
        return Client(self.session, server)

    async def get(self, path: str, **options: Any) -> Response:
        async with self.session.get(self.server.origin + path, **options) as response:
            return Response(response.status, response.headers, await response.read())

    async def post(self, body: bytes | str | Json | list[Any], **headers: str) -> Response:
        """Send a body to the endpoint: as it stands when it is bytes or text, else as JSON. Headers by their names."""
        sent = body if isinstance(body, bytes | str) else json.dumps(body)
        spelled = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.post(
            self.server.url, data=sent, headers={"Content-Type": "application/json"} | spelled
        ) as response:
            return Response(response.status, response.headers, await response.read())

    async def ask(
        self, query: str, variables: Json | None = None, token: str | None = None, language: str | None = None
    ) -> Json:
        """The answer to an operation, data and errors, which is never a failure of the server."""
        given = {"Authorization": f"Bearer {token}" if token else None, "Accept-Language": language}
        headers = {name: value for name, value in given.items() if value is not None}
        response = await self.post({"query": query, "variables": variables or {}}, **headers)
        assert response.status == 200, response
        answer: Json = response.json
        assert "INTERNAL" not in codes(answer), answer
        return answer

    async def data(
        self, query: str, variables: Json | None = None, token: str | None = None, language: str | None = None
    ) -> Any:
        """The data of an operation without any error."""
        answer = await self.ask(query, variables, token, language)
        assert "errors" not in answer, answer
        return answer["data"]

    async def sign_in(self, name: str | None = None) -> str:
        """The token of the guest with this name; without one, of a guest who was never here."""
        session = await self.data(SIGN_IN, {"name": name or f"guest {uuid4()}"})
        token: str = session["signIn"]["token"]
        return token

    async def cast(self, token: str, numbers: Iterable[int] = TEN, *, language: str | None = None, **more: Any) -> Json:
        """The payload of casting a ballot for these candidates of 2017; more of its input may be given or replaced."""
        given = {"projectIds": project_ids(numbers), **more}
        payload: Json = (await self.data(CAST, {"input": given}, token, language))["castBallot"]
        assert (payload["ballot"] is None) == bool(payload["violations"])
        return payload


def codes(answer: Json) -> list[str]:
    """The codes of an answer's errors."""
    return [error["extensions"]["code"] for error in answer.get("errors", ())]


def refusals(payload: Json) -> list[str]:
    """The codes of the violations of a payload, in order."""
    return [violation["code"] for violation in payload["violations"]]
