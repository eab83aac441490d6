"""Where votes are cast one by one, are there never more than n of a voter in a period, and never more than m for a project?"""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from api.domain.campaigns.parts import ChoiceRange
from api.domain.integrity.suspicions import parse_detection_config
from api.domain.people.identity import Voter
from api.domain.results.tallies import differences
from api.domain.voting.ballots import Ballot, Draft
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.votes import ProjectVotesExhausted, VoteQuotaRule, VotesExhausted
from api.services.audit_trail import AuditRecorder
from api.services.casting import BallotCasting
from api.services.suspicions import SuspicionDetector
from api.services.voter_ballots import VoterBallots
from api.storage.ballots import ballot_box
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database, open_database
from api.storage.database.migrator import migrate
from api.storage.recount import recount_stored
from api.storage.tallies import SqlTallies
from tests.campaigns import DURING, LOADED, SLUG, a_campaign, project_ids
from tests.contracts.test_ballot_box import Boxes, admission, boxes, cast, key, prepare
from tests.databases import in_processes
from tests.memory import MemoryElectors, MemorySignals, MemoryTrail
from tests.stored import wait_for_the_log_once

__all__ = ["boxes"]  # the fixture
LIN = Voter("l" * 26)
VOTES = 50  # that each of four processes tries to cast, all for the same voter
PROJECTS = 20  # that they are cast for


def vote(project: int, per_project: int = 1, limit: int = 3, **changes):
    """A vote of the one voter of these tests, who has so many."""
    slots = tuple(key(1000 * project + slot) for slot in range(per_project))
    return admission(*range(1, limit + 1), positions=frozenset({project}), vote_ids=slots, **changes)


def named(results) -> list[tuple[int, ...] | None]:
    return [result and result.positions for result in results]


async def test_each_project_gets_as_many_votes_as_it_may_and_the_voter_casts_no_more_than_they_have(
    boxes: Boxes,
) -> None:
    wanted = [1, 1, 2, 2, 3, 4]
    assert named([await cast(boxes.box, vote(n)) for n in wanted]) == [(1,), None, (2,), None, (3,), None]
    counts = (await boxes.tallies.counts())[SLUG]
    assert [(day, dict(votes)) for day, votes in counts.votes.items()] == [(admission().day, {1: 1, 2: 1, 3: 1})]


async def test_votes_at_once_are_as_votes_one_after_the_other(boxes: Boxes) -> None:
    results = await asyncio.gather(*(cast(boxes.box, vote(n, per_project=2, limit=4)) for n in (1, 1, 1, 2, 2, 2)))
    assert named(results) == [(1,), (1,), None, (2,), (2,), None]


async def test_a_vote_that_is_refused_takes_no_slot(database: Database) -> None:
    await prepare(database)
    box = SqlBallotBox(database)
    for project in (1, 2, 3, 4, 4, 1):
        await box.admit(vote(project))
    assert {row["id"] for row in await database.rows("select id from vote_slots")} == {key(1000 * n) for n in (1, 2, 3)}
    assert await box.admit(vote(4, limit=4)) is not None


async def test_a_retry_finds_its_vote_and_takes_no_other(boxes: Boxes) -> None:
    first = await cast(boxes.box, vote(1, per_project=2, retry_tag="tag"))
    at_once = await asyncio.gather(*(cast(boxes.box, vote(1, per_project=2, retry_tag="tag")) for _ in range(3)))
    assert at_once == [first] * 3
    assert named([await cast(boxes.box, vote(1, per_project=2)) for _ in range(2)]) == [(1,), None]


@pytest.mark.parametrize("per_project", [1, 2])
async def test_votes_whose_answer_was_lost_are_found_again_each_its_own(
    database: Database, monkeypatch: pytest.MonkeyPatch, per_project: int
) -> None:
    """The votes for a project are alike to the microsecond, as those of a client that sends several at once can be."""
    await prepare(database)
    commit, lost = ballot_box.admit_all, []

    async def breaks_once(database, attempt):
        outcome = await commit(database, attempt)
        if not lost:
            lost.append(attempt)
            raise ConnectionResetError("the answer is lost")
        return outcome

    monkeypatch.setattr(ballot_box, "admit_all", breaks_once)
    box = SqlBallotBox(database)
    results = await asyncio.gather(*(box.admit(vote(n, per_project, limit=9)) for n in (1, 1, 1, 2)))
    stored = [result.ballot.id for result in results if result]
    assert [result is not None for result in results] == [True, per_project > 1, False, True]
    assert len(set(stored)) == len(stored) == per_project + 1
    assert len(await database.rows("select id from vote_slots")) == len(stored)
    assert await wait_for_the_log_once(database)


