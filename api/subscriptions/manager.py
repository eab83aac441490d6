"""Who watches what: operations that arrive over a socket or a stream are begun here, and subscriptions kept up to date."""

import asyncio
import logging
from collections.abc import Iterable
from time import perf_counter
from typing import Any, Protocol

import orjson
from graphql import ExecutionResult, OperationDefinitionNode, OperationType, get_operation_ast

from api.context import Context
from api.domain.errors import ApiError
from api.domain.texts import Language
from api.execution.documents import Prepared
from api.execution.subscriptions import InvalidSubscription
from api.http import responses
from api.http.requests import ContextFor, GraphQLParams, HttpError
from api.instrumentation import Instrumentation
from api.services.results_feed import POLL_INTERVAL, ResultsFeed
from api.subscriptions.registry import TopicRegistry
from api.subscriptions.topics import Subscriber, Topic

MIN_UPDATE_INTERVAL = 0.95  # seconds between two answers of one topic: one, less what timers may be early
MAX_ROUND_SECONDS = 0.3  # seconds of the processor, after which whatever takes longest waits for the next round
log = logging.getLogger("pingxuan.live")


class OperationExecutor(Protocol):
    """What executes queries and mutations: the endpoint."""

    def prepared(self, wanted: GraphQLParams) -> Prepared:
        """The document asked for. Raises ApiError or Refused."""
        ...

    async def execute(self, wanted: GraphQLParams, context: Context) -> ExecutionResult:
        """The result. Raises Refused."""
        ...


class OperationSubscriber(Subscriber, Protocol):
    """A listener that may have asked for a query or a mutation as well, from this address."""

    async def answer(self, payload: str) -> None:
        """Here is the only result, as JSON; nothing follows."""
        ...


class SubscriptionManager:
    """Begins operations, and looks for changes while anything is watched; when nothing is, it rests."""

    def __init__(
        self,
        executor: OperationExecutor,
        context_for: ContextFor,
        results_feed: ResultsFeed,
        watched: TopicRegistry,
        instrumentation: Instrumentation,
    ) -> None:
        self._executor = executor
        self._context_for = context_for
        self._results_feed = results_feed
        self._watched = watched
        self._instrumentation = instrumentation
        self._looking: asyncio.Task[None] | None = None

    async def admit(self, token: str | None) -> None:
        """Raise ApiError UNAUTHENTICATED when the token is not valid now; none at all is."""
        await self._results_feed.admit(token)

    async def begin(self, asked: GraphQLParams, language: Language, caller: OperationSubscriber) -> Topic | None:
        """Execute an operation and tell the caller everything there is to tell; a subscription's topic, to be left.

        Whatever goes wrong ends this operation and no other.
        """
        try:
            return await self._begin(asked, language, caller)
        except InvalidSubscription as unfit:
            await self._fail(caller, responses.result_body(ExecutionResult(None, unfit.errors), language)["errors"])
        except HttpError as refusal:
            await self._fail(caller, [responses.error_dict(refusal.error, language)])
        except ApiError as fault:
            await self._fail(caller, [responses.error_dict(fault, language)])
        except Exception as error:  # the last resort: nobody is shown a traceback
            await self._fail(caller, [responses.mask_error(error, language)])
        return None

    async def _begin(self, asked: GraphQLParams, language: Language, caller: OperationSubscriber) -> Topic | None:
        began = perf_counter()
        context = await self._context_for(language, caller.token, caller.address)
        context.rate_limits.take_operation()
        prepared = self._executor.prepared(asked)
        document = prepared.document
        operation = None if document is None else get_operation_ast(document, asked.operation_name)
        if operation is not None and operation.operation is OperationType.SUBSCRIPTION:
            topic = await self._follow(prepared, asked, language, caller)
            self._performed(operation, began)
            return topic
        result = await self._executor.execute(asked, context)
        if operation is not None:
            self._performed(operation, began)
        await self._answer(responses.result_body(result, language), caller)
        return None

    async def _follow(
        self, prepared: Prepared, asked: GraphQLParams, language: Language, caller: OperationSubscriber
    ) -> Topic:
        topic = self._watched.topic(prepared, asked, language, caller.address)
        topic.joining += 1
        try:
            await topic.join(caller)
        finally:
            topic.joining -= 1
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())
        if not topic.due:
            topic.due = asyncio.get_running_loop().time() + self._watched.pauses()(topic)
        return topic

    def _performed(self, operation: OperationDefinitionNode, began: float) -> None:
        self._instrumentation.count_operation(
            "" if operation.name is None else operation.name.value, perf_counter() - began
        )

    async def _answer(self, body: dict[str, Any], caller: OperationSubscriber) -> None:
        """Tell the result of a query or a mutation."""
        if "data" not in body:
            await self._fail(caller, body["errors"])
            return
        self._count(body.get("errors", ()))
        await caller.answer(written(body))

    async def _fail(self, caller: OperationSubscriber, errors: list[dict[str, Any]]) -> None:
        self._count(errors)
        await caller.fail(written(errors))

    def _count(self, errors: Iterable[dict[str, Any]]) -> None:
        for error in errors:
            self._instrumentation.count_error(error["extensions"]["code"])

    async def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        while self._watched:
            try:
                async for changed in self._results_feed.changes(lambda: bool(self._watched)):
                    await self._round(changed=changed)
            except Exception:
                log.exception("a round of live results was cut short; the next one follows")
                await asyncio.sleep(POLL_INTERVAL)

    async def _round(self, *, changed: bool) -> None:
        """Bring every topic up to date that may have another answer, and forget those that nobody watches."""
        self._watched.forget_unwatched()
        pause, began, took = self._watched.pauses(), asyncio.get_running_loop().time(), 0.0
        for topic in self._watched:
            topic.stale = topic.stale or changed
            await self._dismiss_strangers(topic)
            if topic.stale and topic.due <= began and took < MAX_ROUND_SECONDS:
                await topic.refresh()
                topic.due, took = began + max(MIN_UPDATE_INTERVAL, pause(topic)), took + topic.took
                await asyncio.sleep(topic.took)  # as much time for whoever casts meanwhile

    async def _dismiss_strangers(self, topic: Topic) -> None:
        """Sessions end: by time, or because they were revoked."""
        for audience in list(topic.audiences.values()):
            try:
                self._results_feed.check(audience.token)
            except ApiError:
                for listener in list(audience.heard):
                    await listener.revoke()


def written(value: Any) -> str:
    """The value as JSON."""
    return orjson.dumps(value).decode()
