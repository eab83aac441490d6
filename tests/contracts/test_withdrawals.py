"""Do voided votes count nowhere, on either database, whatever is ruled about their ballots and whoever casts meanwhile?"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import VoidedVotes
from api.domain.errors import ApiError
from api.domain.integrity.rulings import BallotStatus, RulingKind, problem
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database, open_database
from api.storage.moderation import SqlRulings
from tests.campaigns import LOADED, SLUG, both
from tests.contracts.test_ballot_box import DAY, MOMENT, admission, key, prepare
from tests.contracts.test_moderation import checked, ruling
from tests.databases import in_processes
from tests.properties import with_examples

HOLD, RELEASE, VOID = RulingKind.HOLD, RulingKind.RELEASE, RulingKind.VOID
REASON = both("刷票", "Bought votes")


def minute(number: int) -> datetime:
    return MOMENT + timedelta(minutes=number)


async def stored(database: Database) -> Campaign:
    campaign = await SqlCampaigns(database).campaign(SLUG)
    assert campaign is not None
    return campaign


async def void(database: Database, position: int, start: int, end: int | None = None) -> None:
    """Void the votes for a project of some minutes, as an organizer's act does."""
    async with SqlCampaigns(database).locked(SLUG) as locked:
        before = await locked.campaign(SLUG)
        assert before is not None
        voided = VoidedVotes(position, minute(start), None if end is None else minute(end), REASON, MOMENT)
        await locked.void_votes(before, voided)
        await locked.change(before, replace(before, voided_votes=(*before.voided_votes, voided)), LOADED)


async def cast(database: Database, number: int, at: int, positions: frozenset[int] = frozenset({1, 2})) -> None:
    judged_by = await stored(database)
    assert await SqlBallotBox(database).admit(
        admission(number, positions=positions, cast_at=minute(at), judged_by=judged_by)
    )


async def test_votes_of_a_time_count_no_longer_and_the_others_stay(database: Database) -> None:
    await prepare(database)
    for number in range(6):
        await cast(database, number, at=number)
    await void(database, 1, start=2, end=4)
    counts = await checked(database)
    assert (counts.ballots[DAY], counts.votes[DAY][1], counts.votes[DAY][2]) == (6, 4, 6)
    assert counts.choices == 12, "how many projects ballots name tells nothing of whose votes were voided"


async def test_votes_cast_later_do_not_count_either_while_the_time_is_open(database: Database) -> None:
    await prepare(database)
    await void(database, 1, start=3)
    await void(database, 40, start=0, end=2)
    for number in range(6):
        await cast(database, number, at=number, positions=frozenset({1, 2, 40}))
    counts = await checked(database)
    assert {position: counts.votes[DAY][position] for position in (1, 2, 40)} == {1: 3, 2: 6, 40: 4}
    assert counts.choices == 18


async def test_a_ballot_that_was_judged_before_is_judged_anew(database: Database) -> None:
    await prepare(database)
    judged_by = await stored(database)
    await void(database, 1, start=0)
    with pytest.raises(ApiError, match="have just changed"):
        await SqlBallotBox(database).admit(admission(1, judged_by=judged_by))


ACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([HOLD, RELEASE, VOID]), st.lists(st.integers(0, 9), min_size=1, max_size=5)),
        st.tuples(st.sampled_from([1, 2, 9]), st.integers(0, 9), st.none() | st.integers(1, 12)),
        st.none(),
    ),
    max_size=8,
)


@with_examples(few=8, every=25)
def test_rulings_and_voided_votes_in_any_order_subtract_nothing_twice(
    fresh_url: Callable[[], str], examples: int
) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(acts=ACTS)
    def counts(acts: list[Any]) -> None:
        asyncio.run(replay(fresh_url(), acts))

    counts()


async def replay(url: str, acts: list[Any]) -> None:
    """Five ballots are there before, and each None casts one more, a minute after the one before."""
    choices = frozenset({1, 2, 9})
    stands: dict[int, BallotStatus] = {}
    voids: list[tuple[int, int, int | None]] = []
    async with open_database(url) as database:
        await prepare(database)
        for each in [None] * 5 + acts:
            match each:
                case None:
                    number = len(stands)
                    await cast(database, number, at=number, positions=choices)
                    stands[number] = BallotStatus.COUNTED
                case (RulingKind() as kind, numbers):
                    await SqlRulings(database).rule(SLUG, [key(n) for n in numbers], ruling(kind))
                    ruled = [n for n in {*numbers} & stands.keys() if problem(stands[n], kind) is None]
                    status = {HOLD: BallotStatus.HELD, VOID: BallotStatus.VOIDED}.get(kind, BallotStatus.COUNTED)
                    stands |= dict.fromkeys(ruled, status)
                case (position, start, end) if end is None or end > start:
                    await void(database, position, start, end)
                    voids.append((position, start, end))
        counts = await checked(database)
    counted = [number for number, status in stands.items() if status is BallotStatus.COUNTED]
    expected = Counter(
        position
        for number in counted
        for position in choices
        if not any(p == position and s <= number and (e is None or number < e) for p, s, e in voids)
    )
    assert {p: n for p, n in counts.votes[DAY].items() if n and p > 0} == dict(expected)
    assert (counts.ballots[DAY], counts.choices) == (len(counted), 3 * len(counted))


def void_and_cast(url: str) -> int:
    """One process: casts fifty ballots, one a minute, and voids votes for number 1 and 2 in between; how many it has cast."""
    process = os.getpid()

    async def run() -> int:
        done = 0
        async with open_database(url) as database:
            box, kept = SqlBallotBox(database, shard=process % 3), SqlRulings(database)
            for number in range(50):
                judged_by = await stored(database)
                one = admission(10_000 * process + number, cast_at=minute(number), judged_by=judged_by)
                try:
                    done += await box.admit(one) is not None
                except ApiError:
                    continue  # somebody has voided votes since
                if number % 10 == 5:
                    await kept.rule(SLUG, [key(10_000 * process + number)], ruling(HOLD))
                if number == 20:
                    await void(database, 1, start=10, end=30)
                if number == 40:
                    await void(database, 2, start=25)
        return done

    return asyncio.run(run())


async def test_processes_that_void_rule_and_cast_at_once_agree_with_the_recount(fresh_url: Callable[[], str]) -> None:
    url = fresh_url()
    async with open_database(url) as database:
        await prepare(database)
    done = await asyncio.to_thread(in_processes, 3, void_and_cast, url)
    async with open_database(url) as database:
        counts = await checked(database)
    assert counts.ballots[DAY] + counts.held[DAY] == sum(done)
    assert 0 < counts.votes[DAY][1] < counts.votes[DAY][3] == counts.ballots[DAY]
