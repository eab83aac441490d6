"""Are the sessions of thousands of subscribers checked before anything is sent to them, and no more often than is needed?"""

import asyncio
from typing import Any

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.instrumentation import NO_INSTRUMENTATION
from api.subscriptions.manager import SubscriptionManager
from tests.subscriptions.test_topics import FakeSubscriber, World, counted, joined, new_topic


class FakeTopics(list[Any]):
    """A registry of these topics, which may be executed as often as they are due."""

    def remove_unused(self) -> None:
        """All of them are used."""

    def update_interval(self) -> Any:
        return lambda topic: 0.0


class FakeFeed:
    """A feed that counts checks of sessions. ended: tokens whose session has ended."""

    def __init__(self) -> None:
        self.checked = 0
        self.ended: set[str | None] = set()

    def check(self, token: str | None) -> None:
        self.checked += 1
        if token in self.ended:
            raise ApiError(ErrorCode.UNAUTHENTICATED, Text("会话已结束。", "The session has ended."))


async def updated(manager: SubscriptionManager, *, changed: bool) -> None:
    await manager._update_topics(changed=changed)


async def test_sessions_are_checked_before_an_update_and_else_once_a_second() -> None:
    world, feed = World(hiding=False), FakeFeed()
    topic = new_topic(world)
    subscribers: list[FakeSubscriber] = await joined(topic, ["stays", "ends"])
    manager = SubscriptionManager(None, None, feed, FakeTopics([topic]), NO_INSTRUMENTATION)  # type: ignore[arg-type]
    for _ in range(5):
        await updated(manager, changed=False)
    assert feed.checked == 2
    world.count, feed.ended = 1, {"ends"}
    await updated(manager, changed=True)
    assert feed.checked == 4
    assert [subscriber.closed for subscriber in subscribers] == [False, True]
    assert subscribers[0].payloads == counted(0, 1)
    topic.sessions_checked_at = asyncio.get_running_loop().time() - 1
    await updated(manager, changed=False)
    assert feed.checked == 6
