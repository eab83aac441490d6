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
from api.subscriptions.transport import MAX_OPERATIONS

ANSWER = b'{"data":{}}'


class FakeManager(NoInstrumentation):
    """A manager whose operations are topics, or have a result at once, and an instrumentation that collects errors."""

    def __init__(self) -> None:
        self.operations: set[Any] = set()
        self.errors: list[str] = []
        self.responds = False

    async def execute(self, params: Any, language: Any, operation: Any) -> Any:
        if self.responds:
            operation.respond(ANSWER)
            return None
        self.operations.add(operation)
        return self

    def leave(self, subscriber: Any) -> None:
        self.operations.discard(subscriber)

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

    async def request(self, method: str, token: str = "", body: Any = None) -> tuple[int, str]:
        """The status and the body of an answer that comes whole, once what it began is under way."""
        start, text = await self.answer(method, token, body)
        return start["status"], text

    async def answer(self, method: str, token: str = "", body: Any = None) -> tuple[Any, str]:
        """The start and the body of such an answer."""
        sent: list[Any] = []
        await self._call(method, token, body, sent)
        await asyncio.sleep(0)
        return sent[0], b"".join(part["body"] for part in sent[1:]).decode()

    async def reserve(self) -> str:
        status, token = await self.request("PUT")
        assert status == 201
        return token

    async def execute(self, token: str, name: str) -> int:
        return (await self.request("POST", token, {"query": "{ x }", "extensions": {"operationId": name}}))[0]

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
def manager() -> FakeManager:
    return FakeManager()


@pytest.fixture
async def app(manager: FakeManager) -> AsyncIterator[SseEndpoint]:
    sse_endpoint = SseEndpoint(manager, Limits(), manager)  # type: ignore[arg-type]
    yield sse_endpoint
    await sse_endpoint.close()


@pytest.fixture
async def time_passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets the seconds pass in which streams wait to be opened, at once and only then."""
    due: list[Callable[[], None]] = []

    def call_later(delay: float, call: Callable[..., None], *args: Any) -> None:
        assert delay == OPEN_TIMEOUT
        due.append(lambda: call(*args))

    def time_passes() -> None:
        while due:
            due.pop()()

    monkeypatch.setattr(asyncio.get_running_loop(), "call_later", call_later)
    return time_passes


async def test_a_stream_that_is_not_opened_in_time_is_closed_with_its_operations(
    app: SseEndpoint, manager: FakeManager, time_passes: Callable[[], None]
) -> None:
    caller = Caller(app)
    token = await caller.reserve()
    assert await caller.execute(token, "a") == 202
    assert manager.operations
    time_passes()
    assert len(app) == 0
    assert await caller.execute(token, "b") == 404
    assert not manager.operations


async def test_a_stream_that_is_opened_stays_until_its_reader_leaves(
    app: SseEndpoint, manager: FakeManager, time_passes: Callable[[], None]
) -> None:
    caller = Caller(app)
    token = await caller.reserve()
    assert await caller.execute(token, "a") == 202
    reading = await caller.read(token)
    time_passes()
    assert await caller.execute(token, "b") == 202
    assert (await caller.request("GET", token))[0] == 409
    assert len(manager.operations) == 2
    caller.leaves.set()
    await reading
    assert await caller.execute(token, "c") == 404
    assert not manager.operations
    assert len(app) == 0


async def test_an_address_reserves_so_many_and_another_as_many(app: SseEndpoint) -> None:
    caller = Caller(app)
    for _ in range(reservations.MAX_RESERVED_PER_ADDRESS):
        token = await caller.reserve()
    status, body = await caller.request("PUT")
    [error] = json.loads(body)["errors"]
    assert (status, error["extensions"]) == (
        429,
        {"code": "RATE_LIMITED", "limit": "reservations", "most": 100, "retryAfter": 10},
    )
    await Caller(app, "198.51.100.8").reserve()
    await caller.read(token)
    await caller.reserve()


async def test_the_oldest_that_waits_gives_way_and_none_that_is_open(
    app: SseEndpoint, manager: FakeManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reservations, "MAX_RESERVED", 2)
    caller = Caller(app)
    opened = await caller.reserve()
    await caller.read(opened)
    waiting = [await caller.reserve() for _ in range(2)]
    for token in (opened, *waiting):
        assert await caller.execute(token, "a") == 202
    await caller.reserve()
    assert [await caller.execute(token, "b") for token in (opened, *waiting)] == [202, 404, 202]
    assert len(manager.operations) == 4


async def test_answers_that_nobody_has_read_leave_no_room_for_more(app: SseEndpoint, manager: FakeManager) -> None:
    manager.responds = True
    caller = Caller(app)
    token = await caller.reserve()
    statuses = [await caller.execute(token, str(number)) for number in range(MAX_OPERATIONS)]
    assert statuses == [202] * MAX_OPERATIONS
    one_more = {"query": "{ x }", "extensions": {"operationId": "one more"}}
    start, body = await caller.answer("POST", token, one_more)
    [error] = json.loads(body)["errors"]
    assert (start["status"], error["extensions"]["code"]) == (429, "RATE_LIMITED")
    assert (error["extensions"]["limit"], error["extensions"]["most"]) == ("operations", MAX_OPERATIONS)
    assert dict(start["headers"])[b"retry-after"] == b"%d" % error["extensions"]["retryAfter"]


async def test_an_operation_that_comes_in_while_its_stream_is_closed_is_not_begun(
    app: SseEndpoint, manager: FakeManager
) -> None:
    caller = Caller(app)
    token = await caller.reserve()
    caller.sends.clear()
    arriving = asyncio.create_task(caller.execute(token, "a"))
    await asyncio.sleep(0)
    await app.close()
    caller.sends.set()
    assert await arriving == 404
    assert not manager.operations


async def test_what_nobody_foresaw_is_told_as_an_id_and_counted(
    app: SseEndpoint, manager: FakeManager, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("of db-7.internal")

    monkeypatch.setattr(endpoint, "parse_params", fails)
    status, body = await Caller(app).request("POST", await Caller(app).reserve(), {"query": "{ x }"})
    [error] = json.loads(body)["errors"]
    assert (status, error["extensions"]["code"], manager.errors) == (500, "INTERNAL", ["INTERNAL"])
    assert "db-7" not in body
    logged = "".join(logging.Formatter().format(record) for record in caplog.records)
    assert error["extensions"]["id"] in logged
    assert "db-7" in logged
