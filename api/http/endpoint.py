"""The GraphQL endpoint: from an HTTP request to an executed operation and back."""

import asyncio
from collections.abc import Awaitable
from typing import NamedTuple

from graphql import ExecutionResult, OperationDefinitionNode, OperationType, get_operation_ast
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from api.context import Context
from api.domain.faults import Fault, FaultCode
from api.domain.limits import Limits, too_large
from api.domain.texts import Language, Text
from api.execution.documents import Documents, Prepared
from api.execution.engines import Engine
from api.http import answers, caching
from api.http.answers import Answer
from api.http.gate import rate_limit
from api.http.negotiation import MediaType, language, media_type
from api.http.persisted import PersistedDocuments, check_digest, digest_in
from api.http.remembered import Question, Remembered, RememberedAnswers
from api.http.requests import Arrived, Asked, ContextFor, Refused, asked, bearer, content_of, refused
from api.http.visits import executes
from api.services.throttling import Taken, rate_limited
from api.watching import UNWATCHED, Watch


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
        self, context_for: ContextFor, documents: Documents, engine: Engine, limits: Limits, watch: Watch = UNWATCHED
    ) -> None:
        self._engine = engine
        self._documents = documents
        self._limits = limits
        self._persisted = PersistedDocuments()
        self._remembered = RememberedAnswers()
        self._context_for = context_for
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever it holds, the answer is JSON. A caller who is gone gets none."""
        request = Arrived(scope, receive)
        spoken = language(request.header(b"accept-language"))
        media = media_type(request.header(b"accept"))
        try:
            answer = await self._answer(request, spoken, media)
        except Refused as refusal:
            self._watch.erred(refusal.fault.code.name)
            answer = answers.of_fault(refusal.fault, media or MediaType.JSON, spoken, refusal.status, refusal.headers)
        except ClientDisconnect:
            return
        except Exception as error:  # the last resort: nobody is shown a traceback
            self._watch.erred(FaultCode.INTERNAL.name)
            answer = answers.answer({"errors": [answers.failure(error, spoken)]}, media or MediaType.JSON, 500)
        await answer.send(send)

    async def _answer(self, request: Arrived, spoken: Language, media: MediaType | None) -> Answer:
        if media is None:
            raise refused(
                406,
                "Accept须含application/json或application/graphql-response+json。",
                "Accept must allow application/json or application/graphql-response+json.",
            )
        question = Question(request.method, await content_of(request, self._limits.body), spoken, media)
        context = await self._context_for(spoken, bearer(request.header(b"authorization")), request.address)
        taken = context.count_request()
        if taken is not None and taken.wait:
            raise _too_often(taken)
        answer = await self._answer_to(question, context, request)
        told = () if context.taken is None else rate_limit(context.taken)
        return answer._replace(headers=[*answer.headers, *told]) if told else answer

    async def _answer_to(self, question: Question, context: Context, request: Arrived) -> Answer:
        turn = context.snapshot.turn(context.now)
        found = self._remembered.find(question, context.snapshot, turn)
        if found is None:
            found = await self._found(question, context, turn)
        executes(found.operation)
        if found.tag is not None and caching.is_known(found.tag, request.header(b"if-none-match")):
            return answers.without_body(304, caching.headers(found.tag))
        return found.answer

    async def _found(self, question: Question, context: Context, turn: int) -> Remembered:
        """The answer, made now; kept for others when it is public."""
        wanted = asked(question.method, question.content, self._limits)
        done = await self._finished(wanted, context)
        found = _told(done, question, context)
        size = len(found.answer.body)
        if size > self._limits.answer:
            done = done._replace(result=answers.failed(too_large("answer", self._limits.answer, size)), public=False)
            found = _told(done, question, context)
        for error in done.result.errors or ():
            self._watch.erred(answers.code_of(error).name)
        if done.public:
            self._remembered.keep(question, context.snapshot, turn, found)
        return found

    async def execute(self, wanted: Asked, context: Context) -> ExecutionResult:
        """The result of a query or a mutation that did not come by GET or POST. Raises Refused."""
        return answers.not_too_long((await self._finished(wanted, context)).result, self._limits.answer)

    async def _finished(self, wanted: Asked, context: Context) -> Finished:
        try:
            with self._watch.step("prepare"):
                prepared = self._document(wanted)
            operation = _operation(prepared, wanted)
            cost = self._documents.cost(prepared, wanted.variables, wanted.operation_name)
        except Fault as fault:
            return Finished(answers.failed(fault))
        short = context.count_cost(cost)
        if short is not None:
            raise _too_often(short)
        with self._watch.step("execute"):
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
            raise Refused(503, too_slow(self._limits.seconds)) from None

    def prepared(self, wanted: Asked) -> Prepared:
        """The document asked for, if its operation costs no more than it may. Raises Fault."""
        prepared = self._document(wanted)
        self._documents.cost(prepared, wanted.variables, wanted.operation_name)
        return prepared

    def _document(self, wanted: Asked) -> Prepared:
        """The document asked for, by itself or by its digest. Raises Fault PERSISTED_QUERY_NOT_FOUND."""
        digest = digest_in(wanted.extensions)
        if digest is None or wanted.query is None:
            return self._documents.prepare(wanted.query or self._persisted.text(digest or ""))
        check_digest(digest, wanted.query)
        prepared = self._documents.prepare(wanted.query)
        if prepared.document is not None:
            self._persisted.remember(digest, wanted.query)
        return prepared


def _too_often(taken: Taken) -> Refused:
    """The refusal of who has to wait, with how the bucket stands; the gate says that of an address's."""
    told = {} if taken.bucket == "address" else dict(rate_limit(taken))
    return Refused(429, rate_limited(taken), {name.decode(): value.decode() for name, value in told.items()})


def too_slow(seconds: int) -> Fault:
    """The fault of a request that takes longer than is waited for. What was handed in to be stored is stored."""
    return Fault(
        FaultCode.TIMEOUT,
        Text(
            f"请求超过{seconds}秒未完成。选票可能已投出：请用同一idempotencyKey重试。",
            f"The request was not answered within {seconds} s. A ballot may have been cast: retry with the same key.",
        ),
        limit="seconds",
        most=seconds,
        retryAfter=1,
    )


def _told(done: Finished, question: Question, context: Context) -> Remembered:
    """The answer to a question, with what it tells caches when it was asked by GET."""
    tag = headers = None
    if question.method == "GET":
        tag = caching.entity_tag(context.snapshot.version(context.now), question) if done.public else None
        headers = caching.headers(tag)
    return Remembered(answers.of_result(done.result, question.media, question.language, headers), tag, done.operation)


def _operation(prepared: Prepared, wanted: Asked) -> OperationDefinitionNode | None:
    """The operation that will be executed, if there is one. Raises Refused for one that cannot go this way."""
    operation = None if prepared.document is None else get_operation_ast(prepared.document, wanted.operation_name)
    if operation is not None and operation.operation is OperationType.SUBSCRIPTION:
        raise refused(
            406,
            "订阅请用WebSocket(graphql-transport-ws)，或把text/event-stream列在Accept首位。",
            "A subscription goes over a WebSocket (graphql-transport-ws), or with text/event-stream first in Accept.",
        )
    if wanted.by_get and operation is not None and operation.operation is not OperationType.QUERY:
        raise refused(
            405, "GET只能用于查询，修改请用POST。", "GET is for queries; send a mutation by POST.", Allow="POST"
        )
    return operation
