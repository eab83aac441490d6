"""Is what many watch executed once, told once, and looked up no more often than there is time for?"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import strawberry
from strawberry.types import Info

from api.domain.campaigns.directory import Directory
from api.domain.exchange.jobs import Job, JobState
from api.domain.texts import Language
from api.execution.documents import Documents
from api.execution.subscriptions import SubscriptionExecutor
from api.instrumentation import NO_INSTRUMENTATION
from api.limits import Limits
from api.services.snapshots import Snapshot
from api.subscriptions.topics import MAX_LOOK_UPS, Topic
from tests.campaigns import DURING, a_campaign
from tests.jobs import an_export

SLUG = "shanghai-2017"
TEXT = "subscription { counted }"


class World:
    """What is counted, who has cast, and how often anybody asked. hiding: only those who have cast may see it."""

    def __init__(self, *, hiding: bool) -> None:
        self.hiding = hiding
        self.count = 0
        self.executed = 0
        self.looked_up = 0
        self.job = an_export(state=JobState.RUNNING)
        self.cast: set[str | None] = set()
        self.snapshot = Snapshot(Directory({SLUG: a_campaign()}, {}), {}, DURING)

    async def context_for(self, token: str | None) -> Any:
        return FakeContext(self, token)


@dataclass
class FakeContext:
    """A context that counts look-ups."""

    world: World
    token: str | None
    now: Any = DURING
    language: Language = Language.EN
    was_asked: bool = False
    is_personal: bool = False
    signed_out_only: bool = False
    visible: dict[str, bool] = field(default_factory=dict)
    job_shown: Job | None = None
    rows_shown: list[str] | None = None

    @property
    def snapshot(self) -> Snapshot:
        return self.world.snapshot

    @property
    def viewer(self) -> "FakeContext":
        return self

    @property
    def results(self) -> "FakeContext":
        return self

    def name(self) -> str:
        self.was_asked = self.is_personal = True
        return str(self.token)

    async def are_visible(self, _: Any) -> bool:
        if self.world.hiding and SLUG not in self.visible:
            self.was_asked = True
            self.world.looked_up += self.token is not None
        return self.visible.setdefault(SLUG, not self.world.hiding or self.token in self.world.cast)


@strawberry.type
class Query:
    nothing: int = 0


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def counted(self, info: Info) -> AsyncGenerator[int, None]:
        info.context.world.executed += 1
        yield info.context.world.count if await info.context.results.are_visible(None) else -1

    @strawberry.subscription
    async def named(self, info: Info) -> AsyncGenerator[str, None]:
        info.context.world.executed += 1
        yield f"{info.context.name()} {info.context.world.count}"

    @strawberry.subscription
    async def job(self, info: Info) -> AsyncGenerator[int, None]:
        info.context.world.executed += 1
        info.context.job_shown = info.context.world.job
        yield info.context.job_shown.done


SCHEMA = strawberry.Schema(Query, subscription=Subscription)._schema


class FakeSubscriber:
    """A subscriber that collects what it is sent."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token
        self.address = ""
        self.closed = False
        self.payloads: list[bytes] = []

    def update(self, payload: bytes, changes: bytes | None = None) -> None:
        self.payloads.append(payload if changes is None else changes)

    def conclude(self, payload: bytes) -> None:
        self.payloads.append(payload)
        self.closed = True

    def fail(self, errors: bytes) -> None:
        self.payloads.append(errors)

    def revoke(self) -> None:
        self.closed = True


def counted(*counts: int) -> list[bytes]:
    return [b'{"data":{"counted":%d}}' % count for count in counts]


def new_topic(world: World, text: str = TEXT) -> Topic:
    documents = Documents(SCHEMA)
    executor = SubscriptionExecutor(SCHEMA, documents)
    subscription = executor.subscription(documents.prepare(text), None, None)
    return Topic(executor, subscription, world.context_for, Limits(), NO_INSTRUMENTATION)


async def joined(topic: Topic, tokens: list[str | None]) -> list[FakeSubscriber]:
    subscribers = [FakeSubscriber(token) for token in tokens]
    for subscriber in subscribers:
        await topic.join(subscriber)
    return subscribers


@pytest.mark.parametrize("token", [None, "signed in"])
async def test_thousands_are_told_of_one_execution(token: str | None) -> None:
    world = World(hiding=False)
    topic = new_topic(world)
    subscribers = await joined(topic, [token and f"{token} {number}" for number in range(2_000)])
    assert world.executed == 1
    world.count = 7
    await topic.refresh()
    assert world.executed == 2
    assert all(subscriber.payloads == counted(0, 7) for subscriber in subscribers)


