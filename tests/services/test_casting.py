"""Does the one door let in what the rules allow, refuse the rest with everything that is wrong, and forget no retry?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.domain.audit_trail import TrailKind
from api.domain.errors import ApiError
from api.domain.integrity.signals import BallotOrigin
from api.domain.integrity.suspicions import SuspicionKind, parse_detection_config
from api.domain.people.identity import Voter
from api.domain.voting.ballots import Draft
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.choices import TooFewChoices
from api.domain.voting.rules.distinct import RepeatedChoices
from api.domain.voting.rules.eligible_projects import UnknownProjects
from api.domain.voting.rules.idempotency_key import IdempotencyKeyReused
from api.domain.voting.rules.quota import QuotaExhausted
from api.domain.voting.rules.window import VotingClosed, VotingNotOpen
from api.services.audit_trail import AuditRecorder
from api.services.casting import Allowance, BallotCasting, Refusal
from api.services.suspicions import SuspicionDetector
from api.services.voter_ballots import VoterBallots
from tests.campaigns import CLOSES, DURING, OPENS, a_campaign, at, project_ids
from tests.memory import MemoryBallots, MemoryElectors, MemorySignals, MemoryTrail

CAMPAIGN = a_campaign(voter_salt="a salt")
DAILY = CAMPAIGN.quota
MIDNIGHT = at("2017-03-26 00:00")
ORIGIN = BallotOrigin(None, None)


@pytest.fixture
def box() -> MemoryBallots:
    return MemoryBallots()


@pytest.fixture
def trail() -> MemoryTrail:
    return MemoryTrail()


@pytest.fixture
def signals() -> MemorySignals:
    return MemorySignals()


@pytest.fixture
def casting(box: MemoryBallots, trail: MemoryTrail, signals: MemorySignals) -> BallotCasting:
    secret = b"server secret"
    detector = SuspicionDetector(signals, secret, parse_detection_config(""))
    return BallotCasting(VoterBallots(box, secret), MemoryElectors(), AuditRecorder(trail, secret), detector)


def draft(first: int = 1, last: int = 12, key: str | None = None) -> Draft:
    return Draft(project_ids(*range(first, last + 1)), key)


async def test_an_allowed_ballot_is_stored_without_reading_anything(casting, box) -> None:
    ballot = await casting.cast(CAMPAIGN, Voter("lin"), draft(), DURING, ORIGIN)
    assert ballot.positions == tuple(range(1, 13))
    assert ballot.day == DURING.date()
    assert box.reads == 0
    assert await box.find([ballot.id]) == (ballot,)


async def test_a_second_ballot_waits_for_midnight(casting) -> None:
    await casting.cast(CAMPAIGN, Voter("lin"), draft(), DURING, ORIGIN)
    again = await casting.cast(CAMPAIGN, Voter("lin"), draft(20, 40), DURING, ORIGIN)
    assert again == Refusal((QuotaExhausted(1, QuotaPeriod.DAY, MIDNIGHT),))
    tomorrow = await casting.cast(CAMPAIGN, Voter("lin"), draft(), MIDNIGHT, ORIGIN)
    assert [ballot.day.day for ballot in await casting.ballots_of(CAMPAIGN, "lin")] == [25, 26]
    assert tomorrow.day.day == 26


async def test_everything_wrong_is_said_at_once_the_quota_included(casting) -> None:
    await casting.cast(CAMPAIGN, Voter("lin"), draft(), DURING, ORIGIN)
    one = project_ids(1)[0]
    refusal = await casting.cast(CAMPAIGN, Voter("lin"), Draft((one, one, "nothing")), DURING, ORIGIN)
    assert [type(violation) for violation in refusal.violations] == [
        TooFewChoices,
        RepeatedChoices,
        UnknownProjects,
        QuotaExhausted,
    ]


@pytest.mark.parametrize(
    ("moment", "expected"), [(OPENS - timedelta(seconds=1), VotingNotOpen), (CLOSES, VotingClosed)]
)
async def test_outside_the_window_the_quota_is_not_mentioned(casting, moment, expected) -> None:
    await casting.cast(CAMPAIGN, Voter("lin"), draft(), CLOSES - timedelta(seconds=1), ORIGIN)
    refusal = await casting.cast(CAMPAIGN, Voter("lin"), draft(), moment, ORIGIN)
    assert [type(violation) for violation in refusal.violations] == [expected]


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1), timedelta(days=30)])
async def test_a_retry_gets_its_ballot_back_whenever_it_comes(casting, box, later) -> None:
    first = await casting.cast(CAMPAIGN, Voter("lin"), draft(key="a key of mine"), DURING, ORIGIN)
    again = await casting.cast(CAMPAIGN, Voter("lin"), draft(key="a key of mine"), DURING + later, ORIGIN)
    assert again == first
    assert len(box.ballots) == 1


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1), timedelta(days=30)])
@pytest.mark.parametrize("reused", [draft(30, 45, key="a key of mine"), Draft((), "a key of mine")])
async def test_a_key_of_another_ballot_is_refused_with_the_id_of_that_one(casting, box, later, reused) -> None:
    first = await casting.cast(CAMPAIGN, Voter("lin"), draft(key="a key of mine"), DURING, ORIGIN)
    refusal = await casting.cast(CAMPAIGN, Voter("lin"), reused, DURING + later, ORIGIN)
    assert refusal.violations[0] == IdempotencyKeyReused(f"ballot/{first.id}")
    assert await casting.check(CAMPAIGN, Voter("lin"), reused, DURING + later) == refusal.violations
    assert len(box.ballots) == 1


async def test_a_key_that_has_cast_a_ballot_in_another_campaign_is_refused(casting, box) -> None:
    other = a_campaign(slug="elsewhere", voter_salt="another salt")
    first = await casting.cast(CAMPAIGN, Voter("lin"), draft(key="a key of mine"), DURING, ORIGIN)
    ids = tuple(f"project/elsewhere/{number}" for number in range(1, 13))
    there = Draft(ids, "a key of mine", (CAMPAIGN, other))
    reused = (IdempotencyKeyReused(f"ballot/{first.id}"),)
    assert await casting.cast(other, Voter("lin"), there, DURING, ORIGIN) == Refusal(reused)
    assert await casting.check(other, Voter("lin"), there, DURING) == reused
    unlinkable = Draft(ids, "a key of mine", (replace(CAMPAIGN, voter_salt=None), other))
    assert (await casting.cast(other, Voter("lin"), unlinkable, DURING, ORIGIN)).campaign == "elsewhere"
    assert len(box.ballots) == 2


async def test_a_key_belongs_to_its_voter(casting) -> None:
    lin = await casting.cast(CAMPAIGN, Voter("lin"), draft(key="the same key"), DURING, ORIGIN)
    wang = await casting.cast(CAMPAIGN, Voter("wang"), draft(key="the same key"), DURING, ORIGIN)
    assert lin.id != wang.id


async def test_a_check_writes_nothing_and_asks_for_the_quota_only_for_a_known_voter(casting, box) -> None:
    assert await casting.check(CAMPAIGN, Voter("lin"), draft(), DURING) == ()
    assert not box.ballots
    await casting.cast(CAMPAIGN, Voter("lin"), draft(), DURING, ORIGIN)
    assert await casting.check(CAMPAIGN, None, draft(), DURING) == ()
    assert await casting.check(CAMPAIGN, Voter("lin"), draft(), DURING) == (
        QuotaExhausted(1, QuotaPeriod.DAY, MIDNIGHT),
    )


async def test_a_quota_of_the_campaign_is_spent_over_all_days(casting) -> None:
    campaign = replace(CAMPAIGN, quota=Quota(2, QuotaPeriod.CAMPAIGN))
    for day in range(2):
        await casting.cast(campaign, Voter("lin"), draft(), DURING + timedelta(days=day), ORIGIN)
    refusal = await casting.cast(campaign, Voter("lin"), draft(), DURING + timedelta(days=2), ORIGIN)
    assert refusal == Refusal((QuotaExhausted(2, QuotaPeriod.CAMPAIGN, None),))
    assert len(await casting.ballots_of(campaign, "lin")) == 2


async def test_the_allowance_says_what_is_left_and_when_next(casting) -> None:
    before = await casting.allowance(CAMPAIGN, Voter("lin"), OPENS - timedelta(hours=1))
    assert before == Allowance(False, 0, DAILY, OPENS)
    assert await casting.allowance(CAMPAIGN, Voter("lin"), DURING) == Allowance(True, 1, DAILY, None)
    await casting.cast(CAMPAIGN, Voter("lin"), draft(), DURING, ORIGIN)
    assert await casting.allowance(CAMPAIGN, Voter("lin"), DURING) == Allowance(False, 0, DAILY, MIDNIGHT)
    assert await casting.allowance(CAMPAIGN, Voter("lin"), CLOSES) == Allowance(False, 0, DAILY, None)


async def test_on_the_last_day_there_is_no_next_time(casting) -> None:
    last_morning = CLOSES - timedelta(hours=1)
    await casting.cast(CAMPAIGN, Voter("lin"), draft(), last_morning, ORIGIN)
    assert await casting.allowance(CAMPAIGN, Voter("lin"), last_morning) == Allowance(False, 0, DAILY, None)


async def test_a_campaign_without_its_salt_cannot_be_voted_in(casting) -> None:
    with pytest.raises(ApiError, match="voter secret has been destroyed"):
        await casting.cast(replace(CAMPAIGN, voter_salt=None), Voter("lin"), draft(), DURING, ORIGIN)


async def test_a_refusal_goes_on_record_and_a_ballot_or_its_retry_does_not(casting, trail) -> None:
    await casting.cast(CAMPAIGN, Voter("lin"), draft(key="a key of mine"), DURING, ORIGIN)
    await casting.cast(CAMPAIGN, Voter("lin"), draft(key="a key of mine"), DURING, ORIGIN)
    assert trail.noted == []
    await casting.cast(CAMPAIGN, Voter("lin"), draft(1, 2), DURING, ORIGIN)
    await casting.cast(CAMPAIGN, Voter("lin"), draft(), DURING, ORIGIN)
    assert {entry.kind for entry in trail.noted} == {TrailKind.BALLOT_REFUSED}
    assert [entry.details["codes"] for entry in trail.noted] == [
        ["TOO_FEW_CHOICES", "QUOTA_EXHAUSTED"],
        ["QUOTA_EXHAUSTED"],
    ]


@pytest.mark.parametrize("moment", [DURING, CLOSES])
async def test_a_new_ballot_is_compared_with_others_and_its_retry_is_not(casting, signals, moment) -> None:
    """The retries come at the same moment as the ballot did, so the time says nothing about which is new."""
    first = await casting.cast(CAMPAIGN, Voter("lin"), draft(key="a key of mine"), DURING, ORIGIN)
    for _ in range(3):
        assert await casting.cast(CAMPAIGN, Voter("lin"), draft(key="a key of mine"), moment, ORIGIN) == first
    assert signals.noted == []
    second = await casting.cast(CAMPAIGN, Voter("wang"), draft(), DURING, ORIGIN)
    assert [(signal.kind, signal.ballot_id) for signal in signals.noted] == [
        (SuspicionKind.EQUAL_BALLOTS, first.id),
        (SuspicionKind.EQUAL_BALLOTS, second.id),
    ]


async def test_a_ballot_that_no_voter_has_sent_leaves_nothing_but_itself(casting, box, trail, signals) -> None:
    for voter in ("simulated-1", "simulated-2", "simulated-2"):
        await casting.cast(CAMPAIGN, Voter(voter), draft(), DURING, None)
    assert len(box.ballots) == 2
    assert (trail.noted, signals.noted) == ([], [])
