"""Servers that are killed while people vote, and what voters and a reader live through meanwhile, for tests.faults.history.

What is done when follows from a seed alone: a run is named by it. Voters and reader check all that they are shown with hashing
of their own: receipts as they come, heads as they are read.
"""

import asyncio
import base64
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from hashlib import sha256
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.faults.history import Cast, Outcome, SeenHead, violations
from tests.servers import MORNING, PATIENCE, SLUG, Client, Json, Server, pingxuan, project_ids, started

LOG = f"/log/{SLUG}"
SERVERS = 3
CLOCKS = (MORNING, "2017-03-22T21:00:00+08:00", "2017-03-23T02:00:00+08:00", "2017-03-25T12:00:00+08:00")
CAST = """
mutation Cast($input: CastBallotInput!) {
  castBallot(input: $input) {
    ballot { id day projects { number } receipt { leafHash batchIndex batchSize batchHashes note } }
    violations { code }
  }
}
"""


class Kind(Enum):
    """What befalls a server."""

    KILL = "It is killed, and another takes its place."
    STOP = "It is stopped in order, and another takes its place."
    CLOCK = "It is killed, and another takes its place whose clock is hours off."
    DATABASE = "Every connection to the database is cut."


@dataclass(frozen=True)
class Fault:
    """What befalls which server after so many ballots were acknowledged."""

    after: int
    kind: Kind
    server: int
    clock: str


