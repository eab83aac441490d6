"""Is what ballots were cast under kept as it was, once voting has opened and wherever a ballot is stored?"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.frozen import frozen_changes
from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.projects import Outcome, Project, ProjectLevel
from api.domain.campaigns.stages import TieStep
from api.domain.campaigns.states import ResultsStep, ResultsVisibility
from api.domain.texts import Language
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules import FurtherRule
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.hours import VotingHoursRule
from tests.campaigns import CLOSES, DURING, HUANGPU, OPENS, a_campaign, a_project, at, both

SECOND = timedelta(seconds=1)
LONG_BEFORE = at("2001-01-01")
PUBLISHED = at("2017-05-01 10:00")
FIFTY = a_campaign().projects


def swapped(*numbers: int) -> tuple[Project, ...]:
    """The candidates, of which these have each the number of the next."""
    turn = dict(zip(numbers, (*numbers[1:], numbers[0]), strict=True))
    return tuple(sorted((replace(p, number=turn.get(p.number, p.number)) for p in FIFTY), key=lambda p: p.number))


FROZEN = [
    ("time_zone", "Asia/Tokyo", "Asia/Shanghai would become Asia/Tokyo"),
    ("window", Window(OPENS, CLOSES + SECOND), "2017-03-31T12:00:01+08:00"),
    ("window", Window(OPENS - SECOND, CLOSES), "2017-03-21T23:59:59+08:00"),
    ("choices", ChoiceRange(10, 20), "10 to 30 would become 10 to 20"),
    ("choices", ChoiceRange(9, 30), "10 to 30 would become 9 to 30"),
    ("quota", Quota(2, QuotaPeriod.DAY), "1 a day would become 2 a day"),
    ("quota", Quota(1, QuotaPeriod.CAMPAIGN), "1 a day would become 1 a campaign"),
    ("visibility", ResultsVisibility.AFTER_CLOSE, "LIVE would become AFTER_CLOSE"),
    ("projects", FIFTY[:49], "without 50"),
    ("projects", FIFTY[20:], "without 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 10 others"),
    ("projects", (*FIFTY, a_project(51)), "with 51 more"),
    ("projects", (*FIFTY[1:], replace(FIFTY[0], number=51)), "without 1; with 51 more; 1 would become 51"),
    ("projects", swapped(5, 17), "17 would become 5, 5 would become 17"),
]


def names(before: Campaign, after: Campaign, now: datetime, *, has_ballots: bool = False) -> list[str]:
    return [change.name for change in frozen_changes(before, after, now, has_ballots=has_ballots)]


@pytest.mark.parametrize(("name", "value", "difference"), FROZEN)
def test_what_ballots_are_cast_under_is_frozen_from_the_opening_on(name: str, value: object, difference: str) -> None:
    before, after = a_campaign(), a_campaign(**{name: value})
    assert names(before, after, OPENS - SECOND) == []
    assert names(before, after, OPENS) == [name]
    [change] = frozen_changes(before, after, PUBLISHED)
    assert difference in str(change)


@pytest.mark.parametrize("change", [{"results_step": ResultsStep.HOUR}, {"results_at": time(9)}], ids=str)
def test_so_is_as_of_which_moments_standings_are_seen(change: Any) -> None:
    before, after = a_campaign(), a_campaign(**change)
    assert names(before, after, OPENS - SECOND) == []
    assert names(before, after, OPENS) == ["visibility"]


@pytest.mark.parametrize(
    ("change", "name", "difference"),
    [
        ({"ties": (TieStep.LOT,)}, "ties of WINNER", "none would become LOT"),
        ({"formula": "votes"}, "formula of WINNER", "none would become votes"),
    ],
    ids=["ties", "formula"],
)
def test_no_stage_is_given_a_tie_policy_or_a_formula_after_the_opening(change: Any, name: str, difference: str) -> None:
    before = a_campaign()
    given = a_campaign(stages=(*before.stages[:-1], replace(before.stages[-1], **change)))
    for earlier, later in ((before, given), (given, before)):
        assert names(earlier, later, OPENS - SECOND) == []
        assert names(earlier, later, OPENS) == [name]
    [frozen] = frozen_changes(before, given, OPENS)
    assert (difference, frozen.path) == (frozen.difference, ("input", "stages"))


@pytest.mark.parametrize(("name", "value", "difference"), FROZEN)
def test_a_stored_ballot_freezes_it_whatever_the_clock_says(name: str, value: object, difference: str) -> None:
    before, after = a_campaign(), a_campaign(**{name: value})
    [change] = frozen_changes(before, after, LONG_BEFORE, has_ballots=True)
    assert str(change).startswith(f"{name} (")
    assert difference in str(change)


RULED = [
    ({"cost": Decimal(5)}, BudgetRule(Decimal(100))),
    ({"district": HUANGPU}, GroupChoiceRule(Grouping.DISTRICT, None, 1, None)),
    ({"themes": ()}, GroupChoiceRule(Grouping.THEME, None, None, 3)),
    ({"level": ProjectLevel.DISTRICT}, GroupChoiceRule(Grouping.LEVEL, "DISTRICT", None, 3)),
]


@pytest.mark.parametrize(("change", "rule"), RULED)
def test_what_a_rule_goes_by_is_frozen_with_it_and_without_it_is_not(change: dict, rule: FurtherRule) -> None:
    changed = (replace(FIFTY[0], **change), *FIFTY[1:])
    assert names(a_campaign(), a_campaign(projects=changed), DURING) == []
    for other, frozen in ((rule, ["projects"]), (VotingHoursRule(time(9), time(22)), [])):
        before, after = (a_campaign(rules=(other,), projects=projects) for projects in (FIFTY, changed))
        assert names(before, after, DURING) == frozen


def test_all_frozen_changes_are_told_at_once() -> None:
    after = a_campaign(**{name: value for name, value, _ in FROZEN})
    everything = list(dict.fromkeys(name for name, _, _ in FROZEN))
    assert names(a_campaign(), after, DURING) == everything
    assert names(a_campaign(), after, LONG_BEFORE, has_ballots=True) == everything


def test_moving_the_opening_does_not_thaw_anything() -> None:
    postponed = a_campaign(window=Window(DURING + SECOND, CLOSES))
    assert names(a_campaign(), postponed, DURING) == ["window"]


def test_texts_outcomes_stages_and_publication_may_change_at_any_time() -> None:
    before = a_campaign()
    after = a_campaign(
        title=both("新名", "New name"),
        stages=tuple(replace(stage, decided=True) for stage in before.stages),
        projects=tuple(
            replace(project, outcome=Outcome.FINALIST, title=both(f"新{project.title.to(Language.ZH)}", "New"))
            for project in before.projects
        ),
        published_at=PUBLISHED,
        revision=2,
    )
    assert names(before, after, DURING, has_ballots=True) == []


def test_the_same_instants_in_another_zone_are_no_change() -> None:
    moved = Window(OPENS.astimezone(UTC), CLOSES.astimezone(UTC))
    assert names(a_campaign(), a_campaign(window=moved), DURING, has_ballots=True) == []
