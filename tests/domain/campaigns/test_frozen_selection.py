"""Does what projects are chosen by stay from the opening on, and what was announced for good?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.frozen import frozen_changes
from api.domain.campaigns.frozen_selection import with_announced
from api.domain.campaigns.parts import Announcement, Award, ChoiceRange
from api.domain.campaigns.projects import Outcome
from api.domain.campaigns.stages import Stage
from api.domain.campaigns.states import CampaignState
from api.domain.review.terms import Aggregation, AggregationMethod, PanelTerms
from api.domain.selection.terms import (
    CriterionSource,
    FurtherCriterion,
    InputSource,
    Normalisation,
    StageInput,
    StageKind,
)
from tests.campaigns import CLOSES, OPENS, a_campaign, at, both

SECOND = timedelta(seconds=1)
BALLOT = at("2017-04-10 09:00")
PANEL = PanelTerms(OPENS + timedelta(days=3), CLOSES + timedelta(days=5), quorum=3)
INPUTS = (StageInput(InputSource.PUBLIC_VOTE, Decimal("0.4")), StageInput(InputSource.EXPERT_SCORES, Decimal("0.6")))
FINALIST = Stage("FINALIST", both("终审", "Finalists"), 30, decided=False, kind=StageKind.EXPERT_SCORES, inputs=INPUTS)
WINNER = Stage(
    "WINNER",
    both("十大", "Winners"),
    10,
    decided=False,
    kind=StageKind.EXPERT_BALLOT,
    opens_at=BALLOT,
    closes_at=BALLOT + timedelta(days=2),
    choices=ChoiceRange(1, 10),
)
CAMPAIGN = a_campaign(
    stages=(FINALIST, WINNER), panel=PANEL, lot_digest="0" * 64, awards=(Award("GOLD", both("金奖", "Gold"), 1),)
)
SHARES = tuple(replace(each, normalisation=Normalisation.SHARE_OF_HIGHEST) for each in INPUTS)
PATHS: dict[str, tuple[dict[str, Any], str]] = {
    "kind of WINNER": ({"stages": (FINALIST, replace(WINNER, kind=StageKind.DECISION))}, "stages"),
    "inputs of FINALIST": ({"stages": (replace(FINALIST, inputs=SHARES), WINNER)}, "stages"),
    "threshold of FINALIST": ({"stages": (replace(FINALIST, threshold=Decimal(60)), WINNER)}, "stages"),
    "places of FINALIST": ({"stages": (replace(FINALIST, places=2), WINNER)}, "stages"),
    "further criteria of FINALIST": (
        {"stages": (replace(FINALIST, further_criteria=(FurtherCriterion(CriterionSource.PUBLIC_VOTE),)), WINNER)},
        "stages",
    ),
    "choices of WINNER": ({"stages": (FINALIST, replace(WINNER, choices=ChoiceRange(10, 10)))}, "stages"),
    "awards": ({"awards": (Award("GOLD", both("金奖", "Gold"), 2),)}, "awards"),
    "lot_digest": ({"lot_digest": "1" * 64}, "lotDigest"),
}
SCORED: dict[str, tuple[dict[str, Any], str]] = {
    "panel": ({"panel": replace(PANEL, aggregation=Aggregation(AggregationMethod.MEDIAN))}, "panel"),
    "criteria": ({"criteria": (replace(CAMPAIGN.criteria[0], maximum=Decimal(10)),)}, "criteria"),
}
ANNOUNCED = replace(
    CAMPAIGN,
    published_at=at("2017-04-08 10:00"),
    stages=(replace(FINALIST, decided=True, decided_at=at("2017-04-08 10:00")), WINNER),
    projects=tuple(
        replace(project, outcome=Outcome.FINALIST if project.number < 30 else Outcome.NOT_SELECTED)
        for project in CAMPAIGN.projects
    ),
    announcements=(Announcement("FINALIST", at("2017-04-08 10:00"), at("2017-04-12 10:00")),),
)
LATER = at("2017-04-09 10:00")


def changes(after: Campaign, now: datetime, before: Campaign = CAMPAIGN) -> list[tuple[str, str]]:
    return [(change.name, change.path[-1]) for change in frozen_changes(before, after, now)]


@pytest.mark.parametrize("name", PATHS)
def test_what_projects_are_chosen_by_is_frozen_from_the_opening_on(name: str) -> None:
    given, path = PATHS[name]
    after = replace(CAMPAIGN, **given)
    assert changes(after, OPENS - SECOND) == []
    assert changes(after, OPENS) == [(name, path)]
    assert changes(CAMPAIGN, OPENS, before=after) == [(name, path)]


@pytest.mark.parametrize("name", SCORED)
def test_what_experts_score_by_is_so_once_the_panel_is_open_too(name: str) -> None:
    given, path = SCORED[name]
    early = replace(CAMPAIGN, panel=replace(PANEL, opens_at=OPENS - timedelta(days=9)))
    after = replace(early, **given)
    if after.panel is not None:
        after = replace(after, panel=replace(after.panel, opens_at=OPENS - timedelta(days=9)))
    assert changes(replace(CAMPAIGN, **given), OPENS) == [(name, path)]
    assert changes(after, OPENS - timedelta(days=10), early) == []
    assert changes(after, OPENS - SECOND, early) == [(name, path)]
    assert changes(after, OPENS - SECOND, replace(early, state=CampaignState.DRAFT)) == []
    assert changes(replace(early, projects=early.projects[1:]), OPENS - SECOND, early) == [("projects", "projects")]


def test_no_panel_comes_or_goes_after_the_opening() -> None:
    without = replace(CAMPAIGN, panel=None)
    assert changes(without, OPENS) == changes(CAMPAIGN, OPENS, without) == [("panel", "panel")]


def test_names_and_what_is_shown_of_the_panel_may_change() -> None:
    criteria = (replace(CAMPAIGN.criteria[0], name=both("新", "New")),)
    assert changes(replace(CAMPAIGN, criteria=criteria, panel=replace(PANEL, published=True)), OPENS) == []


def test_dates_move_until_the_panel_or_the_ballot_is_open() -> None:
    later = replace(CAMPAIGN, panel=replace(PANEL, closes_at=PANEL.closes_at + SECOND))
    assert changes(later, PANEL.opens_at - SECOND) == []
    assert changes(later, PANEL.opens_at) == [("panel dates", "panel")]
    elsewhere = replace(PANEL, opens_at=PANEL.opens_at.astimezone(UTC), closes_at=PANEL.closes_at.astimezone(UTC))
    assert changes(replace(CAMPAIGN, panel=elsewhere), PANEL.opens_at) == []
    ballot = replace(CAMPAIGN, stages=(FINALIST, replace(WINNER, closes_at=BALLOT + timedelta(days=3))))
    assert changes(ballot, BALLOT - SECOND) == []
    assert changes(ballot, BALLOT) == [("dates of WINNER", "stages")]


def with_project(campaign: Campaign, number: int, **given: Any) -> Campaign:
    projects = (replace(each, **given) if each.number == number else each for each in campaign.projects)
    return replace(campaign, projects=tuple(projects))


def test_what_was_announced_is_frozen() -> None:
    decided = replace(FINALIST, decided=True, decided_at=at("2017-04-08 11:00"))
    for after, change in (
        (with_project(ANNOUNCED, 3, outcome=Outcome.NOT_SELECTED), ("outcomes of 3", "projects")),
        (with_project(ANNOUNCED, 3, outcome=Outcome.WINNER, award="GOLD"), ("outcomes of 3", "projects")),
        (replace(ANNOUNCED, stages=(decided, WINNER)), ("decision of FINALIST", "stages")),
        (
            replace(ANNOUNCED, stages=(ANNOUNCED.stages[0], replace(WINNER, decided=True))),
            ("decision of WINNER", "stages"),
        ),
        (replace(ANNOUNCED, published_at=None), ("published_at", "publishedAt")),
    ):
        assert changes(after, LATER, ANNOUNCED) == [change]
        assert not frozen_changes(replace(ANNOUNCED, announcements=()), after, LATER)


def test_whoever_says_nothing_of_it_leaves_it_as_it_is() -> None:
    assert with_announced(ANNOUNCED, replace(CAMPAIGN, announcements=ANNOUNCED.announcements)) == replace(
        ANNOUNCED, published_at=None
    )
    sent = with_project(CAMPAIGN, 3, outcome=Outcome.WINNER)
    assert with_announced(ANNOUNCED, sent).by_number[3].outcome is Outcome.WINNER
    assert with_announced(CAMPAIGN, sent) == sent


def test_the_title_and_the_names_of_criteria_change_at_any_time() -> None:
    criteria = tuple(replace(each, name=both("新意", "Novelty")) for each in CAMPAIGN.criteria)
    renamed = replace(CAMPAIGN, title=both("新名", "A new title"), criteria=criteria)
    assert frozen_changes(CAMPAIGN, renamed, LATER, has_ballots=True) == ()


def test_a_decimal_that_is_written_otherwise_is_no_change() -> None:
    criteria = tuple(replace(each, weight=Decimal("1.00"), step=Decimal("1.0")) for each in CAMPAIGN.criteria)
    inputs = tuple(replace(each, weight=Decimal(f"{each.weight}0")) for each in INPUTS)
    same = replace(CAMPAIGN, criteria=criteria, stages=(replace(FINALIST, inputs=inputs), WINNER))
    assert frozen_changes(CAMPAIGN, same, LATER, has_ballots=True) == ()
