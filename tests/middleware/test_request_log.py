"""Is every request known by an id that a stranger cannot choose, and counted by the instrumentation as it was answered?"""

import re
from contextlib import AbstractContextManager

import pytest

from api.http.request import REQUEST, Request
from api.instrumentation import NO_SPAN, NoInstrumentation
from api.middleware.request_log import RequestLog, RequestLogMiddleware

FORMAT = re.compile(r"[0-9a-f]{16}")


class RecordingInstrumentation(NoInstrumentation):
    """Instrumentation that notes what it is told."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.answers: list[tuple[str | None, int]] = []

    def trace_request(self, request: str) -> AbstractContextManager[object]:
        self.requests.append(request)
        return NO_SPAN

    def count_response(self, operation: str | None, status: int, seconds: float) -> None:
        assert seconds >= 0
        self.answers.append((operation, status))


async def answering(scope, receive, send) -> None:
    """An application that executes what its path says, in words."""
    Request.of(scope).operation = scope["path"].removeprefix("/") or None
    await send({"type": "http.response.start", "status": 207, "headers": scope["headers"]})
    await send({"type": "http.response.body", "body": b"", "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def logged(app, instrumentation: RecordingInstrumentation, **options) -> RequestLogMiddleware:
    return RequestLogMiddleware(app, RequestLog(instrumentation, **options), instrumentation)


async def request_id(app: RequestLogMiddleware, path: str = "/", given: bytes | None = None) -> str:
    """The id in the one answer to a request that brings this id."""
    headers = [] if given is None else [(b"x-request-id", given)]
    sent = []

    async def send(message) -> None:
        sent.append(message)

    await app({"type": "http", "method": "GET", "path": path, "headers": headers}, None, send)
    assert len(sent) == 3
    assert len(headers) == (given is not None), "the application's own list stays as it was"
    return sent[0]["headers"][-1][1].decode()


async def test_a_stranger_gets_an_id_and_chooses_none() -> None:
    app = logged(answering, RecordingInstrumentation())
    assert FORMAT.fullmatch(await request_id(app))
    assert FORMAT.fullmatch(await request_id(app, given=b"mine"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (b"4bf92f35-77b3_4da6.1", True),
        (b"a" * 64, True),
        (b"a" * 65, False),
        (b"", False),
        (b"two words", False),
        (b'"}\n{"level": "error', False),
        ("编号".encode(), False),
    ],
)
async def test_whoever_is_trusted_names_the_request_if_the_name_is_well_formed(given: bytes, kept: bool) -> None:
    name = await request_id(logged(answering, RecordingInstrumentation(), trusts=lambda peer: True), given=given)
    assert (name == given.decode()) is kept
    assert kept or FORMAT.fullmatch(name)


async def test_the_instrumentation_counts_each_request_once_with_its_operation_and_status() -> None:
    instrumentation = RecordingInstrumentation()
    app = logged(answering, instrumentation)
    names = [await request_id(app, path) for path in ("/", "/Cast", "/Cast")]
    assert instrumentation.requests == names
    assert instrumentation.answers == [(None, 207), ("Cast", 207), ("Cast", 207)]


async def test_no_two_requests_have_the_same_id() -> None:
    app = logged(answering, RecordingInstrumentation())
    assert len({await request_id(app) for _ in range(1_000)}) == 1_000


async def test_a_connection_that_is_no_request_has_an_id_and_is_not_counted() -> None:
    instrumentation, seen = RecordingInstrumentation(), []

    async def talking(scope, receive, send) -> None:
        seen.append(REQUEST.get())

    await logged(talking, instrumentation)({"type": "websocket", "path": "/graphql", "headers": []}, None, None)
    assert FORMAT.fullmatch(seen[0].request_id)
    assert instrumentation.answers == instrumentation.requests == []
