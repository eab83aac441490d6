"""Does the one door let in what the rules allow, refuse the rest with everything that is wrong, and forget no retry?"""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from api.domain.audit_trail import TrailKind
from api.domain.campaigns.parts import Pause
from api.domain.campaigns.states import CampaignState
from api.domain.deferred import Deferred
from api.domain.errors import ApiError
from api.domain.integrity.signals import BallotOrigin
from api.domain.integrity.suspicions import SuspicionKind, parse_detection_config
from api.domain.log.entries import client_tag
from api.domain.people.identity import Voter
from api.domain.texts import localized
from api.domain.voting.ballots import Draft
from api.domain.voting.channels import Channel
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.choices import TooFewChoices
from api.domain.voting.rules.distinct import RepeatedChoices
from api.domain.voting.rules.eligibility import EligibilityRule, NotEligible, RequiredClaim
from api.domain.voting.rules.eligible_projects import UnknownProjects
from api.domain.voting.rules.hours import VotingHoursRule
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
def electors() -> MemoryElectors:
    return MemoryElectors({CAMPAIGN.slug: {"lin"}})


@pytest.fixture
def casting(box: MemoryBallots, electors: MemoryElectors, trail: MemoryTrail, signals: MemorySignals) -> BallotCasting:
    secret = b"server secret"
    detector = SuspicionDetector(signals, secret, parse_detection_config(""))
    return BallotCasting(VoterBallots(box, secret), electors, AuditRecorder(trail, secret), detector)


def draft(first: int = 1, last: int = 12, key: str | None = None) -> Draft:
    return Draft(project_ids(*range(first, last + 1)), key)


async def test_an_allowed_ballot_is_stored_without_reading_anything(casting, box) -> None:
    ballot = await casting.cast(CAMPAIGN, Voter("lin"), draft(), DURING, ORIGIN)
    assert ballot.positions == tuple(range(1, 13))
    assert ballot.day == DURING.date()
    assert box.reads == 0
    assert await box.find([ballot.id]) == (ballot,)


async def test_a_ballot_waits_for_the_box_alone_by_steps_and_by_a_coroutine_for_whatever_has_to_be_read(
    casting,
) -> None:
    seen = []
    casting.cast(CAMPAIGN, Voter("lin"), draft(), DURING, ORIGIN).then(seen.append)
    assert [ballot.positions for ballot in seen] == [tuple(range(1, 13))], "it is cast before anybody else has a turn"
    refused = casting.cast(CAMPAIGN, Voter("wang"), draft(1, 2), DURING, ORIGIN)
    jury = replace(CAMPAIGN, rules=(EligibilityRule((), listed=True),))
    of_a_list = casting.cast(jury, Voter("lin"), draft(), DURING, ORIGIN)
    assert not isinstance(refused, Deferred)
    assert not isinstance(of_a_list, Deferred)
    assert isinstance(await refused, Refusal)
    assert isinstance(await of_a_list, Refusal), "lin has cast one"


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


async def test_the_log_gets_a_hash_of_the_key_and_nothing_without_one_or_from_a_polling_place(box) -> None:
    ballots, key = VoterBallots(box, b"server secret"), "a key of mine"
    paper = Voter("place", channel=Channel.PAPER, at_polling_place=True)
    for voter, sent in ((Voter("lin"), key), (Voter("wang"), None), (paper, key)):
        await ballots.admit(CAMPAIGN, voter, draft(key=sent), DURING)
    assert [ballot.client_tag for ballot in box.ballots.values()] == [client_tag(key), None, None]


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


RESIDENTS = EligibilityRule((RequiredClaim("residence", ("310115",)),), listed=False)
JURY = EligibilityRule((), listed=True)
AT_HOME, AWAY = {"residence": ("310101", "310115")}, {"residence": ("310101",)}


@pytest.mark.parametrize(
    ("rule", "voter", "told"),
    [
        (RESIDENTS, Voter("lin", claims=AT_HOME), []),
        (RESIDENTS, Voter("lin", claims=AWAY), [NotEligible]),
        (RESIDENTS, Voter("lin"), [NotEligible]),
        (JURY, Voter("lin"), []),
        (JURY, Voter("wang", claims=AT_HOME), [NotEligible]),
        (None, Voter("wang"), []),
    ],
)
async def test_only_who_is_eligible_may_vote(casting, electors, rule, voter, told) -> None:
    campaign = replace(CAMPAIGN, rules=() if rule is None else (rule,))
    assert [type(each) for each in await casting.check(campaign, voter, draft(), DURING)] == told
    assert (await casting.allowance(campaign, voter, DURING)).can_cast is not bool(told)
    outcome = await casting.cast(campaign, voter, draft(), DURING, ORIGIN)
    assert ([type(each) for each in outcome.violations] if isinstance(outcome, Refusal) else []) == told
    assert bool(electors.asked) == (rule is JURY)


async def test_nobody_is_told_that_they_may_not_vote_before_they_have_signed_in(casting) -> None:
    for rule in (RESIDENTS, JURY):
        assert await casting.check(replace(CAMPAIGN, rules=(rule,)), None, draft(), DURING) == ()


