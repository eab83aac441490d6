"""What is watched: each distinct subscription once, however many listen to it, and what each of them is told.

A topic is executed when something has changed, at most once a second, and its answer is written down once. Where the answer
depends on whether the viewer may see the standings, it is executed once for those who may and once for those who may not.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import thread_time
from typing import Protocol

import orjson

from api.context import Context
from api.domain.errors import ErrorCode
from api.execution.subscriptions import Subscription, SubscriptionExecutor
from api.http import responses
from api.instrumentation import Instrumentation
from api.limits import Limits
from api.services.snapshots import Snapshot

MAX_LOOK_UPS = 200  # viewers of a topic whose ballots are looked for in one round; the others' turn comes in the next
YIELD_EVERY = 50  # listeners that are told before anything else has its turn


class Subscriber(Protocol):
    """One subscription of one client. None of these waits for the client: what it does not read is skipped."""

    token: str | None
    address: str  # under which what it asks is counted
    gone: bool  # nobody listens any more

    async def update(self, payload: str) -> None:
        """Here is another result, as JSON; it takes the place of an earlier one that was not sent yet."""
        ...

    async def fail(self, errors: str) -> None:
        """It could not be executed, for these errors, a JSON list; nothing follows."""
        ...

    async def revoke(self) -> None:
        """The token is no longer valid; nothing follows."""
        ...


@dataclass(frozen=True, slots=True)
class TopicResult:
    """What a topic says to those who see the standings of the campaigns in `sees`, and of no other it asked about.

    timeless: the payload without its moment. personal: whether the viewer made a difference. failed: the payload is a
    list of errors, which ends the subscription. broken: the failure is our own.
    """

    payload: str
    timeless: str
    sees: dict[str, bool]
    personal: bool
    failed: bool
    broken: bool

    async def tell(self, listener: Subscriber) -> None:
        """Say it to one."""
        await (listener.fail if self.failed else listener.update)(self.payload)


@dataclass(slots=True)
class SubscriberGroup:
    """The listeners with one token, each with what it was told last.

    seen: the campaigns whose standings it was found to see. Who has cast has cast, so it is not asked twice.
    """

    token: str | None
    heard: dict[Subscriber, str] = field(default_factory=dict)
    seen: dict[str, bool] = field(default_factory=dict)


class Topic:
    """One distinct subscription in one language, which is that of its contexts; they are made from a token."""

    def __init__(
        self,
        events: SubscriptionExecutor,
        wanted: Subscription,
        context_for: Callable[[str | None], Awaitable[Context]],
        limits: Limits,
        instrumentation: Instrumentation,
    ) -> None:
        self._events = events
        self._wanted = wanted
        self._context_for = context_for
        self._limits = limits
        self._instrumentation = instrumentation
        self._answers: list[TopicResult] = []
        self._turn = asyncio.Lock()
        self._look_ups = 0
        self.joining = 0  # newcomers that have not been told anything yet
        self.audiences: dict[str | None, SubscriberGroup] = {}
        self.stale = False  # whether something has changed since it was executed, or somebody's turn did not come
        self.due = 0.0  # when it may be executed again, on the loop's clock
        self.took = 0.0  # seconds of the processor that executing it took when that was done last

    async def join(self, listener: Subscriber) -> None:
        """Tell the newcomer what is so, and from then on whatever changes."""
        async with self._turn:
            self._look_ups = MAX_LOOK_UPS
            audience = self.audiences.get(listener.token) or SubscriberGroup(listener.token)
            answer = await self._answer(audience)
        if answer is None or listener.gone:
            return
        if not answer.failed:
            audience = self.audiences.setdefault(listener.token, audience)
            audience.heard[listener] = answer.timeless
        await answer.tell(listener)

    def leave(self, listener: Subscriber) -> None:
        """Tell no more."""
        audience = self.audiences.get(listener.token)
        if audience is not None and audience.heard.pop(listener, None) is not None and not audience.heard:
            del self.audiences[listener.token]

    async def refresh(self) -> None:
        """Execute it again, and tell each listener whose answer is another now."""
        self.stale = False
        for place, (audience, listener, answer) in enumerate(await self._news()):
            if answer.broken:
                self.stale = True  # it will be tried again; what they know is the newest there is
            elif audience.heard.get(listener, answer.timeless) != answer.timeless:
                audience.heard[listener] = answer.timeless
                await answer.tell(listener)
            if place % YIELD_EVERY == YIELD_EVERY - 1:
                await asyncio.sleep(0)

    async def _news(self) -> list[tuple[SubscriberGroup, Subscriber, TopicResult]]:
        """Every listener with the answer of now, but those whose ballots there was no time to look for."""
        news = []
        async with self._turn:
            self._answers, self._look_ups, self.took = [], MAX_LOOK_UPS, 0.0
            for audience in list(self.audiences.values()):
                answer = await self._answer(audience)
                if answer is None:
                    self.stale = True
                else:
                    news += [(audience, listener, answer) for listener in audience.heard]
        return news

    async def _answer(self, audience: SubscriberGroup) -> TopicResult | None:
        """What is to be said to this audience; None when it would take one look-up too many."""
        for known in self._answers:
            if not known.personal:
                return known
            sees = [await self._sees(audience, slug) for slug in known.sees]
            if None in sees:
                return None
            if sees == list(known.sees.values()):
                return known
        made = await self._execute(audience)
        self._answers.append(made)
        return made

    async def _sees(self, audience: SubscriberGroup, slug: str) -> bool | None:
        """Whether the audience sees a campaign's standings; None when no look-up is left."""
        if slug in audience.seen:
            return True
        if audience.token is not None:
            if self._look_ups == 0:
                return None
            self._look_ups -= 1
            self._wait_longest(audience)
        context = await self._context_for(audience.token)
        campaign = context.snapshot.directory.campaigns.get(slug)
        sees = campaign is not None and await context.results.are_visible(campaign)
        if sees:
            audience.seen[slug] = True
        return sees

    def _wait_longest(self, audience: SubscriberGroup) -> None:
        """Whoever was looked up now is looked up after all others."""
        if self.audiences.pop(audience.token, None) is not None:
            self.audiences[audience.token] = audience

    async def _execute(self, audience: SubscriberGroup) -> TopicResult:
        context = await self._context_for(audience.token)
        context.results.visible.update(audience.seen)
        began = thread_time()
        result = responses.limit_length(await self._events.next(self._wanted, context), self._limits.answer)
        body = responses.result_body(result, context.language)
        self.took += thread_time() - began
        codes = [error["extensions"]["code"] for error in body.get("errors", ())]
        for code in codes:
            self._instrumentation.count_error(code)
        failed = result.data is None and set(codes) != {ErrorCode.RESULTS_HIDDEN.name}
        payload = orjson.dumps(body["errors"] if failed else body).decode()
        personal = context.viewer.was_asked or bool(
            audience.seen
        )  # what is known already was found out by asking who it is
        if personal:
            audience.seen.update({slug: True for slug, sees in context.results.visible.items() if sees})
        return TopicResult(
            payload=payload,
            timeless=_timeless(payload, context.snapshot, context),
            sees=dict(context.results.visible),
            personal=personal,
            failed=failed,
            broken=ErrorCode.INTERNAL.name in codes,
        )


def _timeless(payload: str, snapshot: Snapshot, context: Context) -> str:
    """The payload without the moments that move on by themselves: of the counting, and of the answer."""
    calendars = {campaign.time_zone: campaign.calendar for campaign in snapshot.directory.campaigns.values()}
    for calendar in calendars.values():
        for moment in (snapshot.as_of, context.now):
            payload = payload.replace(calendar.local(moment).isoformat(), "")
    return payload
