"""The GraphQL endpoint: answer a GET or POST by executing its operation, or from the response cache."""

import asyncio
from collections.abc import Awaitable
from typing import NamedTuple

from graphql import ExecutionResult, OperationDefinitionNode, OperationType, get_operation_ast
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from api.context import Context
from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Language, Text
from api.execution.documents import Documents, Prepared
from api.execution.engines import Engine
from api.http import caching, responses
from api.http.negotiation import MediaType, negotiate_language, negotiate_media_type
from api.http.persisted import PersistedDocuments, check_digest, digest_in
from api.http.request_info import set_operation_name
from api.http.requests import (
    ContextFor,
    GraphQLParams,
    HttpError,
    HttpRequest,
    bearer_token,
    http_error,
    parse_params,
    read_content,
)
from api.http.response_cache import CachedResponse, CacheKey, ResponseCache
from api.http.responses import HttpResponse, rate_limit_headers
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.limits import Limits, too_large
from api.services.rate_limiting import RateLimitResult, rate_limited


class ExecutedOperation(NamedTuple):
    """The result of an operation.

    public: it was a query whose result is the same for every caller. operation: its name, empty if it has none; None when
    the document has no such operation.
    """

    result: ExecutionResult
    public: bool = False
    operation: str | None = None


class GraphQLEndpoint:
    """An ASGI application that answers GET and POST.

    context_for makes the context of a request from its language, its bearer token and the caller's address. documents and
    engine are of the same schema.
    """

    def __init__(
        self,
        context_for: ContextFor,
        documents: Documents,
        engine: Engine,
        limits: Limits,
        instrumentation: Instrumentation = NO_INSTRUMENTATION,
    ) -> None:
        self._engine = engine
        self._documents = documents
        self._limits = limits
        self._persisted = PersistedDocuments()
        self._response_cache = ResponseCache()
        self._context_for = context_for
        self._instrumentation = instrumentation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, always in JSON. A client that has disconnected gets no answer."""
        request = HttpRequest(scope, receive)
        language = negotiate_language(request.header(b"accept-language"))
        media_type = negotiate_media_type(request.header(b"accept"))
        try:
            response = await self._respond(request, language, media_type)
        except HttpError as error:
            self._instrumentation.count_error(error.error.code.name)
            response = responses.error_response(
                error.error, media_type or MediaType.JSON, language, error.status, error.headers
            )
        except ClientDisconnect:
            return
        except Exception as error:  # the last resort: no traceback is shown
            self._instrumentation.count_error(ErrorCode.INTERNAL.name)
            response = responses.json_response(
                {"errors": [responses.mask_error(error, language)]}, media_type or MediaType.JSON, 500
            )
        await response.send(send)

    async def _respond(self, request: HttpRequest, language: Language, media_type: MediaType | None) -> HttpResponse:
        if media_type is None:
            raise http_error(
                406,
                "Accept须含application/json或application/graphql-response+json。",
                "Accept must allow application/json or application/graphql-response+json.",
            )
        key = CacheKey(request.method, await read_content(request, self._limits.body), language, media_type)
        context = await self._context(request, language)
        rate_limit = context.rate_limits.take_request()
        if rate_limit is not None and rate_limit.wait:
            raise _too_many_requests(rate_limit)
        response = await self._cached_or_execute(key, context, request)
        rate_limit = context.rate_limits.voter_result
        headers = () if rate_limit is None else rate_limit_headers(rate_limit)
        return response._replace(headers=[*response.headers, *headers]) if headers else response

    async def _context(self, request: HttpRequest, language: Language) -> Context:
        """Make the context of a request. Raises HttpError 503 while there is nothing to be read from the database."""
        try:
            return await self._context_for(language, bearer_token(request.header(b"authorization")), request.address)
        except ApiError as error:
            raise HttpError(503, error) from error

    async def _cached_or_execute(self, key: CacheKey, context: Context, request: HttpRequest) -> HttpResponse:
        transitions = context.snapshot.transitions_passed(context.now)
        cached = None if context.sees_drafts else self._response_cache.find(key, context.snapshot, transitions)
        if cached is None or (cached.signed_out_only and not context.viewer.signed_out):
            cached = await self._execute_and_cache(key, context, transitions)
        set_operation_name(cached.operation)
        if cached.tag is not None and caching.is_known(cached.tag, request.header(b"if-none-match")):
            return responses.empty_response(304, caching.headers(cached.tag))
        return cached.response

    async def _execute_and_cache(self, key: CacheKey, context: Context, transitions: int) -> CachedResponse:
        """Execute the operation, and cache the response when it is public."""
        params = parse_params(key.method, key.content, self._limits)
        executed = await self._execute(params, context)
        cached = _cached_response(executed, key, context)
        size = len(cached.response.body)
        if size > self._limits.answer:
            executed = executed._replace(
                result=responses.error_result(too_large("answer", self._limits.answer, size)), public=False
            )
            cached = _cached_response(executed, key, context)
        for error in executed.result.errors or ():
            self._instrumentation.count_error(responses.error_code(error).name)
        if executed.public:
            self._response_cache.keep(key, context.snapshot, transitions, cached)
        return cached

    async def execute(self, params: GraphQLParams, context: Context) -> ExecutionResult:
        """Execute a query or a mutation that came over a WebSocket or an event stream. Raises HttpError."""
        return responses.limit_length((await self._execute(params, context)).result, self._limits.answer)

    async def _execute(self, params: GraphQLParams, context: Context) -> ExecutedOperation:
        try:
            with self._instrumentation.trace_step("prepare"):
                prepared = self.prepared(params)
            operation = _operation(prepared, params)
            cost = self._documents.cost(prepared, params.variables, params.operation_name)
        except ApiError as error:
            return ExecutedOperation(responses.error_result(error))
        exceeded = context.rate_limits.take_cost(cost)
        if exceeded is not None:
            raise _too_many_requests(exceeded)
        with self._instrumentation.trace_step("execute"):
            result = self._engine.execute(prepared, context, params.variables, params.operation_name)
            result = result if isinstance(result, ExecutionResult) else await self._with_timeout(result)
        if operation is None:
            return ExecutedOperation(result)
        result.extensions = {"cost": {"requested": cost, "limit": self._limits.cost}}
        public = operation.operation is OperationType.QUERY and context.shareable and not result.errors
        return ExecutedOperation(result, public, "" if operation.name is None else operation.name.value)

    async def _with_timeout(self, execution: Awaitable[ExecutionResult]) -> ExecutionResult:
        """Wait for the result. Raises HttpError 503 after the time limit; a ballot handed in by then is stored all the same."""
        try:
            async with asyncio.timeout(self._limits.seconds or None) as timeout:
                return await execution
        except TimeoutError:
            if not timeout.expired():
                raise
            raise HttpError(503, timeout_error(self._limits.seconds)) from None

    def prepared(self, params: GraphQLParams) -> Prepared:
        """Prepare the document of a request, which it gives by its text or its digest. Costs are computed later.

        Raises ApiError, PERSISTED_QUERY_NOT_FOUND among others, and HttpError.
        """
        digest = digest_in(params.extensions)
        if digest is None or params.query is None:
            return self._documents.prepare(params.query or self._persisted.text(digest or ""))
        check_digest(digest, params.query)
        prepared = self._documents.prepare(params.query)
        if prepared.document is not None:
            self._persisted.remember(digest, params.query)
        return prepared


def _too_many_requests(rate_limit: RateLimitResult) -> HttpError:
    """The error 429, with the RateLimit headers of the voter; the edge middleware adds those of the address."""
    headers = {} if rate_limit.bucket == "address" else dict(rate_limit_headers(rate_limit))
    return HttpError(429, rate_limited(rate_limit), {name.decode(): value.decode() for name, value in headers.items()})


def timeout_error(seconds: int) -> ApiError:
    """The error TIMEOUT of an operation that took longer than `seconds`. A ballot handed in by then is stored."""
    return ApiError(
        ErrorCode.TIMEOUT,
        Text(
            f"请求超过{seconds}秒未完成。选票可能已投出：请用同一idempotencyKey重试。",
            f"The request was not answered within {seconds} s. A ballot may have been cast: retry with the same key.",
        ),
        limit="seconds",
        most=seconds,
        retryAfter=1,
    )


def _cached_response(executed: ExecutedOperation, key: CacheKey, context: Context) -> CachedResponse:
    """The response as it is cached, with an entity tag and Cache-Control where it was requested by GET."""
    tag = headers = None
    if key.method == "GET":
        is_for_all = executed.public and not context.signed_out_only
        tag = caching.entity_tag(context.snapshot.public_version(context.now), key) if is_for_all else None
        headers = caching.headers(tag)
    response = responses.result_response(executed.result, key.media_type, key.language, headers)
    return CachedResponse(response, tag, executed.operation, context.signed_out_only)


def _operation(prepared: Prepared, params: GraphQLParams) -> OperationDefinitionNode | None:
    """The operation to be executed, if the document has it. Raises HttpError for subscriptions, and for mutations by GET."""
    operation = None if prepared.document is None else get_operation_ast(prepared.document, params.operation_name)
    if operation is not None and operation.operation is OperationType.SUBSCRIPTION:
        raise http_error(
            406,
            "订阅请用WebSocket（graphql-transport-ws），或把text/event-stream列在Accept首位。",
            "A subscription goes over a WebSocket (graphql-transport-ws), or with text/event-stream first in Accept.",
        )
    if params.by_get and operation is not None and operation.operation is not OperationType.QUERY:
        raise http_error(
            405, "GET只能用于查询，修改请用POST。", "GET is for queries; send a mutation by POST.", Allow="POST"
        )
    return operation
