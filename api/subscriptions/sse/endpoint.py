"""Server-sent events at /graphql, in both modes of `graphql-sse`: a stream for each operation, or one reserved for many."""

import asyncio
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from api.addresses import rate_limit_address
from api.domain.errors import ErrorCode
from api.domain.texts import Language
from api.http import responses
from api.http.negotiation import MediaType, negotiate_language, wants_events
from api.http.requests import (
    GraphQLParams,
    HttpError,
    HttpRequest,
    bearer_token,
    http_error,
    parse_params,
    read_content,
)
from api.http.responses import HttpResponse
from api.instrumentation import Instrumentation
from api.limits import Limits
from api.subscriptions.manager import SubscriptionManager
from api.subscriptions.sse.reservations import Reservations
from api.subscriptions.sse.stream import MAX_OPERATIONS, EventStream, SseOperation

TOKEN = b"x-graphql-event-stream-token"
MAX_ID_LENGTH = 128  # characters
PLAIN = (b"content-type", b"text/plain; charset=utf-8")
METHODS = "GET, POST, PUT, DELETE"
NOTHING = {"Content-Length": "0"}


def concerns_streams(scope: Scope) -> bool:
    """Whether a request is one of graphql-sse. It is asked of every request, so most are let go by a glance."""
    if scope["method"] == "PUT" or (scope["query_string"] and b"token=" in scope["query_string"]):
        return True
    return any(
        name == TOKEN or (name == b"accept" and b"event-stream" in value and wants_events(value.decode("latin-1")))
        for name, value in scope["headers"]
    )


class SseEndpoint:
    """Answers the requests that concern streams, and keeps those that are reserved or open."""

    def __init__(self, board: SubscriptionManager, limits: Limits, instrumentation: Instrumentation) -> None:
        self._board = board
        self._limits = limits
        self._instrumentation = instrumentation
        self._reserved = Reservations()
        self._open: set[EventStream] = set()
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many are open, or wait to be."""
        return len(self._open) + len(self._reserved)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = HttpRequest(scope, receive)
        spoken = negotiate_language(request.header(b"accept-language"))
        try:
            found = await self._answer(request, spoken)
        except HttpError as refusal:
            self._instrumentation.count_error(refusal.error.code.name)
            found = responses.error_response(refusal.error, MediaType.JSON, spoken, refusal.status, refusal.headers)
        except ClientDisconnect:
            return
        except Exception as error:  # the last resort: nobody is shown a traceback
            self._instrumentation.count_error(ErrorCode.INTERNAL.name)
            found = responses.json_response({"errors": [responses.mask_error(error, spoken)]}, MediaType.JSON, 500)
        await (found.send(send) if isinstance(found, HttpResponse) else self._run(found, scope, receive, send))

    async def close(self) -> None:
        """End every stream, and let what has begun come to its end."""
        self._reserved.close()
        for stream in self._open:
            stream.close()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _answer(self, request: HttpRequest, spoken: Language) -> HttpResponse | EventStream:
        if request.method == "PUT":
            return self._reserve(request)
        token, operation_id = _reservation(request)
        if token is None:
            stream = EventStream()
            self._begin(await self._asked(request), spoken, stream.add(None, _bearer(request), request.address))
            return stream
        match request.method:
            case "GET":
                return self._reserved.open(token)
            case "POST":
                return await self._accept(request, spoken, token)
            case "DELETE":
                self._reserved.stream(token).drop(_operation_id(operation_id))
                return responses.empty_response(200, NOTHING)
        raise http_error(
            405, "只接受GET、POST、PUT和DELETE。", "Only GET, POST, PUT and DELETE are taken here.", Allow=METHODS
        )

    def _reserve(self, request: HttpRequest) -> HttpResponse:
        token = self._reserved.reserve(rate_limit_address(request.address))
        return HttpResponse(201, [PLAIN, (b"content-length", b"%d" % len(token))], token.encode())

    async def _accept(self, request: HttpRequest, spoken: Language, token: str) -> HttpResponse:
        wanted = await self._asked(request)
        stream = self._reserved.stream(token)  # only now: it may have been closed while the request came in
        name = _operation_id((wanted.extensions or {}).get("operationId"))
        if name in stream.operations:
            raise http_error(409, "此operationId的操作正在进行。", "An operation with this operationId is under way.")
        if stream.crowded:
            raise http_error(
                429,
                f"一个事件流最多同时进行{MAX_OPERATIONS}个操作。",
                f"A stream takes {MAX_OPERATIONS} operations at a time.",
            )
        self._begin(wanted, spoken, stream.add(name, _bearer(request), request.address))
        return responses.empty_response(202, NOTHING)

    def _begin(self, wanted: GraphQLParams, spoken: Language, operation: SseOperation) -> None:
        task = asyncio.create_task(self._operate(wanted, spoken, operation))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _operate(self, wanted: GraphQLParams, spoken: Language, operation: SseOperation) -> None:
        topic = operation.topic = await self._board.begin(wanted, spoken, operation)
        if topic is not None and operation.gone:
            topic.leave(operation)

    async def _asked(self, request: HttpRequest) -> GraphQLParams:
        return parse_params(request.method, await read_content(request, self._limits.body), self._limits)

    async def _run(self, stream: EventStream, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep a stream known until it ends."""
        self._open.add(stream)
        try:
            await stream(scope, receive, send)
        finally:
            self._open.discard(stream)
            self._reserved.forget(stream)


def _reservation(request: HttpRequest) -> tuple[str | None, str | None]:
    """The token of a reserved stream and an operationId, by header or URL: a browser's EventSource sets no headers."""
    in_url = dict(parse_qsl(request.url_query.decode("latin-1")))
    return request.header(TOKEN) or in_url.get("token"), in_url.get("operationId")


def _bearer(request: HttpRequest) -> str | None:
    return bearer_token(request.header(b"authorization"))


def _operation_id(value: object) -> str:
    if isinstance(value, str) and 0 < len(value) <= MAX_ID_LENGTH:
        return value
    raise http_error(
        400,
        f"operationId须为1至{MAX_ID_LENGTH}个字符的字符串。",
        f"operationId must be a string of 1 to {MAX_ID_LENGTH} characters.",
    )
