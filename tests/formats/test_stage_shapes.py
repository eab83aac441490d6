"""Do a campaign's panel and stages become what its file says, and come back from the tree that they are written as?"""

from decimal import Decimal
from pathlib import Path

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import ChoiceRange
from api.domain.review.terms import Aggregation, AggregationMethod, Anchor
from api.domain.selection.terms import (
    Band,
    ChannelWeight,
    CriterionSource,
    FurtherCriterion,
    InputSource,
    Normalisation,
    StageInput,
    StageKind,
)
from api.domain.voting.channels import Channel
from api.formats.campaign.inputs import CampaignTrees
from api.formats.campaign_toml import mistakes_in, read_campaign_file
from tests.campaigns import both
from tests.selection_files import DIGEST, FILE


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    file = tmp_path / "campaign.toml"
    file.write_text(FILE, "utf-8")
    assert mistakes_in(file) == ()
    return read_campaign_file(file)[0]


def test_a_file_states_the_panel_and_its_rubric(campaign: Campaign) -> None:
    assert campaign.panel is not None
    assert campaign.panel.aggregation == Aggregation(AggregationMethod.TRIMMED_MEAN, 1, 5, places=2)
    assert (campaign.panel.quorum, campaign.panel.published, campaign.lot_digest) == (3, True, DIGEST)
    craft, idea, note = campaign.criteria
    assert (craft.weight, craft.maximum, craft.step) == (Decimal("0.6"), Decimal(100), Decimal(5))
    assert craft.anchors[0] == Anchor(Decimal(60), both("合格", "Sound"))
    assert (idea.minimum, idea.step, idea.counted) == (Decimal(0), Decimal(1), True)
    assert (note.minimum, note.step, note.counted) == (Decimal(1), Decimal("0.5"), False)


def test_a_file_states_what_each_stage_is_decided_by(campaign: Campaign) -> None:
    submitted, finalist, winner = campaign.stages
    assert (submitted.kind, submitted.scored_by) == (StageKind.SUBMISSION, ())
    assert (finalist.threshold, finalist.places) == (Decimal("59.5"), 2)
    assert finalist.inputs[0].channels == (ChannelWeight(Channel.SMS, Decimal("0.5")),)
    assert finalist.inputs[1].bands[0] == Band(Decimal(1000), Decimal(50))
    assert finalist.inputs[2] == StageInput(InputSource.EXPERT_SCORES, Decimal("0.6"))
    assert finalist.further_criteria[0] == FurtherCriterion(CriterionSource.CRITERION, "IDEA")
    assert (winner.choices, winner.inputs[1].normalisation) == (ChoiceRange(1, 3), Normalisation.RANK_LADDER)
    assert winner.inputs[1].points == (Decimal(20), Decimal(18), Decimal("16.5"))
    assert [award.threshold for award in campaign.awards] == [Decimal(150), None]


def test_a_campaign_comes_back_from_its_tree(campaign: Campaign) -> None:
    trees = CampaignTrees()
    assert trees.read(trees.tree(campaign, ()), {}, draft=False) == campaign


def test_a_stage_without_inputs_is_scored_by_what_its_kind_names(campaign: Campaign) -> None:
    trees = CampaignTrees()
    tree = trees.tree(campaign, ())
    for key in ("inputs", "further_criteria", "ties"):
        del tree["stages"][1][key]
    del tree["lot_digest"]
    made = trees.read(tree, {}, draft=False)
    assert isinstance(made, Campaign)
    assert made.stages[1].inputs == ()
    assert made.stages[1].scored_by == (StageInput(InputSource.EXPERT_SCORES),)
