"""Would independent databases, each with the ballots of some voters, keep quotas and retries, and count together as one does?

The page describes such a design, of which nothing is built but this: what finds a voter's database, and what adds up.
"""

import asyncio
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from api.domain.people.identity import Voter
from api.domain.results.ranking import ResultOrderField, standings
from api.domain.results.tallies import Counts
from api.domain.voting.ballots import AdmissionResult, Draft
from api.domain.voting.quota import Quota, QuotaPeriod
from api.services.voter_ballots import VoterBallots
from api.storage.ballot_records import audited
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import open_database
from api.storage.tallies import SqlTallies
from tests.campaigns import DURING, LOADED, SLUG, a_campaign
from tests.conftest import FreshUrl

pytestmark = pytest.mark.check
SHARDS = 2
VOTERS = [Voter(f"voter {number}") for number in range(30)]
# In each database the campaign has the same salt, so that a ballot has the same id wherever it lies.
CAMPAIGN = a_campaign(quota=Quota(2, QuotaPeriod.DAY), voter_salt="5a17" * 16)
DAYS = 3


@dataclass(frozen=True)
class Call:
    """A ballot that somebody sends, and its place among all calls."""

    number: int
    voter: Voter
    draft: Draft
    now: datetime


def shard_of(call: Call) -> int:
    """The database of a voter: it follows from what ids and tags are made from, and from nothing else."""
    return zlib.crc32(call.voter.pseudonym.encode()) % SHARDS


def calls() -> list[list[Call]]:
    """Rounds of calls at once: of everybody three ballots a day, of which two are allowed, and retries, some a day later."""
    random, rounds, number = Random(18), [], 0
    sent: list[tuple[Voter, Draft]] = []
    for round_ in range(3 * DAYS):
        now = DURING + timedelta(days=round_ // 3, minutes=round_)
        own = [(voter, a_draft(random, f"{voter.pseudonym} {round_}")) for voter in VOTERS]
        again = [*random.sample(own, 10), *random.sample(sent, min(10, len(sent)))]
        wanted = [*own, *again]
        rounds.append([Call(number + place, *each, now) for place, each in enumerate(wanted)])
        number, sent = number + len(wanted), [*sent, *own]
    return rounds


def a_draft(random: Random, key: str) -> Draft:
    """A ballot of ten projects or more, which most of the time has a key."""
    ids = tuple(random.sample([*CAMPAIGN.positions_by_id], random.randint(10, 30)))
    return Draft(ids, key if random.random() < 0.8 else None)


@dataclass(frozen=True)
class Cast:
    """What one database made of its calls, by their numbers: what was answered, and what it has counted."""

    answers: Mapping[int, AdmissionResult | None]
    counts: Counts


async def cast(url: str, rounds: Sequence[Sequence[Call]]) -> Cast:
    """Cast all of a round at once, in a database in which a recount then agrees with the sums."""
    answers: dict[int, AdmissionResult | None] = {}
    async with open_database(url) as database:
        await SqlCampaigns(database).save(CAMPAIGN, CAMPAIGN.districts, LOADED)
        [campaign] = (await SqlCampaigns(database).directory()).campaigns.values()
        ballots = VoterBallots(SqlBallotBox(database), b"the secret of all servers")
        for calls_ in rounds:
            admitted = [ballots.admit(campaign, call.voter, call.draft, call.now) for call in calls_]
            answers |= zip([call.number for call in calls_], await asyncio.gather(*admitted), strict=True)
        counts = (await SqlTallies(database).counts())[SLUG]
        async with database.snapshot() as view:
            assert (await audited(view, campaign, counts))[1] == []
    return Cast(answers, counts)


async def cast_in_shards(fresh_url: FreshUrl, shard: Callable[[Call], int]) -> list[Cast]:
    """The same calls, each to the database of its shard."""
    return [
        await cast(fresh_url(migrated=True), [[call for call in round_ if shard(call) == n] for round_ in calls()])
        for n in range(SHARDS)
    ]


def merged(all_counts: Sequence[Counts]) -> Counts:
    """The counts of all shards together: sums, for every ballot lies in one of them."""
    ballots, votes, channels = Counter[Any](), Counter[Any](), Counter[Any]()
    for counts in all_counts:
        ballots.update(counts.ballots)
        votes.update({(day, p): n for day, of_day in counts.votes.items() for p, n in of_day.items()})
        channels.update({(day, channel): n for day, of_day in counts.channels.items() for channel, n in of_day.items()})
    return Counts(dict(ballots), nested(votes), channels=nested(channels))


def nested(sums: Mapping[Any, int]) -> dict[Any, dict[Any, int]]:
    return {day: {key: n for (of, key), n in sums.items() if of == day} for day, _ in sums}


async def test_shards_by_voter_answer_and_rank_as_one_database_does(fresh_url: FreshUrl) -> None:
    one = await cast(fresh_url(migrated=True), calls())
    shards = await cast_in_shards(fresh_url, shard_of)
    answers = {number: answer for shard in shards for number, answer in shard.answers.items()}
    assert answers == one.answers, "quotas and retries: the same ballot for every call, or none"
    assert {answer and answer.is_new for answer in answers.values()} == {True, False, None}
    cast_by = Counter(call.voter for round_ in calls() for call in round_ if is_new(answers, call))
    assert {cast_by[voter] for voter in VOTERS} == {2 * DAYS}
    together = merged([shard.counts for shard in shards])
    assert all(0 < shard.counts.cast < one.counts.cast for shard in shards)
    assert together == one.counts
    ours, theirs = (standings(CAMPAIGN, counts, DURING + timedelta(days=DAYS)) for counts in (together, one.counts))
    assert [*map(ours.by_number.get, ours.by_number)] == [*map(theirs.by_number.get, theirs.by_number)]
    assert ours.order(ResultOrderField.RANK) == theirs.order(ResultOrderField.RANK)
    assert len({ours.by_number[number].rank for number in ours.by_number}) > 10


async def test_found_by_anything_but_its_voter_a_ballot_would_be_cast_twice(fresh_url: FreshUrl) -> None:
    shards = await cast_in_shards(fresh_url, lambda call: call.number % SHARDS)
    answers = {number: answer for shard in shards for number, answer in shard.answers.items()}
    ids = Counter(answer.ballot.id for answer in answers.values() if answer and answer.is_new)
    assert max(ids.values()) > 1


def is_new(answers: Mapping[int, AdmissionResult | None], call: Call) -> bool:
    answer = answers[call.number]
    return answer is not None and answer.is_new
