"""Is the example of a whole chain a campaign that can open, with the fifty of 2017 and a formula that it calls made up?"""

import hashlib
import re
from decimal import Decimal
from pathlib import Path

from api.domain.campaigns.completeness import incompleteness
from api.domain.review.terms import AggregationMethod
from api.domain.selection.terms import InputSource, Normalisation, StageKind
from api.domain.selection.words import stage_in_words
from api.formats.campaign_toml import read_campaign_file
from tests.campaigns import OPENS
from tests.commands import SEED

FILE = Path(__file__).parents[2] / "examples" / "selection" / "fifty-thirty-ten.toml"


def test_it_can_open_with_the_fifty_of_2017() -> None:
    campaign, _ = read_campaign_file(FILE)
    assert incompleteness(campaign, OPENS) == ()
    seed, _ = read_campaign_file(SEED)
    assert [(each.number, each.title, each.district) for each in campaign.projects] == [
        (each.number, each.title, each.district) for each in seed.projects
    ]
    assert [(each.code, each.name) for each in campaign.criteria] == [(each.code, each.name) for each in seed.criteria]


def test_it_states_the_whole_chain() -> None:
    campaign, _ = read_campaign_file(FILE)
    assert [(stage.kind, stage.seats) for stage in campaign.stages] == [
        (StageKind.SUBMISSION, 50),
        (StageKind.EXPERT_SCORES, 30),
        (StageKind.EXPERT_BALLOT, 10),
    ]
    votes, scores = campaign.stages[1].inputs
    assert (votes.source, votes.weight, votes.normalisation) == (
        InputSource.PUBLIC_VOTE,
        Decimal("0.4"),
        Normalisation.SHARE_OF_HIGHEST,
    )
    assert (scores.source, scores.weight, scores.normalisation) == (
        InputSource.EXPERT_SCORES,
        Decimal("0.6"),
        Normalisation.AS_IS,
    )
    assert campaign.panel is not None
    assert campaign.panel.aggregation.method is AggregationMethod.TRIMMED_MEAN
    assert "40%" in stage_in_words(campaign, campaign.stages[1]).en


def test_it_says_that_it_is_made_up_and_tells_the_seed_of_its_lots() -> None:
    text = FILE.read_text("utf-8")
    assert "are made up" in text
    found = re.search(r'lot_digest = "(\w+)"  # of the seed “([^”]+)”', text)
    assert found is not None
    assert hashlib.sha256(found[2].encode()).hexdigest() == found[1]


def test_the_seed_of_2017_computes_nothing_that_the_notice_does_not_state() -> None:
    campaign, _ = read_campaign_file(SEED)
    assert [stage.kind for stage in campaign.stages] == [StageKind.SUBMISSION, *[StageKind.DECISION] * 3]
    assert [stage.scored_by for stage in campaign.stages] == [()] * 4
    assert campaign.stages[2].formula == "通过接受公众投票、组织专家评审等环节选出"
