"""Does every ballot box keep the promises of the port: in memory, on SQLite, on PostgreSQL, from several processes?"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from api.domain.results.tallies import differences
from api.domain.voting.ballots import Admission, Ballot
from api.ports import BallotBox, Tallies
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate
from api.storage.recount import recount_stored
from api.storage.tallies import SqlTallies
from tests.campaigns import LOADED, SLUG, a_campaign
from tests.databases import in_processes
from tests.memory import MemoryBallots

DAY = date(2017, 3, 22)
MOMENT = datetime(2017, 3, 22, 1, 2, 3, 456789, tzinfo=UTC)


@dataclass(frozen=True)
class Boxes:
    """A ballot box and what it has counted."""

    box: BallotBox
    tallies: Tallies


@pytest.fixture(params=["memory", "stored"])
async def boxes(request: pytest.FixtureRequest, database_url: str):
    """Memory stands in for storage in other tests, so it keeps the same promises (twice, once per dialect's run)."""
    if request.param == "memory":
        memory = MemoryBallots()
        yield Boxes(memory, memory)
        return
    async with open_database(database_url) as database:
        await prepare(database)
        yield Boxes(SqlBallotBox(database, shard=3), SqlTallies(database))


async def prepare(database) -> None:
    await migrate(database)
    campaign = a_campaign()
    await SqlCampaigns(database).save(campaign, campaign.districts, LOADED)


def key(number: int) -> str:
    """A ballot id of the right form."""
    digits = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(digits[number >> 5 * place & 31] for place in range(26))


def admission(*ids: int, positions: frozenset[int] = frozenset(range(1, 13)), **changes) -> Admission:
    values = {"campaign": SLUG, "day": DAY, "cast_at": MOMENT, "positions": tuple(sorted(positions))} | changes
    return Admission(ids=tuple(key(number) for number in ids), **values)


async def cast(box: BallotBox, one: Admission) -> Ballot | None:
    """The ballot that is stored for an admission, be it new or not."""
    result = await box.admit(one)
    return None if result is None else result.ballot


async def test_an_admitted_ballot_is_found_as_it_was_cast(boxes: Boxes) -> None:
    ballot = await cast(boxes.box, admission(1, positions=frozenset({50, 1, 17})))
    assert ballot is not None
    assert ballot.positions == (1, 17, 50)
    assert ballot.cast_at == MOMENT
    assert await boxes.box.find([key(2), key(1)]) == (ballot,)
    assert await boxes.box.find([]) == ()


async def test_one_id_is_one_ballot(boxes: Boxes) -> None:
    assert await boxes.box.admit(admission(1)) is not None
    assert await boxes.box.admit(admission(1, positions=frozenset(range(20, 40)))) is None
    counts = (await boxes.tallies.counts())[SLUG]
    assert counts.ballots == {DAY: 1}
    assert counts.votes[DAY] == dict.fromkeys(range(1, 13), 1)


async def test_a_quota_of_three_is_three_slots(boxes: Boxes) -> None:
    ballots = [await cast(boxes.box, admission(1, 2, 3)) for _ in range(4)]
    assert [ballot.id if ballot else None for ballot in ballots] == [key(1), key(2), key(3), None]


async def test_a_known_retry_tag_returns_the_earlier_ballot_and_counts_nothing(boxes: Boxes) -> None:
    first = await cast(boxes.box, admission(1, retry_tag="tag"))
    again = await cast(boxes.box, admission(1, positions=frozenset({9}), retry_tag="tag"))
    next_day = await cast(boxes.box, admission(7, day=date(2017, 3, 23), retry_tag="tag"))
    assert first == again == next_day == await boxes.box.find_retried("tag")
    assert await boxes.box.find_retried("another") is None
    assert (await boxes.tallies.counts())[SLUG].ballots == {DAY: 1}


async def test_a_tag_that_is_known_in_another_campaign_returns_its_ballot(boxes: Boxes) -> None:
    first = await cast(boxes.box, admission(1, retry_tag="here", other_tags=("there",)))
    elsewhere = await boxes.box.admit(admission(2, retry_tag="there", other_tags=("here", "nowhere")))
    assert elsewhere == (first, False)
    assert (await boxes.tallies.counts())[SLUG].ballots == {DAY: 1}
    assert await boxes.box.find_retried("there") is None


async def test_of_two_campaigns_at_once_one_key_casts_in_one(boxes: Boxes) -> None:
    at_once = [
        admission(1, retry_tag="here", other_tags=("there",)),
        admission(2, retry_tag="there", other_tags=("here",), positions=frozenset({9})),
        admission(3, retry_tag="nowhere", other_tags=("never",)),
    ]
    results = await asyncio.gather(*(boxes.box.admit(each) for each in [*at_once, *at_once]))
    assert [result and result.is_new for result in results] == [True, False, True, False, False, False]
    assert len({result.ballot.id for result in results if result}) == 2


async def test_a_ballot_is_new_once_and_its_retry_never(boxes: Boxes) -> None:
    tagged = admission(1, 2, retry_tag="tag")
    at_once = await asyncio.gather(*(boxes.box.admit(tagged) for _ in range(5)))
    later = [await boxes.box.admit(tagged), await boxes.box.admit(admission(1, 2))]
    assert [result and result.is_new for result in at_once] == [True, False, False, False, False]
    assert [result and result.is_new for result in later] == [False, True]


async def test_other_tags_do_not_share_a_quota(boxes: Boxes) -> None:
    assert await boxes.box.admit(admission(1, retry_tag="one")) is not None
    assert await boxes.box.admit(admission(1, retry_tag="two")) is None
    assert await boxes.box.find_retried("two") is None


async def test_a_tag_whose_ballot_was_refused_is_free_again(boxes: Boxes) -> None:
    await boxes.box.admit(admission(1))
    assert await boxes.box.admit(admission(1, retry_tag="tag")) is None
    next_day = await cast(boxes.box, admission(7, day=date(2017, 3, 23), retry_tag="tag"))
    assert next_day is not None
    assert await boxes.box.find_retried("tag") == next_day


async def test_a_tag_leads_to_the_slot_that_its_ballot_was_given(boxes: Boxes) -> None:
    await boxes.box.admit(admission(1, 2, 3))
    second = await cast(boxes.box, admission(1, 2, 3, retry_tag="tag"))
    assert second is not None
    assert second.id == key(2)
    assert await boxes.box.find_retried("tag") == second


async def test_ballots_of_ten_thousand_choices_are_counted(boxes: Boxes) -> None:
    everything, other_day = frozenset(range(1, 10_000)), date(2017, 3, 23)
    results = await asyncio.gather(
        *(boxes.box.admit(admission(n, positions=everything, day=day)) for n, day in enumerate([DAY, DAY, other_day]))
    )
    assert all(results)
    counts = (await boxes.tallies.counts())[SLUG]
    assert counts.votes == {DAY: dict.fromkeys(everything, 2), other_day: dict.fromkeys(everything, 1)}


async def test_counts_are_kept_by_day(boxes: Boxes) -> None:
    other_day = date(2017, 3, 23)
    for number in range(5):
        await boxes.box.admit(admission(number, positions=frozenset({1, 2})))
    await boxes.box.admit(admission(9, positions=frozenset({2, 3}), day=other_day))
    counts = (await boxes.tallies.counts())[SLUG]
    assert counts.ballots == {DAY: 5, other_day: 1}
    assert counts.votes == {DAY: {1: 5, 2: 5}, other_day: {2: 1, 3: 1}}


async def test_one_hundred_at_once_for_one_id_store_one(boxes: Boxes) -> None:
    results = await asyncio.gather(*(boxes.box.admit(admission(1)) for _ in range(100)))
    assert sum(result is not None for result in results) == 1
    assert (await boxes.tallies.counts())[SLUG].ballots == {DAY: 1}


async def test_a_ballot_of_an_unknown_campaign_is_refused_and_leaves_nothing(database) -> None:
    await prepare(database)
    box = SqlBallotBox(database)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await box.admit(admission(1, campaign="nowhere"))
    assert await box.find([key(1)]) == ()
    assert await SqlTallies(database).counts() == {}
    assert await box.admit(admission(1)) is not None


def retry_on_two_days(url: str) -> list[str]:
    """One process: the same request again and again, on either side of midnight."""

    async def run() -> list[str]:
        async with open_database(url) as database:
            box = SqlBallotBox(database)
            days = [admission(1, retry_tag="tag"), admission(2, day=date(2017, 3, 23), retry_tag="tag")]
            ballots = await asyncio.gather(*(cast(box, days[n % 2]) for n in range(20)))
            return [ballot.id if ballot else "" for ballot in ballots]

    return asyncio.run(run())


async def test_one_tag_is_one_ballot_over_all_days_and_processes(fresh_url: Callable[[], str]) -> None:
    url = fresh_url()
    async with open_database(url) as database:
        await prepare(database)
    ids = await asyncio.to_thread(in_processes, 4, retry_on_two_days, url)
    assert len({name for names in ids for name in names}) == 1
    async with open_database(url) as database:
        (counts,) = (await SqlTallies(database).counts()).values()
        assert sum(counts.ballots.values()) == 1


def cast_in_either(url: str) -> list[str]:
    """One process: one key in two campaigns, again and again, each with a quota of its own."""

    async def run() -> list[str]:
        async with open_database(url) as database:
            box, tags = SqlBallotBox(database), ("aa here", "bb there")
            either = [
                admission(*range(10 * n, 10 * n + 9), retry_tag=tags[n], other_tags=(tags[1 - n],)) for n in range(2)
            ]
            ballots = [await cast(box, either[(n + os.getpid()) % 2]) for n in range(20)]
            return [ballot.id if ballot else "" for ballot in ballots]

    return asyncio.run(run())


async def test_one_key_is_one_ballot_over_all_campaigns_and_processes(fresh_url: Callable[[], str]) -> None:
    url = fresh_url()
    async with open_database(url) as database:
        await prepare(database)
    ids = await asyncio.to_thread(in_processes, 4, cast_in_either, url)
    assert len({name for names in ids for name in names}) == 1


def cast_many(url: str) -> int:
    """One process: fifty voters of its own, and fifty tries for the one ballot that all processes want."""
    process = os.getpid()

    async def run() -> int:
        async with open_database(url) as database:
            box = SqlBallotBox(database, shard=process % 2)
            own = [
                box.admit(admission(1000 * (process + 1) + n, positions=frozenset(range(n % 20, n % 20 + 15)) - {0}))
                for n in range(50)
            ]
            shared = [box.admit(admission(1, retry_tag=None)) for _ in range(50)]
            assert None not in await asyncio.gather(*own)
            return sum(result is not None for result in await asyncio.gather(*shared))

    return asyncio.run(run())


async def test_four_processes_store_one_ballot_per_id_and_lose_none(fresh_url: Callable[[], str]) -> None:
    url = fresh_url()
    async with open_database(url) as database:
        await prepare(database)
    stored = await asyncio.to_thread(in_processes, 4, cast_many, url)
    async with open_database(url) as database, database.snapshot() as view:
        tallied = (await SqlTallies(view).counts())[SLUG]
        assert sum(stored) == 1
        assert tallied.ballots == {DAY: 201}
        assert differences(tallied, (await recount_stored(view, SLUG))[0]) == ()
