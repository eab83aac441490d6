"""Check that the values of a campaign, each of which may be valid by itself, are consistent with each other.

Values of a wrong type are skipped (the shapes report them), so one mistake hides no other. What needs projects is checked
where there are any: a draft has none at first.
"""

from collections.abc import Collection, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar

from api.domain.texts import Text
from api.formats.campaign.decisions import decision_findings
from api.formats.campaign.findings import Finding, Tree, described, is_described, key_of
from api.formats.campaign.languages import language_findings
from api.formats.campaign.messages import missing, repeated
from api.formats.campaign.money import money_findings
from api.formats.campaign.project_consistency import project_findings
from api.formats.campaign.raw_values import tables, time_at, value_at, values_in
from api.formats.campaign.review_consistency import review_findings
from api.formats.campaign.rule_consistency import rule_findings
from api.formats.campaign.shapes import CampaignShape, DistrictsShape
from api.formats.campaign.stage_consistency import stage_findings

K = TypeVar("K")
MAX_VOTING_SPAN = timedelta(days=366)


def campaign_findings(tree: Tree, districts: Collection[str] | None, *, announced: bool = False) -> list[Finding]:
    """Find the inconsistencies of a campaign.

    districts: the codes of the shared gazetteer; None when they are unknown. announced: whether a selection has made its
    outcomes, with vacant seats and with all who were equal: what they are is on its record.
    """
    return [
        *_window(tree),
        *_visibility(tree),
        *_stages(tree),
        *([] if announced else decision_findings(tree)),
        *stage_findings(tree),
        *review_findings(tree),
        *rule_findings(tree),
        *money_findings(tree),
        *language_findings(tree, CampaignShape),
        *(
            finding
            for table in ("stages", "criteria", "themes", "own_districts", "awards", "projects")
            for finding in _repeated(tree, table, "code")
        ),
        *_repeated(tree, "projects", "number"),
        *project_findings(tree, districts, announced=announced),
    ]


def districts_findings(tree: Tree, languages: list[str] | None) -> list[Finding]:
    """Find the inconsistencies of a districts file. languages: those of the campaign; None when they are unknown."""
    texts = language_findings(tree, DistrictsShape, languages) if languages else []
    return [*_repeated(tree, "districts", "code"), *texts]


def district_codes(tree: Tree) -> list[str]:
    """Return the codes that a districts file defines."""
    return [code for _, code in values_in(tree, "districts", "code", str)]


def _window(tree: Tree) -> Iterator[Finding]:
    opens, closes = time_at(tree, "voting_window", "opens_at"), time_at(tree, "voting_window", "closes_at")
    published = time_at(tree, "published_at")
    place = ("voting_window", "closes_at")
    if opens and closes and closes <= opens:
        problem = is_described(closes, Text("，不晚于opens_at", ", not after opens_at"))
        remedy = Text("请写{opens}之后的时刻。", "Write a time after {opens}.", opens=opens.isoformat())
        yield Finding(place, problem, remedy)
    if opens and closes and closes - opens > MAX_VOTING_SPAN:
        days = (closes - opens).days
        problem = is_described(closes, Text("，在opens_at之后{days}天", ", {days} days after opens_at", days=days))
        yield Finding(place, problem, Text("最多可为366天。", "Write at most 366 days."))
    if closes and published and published < closes:
        problem = is_described(published, Text("，早于投票结束", ", before voting closes"))
        remedy = Text(
            "请写{closes}或更晚的时刻，或删去。",
            "Write {closes} or a later time, or leave it out.",
            closes=closes.isoformat(),
        )
        yield Finding(("published_at",), problem, remedy)


def _visibility(tree: Tree) -> Iterator[Finding]:
    visibility = tree.get("results_visibility")
    if visibility == "DAILY" and "results_at" not in tree:
        yield missing(
            ("results_at",),
            Text(
                '每天公布票数的钟点，如"09:00"', 'the time of the day as of which standings are seen, such as "09:00"'
            ),
        )
    for key, needed, *others in (("results_at", "DAILY"), ("results_step", "LIVE", "AFTER_CASTING")):
        if key in tree and isinstance(visibility, str) and visibility not in (needed, *others):
            problem = Text(
                "没有作用，因为results_visibility是{visibility}",
                "says nothing while results_visibility is {visibility}",
                visibility=visibility,
            )
            remedy = Text(
                '请删去，或写results_visibility = "{needed}"。',
                'Leave it out, or write results_visibility = "{needed}".',
                needed=needed,
            )
            if visibility in ("LIVE", "DAILY", "AFTER_CASTING", "AFTER_CLOSE", "AFTER_PUBLICATION"):
                yield Finding((key,), problem, remedy)


def _stages(tree: Tree) -> Iterator[Finding]:
    for (_, previous), (index, seats) in pairwise(values_in(tree, "stages", "seats", int)):
        if seats > previous:
            problem = is_described(seats, Text("，多于上一阶段", ", more than the stage before it has"))
            most = described(previous)
            remedy = Text(
                "请写{most}或更小的数，或调整阶段顺序。", "Write {most} or less, or reorder the stages.", most=most
            )
            yield Finding(("stages", index, "seats"), problem, remedy)
    decided = list(values_in(tree, "stages", "decided", bool))
    first_open = next((index for index, is_decided in decided if not is_decided), None)
    for index, is_decided in decided:
        if is_decided and first_open is not None and index > first_open:
            key = key_of(("stages", first_open), tree)
            problem = Text("是true，但它前面的{key}尚未决定", "is true, but {key} before it is not decided", key=key)
            remedy = Text("请写false，或按顺序决定各阶段。", "Write false, or decide the stages in their order.")
            yield Finding(("stages", index, "decided"), problem, remedy)
    for index, stage in tables(tree, "stages"):
        for position, _, step in _repetitions(_texts_of(stage, "ties")):
            yield repeated(("stages", index, "ties", position), step, Text("办法", "step"))


def _repeated(tree: Tree, table: str, name: str) -> Iterator[Finding]:
    type_ = int if name == "number" else str
    for index, first_index, value in _repetitions(values_in(tree, table, name, type_)):
        first = f"{table}[{first_index + 1}]"
        problem = is_described(value, Text("，与{first}相同", ", as in {first}", first=first))
        remedy = Text(
            "每个[[{table}]]须有自己的{name}。", "Give each of [[{table}]] a {name} of its own.", table=table, name=name
        )
        yield Finding((table, index, name), problem, remedy)


def _texts_of(tree: Tree, name: str) -> Iterator[tuple[int, str]]:
    return ((index, text) for index, text in enumerate(value_at(tree, list, name) or []) if isinstance(text, str))


def _repetitions(values: Iterator[tuple[int, K]]) -> Iterator[tuple[int, int, K]]:
    """Yield each repetition of a value: its index, the index of the first occurrence, and the value."""
    first_indexes: dict[K, int] = {}
    for index, value in values:
        if value in first_indexes:
            yield index, first_indexes[value], value
        first_indexes.setdefault(value, index)
