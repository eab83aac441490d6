"""Execute operations that arrive over WebSockets and event streams, and keep subscriptions up to date."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
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
from api.subscriptions.registry import SubscriberIdentity, TopicRegistry
from api.subscriptions.topic_results import Subscriber
from api.subscriptions.topics import YIELD_EVERY, Topic

MIN_UPDATE_INTERVAL = 0.95  # seconds between two results of a topic: one second, less what timers may be early
MAX_ROUND_SECONDS = 0.3  # CPU seconds, after which the most expensive topics wait for the next round
JOB_POLL_INTERVAL = 0.5  # seconds
SESSION_CHECK_INTERVAL = 0.7  # seconds between two checks of the sessions of an idle topic; with a poll, under one
log = logging.getLogger("pingxuan.live")


class OperationExecutor(Protocol):
    """Executes queries and mutations: http.executor."""

    def prepared(self, params: GraphQLParams) -> Prepared:
        """Prepare the document of a request. Raises ApiError and HttpError."""
        ...

    async def execute(self, params: GraphQLParams, context: Context) -> ExecutionResult:
        """Execute a query or a mutation. Raises HttpError."""
        ...


class OperationSubscriber(Subscriber, Protocol):
    """A client's operation of any kind: a query or a mutation gets one result, a subscription any number."""

    def respond(self, payload: bytes) -> None:
        """Send the only result, as JSON, and complete the operation."""
        ...


class SubscriptionManager:
    """Executes operations, and updates the topics of subscriptions while there are any."""

    def __init__(
        self,
        executor: OperationExecutor,
        context_for: ContextFor,
        results_feed: ResultsFeed,
        topics: TopicRegistry,
        instrumentation: Instrumentation,
    ) -> None:
        self._executor = executor
        self._context_for = context_for
        self._results_feed = results_feed
        self._topics = topics
        self._instrumentation = instrumentation
        self._tasks: dict[Callable[[], Coroutine[Any, Any, None]], asyncio.Task[None]] = {}

    async def admit(self, token: str | None) -> None:
        """Raise ApiError UNAUTHENTICATED for a token that is not valid now; no token is fine."""
        await self._results_feed.admit(token)

    async def execute(self, params: GraphQLParams, language: Language, subscriber: OperationSubscriber) -> Topic | None:
        """Execute an operation and send its result or its errors to the subscriber.

        Returns the topic of a subscription, which the caller must leave; None for any other operation. Every exception
        is sent to the subscriber, and none is raised.
        """
        try:
            return await self._execute(params, language, subscriber)
        except InvalidSubscription as error:
            self._fail(subscriber, responses.result_body(ExecutionResult(None, error.errors), language)["errors"])
        except HttpError as error:
            self._fail(subscriber, [responses.error_dict(error.error, language)])
        except ApiError as error:
            self._fail(subscriber, [responses.error_dict(error, language)])
        except Exception as error:  # never shown to a client, but logged under an id
            self._fail(subscriber, [responses.mask_error(error, language)])
        return None

    async def _execute(
        self, params: GraphQLParams, language: Language, subscriber: OperationSubscriber
    ) -> Topic | None:
        started_at = perf_counter()
        context = await self._context_for(language, subscriber.token, subscriber.address)
        context.rate_limits.take_operation()
        prepared = self._executor.prepared(params)
        document = prepared.document
        operation = None if document is None else get_operation_ast(document, params.operation_name)
        if operation is not None and operation.operation is OperationType.SUBSCRIPTION:
            topic = await self._subscribe(prepared, params, context, subscriber)
            self._count_operation(operation, started_at)
            return topic
        result = await self._executor.execute(params, context)
        if operation is not None:
            self._count_operation(operation, started_at)
        self._send_result(responses.result_body(result, language), subscriber)
        return None

    async def _subscribe(
        self, prepared: Prepared, params: GraphQLParams, context: Context, subscriber: OperationSubscriber
    ) -> Topic:
        identity = SubscriberIdentity(subscriber.address, subscriber.token, context.sees_drafts)
        topic = self._topics.topic(prepared, params, context.language, identity)
        topic.joining += 1
        try:
            await topic.join(subscriber)
        finally:
            topic.joining -= 1
            self._keep_up_to_date()
        if not topic.due:
            topic.due = asyncio.get_running_loop().time() + self._topics.update_interval()(topic)
        return topic

    def _keep_up_to_date(self) -> None:
        """Have changes looked for, which ends by itself where nothing is subscribed to any more."""
        for poll in (self._run_updates, self._poll_jobs):
            if poll not in self._tasks or self._tasks[poll].done():
                self._tasks[poll] = asyncio.create_task(poll())

    def _count_operation(self, operation: OperationDefinitionNode, started_at: float) -> None:
        self._instrumentation.count_operation(
            "" if operation.name is None else operation.name.value, perf_counter() - started_at
        )

    def _send_result(self, body: dict[str, Any], subscriber: OperationSubscriber) -> None:
        if "data" not in body:
            self._fail(subscriber, body["errors"])
            return
        self._count_errors(body.get("errors", ()))
        subscriber.respond(orjson.dumps(body))

    def _fail(self, subscriber: OperationSubscriber, errors: list[dict[str, Any]]) -> None:
        self._count_errors(errors)
        subscriber.fail(orjson.dumps(errors))

    def _count_errors(self, errors: Iterable[dict[str, Any]]) -> None:
        for error in errors:
            self._instrumentation.count_error(error["extensions"]["code"])

    async def close(self) -> None:
        """Stop updating topics."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _run_updates(self) -> None:
        while self._topics:
            try:
                async for changed in self._results_feed.changes(lambda: bool(self._topics)):
                    await self._update_topics(changed=changed)
            except Exception:
                log.exception("a round of live results was cut short; the next one follows")
                await asyncio.sleep(POLL_INTERVAL)

    async def _poll_jobs(self) -> None:
        """Find out twice a second which of the jobs that topics show have changed, so that their topics are executed again."""
        while keys := {topic.job.id for topic in self._topics if topic.job is not None}:
            try:
                marks = await self._results_feed.jobs.marks(keys)
            except Exception:
                log.exception("it is not known which jobs have changed; the next round asks again")
            else:
                for topic in self._topics:
                    topic.compare(marks)
            await asyncio.sleep(JOB_POLL_INTERVAL)

    async def _update_topics(self, *, changed: bool) -> None:
        """Execute the topics whose results may have changed and whose time has come, and remove the unused ones."""
        self._topics.remove_unused()
        interval, now, cpu_seconds = self._topics.update_interval(), asyncio.get_running_loop().time(), 0.0
        for topic in self._topics:
            topic.stale = topic.stale or changed
            is_due = topic.stale and topic.due <= now and cpu_seconds < MAX_ROUND_SECONDS
            if is_due or topic.sessions_checked_at + SESSION_CHECK_INTERVAL <= now:
                topic.sessions_checked_at = now
                await self._revoke_expired(topic)
            if is_due:
                await topic.refresh()
                topic.due = now + max(MIN_UPDATE_INTERVAL, interval(topic))
                cpu_seconds += topic.cpu_seconds
                await asyncio.sleep(topic.cpu_seconds)  # as much time for other requests, such as ballots

    async def _revoke_expired(self, topic: Topic) -> None:
        """Revoke the subscriptions whose session has expired or was revoked."""
        for number, group in enumerate(list(topic.groups.values()), 1):
            if number % YIELD_EVERY == 0:
                await asyncio.sleep(0)
            try:
                self._results_feed.check(group.token)
            except ApiError:
                for subscriber in list(group.subscribers):
                    subscriber.revoke()
