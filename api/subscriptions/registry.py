"""What is watched in this process, whether there is room for more, and how often all of it can be executed."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from math import inf

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
TOPIC_OVERHEAD = 400  # units of cost that a topic takes whatever it asks for: there is room for so many only
CPU_SHARE = 0.3  # of the process's time that all topics together have for being executed
RETRY_AFTER = 5  # seconds


class TopicRegistry:
    """All topics of this process. Each counts for the address that asked for it first, as long as anybody watches it."""

    def __init__(
        self, events: SubscriptionExecutor, context_for: ContextFor, limits: Limits, instrumentation: Instrumentation
    ) -> None:
        self._events = events
        self._context_for = context_for
        self._limits = limits
        self._instrumentation = instrumentation
        self._topics: dict[tuple[object, ...], Topic] = {}
        self._costs: dict[Topic, tuple[str, int]] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._topics)

    def __iter__(self) -> Iterator[Topic]:
        """Those of now, whatever becomes of them meanwhile; the ones that take least come first."""
        return iter(sorted(self._topics.values(), key=lambda topic: topic.took))

    def topic(self, prepared: Prepared, asked: GraphQLParams, language: Language, address: str) -> Topic:
        """The topic of a subscription; one that nobody watches yet is made.

        Raises Unfit, and ApiError: OVERLOADED, or QUERY_TOO_LARGE when this address has too much executed already.
        """
        wanted = self._events.subscription(prepared, asked.variables, asked.operation_name)
        key = (*wanted.key, language)
        known = self._topics.get(key)
        if known is not None:
            return known
        caller, cost = rate_limit_address(address), wanted.cost + TOPIC_OVERHEAD
        self.forget_unwatched()
        self._check_room(caller, cost)
        made = Topic(self._events, wanted, self._contexts(language), self._limits, self._instrumentation)
        self._topics[key] = made
        self._costs[made] = caller, cost
        return made

    def forget_unwatched(self) -> None:
        """Let go of what nobody watches any more."""
        self._topics = {key: topic for key, topic in self._topics.items() if topic.audiences or topic.joining}
        self._costs = {topic: self._costs[topic] for topic in self._topics.values()}

    def pauses(self) -> Callable[[Topic], float]:
        """Seconds from one execution of a topic to the next that its share of the time asks for, as things stand now."""
        share = fair_share((topic.took for topic in self._topics.values()), CPU_SHARE)
        return lambda topic: topic.took / share

    def _contexts(self, language: Language) -> Callable[[str | None], Awaitable[Context]]:
        return lambda token: self._context_for(language, token, "")

    def _check_room(self, caller: str, cost: int) -> None:
        if len(self._topics) >= MAX_TOPICS:
            raise _too_many()
        whole = cost + sum(taken for whose, taken in self._costs.values() if whose == caller)
        if whole > self._limits.live_cost:
            raise too_large("live_cost", self._limits.live_cost, whole)


def fair_share(wants: Iterable[float], whole: float) -> float:
    """The most that each gets when all want so much of a whole: who wants less leaves the rest to the others."""
    ascending = sorted(wants)
    for place, want in enumerate(ascending):
        most = whole / (len(ascending) - place)
        if want > most:
            return most
        whole -= want
    return inf


def _too_many() -> ApiError:
    zh = f"本进程最多同时保持{MAX_TOPICS}种不同的订阅，请稍后重试。"
    en = f"This process keeps {MAX_TOPICS} distinct subscriptions at most. Try again later."
    return ApiError(ErrorCode.OVERLOADED, Text(zh, en), limit="topics", most=MAX_TOPICS, retryAfter=RETRY_AFTER)
