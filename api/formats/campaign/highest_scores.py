"""Check that thresholds can be reached: how high can a score be?"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from api.domain.selection.terms import InputSource, Normalisation
from api.domain.texts import Text
from api.formats.campaign.findings import Finding, Place, Tree, is_described
from api.formats.campaign.messages import idle
from api.formats.campaign.raw_values import member_at, number_at, tables, value_at

HUNDRED = Decimal(100)
SHARES = {Normalisation.SHARE_OF_HIGHEST, Normalisation.SHARE_OF_BALLOTS, Normalisation.MIN_MAX}


def threshold_findings(tree: Tree, computed: Sequence[tuple[int, Tree]]) -> Iterator[Finding]:
    """Find thresholds that no project can reach, and those of awards where the last stage has no score."""
    for index, stage in computed:
        yield from _reachable(stage, ("stages", index, "threshold"), highest_score(tree, stage))
    count = len(value_at(tree, list, "stages") or ())
    last = next((stage for index, stage in computed if index == count - 1), None)
    for index, award in tables(tree, "awards"):
        place = ("awards", index, "threshold")
        if last is not None:
            yield from _reachable(award, place, highest_score(tree, last))
        elif "threshold" in award and count:
            yield idle(place, Text("最后的阶段没有得分", "the last stage has no score"))


def _reachable(tree: Tree, place: Place, highest: Decimal | None) -> Iterator[Finding]:
    threshold = number_at(tree, "threshold")
    if threshold is not None and highest is not None and threshold > highest:
        problem = is_described(
            f"{threshold:f}",
            Text(
                "，高于最高可得的{highest:f}分",
                ", more than the highest score that there can be, {highest:f}",
                highest=highest,
            ),
        )
        yield Finding(
            place, problem, Text("请写{highest:f}或更小的数。", "Write {highest:f} or less.", highest=highest)
        )


def highest_score(tree: Tree, stage: Tree) -> Decimal | None:
    """How high a stage's score can be; None where nothing bounds it, or where something is wrong."""
    total = Decimal()
    for _, row in list(tables(stage, "inputs")) or [(0, {"source": stage.get("kind")})]:
        weight, highest = number_at({"weight": 1, **row}, "weight"), _highest_value(tree, row)
        if weight is None or highest is None:
            return None
        total += weight * highest
    return total


def _highest_value(tree: Tree, row: Tree) -> Decimal | None:
    normalisation = member_at(row, Normalisation, "normalisation", Normalisation.AS_IS)
    if normalisation in SHARES:
        return HUNDRED
    if normalisation is Normalisation.AS_IS:
        return _highest_review(tree) if row.get("source") == InputSource.EXPERT_SCORES.name else None
    points = [number_at({"points": each}, "points") for each in value_at(row, list, "points") or []]
    points += [number_at(band, "points") for _, band in tables(row, "bands")]
    known = [each for each in points if each is not None]
    return max(known) if known and len(known) == len(points) else None


def _highest_review(tree: Tree) -> Decimal | None:
    """How high a project's score by the panel can be."""
    if value_at(tree, str, "panel", "aggregation", "method") == "RANK_SUM":
        return HUNDRED
    if value_at(tree, bool, "panel", "aggregation", "standardised"):
        return None
    total = Decimal()
    for _, criterion in tables(tree, "criteria"):
        if criterion.get("counted", True) is not True:
            continue
        weight, maximum = number_at({"weight": 1, **criterion}, "weight"), number_at(criterion, "maximum")
        if weight is None or maximum is None:
            return None
        total += weight * maximum
    return total