async def test_a_quota_of_the_hour_is_new_every_hour_and_all_its_ballots_are_found(casting, box) -> None:
    hourly = replace(CAMPAIGN, quota=Quota(2, QuotaPeriod.HOUR))
    cast = [
        await casting.cast(hourly, Voter("lin"), draft(), DURING + timedelta(minutes=minute), ORIGIN)
        for minute in (0, 1, 2, 30, 31, 24 * 60)
    ]
    assert [isinstance(outcome, Refusal) for outcome in cast] == [False, False, True, False, False, False]
    assert cast[2].violations == (QuotaExhausted(2, QuotaPeriod.HOUR, at("2017-03-25 10:00")),)
    box.reads = 0
    assert await casting.ballots_of(hourly, "lin") == tuple(ballot for ballot in cast if ballot is not cast[2])
    assert box.reads == 2
    assert await casting.has_cast(hourly, "lin")
    assert not await casting.has_cast(hourly, "wang")


async def test_a_history_has_the_ballots_of_all_campaigns_but_those_that_are_forgotten(casting, box) -> None:
    twice = replace(CAMPAIGN, slug="twice", quota=Quota(2, QuotaPeriod.CAMPAIGN))
    forgotten = replace(CAMPAIGN, slug="forgotten")
    cast = [
        await casting.cast(campaign, Voter("lin"), Draft(tuple(campaign.positions_by_id)[:12]), moment, ORIGIN)
        for campaign, moment in (
            (twice, DURING),
            (CAMPAIGN, DURING + timedelta(minutes=1)),
            (forgotten, DURING + timedelta(minutes=2)),
            (twice, DURING + timedelta(minutes=3)),
        )
    ]
    box.reads = 0
    history = await casting.history((twice, CAMPAIGN, replace(forgotten, voter_salt="")), "lin")
    assert list(history) == [cast[3], cast[1], cast[0]]
    assert box.reads == 2, "one for the first slot of every period, one for the second of that which has two"
    assert not await casting.history((twice, CAMPAIGN), "wang")


async def test_by_each_channel_one_where_the_campaign_says_so(casting) -> None:
    apart = replace(CAMPAIGN, quota=Quota(1, QuotaPeriod.DAY, per_channel=True))
    for campaign, refused in ((apart, False), (replace(CAMPAIGN, slug="together"), True)):
        names = tuple(campaign.positions_by_id)[:12]
        outcomes = [
            await casting.cast(campaign, Voter("lin", channel=channel), Draft(names), DURING, ORIGIN)
            for channel in (Channel.WEB, Channel.WECHAT)
        ]
        assert [isinstance(outcome, Refusal) for outcome in outcomes] == [False, refused]
        found = await casting.ballots_of(campaign, "lin")
        assert found == tuple(outcome for outcome in outcomes if not isinstance(outcome, Refusal))


PAUSE = Pause(DURING, at("2017-03-25 23:00"), localized(zh="核查", en="Checks"))
WITHOUT_END = replace(PAUSE, end=None)
HOURS = VotingHoursRule(time(10), time(22))


@pytest.mark.parametrize(
    ("changed", "now", "can_cast", "next_at"),
    [
        ({"rules": (HOURS,)}, DURING, False, at("2017-03-25 10:00")),
        ({"rules": (HOURS,)}, at("2017-03-25 10:00"), True, None),
        ({"rules": (HOURS,)}, at("2017-03-30 22:00"), False, at("2017-03-31 10:00")),
        ({"rules": (HOURS,)}, OPENS - timedelta(days=9), False, at("2017-03-22 10:00")),
        ({"pauses": (PAUSE,)}, DURING, False, at("2017-03-25 23:00")),
        ({"pauses": (PAUSE,), "rules": (HOURS,)}, DURING, False, at("2017-03-26 10:00")),
        ({"pauses": (WITHOUT_END,)}, DURING, False, None),
        ({"pauses": (PAUSE,)}, at("2017-03-25 23:00"), True, None),
        ({"pauses": (replace(PAUSE, end=CLOSES),)}, DURING, False, None),
    ],
)
async def test_the_allowance_goes_by_hours_and_pauses(casting, changed, now, can_cast, next_at) -> None:
    campaign = replace(CAMPAIGN, **changed)
    expected = Allowance(can_cast, int(can_cast), DAILY, next_at)
    assert await casting.allowance(campaign, Voter("lin"), now) == expected
    assert (await casting.check(campaign, Voter("lin"), draft(), now) == ()) is can_cast


@pytest.mark.parametrize(
    ("state", "told"), [(CampaignState.DRAFT, VotingNotOpen), (CampaignState.ARCHIVED, VotingClosed)]
)
async def test_nobody_votes_in_a_draft_nor_in_what_is_put_away(casting, box, state, told) -> None:
    campaign = replace(CAMPAIGN, state=state)
    refusal = await casting.cast(campaign, Voter("lin"), draft(), DURING, ORIGIN)
    assert [type(violation) for violation in refusal.violations] == [told]
    assert await casting.allowance(campaign, Voter("lin"), DURING) == Allowance(False, 0, DAILY, None)
    assert not box.ballots


async def test_a_quota_that_is_used_up_outlasts_a_pause(casting) -> None:
    await casting.cast(CAMPAIGN, Voter("lin"), draft(), DURING - timedelta(hours=1), ORIGIN)
    paused = replace(CAMPAIGN, pauses=(PAUSE,))
    assert await casting.allowance(paused, Voter("lin"), DURING) == Allowance(False, 0, DAILY, MIDNIGHT)
