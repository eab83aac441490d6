"""Check that each input of a stage has what its normalisation needs, and nothing else."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from api.domain.selection.terms import InputSource, Normalisation
from api.domain.texts import Text, joined
from api.domain.voting.channels import Channel
from api.formats.campaign.findings import Finding, Place, Tree, is_described
from api.formats.campaign.messages import idle, missing, repeated
from api.formats.campaign.raw_values import member_at, number_at, tables, value_at

N, S = Normalisation, InputSource
PARTS = {N.RANK_LADDER: {"points", "floor"}, N.BANDS: {"bands", "floor"}}  # of each normalisation; of others none
POINTS = Text("各名次的分数，如[20, 18, 16]", "the points by place, such as [20, 18, 16]")
BANDS = Text(
    "各档的分数，如[{ at_least = 2000, points = 50 }]", "the bands, such as [{ at_least = 2000, points = 50 }]"
)


class _Input(NamedTuple):
    """An input, where it stands, and what it says of itself."""

    place: Place
    tree: Tree
    source: InputSource
    normalisation: Normalisation


def input_findings(tree: Tree, stage: Tree, place: Place) -> Iterator[Finding]:
    """Find what is wrong with each input of a stage by itself. tree: the whole campaign."""
    is_standardised = value_at(tree, bool, "panel", "aggregation", "standardised")
    for index, row in tables(stage, "inputs"):
        source, normalisation = member_at(row, S, "source"), member_at(row, N, "normalisation", N.AS_IS)
        if source is None or normalisation is None:
            continue
        one = _Input((*place, "inputs", index), row, source, normalisation)
        yield from _normalisation(one, is_standardised=bool(is_standardised))
        yield from _idle_parts(one)
        yield from _ladder(one)
        yield from _bands(one)
        yield from _channels(one)


def _normalisation(one: _Input, *, is_standardised: bool) -> Iterator[Finding]:
    place, name = (*one.place, "normalisation"), one.normalisation.name
    if one.normalisation is N.SHARE_OF_BALLOTS and one.source is S.EXPERT_SCORES:
        problem = is_described(name, Text("，但专家评分不是选票", ", but experts' scores are no ballots"))
        yield Finding(place, problem, _one_of(N.AS_IS, N.SHARE_OF_HIGHEST, N.RANK_LADDER, N.MIN_MAX))
    if one.normalisation is N.SHARE_OF_HIGHEST and one.source is S.EXPERT_SCORES and is_standardised:
        problem = is_described(
            name,
            Text(
                "，但标准分有正有负，不能取占最高分的比例",
                ", but standard scores may be below 0, so they have no share",
            ),
        )
        yield Finding(place, problem, _one_of(N.MIN_MAX, N.RANK_LADDER))


def _one_of(*names: Normalisation) -> Text:
    quoted = joined([f'"{name.name}"' for name in names], "或", " or ")
    return Text("请写{quoted}。", "Write {quoted}.", quoted=quoted)


def _idle_parts(one: _Input) -> Iterator[Finding]:
    for key in ("points", "floor", "bands"):
        if key in one.tree and key not in PARTS.get(one.normalisation, ()):
            name = one.normalisation.name
            yield idle((*one.place, key), Text("normalisation是{name}", "normalisation is {name}", name=name))
    if "channels" in one.tree and one.source is not S.PUBLIC_VOTE:
        yield idle((*one.place, "channels"), Text("source是{source}", "source is {source}", source=one.source.name))


def _ladder(one: _Input) -> Iterator[Finding]:
    if one.normalisation is not N.RANK_LADDER:
        return
    if not one.tree.get("points"):
        yield missing((*one.place, "points"), POINTS)
        return
    rows = value_at(one.tree, list, "points") or []
    points = [number_at({"points": each}, "points") for each in rows]
    for index, (before, value) in enumerate(pairwise(points), 1):
        if before is not None and value is not None and value > before:
            problem = is_described(f"{value:f}", Text("，多于前一名", ", more than the place before has"))
            yield Finding((*one.place, "points", index), problem, _at_most(before))
    yield from _floor(one, points[-1] if points else None)


def _floor(one: _Input, lowest: Decimal | None) -> Iterator[Finding]:
    floor = number_at(one.tree, "floor")
    if floor is not None and lowest is not None and floor > lowest:
        problem = is_described(f"{floor:f}", Text("，多于最低一档的分数", ", more than the lowest of the points"))
        yield Finding((*one.place, "floor"), problem, _at_most(lowest))


def _at_most(most: Decimal) -> Text:
    return Text("请写{most:f}或更小的数。", "Write {most:f} or less.", most=most)


def _bands(one: _Input) -> Iterator[Finding]:
    if one.normalisation is not N.BANDS:
        return
    if not one.tree.get("bands"):
        yield missing((*one.place, "bands"), BANDS)
        return
    rows = [(index, number_at(row, "at_least"), number_at(row, "points")) for index, row in tables(one.tree, "bands")]
    bands = sorted((at, points, index) for index, at, points in rows if at is not None and points is not None)
    for (lower, fewer, _), (at_least, points, index) in pairwise(bands):
        place = (*one.place, "bands", index)
        if at_least == lower:
            yield repeated((*place, "at_least"), f"{at_least:f}", Text("数", "value"))
        elif points <= fewer:
            problem = is_described(
                f"{points:f}",
                Text(
                    "，不多于{lower:f}一档的{fewer:f}",
                    ", not more than the {fewer:f} from {lower:f} on",
                    lower=lower,
                    fewer=fewer,
                ),
            )
            remedy = Text("请写大于{fewer:f}的数。", "Write more than {fewer:f}.", fewer=fewer)
            yield Finding((*place, "points"), problem, remedy)
    yield from _floor(one, bands[0][1] if bands else None)


def _channels(one: _Input) -> Iterator[Finding]:
    place, seen = (*one.place, "channels"), dict[str, Decimal | None]()
    for index, row in tables(one.tree, "channels"):
        channel = value_at(row, str, "channel")
        if channel is None:
            continue
        if channel in seen:
            yield repeated((*place, index, "channel"), channel, Text("渠道", "channel"))
        seen[channel] = number_at(row, "weight")
    if seen.keys() >= Channel.__members__.keys() and not any(seen.values()):
        problem = Text("使各渠道的票都不计", "makes the votes of every channel count nothing")
        remedy = Text("请给至少一个渠道写大于0的weight。", "Write a weight above 0 for one channel at least.")
        yield Finding(place, problem, remedy)
