"""Is a request that goes by the direct wire answered, counted and logged to the byte as it is by ASGI?"""

import asyncio
import logging
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from prometheus_client import generate_latest

from api.bootstrap.app import application, open_services
from api.http.request import REQUEST, Headers, Request
from api.http.response_cache import ResponseCache
from api.http.responses import HttpResponse
from api.middleware.client_address import Proxies
from api.middleware.edge import Edge
from api.middleware.plain_posts import PlainPosts
from api.observability.metrics import Metrics
from api.server.connections import Connections, GuardedHttpProtocol
from api.server.direct import Exchange
from api.server.draining import State
from api.server.serve import server_config
from api.services.rate_limiting import RateLimiter
from api.settings import Settings, read_settings
from tests.campaigns import DURING
from tests.raw_requests import (
    HEALTH,
    Parts,
    ask,
    cast,
    generated_requests,
    limited_requests,
    unusual_requests,
    usual_requests,
)
from tests.servers import SIGN_IN

LAST = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
RANDOM = re.compile(rb"(?<=x-request-id: )[0-9a-f]{16}|(?<=\"id\":\")[0-9a-f]{16}(?=\")|(?<=\(id )[0-9a-f]{16}")
RANDOM_ZH = re.compile("(?<=编号)[0-9a-f]{16}".encode())
RESERVATION = re.compile(rb"(?<=\r\n\r\n)[\w-]{32}(?=HTTP)")
TOKEN = re.compile(rb"(?<=\"token\":\")[^\"]+")
OPEN = {"LIMIT_REQUESTS": "1000000", "ORIGINS": "https://vote.example.cn", "LIMIT_ANSWER": "20000"}
PROXIES = {**OPEN, "PROXIES": "127.0.0.0/8", "ACCESS_LOG": "address", "HSTS": "60", "LIMIT_REQUESTS_PER_VOTER": "1000"}
FORWARDED = {**PROXIES, "PROXY_HEADER": "forwarded", "ORIGINS": "*"}
LIMITED = {
    **PROXIES,
    "HOSTS": "x,*.example.cn",
    "LIMIT_REQUESTS": "10",
    "LIMIT_REQUESTS_PER_VOTER": "4",
    "LIMIT_SIGN_INS": "2",
}


Sides = Callable[[bool, dict[str, str]], AbstractAsyncContextManager[tuple["Side", str]]]


class Connection(GuardedHttpProtocol):
    """A connection that tells how many bytes it has received, and whether it took a request to the direct wire."""

    received = 0
    is_direct = False

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.received += len(data)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.is_direct |= isinstance(self.cycle, Exchange)

    def is_ready(self, sent: int, *, is_last: bool = False) -> bool:
        """Whether all that was sent is received; before the last, whether all of it is answered as well."""
        is_busy = is_last and (self.answering or bool(self.pipeline))
        return self.transport.is_closing() or (self.received >= sent and not is_busy)

    @property
    def is_lost(self) -> bool:
        return self.parser is None

    @property
    def is_answering_directly(self) -> bool:
        return isinstance(self.cycle, Exchange) and self.answering and not self.cycle.more_body


