"""Does every normalisation have its words?"""

from decimal import Decimal

import pytest

from api.domain.selection.input_words import input_in_words, what_counts
from api.domain.selection.terms import ChannelWeight, InputSource, Normalisation, StageInput
from api.domain.voting.channels import Channel
from tests.selection_examples import rich_record


@pytest.mark.parametrize("source", InputSource)
@pytest.mark.parametrize("normalisation", Normalisation)
def test_every_source_and_normalisation_has_words(source: InputSource, normalisation: Normalisation) -> None:
    words = input_in_words(StageInput(source, normalisation=normalisation, points=(Decimal(5),)))
    assert words.zh.endswith("。")
    assert words.en.endswith(".")
    assert words.en[0].isupper()


def test_the_words_have_all_the_numbers() -> None:
    ladder, bands, scores, ballots = (input_in_words(each, is_percentage=True) for each in rich_record().rules.inputs)
    assert ladder.zh == (
        "公众投票（占40%）：按公众得票数的名次计分：第1名100分、第2名80分、第3名60.5分，其余20分；"
        "并列者平分所占名次的分数；短信票每票按0.5票计，网页票每票按2票计。"
    )
    assert (
        bands.en
        == "The public vote (10% of the score): points by the number of votes: 50 from 5 on, 25 from 2 on, 0 below that."
    )
    assert scores.zh == "专家评分（占30%）：以专家评分最高的项目为100、最低的为0，其余按比例折算。"
    assert ballots.en.endswith("the number of experts who named it as a percentage of all experts who voted.")


def test_a_long_ladder_is_told_by_its_ends() -> None:
    points = tuple(Decimal(number) for number in range(50, 0, -1))
    words = what_counts(StageInput(InputSource.PUBLIC_VOTE, normalisation=Normalisation.RANK_LADDER, points=points))
    assert "前50名各有规定的分数，第1名50分，第50名1分，其余0分" in words.zh
    assert "from 50 for place 1 to 1 for place 50" in words.en


def test_a_channel_without_weight_does_not_count_and_one_as_usual_is_not_named() -> None:
    channels = (ChannelWeight(Channel.PAPER, Decimal(0)), ChannelWeight(Channel.WEB, Decimal("1.0")))
    words = what_counts(StageInput(InputSource.PUBLIC_VOTE, channels=channels))
    assert words.zh == "直接采用公众得票数；纸质票不计入"
    assert words.en == "the number of votes as it is; a vote on paper does not count"
