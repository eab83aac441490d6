"""Is it said how each stage is decided, in both languages, so that a voter understands it?"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.stages import TieStep
from api.domain.selection.terms import CriterionSource, FurtherCriterion, StageKind
from api.domain.selection.words import further_in_words, is_percentage, stage_in_words
from api.formats.campaign_toml import read_campaign_file
from tests.campaigns import both
from tests.selection_files import FILE


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    file = tmp_path / "campaign.toml"
    file.write_text(FILE, "utf-8")
    return read_campaign_file(file)[0]


def test_a_stage_of_votes_and_scores_says_what_the_parts_are_and_what_follows(campaign: Campaign) -> None:
    words = stage_in_words(campaign, campaign.stages[1])
    assert words.zh == (
        "按得分从高到低选出4个项目。得分由三部分加权相加。"
        "1．公众投票（占30%）：以公众得票数最高的项目为100，其余按比例折算；短信票每票按0.5票计。"
        "2．公众投票（占10%）：按公众得票数分档计分：达到2000得100分，达到1000得50分，不到各档的得10分。"
        "3．专家评分（占60%）：直接采用专家评分。得分四舍五入保留2位小数。"
        "专家评分的算法：每位专家的总分由各项分数加权相加：技艺×0.6、创意×0.4。"
        "项目的专家评分是各位专家总分去掉1个最高分和1个最低分后的平均值（不足5个分数时不去）。结果四舍五入保留2位小数。"
        "每个项目至少须有3位专家评分。得分低于59.5的不入选，名额空缺。"
        "并列时，按另一项标准决定；仍并列时，抽签决定。上述另一项标准为“创意”一项的平均分，再看公众得票数，高者优先。"
    )
    assert words.en == (
        "The 4 projects with the highest scores pass. The score is the weighted sum of three parts. "
        "(1) The public vote (30% of the score): the number of votes as a percentage of the highest, which is 100; a vote by "
        "text message counts 0.5. (2) The public vote (10% of the score): points by the number of votes: 100 from 2000 on, 50 "
        "from 1000 on, 10 below that. (3) The experts' scores (60% of the score): the experts' score as it is. Scores are "
        "rounded to 2 decimal places. The experts' score: An expert's total is the weighted sum of the scores: Craft × 0.6, "
        "Idea × 0.4. A project's score is the mean of its totals without the highest and the lowest, from 5 scores on. It is "
        "rounded to 2 decimal places. Every project needs the scores of at least 3 experts. A score below 59.5 does not pass, "
        "and the seat stays vacant. If projects are equal at the cut line, a further criterion decides; if they still are, "
        "lots are drawn. The further criterion is the mean score for “Idea”, then the number of votes; the higher goes first."
    )


def test_the_last_stage_says_what_can_be_won(campaign: Campaign) -> None:
    words = stage_in_words(campaign, campaign.stages[2])
    assert "1．专家投票（权重2）：专家得票数占投票专家总数的百分比。" in words.zh
    assert "至少须有3位专家投票。" in words.zh
    assert words.zh.endswith("入选项目按得分依次获得：“金奖”1个（得分不低于150），“银奖”2个；奖项可以空缺。")
    assert "(1) The experts' ballot (weight 2)" in words.en
    assert words.en.endswith("win, by score: 1 × “Gold” (score at least 150), 2 × “Silver”. An award may stay vacant.")


def test_a_stage_without_a_score_says_who_decides(campaign: Campaign) -> None:
    assert stage_in_words(campaign, campaign.stages[0]).en == "9 projects are put forward."
    last = replace(campaign.stages[2], kind=StageKind.DECISION, inputs=())
    words = stage_in_words(replace(campaign, stages=(last,)), last)
    assert words.zh == (
        "由主办方决定，至多选出3个项目，决定及理由记录在案。"
        "入选项目按决定的先后依次获得：“金奖”1个，“银奖”2个；奖项可以空缺。"
    )
    assert words.en == (
        "The organizer selects at most 3 projects; the decision is on record with its reason. "
        "Those that pass win, in the order of the decision: 1 × “Gold”, 2 × “Silver”. An award may stay vacant."
    )


def test_votes_alone_are_said_in_a_sentence(campaign: Campaign) -> None:
    stage = replace(
        campaign.stages[1],
        kind=StageKind.PUBLIC_VOTE,
        inputs=(),
        seats=1,
        threshold=None,
        places=0,
        ties=(TieStep.ALL_IN,),
    )
    assert stage_in_words(campaign, stage).en == (
        "The project with the highest score passes. The score is the number of votes as it is. Scores are rounded to whole "
        "numbers. If projects are equal at the cut line, all that are equal pass."
    )


def test_weights_are_shares_only_where_they_add_up_to_the_whole(campaign: Campaign) -> None:
    assert is_percentage(campaign.stages[1].inputs)
    assert not is_percentage(campaign.stages[2].inputs)
    half = replace(campaign.stages[1].inputs[0], weight=Decimal("0.5"))
    assert is_percentage((half, half))


def test_a_further_criterion_is_named_by_what_it_is_called() -> None:
    names = {"IDEA": both("创意", "Idea")}
    criterion = FurtherCriterion(CriterionSource.CRITERION, "IDEA")
    assert further_in_words(names, criterion).zh == "“创意”一项的平均分"
    assert (
        further_in_words(names, FurtherCriterion(CriterionSource.EXPERT_BALLOT)).en
        == "the number of experts who named it"
    )
