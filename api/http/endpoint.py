"""The GraphQL endpoint: answer a GET or POST by executing its operation, or from the response cache."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from graphql import ExecutionResult, OperationType
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from api.context import Context
from api.domain.deferred import follow
from api.domain.errors import ApiError
from api.domain.texts import Language, Text
from api.http import caching, responses
from api.http.bodies import read_content
from api.http.executor import Execution, OperationExecutor, too_many_requests
from api.http.negotiation import MediaType
from api.http.request import Request
from api.http.requests import ContextFor, HttpError, bearer_token, http_error, parse_params
from api.http.response_cache import CachedResponse, CacheKey, ResponseCache
from api.http.responses import HttpResponse, rate_limit_headers
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.limits import Limits, too_large

ContextNow: TypeAlias = Callable[[Language, str | None, str], Context | None]  # of language, token and address


class GraphQLEndpoint:
    """Answers GET and POST: `respond` where the content is read, the ASGI application that it is in any case.

    context_for makes the context of a request from its language, its bearer token and the caller's address. context_now does
    so at once, or returns None where something has to be waited for.
    """

    def __init__(
        self,
        context_for: ContextFor,
        context_now: ContextNow,
        executor: OperationExecutor,
        limits: Limits,
        instrumentation: Instrumentation = NO_INSTRUMENTATION,
    ) -> None:
        self._executor = executor
        self._limits = limits
        self._response_cache = ResponseCache()
        self._context_for = context_for
        self._context_now = context_now
        self._instrumentation = instrumentation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, always in JSON. A client that has disconnected gets no answer."""
        request = Request.of(scope)
        try:
            _check_accept(request)
            content = await read_content(request, receive, self._limits.body)
        except ClientDisconnect:
            return
        except Exception as error:
            response = self._fail(request, error)
        else:
            responding = self.respond(request, content)
            response = responding if isinstance(responding, HttpResponse) else await responding
        await response.send(send)

    def respond(self, request: Request, content: bytes) -> HttpResponse | Awaitable[HttpResponse]:
        """The response to a GET with this query string, or a POST with this body: at once, as a Deferred or by a coroutine.

        Nothing is raised. All that is done for it is done in the context (contextvars) in which this is called.
        """
        try:
            key = CacheKey(request.method, content, request.language, request.media_type or MediaType.JSON)
            token = bearer_token(request.header(b"authorization"))
            context = self._context_now(key.language, token, request.address)
            return self._respond_later(request, key, token) if context is None else self._respond(request, key, context)
        except Exception as error:
            return self._fail(request, error)

    async def _respond_later(self, request: Request, key: CacheKey, token: str | None) -> HttpResponse:
        """Respond when there is a new snapshot; 503 while there is nothing to be read from the database."""
        try:
            try:
                context = await self._context_for(key.language, token, request.address)
            except ApiError as error:
                raise HttpError(503, error) from error
            responding = self._respond(request, key, context)
        except Exception as error:
            return self._fail(request, error)
        return responding if isinstance(responding, HttpResponse) else await responding

    def _respond(self, request: Request, key: CacheKey, context: Context) -> HttpResponse | Awaitable[HttpResponse]:
        """Respond from the cache, or by executing the operation. Raises HttpError."""
        rate_limit = context.rate_limits.take_request()
        if rate_limit is not None and rate_limit.wait:
            raise too_many_requests(rate_limit)
        if not context.sees_drafts:
            transitions = context.snapshot.transitions_passed(context.now)
            cached = self._response_cache.find(key, context.snapshot, transitions)
            if cached is not None and (not cached.signed_out_only or context.viewer.signed_out):
                return _response(request, context, cached)
        execution = self._executor.begin(parse_params(key.method, key.content, self._limits), context)
        finish, result = partial(self._finish, request, key, context, execution), execution.result
        return (
            finish(result)
            if isinstance(result, ExecutionResult)
            else follow(result, finish, partial(self._fail, request))
        )

    def _finish(
        self, request: Request, key: CacheKey, context: Context, execution: Execution, result: ExecutionResult
    ) -> HttpResponse:
        """Respond with a result, and cache the response when it is public: a query's that is the same for every caller."""
        try:
            operation, is_whole, name = execution.operation, False, None
            result.extensions = execution.extensions
            if operation is not None:
                is_whole = operation.operation is OperationType.QUERY and not result.errors
                name = "" if operation.name is None else operation.name.value
            is_public, is_staffs = is_whole and context.shareable, is_whole and context.is_staffs
            cached = _cached_response(result, name, is_public, key, context)
            size = len(cached.response.body)
            if size > self._limits.answer:
                result = responses.error_result(too_large("answer", self._limits.answer, size))
                is_public, is_staffs = False, False
                cached = _cached_response(result, name, is_public, key, context)
            for error in result.errors or ():
                self._instrumentation.count_error(responses.error_code(error).name)
            if is_public:
                transitions = context.snapshot.transitions_passed(context.now)
                cached = self._response_cache.keep(key, context.snapshot, transitions, cached)
            elif is_staffs:
                cached = cached.to_be_compressed()
            return _response(request, context, cached)
        except Exception as error:
            return self._fail(request, error)

    def _fail(self, request: Request, error: BaseException) -> HttpResponse:
        if not isinstance(error, Exception):
            raise error
        media_type = request.media_type or MediaType.JSON
        return responses.failure_response(error, media_type, request.language, self._instrumentation)


def _check_accept(request: Request) -> None:
    """Raise HttpError 406 for a client that accepts no answer of ours."""
    if request.media_type is None:
        raise http_error(
            406,
            Text(
                "Accept须含application/json或application/graphql-response+json。",
                "Accept must allow application/json or application/graphql-response+json.",
            ),
        )


def _response(request: Request, context: Context, cached: CachedResponse) -> HttpResponse:
    """The response to this very request: 304 where the client has it; with the RateLimit headers of the voter."""
    request.operation = cached.operation
    response = cached.response
    if cached.tag is not None and caching.is_known(cached.tag, request.header(b"if-none-match")):
        response = responses.empty_response(304, caching.headers(cached.tag))
    elif cached.compressible is not None:
        response = cached.compressible.to(request.header(b"accept-encoding"))
    rate_limit = context.rate_limits.voter_result
    if rate_limit is None:
        return response
    return HttpResponse(response.status, [*response.headers, *rate_limit_headers(rate_limit)], response.body)


def _cached_response(
    result: ExecutionResult, operation: str | None, is_public: bool, key: CacheKey, context: Context
) -> CachedResponse:
    """The response as it is cached, with an entity tag and Cache-Control where it was requested by GET."""
    tag = headers = None
    if key.method == "GET":
        is_for_all = is_public and not context.signed_out_only
        tag = caching.entity_tag(context.public_version, key) if is_for_all else None
        headers = caching.headers(tag)
    body = responses.result_body(result, key.language)
    status = 200 if "data" in body or key.media_type is MediaType.JSON else 400
    response = responses.json_response(body, key.media_type, status, headers)
    return CachedResponse(response, tag, operation, context.signed_out_only)
