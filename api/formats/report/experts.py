"""How the experts scored: each project's score and how far they agree."""

from collections.abc import Iterator

from api.domain.results.report import Report
from api.domain.review.agreement import Agreement
from api.domain.texts import Text
from api.formats.report.markup import Child, Markup, both, element, joined, number
from api.formats.report.ranking import NUMBER, PROJECT
from api.formats.report.tables import facts, numeric, row, section, table

HEADS = (
    NUMBER,
    PROJECT,
    numeric(Text("评审数", "Reviews")),
    numeric(Text("得分", "Score")),
    numeric(Text("平均", "Mean")),
    numeric(Text("中位数", "Median")),
    numeric(Text("标准差", "Deviation")),
    numeric(Text("最低", "Lowest")),
    numeric(Text("最高", "Highest")),
    numeric(Text("分歧", "Disagreement")),
)
NOTE = Text(
    "分歧：标准差占评分标准所允许的最大标准差的百分比；0 为完全一致。",
    "Disagreement is the deviation as a percentage of the largest that the rubric allows; 0 is full agreement.",
)


def experts(report: Report) -> Markup:
    """Show the scores of the panel; nothing where there is none, or while it is reviewing."""
    if not report.scores:
        return joined(())
    titles = report.campaign.by_number
    rows = [
        row(
            f"{project}",
            both(titles[project].title) if project in titles else "",
            number(own.reviews),
            *map(number, (own.score, own.mean, own.median, own.deviation, own.minimum, own.maximum)),
            "–" if own.disagreement is None else f"{own.disagreement}%",
        )
        for project, own in report.scores.items()
    ]
    agreement = [] if report.agreement is None else [facts(_agreement(report.agreement))]
    heading = Text("专家评分", "Experts' scores")
    return section("experts", heading, element("p", NOTE, class_="note"), *agreement, table(HEADS, rows, "second"))


def _agreement(agreement: Agreement) -> Iterator[tuple[Text, Child]]:
    yield Text("专家", "Experts"), number(agreement.experts)
    if agreement.kendalls_w is not None:
        yield Text("肯德尔和谐系数 W", "Kendall's W"), f"{agreement.kendalls_w}"
    if agreement.krippendorffs_alpha is not None:
        yield Text("克里彭多夫 α", "Krippendorff's α"), f"{agreement.krippendorffs_alpha}"
