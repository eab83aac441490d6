"""Does a live ranking move in each of these clients, by the rows alone that have changed, without being asked for again?"""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.node import CLIENTS, NODE_MODULES, PYTHON, ROOT, needs_packages, needs_python_clients, output
from tests.servers import PATIENCE, Client, Server, serving

pytestmark = pytest.mark.check

EXAMPLES = ROOT / "examples" / "live"
QUERIES = {
    "apollo": "ApolloRanking",
    "urql": "UrqlRanking",
    "relay": "operationsRankingQuery",
    "graphql-request": "RequestRanking",
}
ALWAYS_ON_TOP = range(31, 41)


class Vote:
    """A server that logs what it is asked, and what was cast there."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.ballots = 0
        self.votes = dict.fromkeys(range(1, 51), 0)

    async def cast(self, api: Client, numbers: range) -> None:
        await api.cast(await api.sign_in(), numbers)
        self.ballots += 1
        for number in numbers:
            self.votes[number] += 1

    @property
    def ranking(self) -> str:
        """How an example shows the best twenty."""
        best = sorted(self.votes.items(), key=lambda row: (-row[1], row[0]))[:20]
        return f"{self.ballots} ballots: " + ", ".join(f"{number} has {votes}" for number, votes in best)


@pytest.fixture(scope="module")
def vote(seeded_2017: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vote]:
    file = shutil.copy(seeded_2017, tmp_path_factory.mktemp("live") / "2017.sqlite3")
    with serving(f"sqlite://{file}", ACCESS_LOG="on") as server:
        yield Vote(server)


@pytest.fixture(scope="module")
def programs() -> Path:
    """The examples beneath the packages, which are found from there, with what Relay's compiler makes."""
    folder = CLIENTS / "generated" / "live"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(EXAMPLES, folder)
    shutil.copy(ROOT / "schema.graphql", folder / "relay")
    output("node", NODE_MODULES / "relay-compiler" / "cli.js", "relay.config.json", folder=folder / "relay")
    return folder


class Program:
    """A running example, and what it has printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []

    async def shows(self, line: str) -> int:
        """Wait until it prints this line. Returns how many rows the answer before brought."""
        assert self.process.stdout is not None
        came = -1
        async with asyncio.timeout(PATIENCE):
            while self.lines[-1:] != [line]:
                read = (await self.process.stdout.readline()).decode().strip()
                assert read, f"it ended, and has printed {self.lines} and not {line}"
                self.lines.append(read)
                if found := re.fullmatch(r"(\d+) rows came", read):
                    came = int(found[1])
        return came


@asynccontextmanager
async def running(*command: str | Path) -> AsyncIterator[Program]:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        yield Program(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def assert_moves(vote: Vote, *command: str | Path) -> None:
    """Have rows move, come and go in a program, by as few rows as have changed."""
    async with aiohttp.ClientSession() as session, running(*command, vote.server.url) as program:
        api = Client(session, vote.server)
        await program.shows(vote.ranking)
        brought = []
        for numbers in (ALWAYS_ON_TOP, ALWAYS_ON_TOP, range(1, 11), range(41, 51), range(40, 50)):
            await vote.cast(api, numbers)
            brought.append(await program.shows(vote.ranking))
        assert brought[1] == 10, "\n".join(program.lines)


@needs_packages
@pytest.mark.parametrize("client", QUERIES)
async def test_rows_move_in_a_client_from_npm(vote: Vote, programs: Path, client: str) -> None:
    await assert_moves(vote, "node", programs / f"{client}.js")
    asked = re.findall(rf"\b{QUERIES[client]}\b", vote.server.log)
    assert len(asked) == 1, "the ranking was not read again"


@needs_python_clients
async def test_rows_move_in_python(vote: Vote) -> None:
    await assert_moves(vote, PYTHON, "-W", "error", EXAMPLES / "ranking.py")