def schedule(seed: int, ballots: int, faults: int, kinds: Sequence[Kind]) -> list[Fault]:
    """The faults of this seed, spread over so many ballots."""
    chance = random.Random(seed)
    times = sorted(chance.sample(range(ballots // 20, ballots), faults))
    return [Fault(after, chance.choice(kinds), chance.randrange(SERVERS), chance.choice(CLOCKS)) for after in times]


@dataclass
class Servers:
    """Several servers on one database, each of which can be replaced."""

    database_url: str
    settings: dict[str, str]
    stack: ExitStack
    cut: Callable[[], object] | None = None  # cuts all connections to the database
    running: list[Server] = field(default_factory=list)

    async def start(self, clock: str = MORNING) -> Server:
        """Another server, which can be asked."""
        begun = started(self.database_url, clock=clock, noisy=True, **self.settings)
        server = self.stack.enter_context(begun)
        await asyncio.to_thread(server.await_start)
        return server

    async def suffer(self, fault: Fault) -> None:
        """Have it happen."""
        server = self.running[fault.server]
        match fault.kind:
            case Kind.DATABASE if self.cut is not None:
                await asyncio.to_thread(self.cut)
                return
            case Kind.STOP:
                server.ask_to_stop()
            case _:
                await asyncio.to_thread(server.kill)
        self.running[fault.server] = await self.start(fault.clock if fault.kind is Kind.CLOCK else MORNING)


@asynccontextmanager
async def several(database_url: str, settings: dict[str, str], count: int = SERVERS) -> AsyncIterator[Servers]:
    """So many servers on this database."""
    with ExitStack() as stack:
        servers = Servers(database_url, settings, stack)
        servers.running = list(await asyncio.gather(*(servers.start() for _ in range(count))))
        yield servers
        for server in servers.running:
            server.ask_to_stop()


def leaf_of(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def entry_of(ballot: Json, key: str) -> bytes:
    """What a ballot is in the log, by what its voter knows of it."""
    nonce = sha256(f"pingxuan/opening/v1\n{ballot['id'].removeprefix('ballot/')}\n".encode()).hexdigest()
    tag = sha256(f"pingxuan/client/v1\n{key}\n".encode()).hexdigest()
    numbers = ",".join(str(number) for number in sorted(project["number"] for project in ballot["projects"]))
    text = f"pingxuan/ballot/v1\n{SLUG}\n{ballot['day']}\n{nonce}\n{tag}\n{numbers}\n"
    return f"ballot {ballot['day']} {sha256(text.encode()).hexdigest()}".encode()


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[str]) -> bytes:
    """The root to which a path leads, as RFC 9162 has it in 2.1.3.2."""
    node, last = leaf, size - 1
    for each in map(bytes.fromhex, path):
        if index % 2 or index == last:
            while index % 2 == 0:
                index, last = index // 2, last // 2
            node = sha256(b"\x01" + each + node).digest()
        else:
            node = sha256(b"\x01" + node + each).digest()
        index, last = index // 2, last // 2
    assert last == 0, "the path is as long as the tree is deep"
    return node


@dataclass(frozen=True)
class PublicKeys:
    """The keys that are published, by their names."""

    keys: dict[str, Ed25519PublicKey]

    @classmethod
    async def of(cls, api: Client, log: str) -> "PublicKeys":
        """Those that a server publishes of a log."""
        response = await api.get(f"{log}/keys")
        assert response.status == 200, response
        keys = {}
        for line in response.body.decode().splitlines():
            name, _, raw = line.split("+", 2)
            keys[name] = Ed25519PublicKey.from_public_bytes(base64.b64decode(raw)[1:])
        return cls(keys)

    def text_of(self, note: str, name: str) -> list[str]:
        """The lines of a note that is signed under this name."""
        text, _, signatures = note.partition("\n\n")
        [line] = [line for line in signatures.splitlines() if line.startswith(f"— {name} ")]
        self.keys[name].verify(base64.b64decode(line.split(" ")[2])[4:], f"{text}\n".encode())
        return text.splitlines()


@dataclass
class Lived:
    """What voters and a reader were told."""

    keys: PublicKeys
    origin: str
    log: str
    casts: list[Cast] = field(default_factory=list)
    heads: list[SeenHead] = field(default_factory=list)
    without_receipt: int = 0

    @property
    def acknowledged(self) -> int:
        return sum(cast.outcome is Outcome.ACKNOWLEDGED for cast in self.casts)

    def told(self, payload: Json, key: str) -> None:
        """Record the answer to a ballot, whose receipt has to be right."""
        if payload["violations"]:
            self.casts.append(Cast(Outcome.REFUSED))
            return
        ballot, entry = payload["ballot"], entry_of(payload["ballot"], key)
        self.casts.append(Cast(Outcome.ACKNOWLEDGED, entry))
        if (receipt := ballot["receipt"]) is None:
            self.without_receipt += 1
            return
        assert receipt["leafHash"] == leaf_of(entry).hex()
        index, size, path = receipt["batchIndex"], receipt["batchSize"], receipt["batchHashes"]
        root = base64.b64encode(root_by_path(leaf_of(entry), index, size, path)).decode()
        version, origin, *rest = self.keys.text_of(receipt["note"], f"{self.origin}/receipts")
        assert [version, origin, *rest[:2]] == ["pingxuan/receipts/v1", self.origin, root, str(size)]

    def seen(self, note: str) -> None:
        """Record a head that was read."""
        origin, size, root = self.keys.text_of(note, self.origin)
        assert origin == self.origin
        self.heads.append(SeenHead(int(size), base64.b64decode(root)))


class Voters:
    """People who vote one after the other, several at once, and ask again until they know what became of their ballots."""

    def __init__(self, api: Client, servers: Servers, tokens: Sequence[str], lived: Lived, seed: int) -> None:
        self._api, self._servers, self._lived = api, servers, lived
        self._waiting = list(enumerate(tokens))
        self._open: list[tuple[int, str]] = []
        self._chance = random.Random(seed)

    async def vote(self, until: Callable[[], bool]) -> None:
        """Cast until it is enough, at whichever server; those whose answer was lost are left open."""
        while self._waiting and not until():
            voter = self._waiting.pop()
            if not await self._cast(*voter):
                self._open.append(voter)
                await asyncio.sleep(0.01)

    async def settle(self) -> None:
        """Ask again for each ballot that is left open, as clients do, with the same key, until there is an answer."""
        for voter in self._open:
            if not await eventually(partial(self._cast, *voter), bool):
                self._lived.casts.append(Cast(Outcome.UNKNOWN))

    async def _cast(self, voter: int, token: str) -> bool:
        """Whether there was an answer to rely on."""
        key, numbers = f"ballot of {voter}", range(1 + voter % 30, 11 + voter % 30 + voter % 11)
        given = {"projectIds": project_ids(numbers), "idempotencyKey": key}
        try:
            response = await self._api.at(self._chance.choice(self._servers.running)).post(
                {"query": CAST, "variables": {"input": given}}, Authorization=f"Bearer {token}"
            )
        except (aiohttp.ClientError, ConnectionError, TimeoutError):
            return False
        answer = response.json
        if answer.get("errors"):
            assert {error["extensions"]["code"] for error in answer["errors"]} == {"OVERLOADED"}, answer
            assert response.status in {200, 503}, response  # the latter where not even the campaign can be read
            return False
        self._lived.told(answer["data"]["castBallot"], key)
        return True


async def read_heads(api: Client, servers: Servers, lived: Lived, interval: float = 0.1) -> None:
    """Read the checkpoint again and again, at one server after the other."""
    while True:
        for server in list(servers.running):
            with suppress(aiohttp.ClientError, ConnectionError, TimeoutError):
                await read_head(api.at(server), lived)
            await asyncio.sleep(interval)


async def read_head(api: Client, lived: Lived) -> int:
    """Read the checkpoint, and return its size; 0 while there is none."""
    response = await api.get(f"{lived.log}/checkpoint")
    if response.status != 200:
        return 0
    lived.seen(response.body.decode())
    return lived.heads[-1].size


async def read_entries(api: Client, size: int, log: str) -> list[bytes]:
    """All entries up to this size."""
    entries: list[bytes] = []
    for n in range((size + 255) // 256):
        width = min(256, size - 256 * n)
        response = await api.get(f"{log}/tile/entries/{n:03d}" + ("" if width == 256 else f".p/{width}"))
        assert response.status == 200, response
        bundle = response.body
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            entries.append(bundle[2 : 2 + length])
            bundle = bundle[2 + length :]
    assert len(entries) == size
    return entries


async def eventually(read: Callable[[], Awaitable[Any]], is_so: Callable[[Any], bool]) -> Any:
    """What is read once it is so; after PATIENCE what is read then, for the assertion that follows."""
    for _ in range(int(PATIENCE / 0.2)):
        if is_so(found := await read()):
            return found
        await asyncio.sleep(0.2)
    return await read()


async def knowing(api: Client, log: str = LOG) -> Lived:
    """The record of people who know the keys of a log, and nothing else yet."""
    keys = await PublicKeys.of(api, log)
    [origin] = [name for name in keys.keys if not name.endswith("/receipts")]
    return Lived(keys, origin, log)


async def voted_through(
    servers: Servers, api: Client, tokens: Sequence[str], faults: Sequence[Fault], seed: int
) -> Lived:
    """Have people vote while these faults happen, until nobody is left or all has happened."""
    lived = await knowing(api.at(servers.running[0]))
    voters, left = Voters(api, servers, tokens, lived, seed), list(faults)
    reader = asyncio.create_task(read_heads(api, servers, lived))

    async def happen() -> None:
        while left:
            if lived.acknowledged >= left[0].after:
                await servers.suffer(left.pop(0))
            await asyncio.sleep(0.01)

    await asyncio.gather(happen(), *(voters.vote(lambda: False) for _ in range(8)))
    await voters.settle()
    reader.cancel()
    with suppress(asyncio.CancelledError):
        await reader
    return lived


async def what_is_wrong(api: Client, lived: Lived) -> list[str]:
    """What is wrong with the log once all that was acknowledged has had time to get there."""

    async def found() -> list[str]:
        return violations(lived.casts, lived.heads, await read_entries(api, await read_head(api, lived), lived.log))

    return list(await eventually(found, lambda found: not found))


def tokens_of(database_url: str, count: int) -> list[str]:
    """The sessions of so many voters."""
    return pingxuan(database_url, "token", "--count", str(count)).stdout.split()
