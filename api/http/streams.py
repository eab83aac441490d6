"""Server-sent events at /graphql, in both modes of `graphql-sse`: a stream for each operation, or one reserved for many."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from api.domain.faults import FaultCode
from api.domain.texts import Language
from api.http import answers
from api.http.negotiation import MediaType, language, wants_events
from api.http.requests import Asked, Refused, asked, bearer, refused
from api.http.stream import Stream, Streamed
from api.http.watching import Watch

TOKEN = "x-graphql-event-stream-token"  # noqa: S105 - the name of a header
MOST_RESERVED = 10_000  # streams of one process that wait to be opened; the oldest gives way
MOST_OPERATIONS = 32  # under way on one stream
LONGEST_ID = 128  # characters

App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


def concerns_streams(request: Request) -> bool:
    """Whether a request is one of graphql-sse."""
    reserved = _token(request) is not None or request.method == "PUT"
    return reserved or (request.method in ("GET", "POST") and wants_events(request.headers.get("accept")))


class Streams:
    """Answers the requests that concern streams, and keeps those that are reserved or open."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._reserved: dict[str, Stream] = {}
        self._open: set[Stream] = set()
        self._running: set[asyncio.Task[None]] = set()

    async def answer(self, request: Request) -> App:
        """The answer to one request."""
        spoken = language(request.headers.get("accept-language"))
        try:
            return await self._answer(request, spoken)
        except Refused as refusal:
            body = answers.refusal(FaultCode.BAD_INPUT, refusal.message, spoken)
            return answers.answer(body, MediaType.JSON, refusal.status, refusal.headers)

    async def close(self) -> None:
        """End every stream, and let what has begun come to its end."""
        for stream in self._open:
            stream.close()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _answer(self, request: Request, spoken: Language) -> App:
        if request.method == "PUT":
            return self._reserve()
        if _token(request) is None:
            stream = Stream(alone=True)
            self._begin(await asked(request), spoken, stream.add(None, _bearer(request)))
            return self._kept(stream)
        stream = self._stream(request)
        match request.method:
            case "GET":
                return self._opened(stream)
            case "POST":
                return await self._accept(request, spoken, stream)
            case "DELETE":
                stream.drop(_operation_id(request.query_params.get("operationId")))
                return Response(status_code=200)
        raise refused(405, "只接受GET、POST、PUT和DELETE。", "Only GET, POST, PUT and DELETE are taken here.")

    def _reserve(self) -> Response:
        while len(self._reserved) >= MOST_RESERVED:
            del self._reserved[next(iter(self._reserved))]
        token = secrets.token_urlsafe(24)
        self._reserved[token] = Stream(alone=False)
        return PlainTextResponse(token, 201)

    def _stream(self, request: Request) -> Stream:
        stream = self._reserved.get(_token(request) or "")
        if stream is None:
            raise refused(404, "没有这个事件流，请以PUT预留。", "There is no such stream: reserve one by PUT.")
        return stream

    def _opened(self, stream: Stream) -> App:
        if stream.connected:
            raise refused(409, "此事件流已打开。", "This stream is open already.")
        return self._kept(stream)

    async def _accept(self, request: Request, spoken: Language, stream: Stream) -> Response:
        wanted = await asked(request)
        name = _operation_id((wanted.extensions or {}).get("operationId"))
        if name in stream.operations:
            raise refused(409, "此operationId的操作正在进行。", "An operation with this operationId is under way.")
        if len(stream.operations) >= MOST_OPERATIONS:
            raise refused(
                429,
                f"一个事件流最多同时进行{MOST_OPERATIONS}个操作。",
                f"A stream takes {MOST_OPERATIONS} operations at a time.",
            )
        self._begin(wanted, spoken, stream.add(name, _bearer(request)))
        return Response(status_code=202)

    def _begin(self, wanted: Asked, spoken: Language, operation: Streamed) -> None:
        task = asyncio.create_task(self._operate(wanted, spoken, operation))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _operate(self, wanted: Asked, spoken: Language, operation: Streamed) -> None:
        topic = operation.topic = await self._watch.begin(wanted, spoken, operation)
        if topic is not None and operation.gone:
            topic.leave(operation)

    def _kept(self, stream: Stream) -> App:
        """The stream as an answer that is known until it ends."""

        async def opened(scope: Scope, receive: Receive, send: Send) -> None:
            self._open.add(stream)
            try:
                await stream(scope, receive, send)
            finally:
                self._open.discard(stream)
                self._reserved = {token: kept for token, kept in self._reserved.items() if kept is not stream}

        return opened


def _token(request: Request) -> str | None:
    """The reservation a request speaks of: by its header, or by its URL, since a browser's EventSource sets no headers."""
    return request.headers.get(TOKEN) or request.query_params.get("token")


def _bearer(request: Request) -> str | None:
    return bearer(request.headers.get("authorization"))


def _operation_id(value: object) -> str:
    if isinstance(value, str) and 0 < len(value) <= LONGEST_ID:
        return value
    raise refused(
        400,
        f"operationId须为1至{LONGEST_ID}个字符的字符串。",
        f"operationId must be a string of 1 to {LONGEST_ID} characters.",
    )