def one_by_one(limit: int, per_project: int):
    rule = VoteQuotaRule(limit, per_project, QuotaPeriod.DAY)
    return a_campaign(choices=ChoiceRange(1, 1), quota=Quota(limit, QuotaPeriod.DAY), rules=(rule,))


def casting_on(database: Database, shard: int) -> BallotCasting:
    secret = b"server secret"
    detector = SuspicionDetector(MemorySignals(), secret, parse_detection_config(""))
    ballots = VoterBallots(SqlBallotBox(database, shard), secret)
    return BallotCasting(ballots, MemoryElectors(), AuditRecorder(MemoryTrail(), secret), detector)


def cast_votes(url: str) -> tuple[int, list[str]]:
    """One process: all its votes at once, each at a moment of its own. How many were cast, and why the others were not."""

    async def run() -> tuple[int, list[str]]:
        async with open_database(url) as database:
            campaign = (await SqlCampaigns(database).directory()).campaigns[SLUG]
            casting = casting_on(database, 3)
            outcomes = await asyncio.gather(
                *(
                    casting.cast(
                        campaign, LIN, Draft(project_ids(n % PROJECTS + 1)), DURING + timedelta(seconds=n), None
                    )
                    for n in range(VOTES)
                )
            )
            refusals = [outcome for outcome in outcomes if not isinstance(outcome, Ballot)]
            assert all(refusal.violations for refusal in refusals)
            return VOTES - len(refusals), [v.code for refusal in refusals for v in refusal.violations]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("limit", "per_project", "stored", "reason"),
    [(30, 2, 30, VotesExhausted.code), (100, 2, 2 * PROJECTS, ProjectVotesExhausted.code)],
)
async def test_two_hundred_votes_of_one_voter_from_four_processes_are_held_to_both_limits(
    fresh_url: Callable[[], str], limit: int, per_project: int, stored: int, reason: str
) -> None:
    url, campaign = fresh_url(), one_by_one(limit, per_project)
    async with open_database(url) as database:
        await migrate(database)
        await SqlCampaigns(database).save(campaign, campaign.districts, LOADED)
    done = await asyncio.to_thread(in_processes, 4, cast_votes, url)
    assert sum(cast for cast, _ in done) == stored
    assert reason in {code for _, codes in done for code in codes}
    async with open_database(url) as database, database.snapshot() as view:
        tallied, recount = (await SqlTallies(view).counts())[SLUG], (await recount_stored(view, SLUG)).counts
        assert differences(tallied, recount) == ()
        votes = Counter[int]()
        for by_project in recount.votes.values():
            votes.update(by_project)
        assert (sum(votes.values()), max(votes.values())) == (stored, per_project)
        assert len(await view.rows("select id from vote_slots")) == stored
        assert await wait_for_the_log_once(view)


async def test_the_refusal_says_which_of_the_two_is_used_up_and_the_allowance_what_is_left(database: Database) -> None:
    campaign = one_by_one(limit=3, per_project=1)
    await migrate(database)
    await SqlCampaigns(database).save(campaign, campaign.districts, LOADED)
    casting, midnight = casting_on(database, 0), campaign.calendar.next_day_begins(DURING)
    stored = (await SqlCampaigns(database).directory()).campaigns[SLUG]

    async def refused(project: int) -> list[type]:
        outcome = await casting.cast(stored, LIN, Draft(project_ids(project)), DURING, None)
        return [] if isinstance(outcome, Ballot) else [type(violation) for violation in outcome.violations]

    assert await refused(7) == []
    assert await refused(7) == [ProjectVotesExhausted]
    allowance = await casting.allowance(stored, LIN, DURING)
    assert (allowance.can_cast, allowance.remaining, allowance.used_up) == (True, 2, project_ids(7))
    assert [await refused(8), await refused(9), await refused(10)] == [[], [], [VotesExhausted]]
    assert await refused(7) == [VotesExhausted, ProjectVotesExhausted]
    allowance = await casting.allowance(stored, LIN, DURING)
    assert (allowance.remaining, allowance.next_allowed_at, allowance.used_up) == (0, midnight, project_ids(7, 8, 9))
    assert (
        await casting.check(stored, LIN, Draft(project_ids(7)), DURING)
        == (await casting.cast(stored, LIN, Draft(project_ids(7)), DURING, None)).violations
    )
