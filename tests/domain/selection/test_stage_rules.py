"""Do a stage's rules in a record say what its campaign says?"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.selection.record import AwardRule, RubricCriterion
from api.domain.selection.stage_rules import rules_of
from api.domain.selection.terms import InputSource, StageInput, StageKind
from api.formats.campaign_toml import read_campaign_file
from tests.selection_files import DIGEST, FILE


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    file = tmp_path / "campaign.toml"
    file.write_text(FILE, "utf-8")
    return read_campaign_file(file)[0]


def test_the_rules_are_those_of_stage_panel_and_campaign(campaign: Campaign) -> None:
    stage = campaign.stages[1]
    rules = rules_of(campaign, stage)
    assert (rules.kind, rules.seats, rules.places, rules.threshold) == (StageKind.EXPERT_SCORES, 4, 2, Decimal("59.5"))
    assert (rules.inputs, rules.ties, rules.further_criteria) == (stage.inputs, stage.ties, stage.further_criteria)
    assert campaign.panel is not None
    assert (rules.quorum, rules.aggregation, rules.lot_digest) == (3, campaign.panel.aggregation, DIGEST)
    assert rules.rubric == (
        RubricCriterion("CRAFT", Decimal("0.6")),
        RubricCriterion("IDEA", Decimal("0.4")),
        RubricCriterion("NOTE", counted=False),
    )


def test_awards_are_the_last_stages_alone(campaign: Campaign) -> None:
    first, last = rules_of(campaign, campaign.stages[1]), rules_of(campaign, campaign.stages[2])
    assert first.awards == ()
    assert last.awards == (AwardRule("GOLD", 1, Decimal(150)), AwardRule("SILVER", 2))


def test_without_inputs_a_stage_goes_by_what_its_kind_names(campaign: Campaign) -> None:
    stage = replace(campaign.stages[1], inputs=())
    assert rules_of(campaign, stage).inputs == (StageInput(InputSource.EXPERT_SCORES),)
    assert rules_of(campaign, replace(stage, kind=StageKind.DECISION)).inputs == ()


def test_without_a_panel_there_is_nothing_of_one(campaign: Campaign) -> None:
    rules = rules_of(replace(campaign, panel=None), campaign.stages[1])
    assert (rules.quorum, rules.aggregation, rules.rubric) == (None, None, ())
