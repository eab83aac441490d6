"""Check that what a stage is decided by fits its kind, the panel, the criteria and the candidates."""

from collections.abc import Iterator

from api.domain.campaigns.stages import OWN_SOURCE
from api.domain.selection.terms import StageKind
from api.domain.texts import Text
from api.formats.campaign.expert_ballot_consistency import ballot_findings
from api.formats.campaign.findings import Finding, Place, Tree, is_described
from api.formats.campaign.highest_scores import threshold_findings
from api.formats.campaign.input_consistency import input_findings
from api.formats.campaign.messages import idle, missing
from api.formats.campaign.raw_values import member_at, number_at, tables, value_at
from api.formats.campaign.tie_consistency import lot_findings, tie_findings

BALLOT = StageKind.EXPERT_BALLOT
OF_SCORES, OF_BALLOTS = ("inputs", "threshold", "places", "further_criteria"), ("opens_at", "closes_at", "choices")
EXPERTS = {"EXPERT_SCORES", "EXPERT_BALLOT", "EXPERT_REVOTE", "CRITERION"}  # kinds, sources and steps that need them
PANEL = Text("[panel]表，因为{why}要用专家", "a [panel] table, since {why} needs the experts")


def stage_findings(tree: Tree) -> Iterator[Finding]:
    """Find what no stage can be decided by."""
    for index, stage in tables(tree, "stages"):
        kind = kind_of(stage)
        if kind is None:
            continue
        place = ("stages", index)
        yield from _idle_keys(stage, kind, place)
        if kind in OWN_SOURCE:
            yield from _inputs(tree, stage, kind, place)
            yield from tie_findings(tree, stage, kind, place)
        if kind is BALLOT:
            yield from ballot_findings(tree, stage, index)
    yield from _panel(tree)
    yield from lot_findings(tree, computed_stages(tree))
    yield from threshold_findings(tree, computed_stages(tree))


def kind_of(stage: Tree) -> StageKind | None:
    """The kind of a stage; None where it has none that there is."""
    return member_at(stage, StageKind, "kind", StageKind.DECISION)


def computed_stages(tree: Tree) -> list[tuple[int, Tree]]:
    """The stages that have a score, with their places."""
    return [(index, stage) for index, stage in tables(tree, "stages") if kind_of(stage) in OWN_SOURCE]


def _idle_keys(stage: Tree, kind: StageKind, place: Place) -> Iterator[Finding]:
    keys = (*(() if kind in OWN_SOURCE else OF_SCORES), *(() if kind is BALLOT else OF_BALLOTS))
    for key in keys:
        if key in stage and stage[key] != []:
            yield idle((*place, key), Text("kind是{kind}", "kind is {kind}", kind=kind.name))


def _inputs(tree: Tree, stage: Tree, kind: StageKind, place: Place) -> Iterator[Finding]:
    inputs, own = list(tables(stage, "inputs")), OWN_SOURCE[kind].name
    if inputs and own not in [row.get("source") for _, row in inputs]:
        problem = Text("没有{own}，但kind是{kind}", "has no {own}, but kind is {kind}", own=own, kind=kind.name)
        remedy = Text(
            '请添加{{ source = "{own}" }}，或改变kind。', 'Add {{ source = "{own}" }}, or change kind.', own=own
        )
        yield Finding((*place, "inputs"), problem, remedy)
    weights = [number_at({"weight": 1, **row}, "weight") for _, row in inputs]
    if weights and not any(weight is None or weight for weight in weights):
        problem = Text("的weight都是0", "have no weight above 0")
        remedy = Text("请给至少一项写大于0的weight。", "Write a weight above 0 for one of them at least.")
        yield Finding((*place, "inputs"), problem, remedy)
    for index, row in inputs:
        if row.get("source") == BALLOT.name and kind is not BALLOT:
            problem = is_described(BALLOT.name, Text("，但kind是{kind}", ", but kind is {kind}", kind=kind.name))
            remedy = Text(
                '请写kind = "EXPERT_BALLOT"，或删去这一项。', 'Write kind = "EXPERT_BALLOT", or leave it out.'
            )
            yield Finding((*place, "inputs", index, "source"), problem, remedy)
    yield from input_findings(tree, stage, place)


def _panel(tree: Tree) -> Iterator[Finding]:
    """Find that a stage needs experts, and there is no panel."""
    if "panel" in tree:
        return
    for index, stage in computed_stages(tree):
        sources = [row.get("source") for key in ("inputs", "further_criteria") for _, row in tables(stage, key)]
        ties = value_at(stage, list, "ties") or []
        named = [kind_of(stage), *sources, *ties]
        why = next((each for each in named if str(getattr(each, "name", each)) in EXPERTS), None)
        if why is not None:
            name = f"stages[{index + 1}]: {getattr(why, 'name', why)}"
            yield missing(("panel",), Text(PANEL.zh.format(why=name), PANEL.en.format(why=name)))
            return
