"""The GraphQL endpoint: from an HTTP request to an executed operation and back."""

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
from api.http.negotiation import MediaType, language, media_type
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


class Finished(NamedTuple):
    """What came of an operation. public: it was a query, and any caller who asks the same is told the same.

    operation: its name, empty if it has none; None when there was no such operation.
    """

    result: ExecutionResult
    public: bool = False
    operation: str | None = None


class GraphQLEndpoint:
    """Answers GET and POST, as an ASGI application of its own.

    context_for makes the context of a request from its language, its bearer token and the caller's address. engine
    executes the operations whose documents `documents` prepares, both of one schema.
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
        self._remembered = ResponseCache()
        self._context_for = context_for
        self._instrumentation = instrumentation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever it holds, the answer is JSON. A caller who is gone gets none."""
        request = HttpRequest(scope, receive)
        spoken = language(request.header(b"accept-language"))
        media = media_type(request.header(b"accept"))
        try:
            answer = await self._answer(request, spoken, media)
        except HttpError as refusal:
            self._instrumentation.count_error(refusal.fault.code.name)
            answer = responses.error_response(
                refusal.fault, media or MediaType.JSON, spoken, refusal.status, refusal.headers
            )
        except ClientDisconnect:
            return
        except Exception as error:  # the last resort: nobody is shown a traceback
            self._instrumentation.count_error(ErrorCode.INTERNAL.name)
            answer = responses.json_response(
                {"errors": [responses.mask_error(error, spoken)]}, media or MediaType.JSON, 500
            )
        await answer.send(send)

    async def _answer(self, request: HttpRequest, spoken: Language, media: MediaType | None) -> HttpResponse:
        if media is None:
            raise http_error(
                406,
                "Accept须含application/json或application/graphql-response+json。",
                "Accept must allow application/json or application/graphql-response+json.",
            )
        question = CacheKey(request.method, await read_content(request, self._limits.body), spoken, media)
        context = await self._context_for(spoken, bearer_token(request.header(b"authorization")), request.address)
        taken = context.rate_limits.take_request()
        if taken is not None and taken.wait:
            raise _too_often(taken)
        answer = await self._answer_to(question, context, request)
        taken = context.rate_limits.voter_result
        told = () if taken is None else rate_limit_headers(taken)
        return answer._replace(headers=[*answer.headers, *told]) if told else answer

    async def _answer_to(self, question: CacheKey, context: Context, request: HttpRequest) -> HttpResponse:
        turn = context.snapshot.transitions_passed(context.now)
        found = self._remembered.find(question, context.snapshot, turn)
        if found is None:
            found = await self._found(question, context, turn)
        set_operation_name(found.operation)
        if found.tag is not None and caching.is_known(found.tag, request.header(b"if-none-match")):
            return responses.empty_response(304, caching.headers(found.tag))
        return found.answer

    async def _found(self, question: CacheKey, context: Context, turn: int) -> CachedResponse:
        """The answer, made now; kept for others when it is public."""
        wanted = parse_params(question.method, question.content, self._limits)
        done = await self._finished(wanted, context)
        found = _told(done, question, context)
        size = len(found.answer.body)
        if size > self._limits.answer:
            done = done._replace(
                result=responses.error_result(too_large("answer", self._limits.answer, size)), public=False
            )
            found = _told(done, question, context)
        for error in done.result.errors or ():
            self._instrumentation.count_error(responses.error_code(error).name)
        if done.public:
            self._remembered.keep(question, context.snapshot, turn, found)
        return found

    async def execute(self, wanted: GraphQLParams, context: Context) -> ExecutionResult:
        """The result of a query or a mutation that did not come by GET or POST. Raises Refused."""
        return responses.limit_length((await self._finished(wanted, context)).result, self._limits.answer)

    async def _finished(self, wanted: GraphQLParams, context: Context) -> Finished:
        try:
            with self._instrumentation.trace_step("prepare"):
                prepared = self._document(wanted)
            operation = _operation(prepared, wanted)
            cost = self._documents.cost(prepared, wanted.variables, wanted.operation_name)
        except ApiError as fault:
            return Finished(responses.error_result(fault))
        short = context.rate_limits.take_cost(cost)
        if short is not None:
            raise _too_often(short)
        with self._instrumentation.trace_step("execute"):
            result = self._engine.execute(prepared, context, wanted.variables, wanted.operation_name)
            result = result if isinstance(result, ExecutionResult) else await self._in_time(result)
        if operation is None:
            return Finished(result)
        result.extensions = {"cost": {"requested": cost, "limit": self._limits.cost}}
        public = operation.operation is OperationType.QUERY and context.shareable and not result.errors
        return Finished(result, public, "" if operation.name is None else operation.name.value)

    async def _in_time(self, coming: Awaitable[ExecutionResult]) -> ExecutionResult:
        """The result, unless it takes too long: then Refused. A ballot that was handed in by then is written all the same."""
        try:
            async with asyncio.timeout(self._limits.seconds or None) as patience:
                return await coming
        except TimeoutError:
            if not patience.expired():
                raise
            raise HttpError(503, too_slow(self._limits.seconds)) from None

    def prepared(self, wanted: GraphQLParams) -> Prepared:
        """The document asked for. What it costs is computed when it is executed or subscribed to. Raises ApiError."""
        return self._document(wanted)

    def _document(self, wanted: GraphQLParams) -> Prepared:
        """The document asked for, by itself or by its digest. Raises ApiError PERSISTED_QUERY_NOT_FOUND."""
        digest = digest_in(wanted.extensions)
        if digest is None or wanted.query is None:
            return self._documents.prepare(wanted.query or self._persisted.text(digest or ""))
        check_digest(digest, wanted.query)
        prepared = self._documents.prepare(wanted.query)
        if prepared.document is not None:
            self._persisted.remember(digest, wanted.query)
        return prepared


def _too_often(taken: RateLimitResult) -> HttpError:
    """The refusal of who has to wait, with how the bucket stands; the gate says that of an address's."""
    told = {} if taken.bucket == "address" else dict(rate_limit_headers(taken))
    return HttpError(429, rate_limited(taken), {name.decode(): value.decode() for name, value in told.items()})


def too_slow(seconds: int) -> ApiError:
    """The fault of a request that takes longer than is waited for. What was handed in to be stored is stored."""
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


def _told(done: Finished, question: CacheKey, context: Context) -> CachedResponse:
    """The answer to a question, with what it tells caches when it was asked by GET."""
    tag = headers = None
    if question.method == "GET":
        tag = caching.entity_tag(context.snapshot.version(context.now), question) if done.public else None
        headers = caching.headers(tag)
    return CachedResponse(
        responses.result_response(done.result, question.media, question.language, headers), tag, done.operation
    )


def _operation(prepared: Prepared, wanted: GraphQLParams) -> OperationDefinitionNode | None:
    """The operation that will be executed, if there is one. Raises Refused for one that cannot go this way."""
    operation = None if prepared.document is None else get_operation_ast(prepared.document, wanted.operation_name)
    if operation is not None and operation.operation is OperationType.SUBSCRIPTION:
        raise http_error(
            406,
            "订阅请用WebSocket(graphql-transport-ws)，或把text/event-stream列在Accept首位。",
            "A subscription goes over a WebSocket (graphql-transport-ws), or with text/event-stream first in Accept.",
        )
    if wanted.by_get and operation is not None and operation.operation is not OperationType.QUERY:
        raise http_error(
            405, "GET只能用于查询，修改请用POST。", "GET is for queries; send a mutation by POST.", Allow="POST"
        )
    return operation
