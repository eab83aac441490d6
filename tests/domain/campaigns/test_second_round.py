"""Does a second round begin with those that passed and stand, and with nothing that was announced?"""

from dataclasses import replace

from api.domain.campaigns.projects import Outcome, Standing
from api.domain.campaigns.second_round import second_round
from api.domain.selection import outcome
from api.domain.selection.versions import SelectionVersion, StageSelection
from tests.campaigns import CLOSES
from tests.selecting import THREE, selected_campaign


def test_a_stage_without_an_announced_outcome_begins_none() -> None:
    assert second_round(selected_campaign(), THREE) is None
    assert second_round(selected_campaign(), "NOWHERE") is None


def test_it_has_those_that_passed_and_stand_and_nothing_that_was_announced() -> None:
    rows = tuple(
        outcome.OutcomeRow(number, (), None, None, number in {2, 4, 7}, None, vacates=False) for number in range(1, 11)
    )
    decided = outcome.Outcome(rows, (), 0, {}, (), (), unresolved=False)
    version = SelectionVersion(THREE, 1, CLOSES, decided, "0" * 64)
    campaign = selected_campaign(
        selections=(StageSelection(THREE, (version,)),), published_at=CLOSES, lot_digest="0" * 64
    )
    projects = tuple(
        replace(
            each,
            outcome=Outcome.WINNER,
            award="BEST",
            standing=Standing.DISQUALIFIED if each.number == 4 else Standing.STANDING,
        )
        for each in campaign.projects
    )
    stages = tuple(replace(each, decided=True, decided_at=CLOSES) for each in campaign.stages)
    made = second_round(replace(campaign, projects=projects, stages=stages), THREE)
    assert made is not None
    assert [(each.number, each.position, each.outcome, each.award) for each in made.projects] == [
        (2, 1, Outcome.CANDIDATE, None),
        (7, 2, Outcome.CANDIDATE, None),
    ]
    assert [(each.decided, each.decided_at) for each in made.stages] == [(False, None), (True, CLOSES)]
    assert (made.published_at, made.lot_digest) == (None, None)
