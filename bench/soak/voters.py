"""Everybody who votes, over connections of which each is kept for a while."""

import asyncio
import binascii
import hashlib
import hmac
import random
import time
from datetime import datetime, timedelta
from typing import Any

import orjson

from api.domain.people.identity import Role, Voter
from api.identity.tokens import SignedTokens
from bench.servers import MORNING, SECRET
from bench.soak.choices import PROJECTS, Choices
from bench.soak.schedule import due, due_at, hour_at
from bench.soak.told import Told
from bench.voters import TOKEN_LIFETIME
from tests.servers import project_ids

CONNECTIONS = 64
KEPT = 1_000  # ballots for which a connection is kept, so that a worker that was started anew gets its share
RETRIED = 0.03  # of the ballots are sent again although they were answered
INTERVAL = 0.2  # seconds between two attempts
ANSWER_TIMEOUT = 40.0  # seconds, as the documentation gives callers
WAIT = 0.005  # seconds between two looks at what is due
QUERY = "mutation Cast($input: CastBallotInput!) { castBallot(input: $input) { ballot { id } violations { code } } }"
IDS = [orjson.dumps(name) for name in project_ids(range(1, PROJECTS + 1))]


class Tokens:
    """Sessions that began a day before the vote. Making one as a sign-in does would cost as much as sending a ballot."""

    def __init__(self) -> None:
        issued = datetime.fromisoformat(MORNING) - timedelta(days=1)
        voter = Voter("PSEUDONYM", (Role.VOTER,), 0)
        token = SignedTokens([SECRET.encode()], TOKEN_LIFETIME).issue(voter, "guest", issued).token
        self._header, claims, _ = token.encode().split(b".")
        self._before, self._after = binascii.a2b_base64(claims + b"==").split(b"PSEUDONYM")
        self._key = hmac.digest(SECRET.encode(), b"session-token", hashlib.sha256)

    def of(self, voter: int) -> bytes:
        signed = self._header + b"." + _encoded(b"%bsoak%022d%b" % (self._before, voter, self._after))
        return signed + b"." + _encoded(hmac.digest(self._key, signed, hashlib.sha256))


def _encoded(raw: bytes) -> bytes:
    return binascii.b2a_base64(raw, newline=False).rstrip(b"=").translate(bytes.maketrans(b"+/", b"-_"))


class Requests:
    """What ballots are sent as."""

    def __init__(self, seed: int) -> None:
        self._seed, self._choices, self._tokens = seed, Choices(seed), Tokens()
        self._query = orjson.dumps(QUERY)

    def of(self, ballot: int) -> bytes:
        """The bytes of a request, the same each time."""
        projects = b",".join([IDS[project] for project in self._choices.of(ballot)])
        given = b'{"projectIds":[%b],"idempotencyKey":"soak %d %012d"}' % (projects, self._seed, ballot)
        body = b'{"query":%b,"variables":{"input":%b}}' % (self._query, given)
        head = b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
        return head % len(body) + b"Authorization: Bearer %b\r\n\r\n%b" % (self._tokens.of(ballot), body)


class Link(asyncio.Protocol):
    """One connection, with what is needed of HTTP/1.1, which costs a tenth of a client's CPU. It is never opened again."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._received = b""
        self.answer: asyncio.Future[bytes] | None = None
        self.is_closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if separator and len(body) >= _length(head):
            self._received = b""
            self._set(body)

    def connection_lost(self, exc: Exception | None) -> None:
        self.close()

    def ask(self, request: bytes, answer: "asyncio.Future[bytes]") -> None:
        """Send a request, whose answer is what this comes to."""
        self.answer = answer
        self._transport.write(request)

    def close(self) -> None:
        """Whoever waits gets no answer."""
        self.is_closed = True
        self._transport.abort()
        self._set(b"")

    def _set(self, answer: bytes) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_result(answer)


class Connection:
    """A link, and another when it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._link: Link | None = None

    async def post(self, port: int, request: bytes) -> bytes:
        """The body of the answer; empty where there is none."""
        if self._link is None or self._link.is_closed:
            try:
                _, self._link = await self._loop.create_connection(Link, "127.0.0.1", port)
            except OSError:
                return b""
        answer = self._loop.create_future()
        self._link.ask(request, answer)
        late = self._loop.call_later(ANSWER_TIMEOUT, self._link.close)
        body: bytes = await answer
        late.cancel()
        return body

    def close(self) -> None:
        """Connect anew with the next request."""
        if self._link is not None:
            self._link.close()


def _length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"content-length:")
    return int(after.partition(b"\r\n")[0])


class Voters:
    """All of them. stored: ballots that are there already, so that theirs have the numbers from then on."""

    def __init__(self, told: Told, port: int, seed: int, *, stored: int, seconds: float) -> None:
        self._told, self._port, self._seed = told, port, seed
        self._stored, self._ballots, self._seconds = stored, len(told.outcomes) - stored, seconds
        self._requests = Requests(seed)
        self._begun = time.monotonic()
        self.sent = 0
        self.is_over = False  # whether no further ballot is begun

    def now(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._begun

    def behind(self) -> int:
        """How many ballots are due and not sent yet."""
        return due(self._ballots, min(1.0, self.now() / self._seconds)) - self.sent

    async def vote(self, connection: int) -> None:
        """Be one connection: send whatever is due, until all is."""
        link, chance = Connection(), random.Random(f"{self._seed} {connection}")
        while self.sent < self._ballots and not self.is_over:
            fraction = self.now() / self._seconds
            if self.sent >= due(self._ballots, fraction):
                await asyncio.sleep(WAIT)
                continue
            ballot, self.sent = self._stored + self.sent, self.sent + 1
            await self._settle(link, connection, ballot, chance.random() < RETRIED)
            if chance.random() < 1 / KEPT:
                link.close()
        link.close()

    async def _settle(self, link: Connection, connection: int, ballot: int, again: bool) -> None:
        """Have a ballot acknowledged, however long it takes."""
        request, begun = self._requests.of(ballot), self.now()
        self._told.begin(ballot, connection, begun)
        sent, name = await self._answered(link, request)
        if not name:
            self._told.refuse(ballot, connection)
            return
        took = self._told.acknowledge(ballot, name, connection, sent, self.now())
        late = begun - self._seconds * due_at((ballot - self._stored) / self._ballots)
        self._told.note(hour_at(begun / self._seconds), late, took)
        if again:
            self._told.resent += 1
            self._told.changed += (await self._answered(link, request))[1] != name

    async def _answered(self, link: Connection, request: bytes) -> tuple[float, str]:
        """When the request was sent that was answered, and the ballot's id; no id where it was refused."""
        while True:
            sent = self.now()
            answer = await link.post(self._port, request)
            told, name = _read(answer)
            self._told.answers[told] += 1
            if name is not None:
                return sent, name
            await asyncio.sleep(INTERVAL)


def _read(answer: bytes) -> tuple[str, str | None]:
    """What was told, and the ballot's id if it is there, which is empty where it was refused."""
    if not answer:
        return "lost", None
    found = orjson.loads(answer)
    if errors := found.get("errors"):
        return errors[0]["extensions"]["code"], None
    payload = found["data"]["castBallot"]
    if payload["ballot"] is None:
        return payload["violations"][0]["code"], ""
    return "cast", payload["ballot"]["id"].removeprefix("ballot/")
