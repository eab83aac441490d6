"""The GraphQL endpoint: from an HTTP request to an executed operation and back."""

from collections.abc import Awaitable, Callable

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
)
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api.context import Context
from api.domain.faults import Fault, FaultCode
from api.domain.texts import Language
from api.execution.documents import Documents, Prepared
from api.execution.engines import ENGINES
from api.http import answers, caching
from api.http.negotiation import MediaType, language, media_type
from api.http.persisted import PersistedDocuments, check_digest, digest_in
from api.http.requests import Asked, Refused, asked, bearer, refused

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")  # all but two get a 405 of our own
ContextFor = Callable[[Language, str | None], Awaitable[Context]]


class GraphQLEndpoint:
    """Answers GET and POST. context_for makes the context of a request from its language and its bearer token.

    execution names the engine, one of api.execution.engines.ENGINES.
    """

    def __init__(self, schema: GraphQLSchema, context_for: ContextFor, execution: str) -> None:
        self._engine = ENGINES[execution](schema)
        self._documents = Documents(schema)
        self._persisted = PersistedDocuments()
        self._context_for = context_for

    async def answer(self, request: Request) -> Response:
        """Answer one request; whatever it holds, the answer is JSON."""
        spoken = language(request.headers.get("accept-language"))
        media = media_type(request.headers.get("accept"))
        try:
            return await self._result(request, spoken, media)
        except Refused as refusal:
            body = answers.refusal(FaultCode.BAD_INPUT, refusal.message, spoken)
            return answers.answer(body, media or MediaType.JSON, refusal.status, refusal.headers)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is left to hear it
        except Exception as error:  # the last resort: nobody is shown a traceback
            return answers.answer({"errors": [answers.failure(error, spoken)]}, media or MediaType.JSON, 500)

    async def _result(self, request: Request, spoken: Language, media: MediaType | None) -> Response:
        if media is None:
            raise refused(
                406,
                "Accept须含application/json或application/graphql-response+json。",
                "Accept must allow application/json or application/graphql-response+json.",
            )
        wanted = await asked(request)
        context = await self._context_for(spoken, bearer(request.headers.get("authorization")))
        if not wanted.by_get:
            return answers.of_result(await self.execute(wanted, context), media, spoken)
        tag = caching.entity_tag(context.snapshot.version(context.now), wanted, spoken, media)
        if caching.is_known(tag, request.headers.get("if-none-match")):
            return Response(status_code=304, headers=caching.headers(tag, shareable=True))
        result = await self.execute(wanted, context)
        shareable = context.shareable and not result.errors
        return answers.of_result(result, media, spoken, caching.headers(tag, shareable=shareable))

    async def execute(self, wanted: Asked, context: Context) -> ExecutionResult:
        """The result of a query or a mutation. Raises Refused."""
        try:
            prepared = self.prepared(wanted)
        except Fault as fault:
            return ExecutionResult(None, [GraphQLError(str(fault), original_error=fault)])
        if prepared.document is not None:
            _check_kind(get_operation_ast(prepared.document, wanted.operation_name), by_get=wanted.by_get)
        result = self._engine.execute(prepared, context, wanted.variables, wanted.operation_name)
        return result if isinstance(result, ExecutionResult) else await result

    def prepared(self, wanted: Asked) -> Prepared:
        """The document asked for, by itself or by its digest. Raises Fault PERSISTED_QUERY_NOT_FOUND."""
        digest = digest_in(wanted.extensions)
        if digest is None or wanted.query is None:
            return self._documents.prepare(wanted.query or self._persisted.text(digest or ""))
        check_digest(digest, wanted.query)
        prepared = self._documents.prepare(wanted.query)
        if prepared.document is not None:
            self._persisted.remember(digest, wanted.query)
        return prepared


def _check_kind(operation: OperationDefinitionNode | None, *, by_get: bool) -> None:
    if operation is None:
        return
    if operation.operation is OperationType.SUBSCRIPTION:
        raise refused(
            406,
            "订阅请用WebSocket(graphql-transport-ws)，或把text/event-stream列在Accept首位。",
            "A subscription goes over a WebSocket (graphql-transport-ws), or with text/event-stream first in Accept.",
        )
    if by_get and operation.operation is not OperationType.QUERY:
        raise refused(
            405, "GET只能用于查询，修改请用POST。", "GET is for queries; send a mutation by POST.", Allow="POST"
        )