async def test_what_has_not_changed_is_not_told_again() -> None:
    world = World(hiding=False)
    topic = new_topic(world)
    [subscriber] = await joined(topic, [None])
    await topic.refresh()
    assert subscriber.payloads == counted(0)


async def test_those_who_may_see_and_those_who_may_not_are_two_executions() -> None:
    world = World(hiding=True)
    world.cast = {f"voter {number}" for number in range(50)}
    topic = new_topic(world)
    casters = await joined(topic, [f"voter {number}" for number in range(50)])
    others = await joined(topic, [None, *(f"other {number}" for number in range(50))])
    assert world.executed == 2
    world.count = 3
    await topic.refresh()
    assert world.executed == 4
    assert all(subscriber.payloads == counted(0, 3) for subscriber in casters)
    assert all(subscriber.payloads == counted(-1) for subscriber in others)


async def test_who_was_found_to_have_cast_is_not_looked_up_again() -> None:
    world = World(hiding=True)
    world.cast = {"a", "b"}
    topic = new_topic(world)
    await joined(topic, ["a", "b"])
    before = world.looked_up
    for world.count in range(1, 5):
        await topic.refresh()
    assert world.looked_up == before


async def test_a_round_looks_up_a_bounded_number_and_the_rest_in_the_next() -> None:
    world = World(hiding=True)
    topic = new_topic(world)
    tokens: list[str | None] = [f"voter {number}" for number in range(MAX_LOOK_UPS + 50)]
    subscribers = await joined(topic, tokens)
    world.cast = set(tokens)
    before = world.looked_up
    await topic.refresh()
    assert world.looked_up - before <= MAX_LOOK_UPS + 1
    assert topic.stale
    await topic.refresh()
    assert not topic.stale
    assert all(subscriber.payloads == counted(-1, 0) for subscriber in subscribers)


async def test_who_has_left_is_told_nothing() -> None:
    world = World(hiding=False)
    topic = new_topic(world)
    stays, leaves = await joined(topic, [None, None])
    topic.leave(leaves)
    world.count = 1
    await topic.refresh()
    assert (stays.payloads, leaves.payloads) == (counted(0, 1), counted(0))
    topic.leave(stays)
    assert not topic.groups


async def test_what_is_shown_to_one_viewer_is_sent_to_nobody_else() -> None:
    world = World(hiding=False)
    topic = new_topic(world, "subscription { named }")
    tokens: list[str | None] = ["organizer", None, *(f"voter {number}" for number in range(MAX_LOOK_UPS + 50))]
    subscribers = await joined(topic, tokens)
    executed, world.count = world.executed, 1
    await topic.refresh()
    assert topic.stale
    assert world.executed - executed <= MAX_LOOK_UPS + 1
    await topic.refresh()
    for token, subscriber in zip(tokens, subscribers, strict=True):
        assert subscriber.payloads == [f'{{"data":{{"named":"{token} {count}"}}}}'.encode() for count in (0, 1)]


JOB = "subscription { job }"


def done(*rows: int) -> list[bytes]:
    return [b'{"data":{"job":%d}}' % number for number in rows]


async def test_a_job_is_stale_once_its_mark_is_another_or_it_is_gone() -> None:
    world = World(hiding=False)
    topic = new_topic(world, JOB)
    [subscriber] = await joined(topic, [None])
    topic.compare({world.job.id: world.job.mark})
    assert not topic.stale
    world.job = replace(world.job, done=2)
    topic.compare({world.job.id: world.job.mark})
    assert topic.stale
    await topic.refresh()
    topic.compare({world.job.id: world.job.mark})
    assert not topic.stale
    topic.compare({})
    assert topic.stale
    assert subscriber.payloads == done(0, 2)


async def test_a_job_that_is_over_is_the_last_that_is_told() -> None:
    world = World(hiding=False)
    topic = new_topic(world, JOB)
    [subscriber] = await joined(topic, [None])
    world.job = replace(world.job, state=JobState.DONE)  # and nothing else that was asked for has changed
    await topic.refresh()
    await topic.refresh()
    assert subscriber.payloads == done(0, 0)
    assert subscriber.closed
    assert not topic.groups
    [late] = await joined(topic, [None])
    assert (late.payloads, late.closed) == (done(0), True)
    assert not topic.groups


async def test_results_are_compared_with_no_job() -> None:
    topic = new_topic(World(hiding=False))
    await joined(topic, [None])
    topic.compare({})
    assert not topic.stale
