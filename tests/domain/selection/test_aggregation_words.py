"""Is it said how a panel's scores are put together?"""

from decimal import Decimal

import pytest

from api.domain.campaigns.parts import Criterion
from api.domain.review.terms import Aggregation, AggregationMethod
from api.domain.selection.aggregation_words import aggregation_in_words
from tests.campaigns import both


@pytest.mark.parametrize(
    ("terms", "zh", "en"),
    [
        (
            Aggregation(),
            "项目的专家评分是各位专家总分的平均值。结果四舍五入保留4位小数。",
            "A project's score is the mean of its totals. It is rounded to 4 decimal places.",
        ),
        (
            Aggregation(AggregationMethod.MEDIAN, places=0),
            "项目的专家评分是各位专家总分的中位数。结果四舍五入取整数。",
            "A project's score is the median of its totals. It is rounded to a whole number.",
        ),
        (
            Aggregation(AggregationMethod.TRIMMED_MEAN, drop=2, trim_from=3, places=1),
            "项目的专家评分是各位专家总分去掉2个最高分和2个最低分后的平均值（不足5个分数时不去）。结果四舍五入保留1位小数。",
            "A project's score is the mean of its totals without the 2 highest and the 2 lowest, from 5 scores on. It is "
            "rounded to 1 decimal place.",
        ),
        (
            Aggregation(AggregationMethod.TRIMMED_MEAN, drop=0, places=0),
            "项目的专家评分是各位专家总分的平均值。结果四舍五入取整数。",
            "A project's score is the mean of its totals. It is rounded to a whole number.",
        ),
        (
            Aggregation(AggregationMethod.TRIMMED_MEAN, per_criterion=True, places=0),
            "逐项计算：每项评审标准的分数去掉1个最高分和1个最低分后取平均值（不足3个分数时不去），再加权相加，即为项目的专家评分。"
            "结果四舍五入取整数。",
            "By each criterion, the mean of a project's scores is taken without the highest and the lowest, from 3 scores on; "
            "the weighted sum of these means is its score. It is rounded to a whole number.",
        ),
    ],
)
def test_every_method_has_its_words(terms: Aggregation, zh: str, en: str) -> None:
    words = aggregation_in_words(terms)
    assert (words.zh, words.en) == (zh, en)


def test_standard_scores_come_first_and_trimming_goes_by_them() -> None:
    words = aggregation_in_words(Aggregation(AggregationMethod.TRIMMED_MEAN, standardised=True, per_criterion=True))
    assert "评审不足5个项目的，或总分全部相同的，标准分为0。项目的专家评分是各位专家标准分去掉1个最高分" in words.zh
    assert (
        "with fewer than 5 projects, or all totals equal, they are 0. A project's score is the mean of its standard"
        in words.en
    )


def test_ranks_are_explained() -> None:
    words = aggregation_in_words(Aggregation(AggregationMethod.RANK_SUM, standardised=True))
    assert "评了n个项目时，最高的得n分" in words.zh
    assert "标准分" not in words.zh
    assert "of n projects the best has n points" in words.en


def test_totals_are_explained_by_the_criteria_that_count() -> None:
    craft = Criterion("CRAFT", both("技艺", "Craft"), Decimal("0.60"))
    note = Criterion("NOTE", both("备考", "Note"), counted=False)
    assert aggregation_in_words(Aggregation(), (craft, note)).zh.startswith(
        "每位专家的总分由各项分数加权相加：技艺×0.6。"
    )
    only = Criterion("IDEA", both("创意", "Idea"))
    assert aggregation_in_words(Aggregation(), (only, note)).en.startswith(
        "An expert's total is the score for “Idea”. A"
    )
