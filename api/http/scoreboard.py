"""Who watches what: operations that arrive over a socket or a stream are begun here, and subscriptions kept up to date."""

import asyncio
import logging
from typing import Any, Protocol

import orjson
from graphql import ExecutionResult, GraphQLSchema, OperationType, get_operation_ast

from api.context import Context
from api.domain.faults import Fault, FaultCode
from api.domain.texts import Language, Text
from api.execution.documents import Prepared
from api.http import answers
from api.http.requests import Asked, ContextFor, Refused
from api.http.topics import Listener, Topic
from api.services.live import PAUSE, Gallery

MOST_TOPICS = 1_000  # distinct subscriptions of one process
AT_MOST_EVERY = 0.95  # seconds between two answers of one topic: one, less what timers may be early
RETRY_AFTER = 5  # seconds
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
    """All topics of this process. While there are any, it looks for changes; when there are none, it rests."""

    def __init__(self, schema: GraphQLSchema, executor: Executor, context_for: ContextFor, gallery: Gallery) -> None:
        self._schema = schema
        self._executor = executor
        self._context_for = context_for
        self._gallery = gallery
        self._topics: dict[tuple[Any, ...], Topic] = {}
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
        except Refused as refusal:
            await caller.fail(written([answers.told(refusal.fault, language)]))
        except Fault as fault:
            await caller.fail(written([answers.told(fault, language)]))
        except Exception as error:  # the last resort: nobody is shown a traceback
            await caller.fail(written([answers.failure(error, language)]))
        return None

    async def _begin(self, asked: Asked, language: Language, caller: Caller) -> Topic | None:
        context = await self._context_for(language, caller.token, caller.address)
        context.count_operation()
        prepared = self._executor.prepared(asked)
        document = prepared.document
        operation = None if document is None else get_operation_ast(document, asked.operation_name)
        if operation is not None and operation.operation is OperationType.SUBSCRIPTION:
            return await self._watch(prepared, asked, language, caller)
        body = answers.body_of(await self._executor.execute(asked, context), language)
        if "data" in body:
            await caller.answer(written(body))
        else:
            await caller.fail(written(body["errors"]))
        return None

    async def _watch(self, prepared: Prepared, asked: Asked, language: Language, caller: Caller) -> Topic:
        topic = self._topic(prepared, asked, language)
        topic.joining += 1
        try:
            await topic.join(caller)
        finally:
            topic.joining -= 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return topic

    def _topic(self, prepared: Prepared, asked: Asked, language: Language) -> Topic:
        """The topic of a subscription; one that nobody watches yet is made. Raises Fault OVERLOADED."""
        location = None if prepared.document is None else prepared.document.loc
        text = None if location is None else location.source.body
        variables = orjson.dumps(asked.variables, option=orjson.OPT_SORT_KEYS)
        key = (text, asked.operation_name, variables, language)
        if key not in self._topics:
            if len(self._topics) >= MOST_TOPICS:
                raise _too_many()
            self._topics[key] = Topic(self._schema, prepared, asked, language, self._context_for)
        return self._topics[key]

    async def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        while self._topics:
            try:
                async for changed in self._gallery.changes(lambda: bool(self._topics)):
                    await self._round(changed=changed)
            except Exception:
                log.exception("a round of live results was cut short; the next one follows")
                await asyncio.sleep(PAUSE)

    async def _round(self, *, changed: bool) -> None:
        """Bring every topic up to date that may have another answer, and forget those that nobody watches."""
        self._topics = {key: topic for key, topic in self._topics.items() if topic.audiences or topic.joining}
        began = asyncio.get_running_loop().time()
        for topic in list(self._topics.values()):
            topic.stale = topic.stale or changed
            await self._dismiss_strangers(topic)
            if topic.stale and topic.due <= began:
                topic.due = began + AT_MOST_EVERY
                await topic.refresh()

    async def _dismiss_strangers(self, topic: Topic) -> None:
        """Sessions end: by time, or because they were revoked."""
        for audience in list(topic.audiences.values()):
            try:
                self._gallery.check(audience.token)
            except Fault:
                for listener in list(audience.heard):
                    await listener.dismiss()


def _too_many() -> Fault:
    zh = f"本进程最多同时保持{MOST_TOPICS}种不同的订阅，请稍后重试。"
    en = f"This process keeps {MOST_TOPICS} distinct subscriptions at most. Try again later."
    return Fault(FaultCode.OVERLOADED, Text(zh, en), retryAfter=RETRY_AFTER)


def written(value: Any) -> str:
    """The value as JSON."""
    return orjson.dumps(value).decode()
