"""Is an event stream that nobody reads let go of, with all that was begun on it, and one that is read left alone?"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from api.instrumentation import NoInstrumentation
from api.limits import Limits
from api.subscriptions.sse import endpoint, reservations
from api.subscriptions.sse.endpoint import SseEndpoint
from api.subscriptions.sse.reservations import OPEN_TIMEOUT
from api.subscriptions.sse.stream import MAX_OPERATIONS

ANSWER = '{"data":{}}'


class Watching(NoInstrumentation):
    """A board on which every operation is a topic, or has an answer at once, and a watch that writes errors down."""

    def __init__(self) -> None:
        self.heard: set[Any] = set()
        self.errors: list[str] = []
        self.answering = False

    async def begin(self, asked: Any, language: Any, caller: Any) -> Any:
        if self.answering:
            await caller.answer(ANSWER)
            return None
        self.heard.add(caller)
        return self

    def leave(self, listener: Any) -> None:
        self.heard.discard(listener)

    def count_error(self, code: str) -> None:
        self.errors.append(code)


class Caller:
    """Sends requests from one address as a server would hand them over."""

    def __init__(self, app: SseEndpoint, address: str = "198.51.100.7") -> None:
        self._app = app
        self._address = address
        self.leaves = asyncio.Event()
        self.sends = asyncio.Event()  # its requests' bodies
        self.sends.set()

    async def ask(self, method: str, token: str = "", body: Any = None) -> tuple[int, str]:
        """The status and the body of an answer that comes whole, once what it began is under way."""
        sent: list[Any] = []
        await self._call(method, token, body, sent)
        await asyncio.sleep(0)
        return sent[0]["status"], b"".join(part["body"] for part in sent[1:]).decode()

    async def reserve(self) -> str:
        status, token = await self.ask("PUT")
        assert status == 201
        return token

    async def begin(self, token: str, name: str) -> int:
        return (await self.ask("POST", token, {"query": "{ x }", "extensions": {"operationId": name}}))[0]

    async def read(self, token: str) -> asyncio.Task[None]:
        """Open a stream and read on until told to leave."""
        sent: list[Any] = []
        reading = asyncio.create_task(self._call("GET", token, None, sent))
        await asyncio.sleep(0)
        assert sent[0]["status"] == 200
        return reading

    async def _call(self, method: str, token: str, body: Any, sent: list[Any]) -> None:
        headers = [(b"content-type", b"application/json"), (b"accept-language", b"en")]
        headers += [(b"x-graphql-event-stream-token", token.encode())] if token else []
        scope = {
            "type": "http",
            "method": method,
            "headers": headers,
            "query_string": b"",
            "client": (self._address, 1),
        }
        parts = (
            [] if body is None else [{"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}]
        )

        async def receive() -> Any:
            if parts:
                await self.sends.wait()
                return parts.pop()
            await self.leaves.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)


@pytest.fixture
def watching() -> Watching:
    return Watching()


@pytest.fixture
async def app(watching: Watching) -> AsyncIterator[SseEndpoint]:
    made = SseEndpoint(watching, Limits(), watching)  # type: ignore[arg-type]
    yield made
    await made.close()


@pytest.fixture
async def time_passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets the seconds pass in which streams wait to be opened, at once and only then."""
    due: list[Callable[[], None]] = []

    def call_later(delay: float, call: Callable[..., None], *given: Any) -> None:
        assert delay == OPEN_TIMEOUT
        due.append(lambda: call(*given))

    def time_passes() -> None:
        while due:
            due.pop()()

    monkeypatch.setattr(asyncio.get_running_loop(), "call_later", call_later)
    return time_passes


async def test_a_stream_that_is_not_opened_in_time_is_closed_with_its_operations(
    app: SseEndpoint, watching: Watching, time_passes: Callable[[], None]
) -> None:
    caller = Caller(app)
    token = await caller.reserve()
    assert await caller.begin(token, "a") == 202
    assert watching.heard
    time_passes()
    assert len(app) == 0
    assert await caller.begin(token, "b") == 404
    assert not watching.heard


async def test_a_stream_that_is_opened_stays_until_its_reader_leaves(
    app: SseEndpoint, watching: Watching, time_passes: Callable[[], None]
) -> None:
    caller = Caller(app)
    token = await caller.reserve()
    assert await caller.begin(token, "a") == 202
    reading = await caller.read(token)
    time_passes()
    assert await caller.begin(token, "b") == 202
    assert (await caller.ask("GET", token))[0] == 409
    assert len(watching.heard) == 2
    caller.leaves.set()
    await reading
    assert await caller.begin(token, "c") == 404
    assert not watching.heard
    assert len(app) == 0


async def test_an_address_reserves_so_many_and_another_as_many(app: SseEndpoint) -> None:
    caller = Caller(app)
    for _ in range(reservations.MAX_RESERVED_PER_ADDRESS):
        token = await caller.reserve()
    status, body = await caller.ask("PUT")
    [error] = json.loads(body)["errors"]
    assert (status, error["extensions"]) == (
        429,
        {"code": "RATE_LIMITED", "limit": "reservations", "most": 100, "retryAfter": 10},
    )
    await Caller(app, "198.51.100.8").reserve()
    await caller.read(token)
    await caller.reserve()


async def test_the_oldest_that_waits_gives_way_and_none_that_is_open(
    app: SseEndpoint, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reservations, "MAX_RESERVED", 2)
    caller = Caller(app)
    opened = await caller.reserve()
    await caller.read(opened)
    waiting = [await caller.reserve() for _ in range(2)]
    for token in (opened, *waiting):
        assert await caller.begin(token, "a") == 202
    await caller.reserve()
    assert [await caller.begin(token, "b") for token in (opened, *waiting)] == [202, 404, 202]
    assert len(watching.heard) == 4


async def test_answers_that_nobody_has_read_leave_no_room_for_more(app: SseEndpoint, watching: Watching) -> None:
    watching.answering = True
    caller = Caller(app)
    token = await caller.reserve()
    statuses = [await caller.begin(token, str(number)) for number in range(MAX_OPERATIONS + 1)]
    assert statuses == [202] * MAX_OPERATIONS + [429]


async def test_an_operation_that_comes_in_while_its_stream_is_closed_is_not_begun(
    app: SseEndpoint, watching: Watching
) -> None:
    caller = Caller(app)
    token = await caller.reserve()
    caller.sends.clear()
    arriving = asyncio.create_task(caller.begin(token, "a"))
    await asyncio.sleep(0)
    await app.close()
    caller.sends.set()
    assert await arriving == 404
    assert not watching.heard


async def test_what_nobody_foresaw_is_told_as_an_id_and_counted(
    app: SseEndpoint, watching: Watching, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("of db-7.internal")

    monkeypatch.setattr(endpoint, "parse_params", fails)
    status, body = await Caller(app).ask("POST", await Caller(app).reserve(), {"query": "{ x }"})
    [error] = json.loads(body)["errors"]
    assert (status, error["extensions"]["code"], watching.errors) == (500, "INTERNAL", ["INTERNAL"])
    assert "db-7" not in body
    logged = "".join(logging.Formatter().format(record) for record in caplog.records)
    assert error["extensions"]["id"] in logged
    assert "db-7" in logged