class Caller(asyncio.Protocol):
    """The other end of a connection, which keeps what came before it was lost."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.received = bytearray()
        self.is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True


class Answered(NamedTuple):
    """What came back, and what was logged of it. token: the one in it, if it was for somebody who signs in."""

    received: bytes
    logged: list[dict[str, Any]]
    is_direct: bool = False
    token: str = ""


class Side:
    """A server, in this process. newest: its last connection."""

    def __init__(self, metrics: Metrics, server: asyncio.Server, connections: list[Connection]) -> None:
        self._metrics = metrics
        self._port = server.sockets[0].getsockname()[1]
        self._connections = connections

    async def send(self, parts: Parts) -> Answered:
        """Send the parts over a new connection, one after the other, and a last request when all is answered."""
        with logged() as lines:
            async with asyncio.timeout(60):
                client, connection = await self._connect()
                sent = 0
                for part in (*parts, LAST):
                    await until(partial(connection.is_ready, sent, is_last=part is LAST))
                    client.transport.write(part)
                    sent += len(part)
                await until(partial(connection.is_ready, sent, is_last=True))
                connection.transport.close()  # which it has not done itself where the last was part of a body
                await until(lambda: client.is_lost)
        token = TOKEN.search(client.received)
        received = masked(bytes(client.received))
        return Answered(received, lines, connection.is_direct, token[0].decode() if token else "")

    async def leave(self, parts: Parts) -> Answered:
        """Send the parts and go."""
        with logged() as lines:
            async with asyncio.timeout(60):
                client, connection = await self._connect()
                client.transport.write(b"".join(parts))
                await until(partial(connection.is_ready, sum(map(len, parts))))
                client.transport.abort()
                await until(
                    lambda: connection.is_lost and not connection.tasks and not connection.is_answering_directly
                )
        return Answered(b"", lines)

    async def _connect(self) -> tuple["Caller", Connection]:
        _, caller = await asyncio.get_running_loop().create_connection(Caller, "127.0.0.1", self._port)
        await until(lambda: bool(self._connections))
        return caller, self._connections.pop()

    def counted(self) -> list[str]:
        """What the metrics say, but for what it took in time and memory."""
        page = generate_latest(self._metrics._registry).decode()
        return [line for line in page.splitlines() if re.match(r"pingxuan_\w+_(total|count)\b", line)]


class logged(logging.Handler):  # noqa: N801 - it is used as a function is
    """The access log while a block runs. Each line is told whose request id it has by its context."""

    def __enter__(self) -> list[dict[str, Any]]:
        self.lines: list[dict[str, Any]] = []
        self._logger = logging.getLogger("pingxuan.access")
        self._level = self._logger.level
        self._logger.setLevel(logging.INFO)
        self._logger.addHandler(self)
        return self.lines

    def __exit__(self, *failure: object) -> None:
        self._logger.removeHandler(self)
        self._logger.setLevel(self._level)

    def emit(self, record: logging.LogRecord) -> None:
        said = {name: record.__dict__.get(name) for name in ("method", "path", "status", "operation", "address")}
        request = REQUEST.get()
        self.lines.append(
            {**said, "message": record.getMessage(), "named": request is not None and request.request_id != ""}
        )


def masked(received: bytes) -> bytes:
    """What came back without what is random."""
    for pattern in (RANDOM, RANDOM_ZH, RESERVATION, TOKEN):
        received = pattern.sub(b"?", received)
    return received


class Recorded(NamedTuple):
    """What was answered to each request, and counted of all."""

    answers: dict[str, Answered]
    counted: list[str]


async def recorded(side: Side, requests: Iterable[tuple[str, Parts]]) -> Recorded:
    answers: dict[str, Answered] = {}
    for name, parts in requests:
        assert name not in answers, "each has a name of its own"
        answers[name] = await side.send(parts)
    return Recorded(answers, side.counted())


def differing(direct: Recorded, asgi: Recorded) -> list[str]:
    """The requests whose answers or log lines are not the same."""
    return [name for name, answer in direct.answers.items() if answer[:2] != asgi.answers[name][:2]]


def assert_same(direct: Recorded, asgi: Recorded) -> None:
    assert direct.answers.keys() == asgi.answers.keys()
    assert not any(answer.is_direct for answer in asgi.answers.values())
    for name in differing(direct, asgi):
        assert (name, direct.answers[name].received) == (name, asgi.answers[name].received)
        assert (name, direct.answers[name].logged) == (name, asgi.answers[name].logged)
    assert direct.counted == asgi.counted


async def until(is_so: Callable[[], bool]) -> None:
    """Let the loop turn until it is so."""
    while True:
        if is_so():
            return
        await asyncio.sleep(0)


@asynccontextmanager
async def side(file: Path, is_direct: bool, **given: str) -> AsyncIterator[Side]:
    """A server on this database, for which time stands still."""
    settings = read_settings({}, DATABASE_URL=f"sqlite://{file}", SECRET="a secret", GUESTS="on", **given)
    metrics = Metrics()
    async with open_services(settings, lambda: DURING, metrics) as services:
        limiter = RateLimiter(settings.limits, lambda: 1_000_000.0, b"a secret")
        app = application(replace(services, rate_limiter=limiter), settings)
        assert app.plain_posts is not None
        async with listening(app.asgi, settings, app.plain_posts if is_direct else None) as (server, connections):
            yield Side(metrics, server, connections)


@asynccontextmanager
async def listening(
    asgi: Any, settings: Settings, plain_posts: PlainPosts | None
) -> AsyncIterator[tuple[asyncio.Server, list[Connection]]]:
    config = server_config(asgi, settings, plain_posts)
    state, guard = State(), Connections(settings.limits, Proxies(settings.proxies))
    state.default_headers = [(b"date", b"Sat, 25 Mar 2017 01:30:00 GMT")]
    connections: list[Connection] = []

    def connect() -> Connection:
        options = {"config": config, "server_state": state, "app_state": {}}
        connections.append(Connection(guard, plain_posts=plain_posts, **options))
        return connections[-1]

    server = await asyncio.get_running_loop().create_server(connect, "127.0.0.1", 0)
    async with server:
        yield server, connections
        await asyncio.gather(*state.tasks)


@pytest.fixture
def sides(seeded_2017: Path, tmp_path: Path) -> Sides:
    """Servers on databases that are alike, with the direct wire or without: one after the other, as a process has one."""
    numbers = count()

    @asynccontextmanager
    async def open_side(is_direct: bool, given: dict[str, str]) -> AsyncIterator[tuple[Side, str]]:
        file = Path(shutil.copy(seeded_2017, tmp_path / f"{next(numbers)}.sqlite3"))
        async with side(file, is_direct, **given) as opened:
            answer = await opened.send((ask(SIGN_IN, variables={"name": "lin"}, operationName="SignIn"),))
            yield opened, answer.token

    return open_side


@pytest.mark.parametrize("given", [OPEN, PROXIES, FORWARDED], ids=["open", "proxies", "forwarded"])
async def test_every_kind_of_request_is_answered_the_same(sides: Sides, given: dict[str, str]) -> None:
    both = []
    for is_direct in (True, False):
        async with sides(is_direct, given) as (side, token):
            requests = chain(usual_requests(token).items(), unusual_requests(), generated_requests(150))
            both.append(await recorded(side, requests))
    assert_same(*both)
    direct = both[0].answers
    assert [name for name in usual_requests("") if not direct[name].is_direct] == []
    for name in ("compressed", "compressed again"):
        assert b"content-encoding: gzip" in direct[name].received
    for name in ("GET", "chunks", "an old client", "no type", "a query string"):
        assert not direct[name].is_direct, name


async def test_what_is_refused_by_rate_or_by_host_is_refused_the_same(sides: Sides) -> None:
    both = []
    for is_direct in (True, False):
        async with sides(is_direct, LIMITED) as (side, token):
            both.append(await recorded(side, limited_requests(token)))
    assert_same(*both)
    statuses = {answer.received[9:12] for answer in both[0].answers.values() if answer.is_direct}
    assert {b"200", b"421", b"429"} <= statuses


async def test_whoever_leaves_is_counted_or_not_the_same(sides: Sides) -> None:
    both = []
    for is_direct in (True, False):
        async with sides(is_direct, PROXIES) as (side, token):
            ballot = cast(token, range(1, 11))
            sent = (ballot, ballot[:-5], ballot[:60], ask() + ballot[:-5], HEALTH + ballot)
            left = [await side.leave((each,)) for each in sent]
            signed = b"Authorization: Bearer " + token.encode()
            kept = await recorded(side, [("what became of it", (ask("{ viewer { ballots { id } } }", signed),))])
            both.append((left, kept))
    assert both[0][0] == both[1][0]
    assert_same(both[0][1], both[1][1])


@pytest.mark.parametrize("place", [(ResponseCache, "find"), (Edge, "admit")], ids=["the endpoint", "the edge"])
async def test_a_failure_is_masked_the_same(
    sides: Sides, place: tuple[type, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise RuntimeError("a secret of the server")

    requests = {"once": (ask(),), "twice": (ask(), ask()), "in English": (ask("{ x }", b"Accept-Language: en"),)}
    both = []
    for is_direct in (True, False):
        async with sides(is_direct, PROXIES) as (side, _):
            with monkeypatch.context() as patch:
                patch.setattr(*place, fail)
                both.append(await recorded(side, requests.items()))
    assert_same(*both)
    received = both[0].answers["twice"].received
    assert received.count(b"HTTP/1.1 500") >= 2
    assert b"secret" not in received


async def test_a_header_that_one_side_leaves_out_is_seen(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    end, left_out = PlainPosts.end, set()

    def shorter(self: PlainPosts, request: Request, response: HttpResponse, edge_headers: Headers) -> Headers:
        return [header for header in end(self, request, response, edge_headers) if header[0] not in left_out]

    monkeypatch.setattr(PlainPosts, "end", shorter)
    async with sides(False, OPEN) as (side, _):
        answer = await side.send((ask(),))
        names = sorted(
            {line.partition(b":")[0] for line in answer.received.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]}
        )
        names.remove(b"date")
        asgi = await recorded(side, [(name.decode(), (ask(),)) for name in names])
    async with sides(True, OPEN) as (side, _):
        await side.send((ask(),))
        answers = {}
        for name in names:
            left_out = {name}
            answers[name.decode()] = await side.send((ask(),))
    assert {"x-request-id", "ratelimit", "vary", "content-security-policy", "content-type"} <= answers.keys()
    assert differing(Recorded(answers, []), asgi) == list(answers)
