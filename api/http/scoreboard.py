"""Who watches what: operations that arrive over a socket or a stream are begun here, and subscriptions kept up to date."""

import asyncio
import logging
from collections.abc import Iterable
from time import perf_counter
from typing import Any, Protocol

import orjson
from graphql import ExecutionResult, OperationDefinitionNode, OperationType, get_operation_ast

from api.context import Context
from api.domain.faults import Fault
from api.domain.texts import Language
from api.execution.documents import Prepared
from api.execution.events import Unfit
from api.http import answers
from api.http.requests import Asked, ContextFor, Refused
from api.http.topics import Listener, Topic
from api.http.watched import Watched
from api.services.live import PAUSE, Gallery
from api.watching import Watch

AT_MOST_EVERY = 0.95  # seconds between two answers of one topic: one, less what timers may be early
LONGEST_ROUND = 0.3  # seconds of the processor, after which whatever takes longest waits for the next round
log = logging.getLogger("pingxuan.live")


class Executor(Protocol):
    """What executes queries and mutations: the endpoint."""

    def prepared(self, wanted: Asked) -> Prepared:
        """The document asked for. Raises Fault or Refused."""
        ...

    async def execute(self, wanted: Asked, context: Context) -> ExecutionResult:
        """The result. Raises Refused."""
        ...


class Caller(Listener, Protocol):
    """A listener that may have asked for a query or a mutation as well, from this address."""

    async def answer(self, payload: str) -> None:
        """Here is the only result, as JSON; nothing follows."""
        ...


class Scoreboard:
    """Begins operations, and looks for changes while anything is watched; when nothing is, it rests."""

    def __init__(
        self, executor: Executor, context_for: ContextFor, gallery: Gallery, watched: Watched, watch: Watch
    ) -> None:
        self._executor = executor
        self._context_for = context_for
        self._gallery = gallery
        self._watched = watched
        self._watch = watch
        self._looking: asyncio.Task[None] | None = None

    async def admit(self, token: str | None) -> None:
        """Raise Fault UNAUTHENTICATED when the token is not valid now; none at all is."""
        await self._gallery.admit(token)

    async def begin(self, asked: Asked, language: Language, caller: Caller) -> Topic | None:
        """Execute an operation and tell the caller everything there is to tell; a subscription's topic, to be left.

        Whatever goes wrong ends this operation and no other.
        """
        try:
            return await self._begin(asked, language, caller)
        except Unfit as unfit:
            await self._fail(caller, answers.body_of(ExecutionResult(None, unfit.errors), language)["errors"])
        except Refused as refusal:
            await self._fail(caller, [answers.told(refusal.fault, language)])
        except Fault as fault:
            await self._fail(caller, [answers.told(fault, language)])
        except Exception as error:  # the last resort: nobody is shown a traceback
            await self._fail(caller, [answers.failure(error, language)])
        return None

    async def _begin(self, asked: Asked, language: Language, caller: Caller) -> Topic | None:
        began = perf_counter()
        context = await self._context_for(language, caller.token, caller.address)
        context.count_operation()
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
        await self._answer(answers.body_of(result, language), caller)
        return None

    async def _follow(self, prepared: Prepared, asked: Asked, language: Language, caller: Caller) -> Topic:
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
        self._watch.performed("" if operation.name is None else operation.name.value, perf_counter() - began)

    async def _answer(self, body: dict[str, Any], caller: Caller) -> None:
        """Tell the result of a query or a mutation."""
        if "data" not in body:
            await self._fail(caller, body["errors"])
            return
        self._count(body.get("errors", ()))
        await caller.answer(written(body))

    async def _fail(self, caller: Caller, errors: list[dict[str, Any]]) -> None:
        self._count(errors)
        await caller.fail(written(errors))

    def _count(self, errors: Iterable[dict[str, Any]]) -> None:
        for error in errors:
            self._watch.erred(error["extensions"]["code"])

    async def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        while self._watched:
            try:
                async for changed in self._gallery.changes(lambda: bool(self._watched)):
                    await self._round(changed=changed)
            except Exception:
                log.exception("a round of live results was cut short; the next one follows")
                await asyncio.sleep(PAUSE)

    async def _round(self, *, changed: bool) -> None:
        """Bring every topic up to date that may have another answer, and forget those that nobody watches."""
        self._watched.forget_unwatched()
        pause, began, took = self._watched.pauses(), asyncio.get_running_loop().time(), 0.0
        for topic in self._watched:
            topic.stale = topic.stale or changed
            await self._dismiss_strangers(topic)
            if topic.stale and topic.due <= began and took < LONGEST_ROUND:
                await topic.refresh()
                topic.due, took = began + max(AT_MOST_EVERY, pause(topic)), took + topic.took
                await asyncio.sleep(topic.took)  # as much time for whoever casts meanwhile

    async def _dismiss_strangers(self, topic: Topic) -> None:
        """Sessions end: by time, or because they were revoked."""
        for audience in list(topic.audiences.values()):
            try:
                self._gallery.check(audience.token)
            except Fault:
                for listener in list(audience.heard):
                    await listener.dismiss()


def written(value: Any) -> str:
    """The value as JSON."""
    return orjson.dumps(value).decode()
