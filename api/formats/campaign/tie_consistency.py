"""Check that every step of a stage's ties can be done: further criteria that there are, lots with a digest."""

from collections.abc import Iterator, Sequence

from api.domain.campaigns.stages import TieStep
from api.domain.selection.terms import CriterionSource, StageKind
from api.domain.texts import Text, joined
from api.formats.campaign.findings import Finding, Place, Tree, is_described
from api.formats.campaign.messages import idle, missing, repeated
from api.formats.campaign.raw_values import tables, value_at

FURTHER, LOT = TieStep.FURTHER_CRITERION.name, TieStep.LOT.name
CRITERION, BALLOT = CriterionSource.CRITERION.name, CriterionSource.EXPERT_BALLOT.name
LIST = Text(
    '依次采用的标准，如[{ source = "EXPERT_SCORES" }]',
    'the criteria in their order, such as [{ source = "EXPERT_SCORES" }]',
)


def tie_findings(tree: Tree, stage: Tree, kind: StageKind, place: Place) -> Iterator[Finding]:
    """Find further criteria that are missing, idle, unknown or there again."""
    ties, further = value_at(stage, list, "ties") or [], list(tables(stage, "further_criteria"))
    if FURTHER in ties and not stage.get("further_criteria"):
        yield missing((*place, "further_criteria"), LIST)
    if FURTHER not in ties and further:
        yield idle(
            (*place, "further_criteria"), Text("ties里没有{further}", "{further} is not among ties", further=FURTHER)
        )
    seen = []
    for index, row in further:
        at = (*place, "further_criteria", index)
        if row in seen:
            yield repeated((*at, "source"), row.get("source"), Text("标准", "criterion"))
        seen.append(row)
        yield from _criterion(tree, row, at)
        if row.get("source") == BALLOT and kind is not StageKind.EXPERT_BALLOT:
            problem = is_described(BALLOT, Text("，但kind是{kind}", ", but kind is {kind}", kind=kind.name))
            yield Finding((*at, "source"), problem, Text("请写另一种source。", "Write another source."))


def _criterion(tree: Tree, row: Tree, place: Place) -> Iterator[Finding]:
    source, code, at = value_at(row, str, "source"), value_at(row, str, "criterion"), (*place, "criterion")
    if source == CRITERION and "criterion" not in row:
        yield missing(at, Text("[[criteria]]中的一个代码", "a code of one of [[criteria]]"))
    elif source != CRITERION and "criterion" in row and source is not None:
        yield idle(at, Text("source是{source}", "source is {source}", source=source))
    elif source == CRITERION and code is not None:
        criteria = [(value_at(each, str, "code"), "maximum" in each) for _, each in tables(tree, "criteria")]
        scored = {name: has_scale for name, has_scale in criteria if name is not None}
        if code not in scored:
            problem = is_described(code, Text("，没有这条标准", ", which names no criterion"))
            remedy = Text("请写以下之一：{scored}。", "Write one of {scored}.", scored=joined(scored))
            add = Text("请添加[[criteria]]表。", "Add a [[criteria]] table.")
            yield Finding(at, problem, remedy if scored else add)
        elif not scored[code]:
            problem = is_described(code, Text("，但这条标准没有分值范围", ", a criterion without a scale"))
            yield Finding(at, problem, Text("请给它添加maximum。", "Give it a maximum."))


def lot_findings(tree: Tree, computed: Sequence[tuple[int, Tree]]) -> Iterator[Finding]:
    """Find lots without the digest of a seed, and a digest without lots."""
    digest, stages = "lot_digest", tables(tree, "stages")
    draws = any(LOT in (value_at(stage, list, "ties") or []) for _, stage in computed)
    if draws and digest not in tree:
        description = Text(
            "抽签种子的SHA-256（64个小写十六进制数字），因为ties里有LOT",
            "the SHA-256 of the seed, 64 small hexadecimal digits: LOT is among ties",
        )
        yield missing((digest,), description)
    named = [LOT in (value_at(stage, list, "ties") or []) for _, stage in stages]
    if digest in tree and named and not any(named):
        yield idle((digest,), Text("没有一个阶段的ties里有LOT", "LOT is among the ties of no stage"))
