"""Topics: each distinct subscription is executed once for all of its subscribers.

A topic is executed when something has changed, at most once a second, and its result is serialised once. Where the result
depends on whether the viewer may see the standings, it is executed once for those who may and once for those who may not; where
it depends on anything else of the viewer, such as their roles, it is executed for each.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from time import thread_time
from typing import Any

import orjson

from api.context import Context
from api.domain.errors import ErrorCode
from api.domain.exchange.jobs import Job, JobMark
from api.domain.rfc3339 import format_datetime
from api.execution.subscriptions import Subscription, SubscriptionExecutor, root_selection
from api.http import responses
from api.instrumentation import Instrumentation
from api.limits import Limits
from api.subscriptions.row_changes import Changes, Page, changes_between, page_of
from api.subscriptions.topic_results import Subscriber, SubscriberGroup, TopicResult

MAX_LOOK_UPS = 200  # tokens of a topic whose ballots are looked up in one round; the others are looked up in the next
PASSING_ERRORS = frozenset({ErrorCode.INTERNAL.name, ErrorCode.OVERLOADED.name})  # a later execution may have none
YIELD_EVERY = (
    50  # subscribers that are sent a result, or groups that are looked at, before the event loop may do anything else
)


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
        self._pages: dict[tuple[tuple[str, bool], ...], Page] = {}  # the last, by which standings are visible
        self.joining = 0  # subscribers that wait for their first result
        self.groups: dict[str | None, SubscriberGroup] = {}
        self.stale = False  # whether it must be executed again, since something has changed or look-ups have run out
        self.sessions_checked_at = 0.0  # in seconds of the event loop's clock
        self.due = 0.0  # when it may be executed again, in seconds of the event loop's clock
        self.cpu_seconds = 0.0  # of its last execution
        self.job: Job | None = None  # the job that its last result shows, as it was then

    async def join(self, subscriber: Subscriber) -> None:
        """Send the present result to a new subscriber, and from then on every change."""
        async with self._lock:
            self._look_ups_left = MAX_LOOK_UPS
            group = self.groups.get(subscriber.token) or SubscriberGroup(subscriber.token)
            result = await self._result_for(group)
        if result is None or subscriber.closed:
            return
        if not result.last:
            group = self.groups.setdefault(subscriber.token, group)
            group.subscribers[subscriber] = result.comparable
        result.send_to(subscriber)

    def leave(self, subscriber: Subscriber) -> None:
        """Remove a subscriber, if it is one."""
        group = self.groups.get(subscriber.token)
        if group is not None and group.subscribers.pop(subscriber, None) is not None and not group.subscribers:
            del self.groups[subscriber.token]

    def compare(self, marks: Mapping[str, JobMark]) -> None:
        """Be stale where the job that the last result shows has another mark by now, or is gone."""
        if self.job is not None and marks.get(self.job.id) != self.job.mark:
            self.stale = True

    async def refresh(self) -> None:
        """Execute the topic again, and send the result to each subscriber for whom it has changed."""
        self.stale = False
        turn = 0
        for group, subscribers, result in await self._current_results():
            if result.passing_error:
                self.stale = True  # retried in the next round; subscribers keep the result they have
                continue
            for subscriber in subscribers:
                self._send_changed(group, subscriber, result)
                turn += 1
                if turn % YIELD_EVERY == 0:
                    await asyncio.sleep(0)

    def _send_changed(self, group: SubscriberGroup, subscriber: Subscriber, result: TopicResult) -> None:
        """Send the result to one who is still there and for whom it has changed."""
        before = group.subscribers.get(subscriber)
        if before is not None and (result.last or before != result.comparable):
            group.subscribers[subscriber] = result.comparable
            if result.last:
                self.leave(subscriber)
            result.send_to(subscriber, before)

    async def _current_results(self) -> list[tuple[SubscriberGroup, list[Subscriber], TopicResult]]:
        """Return every group as it is now with its result, except those for whom look-ups have run out."""
        results = []
        async with self._lock:
            self._results, self._look_ups_left, self.cpu_seconds = [], MAX_LOOK_UPS, 0.0
            for number, group in enumerate(list(self.groups.values()), 1):
                result = await self._result_for(group)
                if result is None:
                    self.stale = True
                else:
                    results.append((group, list(group.subscribers), result))
                if number % YIELD_EVERY == 0:
                    await asyncio.sleep(0)
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
        self.job = context.job_shown or self.job
        body = responses.result_body(result, context.language)
        self.cpu_seconds += thread_time() - started_at
        codes = [error["extensions"]["code"] for error in body.get("errors", ())]
        for code in codes:
            self._instrumentation.count_error(code)
        failed = result.data is None and set(codes) != {ErrorCode.RESULTS_HIDDEN.name}
        payload = orjson.dumps(body["errors"] if failed else body)
        # What a group is known to see was found by an earlier look-up of its viewer.
        viewer_specific = context.viewer.was_asked or bool(group.visible)
        if viewer_specific:
            group.visible.update({slug: True for slug, visible in context.results.visible.items() if visible})
        personal = context.viewer.is_personal or context.signed_out_only
        comparable = _without_times(payload, context)
        return TopicResult(
            payload=payload,
            comparable=comparable,
            visible=dict(context.results.visible),
            viewer_specific=viewer_specific,
            personal=personal,
            failed=failed,
            passing_error=not PASSING_ERRORS.isdisjoint(codes),
            job=context.job_shown,
            changes=None if personal else self._changes(body, comparable, context),
        )

    def _changes(self, body: dict[str, Any], comparable: bytes, context: Context) -> Changes | None:
        """What has changed since the result before for the same viewers, where only that is wanted."""
        if context.rows_shown is None:
            return None
        selection, viewers = root_selection(self._subscription), tuple(context.results.visible.items())
        page = page_of(body, context.rows_shown, selection, comparable, partial(_without_times, context=context))
        if page is None:
            return None
        before, self._pages[viewers] = self._pages.get(viewers), page
        return None if before is None else changes_between(before, page, body, selection)


def _without_times(payload: bytes, context: Context) -> bytes:
    """Remove the timestamps that change with every execution: of the snapshot, and of the present."""
    snapshot = context.snapshot
    calendars = {campaign.time_zone: campaign.calendar for campaign in snapshot.directory.campaigns.values()}
    for calendar in calendars.values():
        for time in (*snapshot.moments, context.now):
            payload = payload.replace(format_datetime(calendar.local(time)).encode(), b"")
    return payload
