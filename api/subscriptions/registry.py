"""The topics of this process: how many there may be, and how often each may be executed."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from math import inf
from typing import NamedTuple

from api.addresses import rate_limit_address
from api.context import Context
from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Language, Text
from api.execution.documents import Prepared
from api.execution.subscriptions import SubscriptionExecutor
from api.http.requests import ContextFor, GraphQLParams
from api.instrumentation import Instrumentation
from api.limits import Limits, too_large
from api.subscriptions.topics import Topic

MAX_TOPICS = 1_000  # distinct subscriptions of one process
TOPIC_OVERHEAD = 400  # units of cost that every topic counts for, beside the cost of its operation
CPU_SHARE = 0.3  # the share of the process's CPU time in which all topics together may be executed
RETRY_AFTER = 5  # seconds
PERSONAL = frozenset({"jobChanged"})  # fields that show each viewer something else


class SubscriberIdentity(NamedTuple):
    """Who subscribes. drafts: whether they are shown any, which no topic shows that they share with others."""

    address: str
    token: str | None = None
    drafts: bool = False


class TopicRegistry:
    """All topics of this process. Each counts against the address that subscribed first, as long as it has subscribers."""

    def __init__(
        self, executor: SubscriptionExecutor, context_for: ContextFor, limits: Limits, instrumentation: Instrumentation
    ) -> None:
        self._executor = executor
        self._context_for = context_for
        self._limits = limits
        self._instrumentation = instrumentation
        self._topics: dict[tuple[object, ...], Topic] = {}
        self._costs: dict[Topic, tuple[str, int]] = {}

    def __len__(self) -> int:
        return len(self._topics)

    def __iter__(self) -> Iterator[Topic]:
        """Iterate over the present topics, the cheapest first; topics may be added and removed meanwhile."""
        return iter(sorted(self._topics.values(), key=lambda topic: topic.cpu_seconds))

    def topic(
        self, prepared: Prepared, params: GraphQLParams, language: Language, identity: SubscriberIdentity
    ) -> Topic:
        """Return the topic of a subscription in a language, a new one if there is none.

        Raises InvalidSubscription, and ApiError: OVERLOADED when there are too many topics, QUERY_TOO_LARGE when those of
        this address would cost too much.
        """
        subscription = self._executor.subscription(prepared, params.variables, params.operation_name)
        own = identity.token if identity.drafts or subscription.field in PERSONAL else None
        key = (*subscription.key, language, own)
        topic = self._topics.get(key)
        if topic is not None:
            return topic
        owner, cost = rate_limit_address(identity.address), subscription.cost + TOPIC_OVERHEAD
        self.remove_unused()
        self._check_capacity(owner, cost)
        context_for = self._context_factory(language, drafts=own is not None)
        topic = Topic(self._executor, subscription, context_for, self._limits, self._instrumentation)
        self._topics[key] = topic
        self._costs[topic] = owner, cost
        return topic

    def remove_unused(self) -> None:
        """Remove the topics that have no subscribers and none that are joining."""
        self._topics = {key: topic for key, topic in self._topics.items() if topic.groups or topic.joining}
        self._costs = {topic: self._costs[topic] for topic in self._topics.values()}

    def update_interval(self) -> Callable[[Topic], float]:
        """Return a function that tells how many seconds must lie between two executions of a topic at the present load."""
        share = fair_share((topic.cpu_seconds for topic in self._topics.values()), CPU_SHARE)
        return lambda topic: topic.cpu_seconds / share

    def _context_factory(self, language: Language, *, drafts: bool) -> Callable[[str | None], Awaitable[Context]]:
        return lambda token: self._context_for(language, token, "", drafts=drafts)

    def _check_capacity(self, owner: str, cost: int) -> None:
        if len(self._topics) >= MAX_TOPICS:
            raise _too_many_topics()
        total = cost + sum(topic_cost for topic_owner, topic_cost in self._costs.values() if topic_owner == owner)
        if total > self._limits.live_cost:
            raise too_large("live_cost", self._limits.live_cost, total)


def fair_share(demands: Iterable[float], capacity: float) -> float:
    """Return the max-min fair share of a capacity: demands below it are met in full, and the rest is shared equally."""
    ascending = sorted(demands)
    for index, demand in enumerate(ascending):
        share = capacity / (len(ascending) - index)
        if demand > share:
            return share
        capacity -= demand
    return inf


def _too_many_topics() -> ApiError:
    zh = f"本进程最多同时保持{MAX_TOPICS}种不同的订阅，请稍后重试。"
    en = f"This process keeps {MAX_TOPICS} distinct subscriptions at most. Try again later."
    return ApiError(ErrorCode.OVERLOADED, Text(zh, en), limit="topics", most=MAX_TOPICS, retryAfter=RETRY_AFTER)
