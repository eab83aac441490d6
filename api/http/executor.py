"""The operations of requests, over HTTP, WebSockets and event streams alike: prepare, charge and execute them."""

from collections.abc import Awaitable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from graphql import ExecutionResult, OperationDefinitionNode, OperationType

from api.context import Context
from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.execution.documents import Documents, Prepared
from api.execution.engines import Engine
from api.http import responses
from api.http.persisted import PersistedDocuments, check_digest, digest_in
from api.http.requests import GraphQLParams, HttpError, http_error
from api.http.responses import rate_limit_headers
from api.http.time_limit import TimeLimit
from api.instrumentation import NO_INSTRUMENTATION, NO_SPAN, Instrumentation
from api.limits import Limits
from api.services.rate_limiting import RateLimitResult, rate_limited


class Execution(NamedTuple):
    """An operation that is executed: its result, or what that is awaited by, a Deferred wherever the engine returns one.

    operation: None when the document has no such operation. extensions: of the result.
    """

    result: ExecutionResult | Awaitable[ExecutionResult]
    operation: OperationDefinitionNode | None = None
    extensions: dict[str, Any] | None = None


class OperationExecutor:
    """Executes the operations of requests. documents and engine are of the same schema."""

    def __init__(
        self,
        documents: Documents,
        engine: Engine,
        limits: Limits,
        instrumentation: Instrumentation = NO_INSTRUMENTATION,
    ) -> None:
        self._engine = engine
        self._documents = documents
        self._limits = limits
        self._persisted = PersistedDocuments()
        self._time_limit = TimeLimit(limits.seconds, lambda: HttpError(503, timeout_error(limits.seconds)))
        self._instrumentation = instrumentation

    async def execute(self, params: GraphQLParams, context: Context) -> ExecutionResult:
        """Execute a query or a mutation that came over a WebSocket or an event stream. Raises HttpError."""
        result, _, extensions = self.begin(params, context)
        result = result if isinstance(result, ExecutionResult) else await result
        result.extensions = extensions
        return responses.limit_length(result, self._limits.answer)

    def begin(self, params: GraphQLParams, context: Context) -> Execution:
        """Begin to execute an operation. Raises HttpError, as does its result after the time limit: then 503.

        A ballot that was handed in by then is stored all the same.
        """
        try:
            with self._instrumentation.trace_step("prepare"):
                prepared = self.prepared(params)
            operation = _operation(prepared, params)
            cost = self._documents.cost(prepared, params.variables, params.operation_name)
        except ApiError as error:
            return Execution(responses.error_result(error))
        exceeded = context.rate_limits.take_cost(cost)
        if exceeded is not None:
            raise too_many_requests(exceeded)
        extensions = None if operation is None else {"cost": {"requested": cost, "limit": self._limits.cost}}
        span = self._instrumentation.trace_step("execute")
        if span is NO_SPAN:
            return Execution(self._execute(prepared, params, context), operation, extensions)
        return Execution(self._execute_traced(span, prepared, params, context), operation, extensions)

    def _execute(
        self, prepared: Prepared, params: GraphQLParams, context: Context
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        result = self._engine.execute(prepared, context, params.variables, params.operation_name)
        return result if isinstance(result, ExecutionResult) else self._time_limit.bound(result)

    async def _execute_traced(
        self, span: AbstractContextManager[object], prepared: Prepared, params: GraphQLParams, context: Context
    ) -> ExecutionResult:
        with span:
            result = self._execute(prepared, params, context)
            return result if isinstance(result, ExecutionResult) else await result

    def prepared(self, params: GraphQLParams) -> Prepared:
        """Prepare the document of a request, which it gives by its text or its digest. Costs are computed later.

        Raises ApiError, PERSISTED_QUERY_NOT_FOUND among others, and HttpError.
        """
        digest = digest_in(params.extensions) if params.extensions else None
        if digest is None or params.query is None:
            return self._documents.prepare(params.query or self._persisted.text(digest or ""))
        check_digest(digest, params.query)
        prepared = self._documents.prepare(params.query)
        if prepared.document is not None:
            self._persisted.remember(digest, params.query)
        return prepared


def _operation(prepared: Prepared, params: GraphQLParams) -> OperationDefinitionNode | None:
    """The operation to be executed, if the document has it. Raises HttpError for subscriptions, and for mutations by GET."""
    operation = prepared.operations[params.operation_name].node
    if operation is not None and operation.operation is OperationType.SUBSCRIPTION:
        raise http_error(
            406,
            Text(
                "订阅请用WebSocket（graphql-transport-ws），或把text/event-stream列在Accept首位。",
                "A subscription goes over a WebSocket (graphql-transport-ws), or with text/event-stream first in "
                "Accept.",
            ),
        )
    if params.by_get and operation is not None and operation.operation is not OperationType.QUERY:
        raise http_error(
            405, Text("GET只能用于查询，修改请用POST。", "GET is for queries; send a mutation by POST."), Allow="POST"
        )
    return operation


def too_many_requests(rate_limit: RateLimitResult) -> HttpError:
    """The error 429, with the RateLimit headers of the voter; the edge middleware adds those of the address."""
    headers = {} if rate_limit.bucket == "address" else dict(rate_limit_headers(rate_limit))
    return HttpError(429, rate_limited(rate_limit), {name.decode(): value.decode() for name, value in headers.items()})


def timeout_error(seconds: int) -> ApiError:
    """The error TIMEOUT of an operation that took longer than `seconds`. A ballot handed in by then is stored."""
    return ApiError(
        ErrorCode.TIMEOUT,
        Text(
            "请求超过{seconds}秒未完成。选票可能已投出：请用同一idempotencyKey重试。",
            "The request was not answered within {seconds} s. A ballot may have been cast: retry with the same key.",
            seconds=seconds,
        ),
        limit="seconds",
        most=seconds,
        retryAfter=1,
    )
