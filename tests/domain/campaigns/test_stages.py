"""From when on is it public who was chosen?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.directory import Directory
from api.domain.campaigns.projects import Outcome
from api.domain.campaigns.stages import Stage
from tests.campaigns import CLOSES, DURING, a_campaign, at, both

SECOND = timedelta(seconds=1)
FINALISTS, WINNERS, PUBLISHED = at("2017-04-05 10:00"), at("2017-04-08 10:00"), at("2017-04-10 10:00")


def decided(
    finalists_at: datetime | None = None, winners_at: datetime | None = None, *, winners: bool = True, **changes: Any
) -> Campaign:
    """The campaign with its finalists chosen, and its ten winners where there are any."""
    before = a_campaign()
    submitted, candidate, finalist, winner = before.stages
    stages = (
        submitted,
        candidate,
        replace(finalist, decided=True, decided_at=finalists_at),
        replace(winner, decided=winners, decided_at=winners_at),
    )
    chosen, seats = (Outcome.WINNER, 10) if winners else (Outcome.FINALIST, 30)
    projects = tuple(
        replace(project, outcome=chosen if project.number <= seats else Outcome.NOT_SELECTED)
        for project in before.projects
    )
    return replace(before, **{"stages": stages, "projects": projects, **changes})


def outcomes(campaign: Campaign, now: datetime) -> set[Outcome]:
    return {project.outcome for project in campaign.published(now).projects}


def stages(campaign: Campaign, now: datetime) -> list[bool]:
    return [stage.decided for stage in campaign.published(now).stages]


HIDDEN, SHOWN = {Outcome.CANDIDATE}, {Outcome.WINNER, Outcome.NOT_SELECTED}
MOMENTS = [
    (decided(published_at=PUBLISHED), PUBLISHED),
    (decided(FINALISTS, WINNERS, published_at=PUBLISHED), PUBLISHED),
    (decided(FINALISTS, WINNERS), WINNERS),
    (decided(DURING, DURING), CLOSES),
    (decided(DURING, DURING, published_at=DURING), CLOSES),
    (decided(stages=(), published_at=PUBLISHED), PUBLISHED),
]


@pytest.mark.parametrize(("campaign", "moment"), MOMENTS)
def test_the_outcomes_appear_at_their_moment(campaign: Campaign, moment: datetime) -> None:
    assert outcomes(campaign, DURING) == outcomes(campaign, moment - SECOND) == HIDDEN
    assert outcomes(campaign, moment) == SHOWN
    assert moment.astimezone(UTC) in campaign.transitions


@pytest.mark.parametrize("campaign", [decided(), decided(stages=()), decided(FINALISTS)])
def test_what_has_no_date_is_never_public(campaign: Campaign) -> None:
    assert outcomes(campaign, at("2099-01-01 00:00")) == HIDDEN
    assert not all(stages(campaign, at("2099-01-01 00:00"))) or not campaign.stages


def test_each_stage_appears_at_its_own_moment_unless_the_campaign_has_one() -> None:
    campaign = decided(FINALISTS, WINNERS)
    assert stages(campaign, FINALISTS - SECOND) == [True, True, False, False]
    assert stages(campaign, FINALISTS) == stages(campaign, WINNERS - SECOND) == [True, True, True, False]
    assert stages(campaign, WINNERS) == [True, True, True, True]
    assert stages(replace(campaign, published_at=PUBLISHED), PUBLISHED - SECOND) == [True, True, False, False]


def test_no_stage_appears_before_an_earlier_one() -> None:
    assert stages(decided(WINNERS, FINALISTS), FINALISTS) == [True, True, False, False]


def test_the_date_of_a_decision_is_as_hidden_as_the_decision() -> None:
    campaign = decided(FINALISTS, WINNERS)
    assert [stage.decided_at for stage in campaign.published(FINALISTS).stages] == [None, None, FINALISTS, None]


def test_finalists_are_public_before_there_are_winners() -> None:
    campaign = decided(FINALISTS, winners=False)
    assert outcomes(campaign, FINALISTS - SECOND) == HIDDEN
    assert outcomes(campaign, FINALISTS) == {Outcome.FINALIST, Outcome.NOT_SELECTED}
    assert campaign.published(FINALISTS).next_stage == campaign.stages[3]


def test_a_stage_that_all_have_passed_is_public_from_its_date_on() -> None:
    last = Stage("FINALIST", both("终审", "Finalists"), 50, decided=True, decided_at=FINALISTS)
    projects = tuple(replace(project, outcome=Outcome.FINALIST) for project in a_campaign().projects)
    campaign = a_campaign(stages=(last,), projects=projects)
    assert outcomes(campaign, FINALISTS - SECOND) == HIDDEN
    assert outcomes(campaign, FINALISTS) == {Outcome.FINALIST}
    assert outcomes(replace(campaign, published_at=PUBLISHED), FINALISTS) == HIDDEN


def test_a_stage_before_the_vote_is_public_from_its_date_on_if_it_has_one() -> None:
    first = Stage("SUBMITTED", both("申报", "Submitted"), 117, decided=True, decided_at=DURING)
    campaign = a_campaign(stages=(first, *a_campaign().stages[1:]))
    assert stages(campaign, DURING - SECOND) == [False, False, False, False]
    assert stages(campaign, DURING) == [True, True, False, False]


def test_a_campaign_with_nothing_to_hide_is_returned_as_it_is() -> None:
    campaign, over = a_campaign(), decided(FINALISTS, WINNERS)
    assert campaign.published(DURING) is campaign
    assert over.published(WINNERS) is over
    directory = Directory({campaign.slug: campaign}, {})
    assert directory.published(DURING) is directory


def test_a_directory_is_made_once_between_two_transitions_and_forgets_none() -> None:
    campaign = decided(FINALISTS, WINNERS)
    stored = Directory({campaign.slug: campaign}, {})
    hidden = stored.published(DURING)
    assert hidden is stored.published(DURING + SECOND) is not stored
    assert hidden.transitions == stored.transitions
    assert hidden.published(WINNERS) is stored.published(WINNERS) is stored
    assert outcomes(hidden.campaigns[campaign.slug], DURING) == HIDDEN
