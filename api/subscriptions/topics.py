"""Topics: each distinct subscription is executed once for all of its subscribers.

A topic is executed when something has changed, at most once a second, and its result is serialised once. Where the result
depends on whether the viewer may see the standings, it is executed once for those who may and once for those who may not; where
it depends on anything else of the viewer, such as their roles, it is executed for each.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import thread_time
from typing import Protocol

import orjson

from api.context import Context
from api.domain.errors import ErrorCode
from api.domain.rfc3339 import format_datetime
from api.execution.subscriptions import Subscription, SubscriptionExecutor
from api.http import responses
from api.instrumentation import Instrumentation
from api.limits import Limits
from api.services.snapshots import Snapshot

MAX_LOOK_UPS = 200  # tokens of a topic whose ballots are looked up in one round; the others are looked up in the next
PASSING_ERRORS = frozenset({ErrorCode.INTERNAL.name, ErrorCode.OVERLOADED.name})  # a later execution may have none
YIELD_EVERY = 50  # subscribers that are sent a result before the event loop may do anything else


class Subscriber(Protocol):
    """A subscription of one client. No method waits for the client: results that it does not read are skipped."""

    token: str | None
    address: str  # the one that rate limits count
    closed: bool  # whether it has ended, so that nothing is sent to it any more

    async def update(self, payload: str) -> None:
        """Send a result, as JSON, in place of an earlier one that has not been sent yet."""
        ...

    async def fail(self, errors: str) -> None:
        """End the subscription with errors, a JSON list."""
        ...

    async def revoke(self) -> None:
        """End the subscription, because the token is no longer valid."""
        ...


@dataclass(frozen=True, slots=True)
class TopicResult:
    """A result of a topic, for every viewer to whom the same standings are visible or, if personal, for this one alone.

    payload: JSON, a result or, if failed, a list of errors that ends the subscription. comparable: the payload without
    timestamps. visible: by slug, whether the standings of each campaign in question are visible to these viewers.
    viewer_specific: whether the result depends on the viewer at all. passing_error: whether an error is the server's.
    """

    payload: str
    comparable: str
    visible: dict[str, bool]
    viewer_specific: bool
    personal: bool
    failed: bool
    passing_error: bool

    async def send_to(self, subscriber: Subscriber) -> None:
        await (subscriber.fail if self.failed else subscriber.update)(self.payload)


@dataclass(slots=True)
class SubscriberGroup:
    """The subscribers with one token.

    subscribers: each with the comparable payload that it was sent last. visible: the campaigns whose standings are known to
    be visible to this token; that is not looked up again, since a ballot once cast stays cast.
    """

    token: str | None
    subscribers: dict[Subscriber, str] = field(default_factory=dict)
    visible: dict[str, bool] = field(default_factory=dict)


class Topic:
    """One distinct subscription in one language. context_for: makes a context in that language from a token."""

    def __init__(
        self,
        executor: SubscriptionExecutor,
        subscription: Subscription,
        context_for: Callable[[str | None], Awaitable[Context]],
        limits: Limits,
        instrumentation: Instrumentation,
    ) -> None:
        self._executor = executor
        self._subscription = subscription
        self._context_for = context_for
        self._limits = limits
        self._instrumentation = instrumentation
        self._results: list[TopicResult] = []
        self._lock = asyncio.Lock()
        self._look_ups_left = 0
        self._is_personal = False
        self.joining = 0  # subscribers that wait for their first result
        self.groups: dict[str | None, SubscriberGroup] = {}
        self.stale = False  # whether it must be executed again, since something has changed or look-ups have run out
        self.due = 0.0  # when it may be executed again, in seconds of the event loop's clock
        self.cpu_seconds = 0.0  # of its last execution

    async def join(self, subscriber: Subscriber) -> None:
        """Send the present result to a new subscriber, and from then on every change."""
        async with self._lock:
            self._look_ups_left = MAX_LOOK_UPS
            group = self.groups.get(subscriber.token) or SubscriberGroup(subscriber.token)
            result = await self._result_for(group)
        if result is None or subscriber.closed:
            return
        if not result.failed:
            group = self.groups.setdefault(subscriber.token, group)
            group.subscribers[subscriber] = result.comparable
        await result.send_to(subscriber)

    def leave(self, subscriber: Subscriber) -> None:
        """Remove a subscriber, if it is one."""
        group = self.groups.get(subscriber.token)
        if group is not None and group.subscribers.pop(subscriber, None) is not None and not group.subscribers:
            del self.groups[subscriber.token]

    async def refresh(self) -> None:
        """Execute the topic again, and send the result to each subscriber for whom it has changed."""
        self.stale = False
        for index, (group, subscriber, result) in enumerate(await self._current_results()):
            if result.passing_error:
                self.stale = True  # retried in the next round; subscribers keep the result they have
            elif group.subscribers.get(subscriber, result.comparable) != result.comparable:
                group.subscribers[subscriber] = result.comparable
                await result.send_to(subscriber)
            if index % YIELD_EVERY == YIELD_EVERY - 1:
                await asyncio.sleep(0)

    async def _current_results(self) -> list[tuple[SubscriberGroup, Subscriber, TopicResult]]:
        """Return every subscriber with its present result, except those for whom look-ups have run out."""
        results = []
        async with self._lock:
            self._results, self._look_ups_left, self.cpu_seconds = [], MAX_LOOK_UPS, 0.0
            for group in list(self.groups.values()):
                result = await self._result_for(group)
                if result is None:
                    self.stale = True
                else:
                    results += [(group, subscriber, result) for subscriber in group.subscribers]
        return results

    async def _result_for(self, group: SubscriberGroup) -> TopicResult | None:
        """Return the result for a group, executing the topic if needed; None when look-ups have run out."""
        for result in self._results:
            if not result.viewer_specific:
                return result
            visible = [await self._may_see(group, slug) for slug in result.visible]
            if None in visible:
                return None
            if visible == list(result.visible.values()):
                return result
        if self._is_personal and not self._take_look_up(group):
            return None
        result = await self._execute(group)
        if result.personal:
            self._is_personal = True
        else:
            self._results.append(result)
        return result

    async def _may_see(self, group: SubscriberGroup, slug: str) -> bool | None:
        """Tell whether a campaign's standings are visible to a group; None when look-ups have run out."""
        if slug in group.visible:
            return True
        if not self._take_look_up(group):
            return None
        context = await self._context_for(group.token)
        campaign = context.snapshot.directory.campaigns.get(slug)
        visible = campaign is not None and await context.results.are_visible(campaign)
        if visible:
            group.visible[slug] = True
        return visible

    def _take_look_up(self, group: SubscriberGroup) -> bool:
        """Whether there is a look-up left for a group; those who are signed out need none."""
        if group.token is None:
            return True
        if self._look_ups_left == 0:
            return False
        self._look_ups_left -= 1
        self._look_up_last(group)
        return True

    def _look_up_last(self, group: SubscriberGroup) -> None:
        """Move a group to the end, so that the next round looks up all others first."""
        if self.groups.pop(group.token, None) is not None:
            self.groups[group.token] = group

    async def _execute(self, group: SubscriberGroup) -> TopicResult:
        context = await self._context_for(group.token)
        context.results.visible.update(group.visible)
        started_at = thread_time()
        result = responses.limit_length(await self._executor.next(self._subscription, context), self._limits.answer)
        body = responses.result_body(result, context.language)
        self.cpu_seconds += thread_time() - started_at
        codes = [error["extensions"]["code"] for error in body.get("errors", ())]
        for code in codes:
            self._instrumentation.count_error(code)
        failed = result.data is None and set(codes) != {ErrorCode.RESULTS_HIDDEN.name}
        payload = orjson.dumps(body["errors"] if failed else body).decode()
        # What a group is known to see was found by an earlier look-up of its viewer.
        viewer_specific = context.viewer.was_asked or bool(group.visible)
        if viewer_specific:
            group.visible.update({slug: True for slug, visible in context.results.visible.items() if visible})
        return TopicResult(
            payload=payload,
            comparable=_without_times(payload, context.snapshot, context),
            visible=dict(context.results.visible),
            viewer_specific=viewer_specific,
            personal=context.viewer.is_personal or context.signed_out_only,
            failed=failed,
            passing_error=not PASSING_ERRORS.isdisjoint(codes),
        )


def _without_times(payload: str, snapshot: Snapshot, context: Context) -> str:
    """Remove the timestamps that change with every execution: of the snapshot, and of the present."""
    calendars = {campaign.time_zone: campaign.calendar for campaign in snapshot.directory.campaigns.values()}
    for calendar in calendars.values():
        for time in (*snapshot.moments, context.now):
            payload = payload.replace(format_datetime(calendar.local(time)), "")
    return payload
