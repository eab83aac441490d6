"""The GraphQL endpoint: from an HTTP request to an executed operation and back."""

from collections.abc import Awaitable, Callable

from graphql import ExecutionResult, GraphQLSchema, OperationDefinitionNode, OperationType, get_operation_ast
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.context import Context
from api.domain.faults import FaultCode
from api.domain.texts import Language, Text
from api.execution.documents import Documents
from api.execution.engines import ENGINES
from api.http import answers
from api.http.negotiation import MediaType, language, media_type
from api.http.requests import Asked, Refused, asked, refused

MOST_BYTES = 1024 * 1024  # of a request's body; Starlette refuses more while it is read
TOO_LARGE = Text(f"请求体不得超过{MOST_BYTES}字节。", f"The body of a request takes at most {MOST_BYTES} bytes.")
ContextFor = Callable[[Language, str | None], Awaitable[Context]]


class GraphQLEndpoint:
    """Answers GET and POST. context_for makes the context of a request from its language and its bearer token.

    execution names the engine, one of api.execution.engines.ENGINES.
    """

    def __init__(self, schema: GraphQLSchema, context_for: ContextFor, execution: str) -> None:
        self._engine = ENGINES[execution](schema)
        self._documents = Documents(schema)
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
        except HTTPException as error:
            body = answers.refusal(FaultCode.BAD_INPUT, TOO_LARGE, spoken)
            return answers.answer(body, media or MediaType.JSON, error.status_code)
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
        token = _bearer(request.headers.get("authorization"))
        result = await self._execute(wanted, await self._context_for(spoken, token))
        return answers.of_result(result, media, spoken)

    async def _execute(self, wanted: Asked, context: Context) -> ExecutionResult:
        prepared = self._documents.prepare(wanted.query)
        if wanted.query_only and prepared.document is not None:
            _only_a_query(get_operation_ast(prepared.document, wanted.operation_name))
        result = self._engine.execute(prepared, context, wanted.variables, wanted.operation_name)
        return result if isinstance(result, ExecutionResult) else await result


def _only_a_query(operation: OperationDefinitionNode | None) -> None:
    if operation is not None and operation.operation is not OperationType.QUERY:
        refusal = refused(405, "GET只能用于查询,修改请用POST。", "GET is for queries; send a mutation by POST.")
        refusal.headers = {"Allow": "POST"}
        raise refusal


def _bearer(header: str | None) -> str | None:
    """The token of an Authorization header; another scheme's credentials are a token that will not verify."""
    if header is None or not header.strip():
        return None
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else header
