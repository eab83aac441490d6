"""How the scores of a panel are put together, in words generated from its data."""

from collections.abc import Sequence

from api.domain.campaigns.parts import Criterion
from api.domain.exact import plain
from api.domain.review.terms import Aggregation, AggregationMethod
from api.domain.texts import Language, Text, joined


def aggregation_in_words(terms: Aggregation, criteria: Sequence[Criterion] = ()) -> Text:
    """Say it in a few sentences. criteria: those that the experts score by, if the totals are to be explained as well."""
    parts = [*_totals(criteria), _method(terms), _rounding(terms.places)]
    return joined(parts, "", " ")


def _totals(criteria: Sequence[Criterion]) -> list[Text]:
    counted = [criterion for criterion in criteria if criterion.counted]
    if not counted:
        return []
    if len(counted) == 1 and counted[0].weight == 1:
        name = counted[0].name
        return [
            Text(
                "每位专家的总分就是“{name}”一项的分数。",
                "An expert's total is the score for “{name}”.",
                name=name,
            )
        ]
    zh = "、".join(f"{each.name.to(Language.ZH)}×{plain(each.weight)}" for each in counted)
    en = ", ".join(f"{each.name.to(Language.EN)} × {plain(each.weight)}" for each in counted)
    return [
        Text(
            "每位专家的总分由各项分数加权相加：{zh}。",
            "An expert's total is the weighted sum of the scores: {en}.",
            zh=zh,
            en=en,
        )
    ]


def _method(terms: Aggregation) -> Text:
    if terms.method is AggregationMethod.RANK_SUM:
        return Text(
            "每位专家的总分换成名次分：评了n个项目时，最高的得n分，最低的得1分，并列的取平均，再换算成百分制；"
            "项目的专家评分是各位专家名次分的平均值。",
            "Each expert's totals become points by rank: of n projects the best has n points, the last 1, equal ones share, "
            "as a percentage of n. A project's score is the mean of its points.",
        )
    what, before = Text("总分", "totals"), Text("", "")
    if terms.standardised:
        what = Text("标准分", "standard scores")
        before = Text(
            "每位专家的总分先按其本人所打总分的平均值和标准差换算成标准分；"
            "评审不足{standardised_from}个项目的，或总分全部相同的，标准分为0。",
            "Each expert's totals first become standard scores, by the mean and the standard deviation of "
            "that expert's own; with fewer than {standardised_from} projects, or all totals equal, they are "
            "0. ",
            standardised_from=terms.standardised_from,
        )
    is_trimmed = terms.method is AggregationMethod.TRIMMED_MEAN and terms.drop > 0
    method = _trimmed(terms, what) if is_trimmed else _plain_method(terms, what)
    return Text("{before}{method}", "{before}{method}", before=before, method=method)


def _plain_method(terms: Aggregation, what: Text) -> Text:
    mean = Text("中位数", "median") if terms.method is AggregationMethod.MEDIAN else Text("平均值", "mean")
    return Text(
        "项目的专家评分是各位专家{what}的{mean}。",
        "A project's score is the {mean} of its {what}.",
        what=what,
        mean=mean,
    )


def _trimmed(terms: Aggregation, what: Text) -> Text:
    from_on = max(terms.trim_from, 2 * terms.drop + 1)
    zh, few = f"去掉{terms.drop}个最高分和{terms.drop}个最低分后", f"（不足{from_on}个分数时不去）"
    en = f"without the {_highest(terms.drop)} and the {_lowest(terms.drop)}, from {from_on} scores on"
    if terms.per_criterion and not terms.standardised:
        return Text(
            "逐项计算：每项评审标准的分数{zh}取平均值{few}，再加权相加，即为项目的专家评分。",
            "By each criterion, the mean of a project's scores is taken {en}; the weighted sum of these "
            "means is its score.",
            zh=zh,
            few=few,
            en=en,
        )
    return Text(
        "项目的专家评分是各位专家{what}{zh}的平均值{few}。",
        "A project's score is the mean of its {what} {en}.",
        what=what,
        zh=zh,
        few=few,
        en=en,
    )


def _highest(count: int) -> str:
    return "highest" if count == 1 else f"{count} highest"


def _lowest(count: int) -> str:
    return "lowest" if count == 1 else f"{count} lowest"


def _rounding(places: int) -> Text:
    if not places:
        return Text("结果四舍五入取整数。", "It is rounded to a whole number.")
    return Text(
        "结果四舍五入保留{places}位小数。",
        "It is rounded to {places} decimal place{places_2}.",
        places=places,
        places_2="" if places == 1 else "s",
    )
