"""Are the counts as of an earlier moment what they were then, whatever was cast or ruled since, and the same for everybody?"""

import asyncio
import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from api.domain.campaigns.parts import VoidedVotes
from api.domain.integrity.rulings import Ruling, RulingKind
from api.domain.results.tallies import NOTHING, Counts, differences
from api.domain.voting.channels import Channel
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import VOIDED_VOTES
from api.storage.database.connection import Database
from api.storage.earlier_counts import SqlTalliesOverTime
from api.storage.moderation import SqlRulings
from api.storage.tallies import SqlTallies
from api.storage.withdrawals import void_votes
from tests.campaigns import SLUG, both
from tests.contracts.test_ballot_box import DAY, MOMENT, admission, key, prepare
from tests.memory import MemoryBallots

FIRST, SECOND = frozenset({1, 2}), frozenset({2, 3})
LATER = MOMENT + timedelta(minutes=5)


async def rows(database: Database) -> list[datetime]:
    return [row["moment"] for row in await database.rows("select moment from earlier_counts order by moment")]


async def test_they_are_what_was_on_record_then(database: Database) -> None:
    await prepare(database)
    box, rulings, chance = SqlBallotBox(database, shard=3), SqlRulings(database), random.Random(2017)
    stood: dict[datetime, Counts] = {}
    for step in range(60):
        now = MOMENT + timedelta(minutes=step)
        ids = [key(each) for each in chance.sample(range(30), 5)]
        if chance.random() < 0.5:
            chosen = frozenset(chance.sample(range(1, 51), 4))
            channel = chance.choice([Channel.WEB, Channel.WECHAT])
            await box.admit(admission(step % 30, positions=chosen, cast_at=now, channel=channel))
        else:
            await rulings.rule(SLUG, ids, Ruling(chance.choice(list(RulingKind)), "why", now, None))
        stood[now + timedelta(seconds=1)] = (await SqlTallies(database).counts()).get(SLUG, NOTHING)
    assert any(counts.held and counts.voided for counts in stood.values())
    for moment, counts in stood.items():
        found = await SqlTalliesOverTime(database).counts_until(SLUG, moment)
        assert differences(found, counts) == ()
        assert Counter(found.channels.get(DAY)) == +Counter(counts.channels.get(DAY))


async def test_who_asks_first_decides_for_every_process_and_for_good(database: Database) -> None:
    await prepare(database)
    box = SqlBallotBox(database)
    await box.admit(admission(1, positions=FIRST))
    await box.admit(admission(2, positions=SECOND, cast_at=LATER))
    first = await SqlTalliesOverTime(database).counts_until(SLUG, LATER)
    assert (first.ballots, first.votes) == ({DAY: 1}, {DAY: {1: 1, 2: 1}})
    await box.admit(admission(3, positions=SECOND))  # cast before, and committed only now
    assert await SqlTalliesOverTime(database).counts_until(SLUG, LATER) == first
    after = await SqlTalliesOverTime(database).counts_until(SLUG, LATER + timedelta(minutes=5))
    assert after.votes == {DAY: {1: 1, 2: 3, 3: 2}}


async def test_many_who_ask_at_once_while_ballots_come_are_told_the_same(database: Database) -> None:
    await prepare(database)
    box = SqlBallotBox(database)
    asked = [SqlTalliesOverTime(database).counts_until(SLUG, LATER) for _ in range(8)]
    cast = [box.admit(admission(number, positions=FIRST)) for number in range(8)]
    await asyncio.gather(*(each for pair in zip(asked, cast, strict=True) for each in pair))
    [told] = {repr(await SqlTalliesOverTime(database).counts_until(SLUG, LATER)) for _ in range(3)}
    assert told


async def test_votes_that_are_voided_are_taken_off_once(database: Database) -> None:
    """What is voided is no part of the present counts; a later ballot's other votes are taken off all the same."""
    await prepare(database)
    await SqlBallotBox(database).admit(admission(1, positions=SECOND))
    await SqlBallotBox(database).admit(admission(2, positions=SECOND, cast_at=LATER))
    voided = VoidedVotes(2, LATER, None, both("刷票", "Bought"), LATER)
    async with database.transaction() as transaction:
        await void_votes(transaction, SLUG, (), voided)
        stored = json.dumps(VOIDED_VOTES.dump((voided,)))
        await transaction.rows("update campaigns set voided_votes = $1 where slug = $2", stored, SLUG)
    found = await SqlTalliesOverTime(database).counts_until(SLUG, LATER)
    assert (found.ballots, found.votes) == ({DAY: 1}, {DAY: {2: 1, 3: 1}})


async def test_those_that_later_ones_replaced_are_deleted_after_a_day(database: Database) -> None:
    await prepare(database)
    tallies = SqlTalliesOverTime(database)
    for hours in (0, 1, 25):
        await tallies.counts_until(SLUG, MOMENT + timedelta(hours=hours))
    assert len(await rows(database)) == 2


async def test_those_in_memory_keep_the_same_promise() -> None:
    memory = MemoryBallots()
    await memory.admit(admission(1, positions=FIRST))
    await memory.admit(admission(2, positions=SECOND, cast_at=LATER))
    assert (await memory.counts_until(SLUG, LATER)).votes == {DAY: {1: 1, 2: 1}}
    assert await memory.counts_until(SLUG, datetime(2017, 1, 1, tzinfo=UTC)) == NOTHING


@pytest.mark.parametrize("moment", [MOMENT, LATER])
async def test_a_ballot_of_the_very_moment_is_not_before_it(database: Database, moment: datetime) -> None:
    await prepare(database)
    await SqlBallotBox(database).admit(admission(1, positions=FIRST, cast_at=moment))
    assert (await SqlTalliesOverTime(database).counts_until(SLUG, moment)).ballots == {}
    assert (await SqlTalliesOverTime(database).counts_until(SLUG, moment + timedelta(microseconds=1))).cast == 1
