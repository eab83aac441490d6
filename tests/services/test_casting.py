"""Does the one door let in what the rules allow, refuse the rest with everything that is wrong, and forget no retry?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.domain.errors import ApiError
from api.domain.voting.ballots import Draft
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.violations import (
    QuotaExhausted,
    RepeatedChoices,
    TooFewChoices,
    UnknownProjects,
    VotingClosed,
    VotingNotOpen,
)
from api.services.casting import Allowance, BallotCasting, Refusal
from tests.campaigns import CLOSES, DURING, OPENS, a_campaign, at, project_ids
from tests.memory import MemoryBallots

CAMPAIGN = a_campaign(voter_salt="a salt")
DAILY = CAMPAIGN.quota
MIDNIGHT = at("2017-03-26 00:00")


@pytest.fixture
def box() -> MemoryBallots:
    return MemoryBallots()


@pytest.fixture
def casting(box: MemoryBallots) -> BallotCasting:
    return BallotCasting(box, b"server secret")


def draft(first: int = 1, last: int = 12, key: str | None = None) -> Draft:
    return Draft(project_ids(*range(first, last + 1)), key)


async def test_an_allowed_ballot_is_stored_without_reading_anything(casting, box) -> None:
    ballot = await casting.cast(CAMPAIGN, "lin", draft(), DURING)
    assert ballot.numbers == tuple(range(1, 13))
    assert ballot.day == DURING.date()
    assert box.reads == 0
    assert await box.find([ballot.id]) == (ballot,)


async def test_a_second_ballot_waits_for_midnight(casting) -> None:
    await casting.cast(CAMPAIGN, "lin", draft(), DURING)
    again = await casting.cast(CAMPAIGN, "lin", draft(20, 40), DURING)
    assert again == Refusal((QuotaExhausted(1, QuotaPeriod.DAY, MIDNIGHT),))
    tomorrow = await casting.cast(CAMPAIGN, "lin", draft(), MIDNIGHT)
    assert [ballot.day.day for ballot in await casting.ballots_of(CAMPAIGN, "lin")] == [25, 26]
    assert tomorrow.day.day == 26


async def test_everything_wrong_is_said_at_once_the_quota_included(casting) -> None:
    await casting.cast(CAMPAIGN, "lin", draft(), DURING)
    one = project_ids(1)[0]
    refusal = await casting.cast(CAMPAIGN, "lin", Draft((one, one, "nothing")), DURING)
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
    await casting.cast(CAMPAIGN, "lin", draft(), CLOSES - timedelta(seconds=1))
    refusal = await casting.cast(CAMPAIGN, "lin", draft(), moment)
    assert [type(violation) for violation in refusal.violations] == [expected]


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1), timedelta(days=30)])
async def test_a_retry_gets_its_ballot_back_whenever_it_comes(casting, box, later) -> None:
    first = await casting.cast(CAMPAIGN, "lin", draft(key="a key of mine"), DURING)
    again = await casting.cast(CAMPAIGN, "lin", draft(30, 45, key="a key of mine"), DURING + later)
    assert again == first
    assert len(box.ballots) == 1


async def test_a_wrong_retry_of_a_cast_ballot_is_still_that_ballot(casting) -> None:
    first = await casting.cast(CAMPAIGN, "lin", draft(key="a key of mine"), DURING)
    assert await casting.cast(CAMPAIGN, "lin", Draft((), "a key of mine"), DURING) == first


async def test_a_key_belongs_to_its_voter(casting) -> None:
    lin = await casting.cast(CAMPAIGN, "lin", draft(key="the same key"), DURING)
    wang = await casting.cast(CAMPAIGN, "wang", draft(key="the same key"), DURING)
    assert lin.id != wang.id


async def test_a_check_writes_nothing_and_asks_for_the_quota_only_for_a_known_voter(casting, box) -> None:
    assert await casting.check(CAMPAIGN, "lin", draft(), DURING) == ()
    assert not box.ballots
    await casting.cast(CAMPAIGN, "lin", draft(), DURING)
    assert await casting.check(CAMPAIGN, None, draft(), DURING) == ()
    assert await casting.check(CAMPAIGN, "lin", draft(), DURING) == (QuotaExhausted(1, QuotaPeriod.DAY, MIDNIGHT),)


async def test_a_quota_of_the_campaign_is_spent_over_all_days(casting) -> None:
    campaign = replace(CAMPAIGN, quota=Quota(2, QuotaPeriod.CAMPAIGN))
    for day in range(2):
        await casting.cast(campaign, "lin", draft(), DURING + timedelta(days=day))
    refusal = await casting.cast(campaign, "lin", draft(), DURING + timedelta(days=2))
    assert refusal == Refusal((QuotaExhausted(2, QuotaPeriod.CAMPAIGN, None),))
    assert len(await casting.ballots_of(campaign, "lin")) == 2


async def test_the_allowance_says_what_is_left_and_when_next(casting) -> None:
    before = await casting.allowance(CAMPAIGN, "lin", OPENS - timedelta(hours=1))
    assert before == Allowance(False, 0, DAILY, OPENS)
    assert await casting.allowance(CAMPAIGN, "lin", DURING) == Allowance(True, 1, DAILY, None)
    await casting.cast(CAMPAIGN, "lin", draft(), DURING)
    assert await casting.allowance(CAMPAIGN, "lin", DURING) == Allowance(False, 0, DAILY, MIDNIGHT)
    assert await casting.allowance(CAMPAIGN, "lin", CLOSES) == Allowance(False, 0, DAILY, None)


async def test_on_the_last_day_there_is_no_next_time(casting) -> None:
    last_morning = CLOSES - timedelta(hours=1)
    await casting.cast(CAMPAIGN, "lin", draft(), last_morning)
    assert await casting.allowance(CAMPAIGN, "lin", last_morning) == Allowance(False, 0, DAILY, None)


async def test_a_campaign_without_its_salt_cannot_be_voted_in(casting) -> None:
    with pytest.raises(ApiError, match="voter secret has been destroyed"):
        await casting.cast(replace(CAMPAIGN, voter_salt=None), "lin", draft(), DURING)
