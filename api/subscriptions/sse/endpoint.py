"""Server-sent events at /graphql, in both modes of graphql-sse: distinct connections and single connection."""

import asyncio
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from api.addresses import rate_limit_address
from api.domain.errors import ErrorCode
from api.domain.texts import Language, Text
from api.http import responses
from api.http.bodies import read_content
from api.http.negotiation import MediaType, wants_events
from api.http.request import Request
from api.http.requests import GraphQLParams, HttpError, bearer_token, http_error, parse_params
from api.http.responses import HttpResponse
from api.instrumentation import Instrumentation
from api.limits import Limits
from api.subscriptions.manager import SubscriptionManager
from api.subscriptions.sse.reservations import Reservations
from api.subscriptions.sse.stream import EventStream, SseOperation
from api.subscriptions.transport import too_many_operations

TOKEN_HEADER = b"x-graphql-event-stream-token"
MAX_ID_LENGTH = 128  # characters of an operationId
PLAIN_TEXT = (b"content-type", b"text/plain; charset=utf-8")
METHODS = "GET, POST, PUT, DELETE"
EMPTY = {"Content-Length": "0"}


def is_sse_request(scope: Scope) -> bool:
    """Tell whether a request is one of graphql-sse. This runs for every request, so cheap checks come first."""
    if scope["method"] == "PUT" or (scope["query_string"] and b"token=" in scope["query_string"]):
        return True
    return any(
        name == TOKEN_HEADER or (name == b"accept" and b"event-stream" in value and wants_events(value))
        for name, value in scope["headers"]
    )


class SseEndpoint:
    """The ASGI application of graphql-sse, with its event streams that are reserved or open."""

    def __init__(self, manager: SubscriptionManager, limits: Limits, instrumentation: Instrumentation) -> None:
        self._manager = manager
        self._limits = limits
        self._instrumentation = instrumentation
        self._reservations = Reservations()
        self._open: set[EventStream] = set()
        self._running: set[asyncio.Task[None]] = set()
        self._closing = False

    def __len__(self) -> int:
        """Count the event streams that are open or reserved."""
        return len(self._open) + len(self._reservations)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request.of(scope)
        language = request.language
        try:
            response = await self._respond(request, receive, language)
        except ClientDisconnect:
            return
        except Exception as error:
            response = responses.failure_response(error, MediaType.JSON, language, self._instrumentation)
        if isinstance(response, EventStream):
            await self._send_stream(response, scope, receive, send)
        else:
            await response.send(send)

    async def close(self) -> None:
        """Wait for operations that are being executed, which may cast ballots, and close every event stream."""
        self._closing = True
        self._reservations.close()
        try:
            await asyncio.gather(*self._running, return_exceptions=True)
        finally:
            for stream in self._open:
                stream.close()

    async def _respond(self, request: Request, receive: Receive, language: Language) -> HttpResponse | EventStream:
        if request.method == "PUT":
            return self._reserve(request)
        token, operation_id = _token_and_operation_id(request)
        if token is None:
            stream, params = EventStream(), await self._read_params(request, receive)
            self._start(params, language, stream.add(None, _session_token(request), request.address))
            return stream
        match request.method:
            case "GET":
                return self._reservations.open(token)
            case "POST":
                return await self._accept(request, receive, language, token)
            case "DELETE":
                self._reservations.stream(token).cancel(_operation_id(operation_id))
                return responses.empty_response(200, EMPTY)
        raise http_error(
            405, Text("只接受GET、POST、PUT和DELETE。", "Only GET, POST, PUT and DELETE are taken here."), Allow=METHODS
        )

    def _reserve(self, request: Request) -> HttpResponse:
        token = self._reservations.reserve(rate_limit_address(request.address))
        return HttpResponse(201, [PLAIN_TEXT, (b"content-length", b"%d" % len(token))], token.encode())

    async def _accept(self, request: Request, receive: Receive, language: Language, token: str) -> HttpResponse:
        params = await self._read_params(request, receive)
        stream = self._reservations.stream(token)  # after the body: the stream may have been closed while that arrived
        operation_id = _operation_id((params.extensions or {}).get("operationId"))
        if operation_id in stream.operations:
            raise http_error(
                409, Text("此operationId的操作正在进行。", "An operation with this operationId is under way.")
            )
        if stream.is_full:
            raise HttpError(429, too_many_operations(ErrorCode.RATE_LIMITED))
        self._start(params, language, stream.add(operation_id, _session_token(request), request.address))
        return responses.empty_response(202, EMPTY)

    def _start(self, params: GraphQLParams, language: Language, operation: SseOperation) -> None:
        task = asyncio.create_task(self._execute(params, language, operation))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _execute(self, params: GraphQLParams, language: Language, operation: SseOperation) -> None:
        topic = operation.topic = await self._manager.execute(params, language, operation)
        if topic is not None and operation.closed:
            topic.leave(operation)

    async def _read_params(self, request: Request, receive: Receive) -> GraphQLParams:
        return parse_params(request.method, await read_content(request, receive, self._limits.body), self._limits)

    async def _send_stream(self, stream: EventStream, scope: Scope, receive: Receive, send: Send) -> None:
        self._open.add(stream)
        if self._closing:
            stream.close()
        try:
            await stream(scope, receive, send)
        finally:
            self._open.discard(stream)
            self._reservations.remove(stream)


def _token_and_operation_id(request: Request) -> tuple[str | None, str | None]:
    """Read the reservation token, from header or URL as EventSource sets no headers, and the URL's operationId."""
    url_params = dict(parse_qsl(request.query_string.decode("latin-1")))
    return request.header(TOKEN_HEADER) or url_params.get("token"), url_params.get("operationId")


def _session_token(request: Request) -> str | None:
    return bearer_token(request.header(b"authorization"))


def _operation_id(value: object) -> str:
    if isinstance(value, str) and 0 < len(value) <= MAX_ID_LENGTH:
        return value
    raise http_error(
        400,
        Text(
            "operationId须为1至{max_id_length}个字符的字符串。",
            "operationId must be a string of 1 to {max_id_length} characters.",
            max_id_length=MAX_ID_LENGTH,
        ),
    )
