"""Check that what rules ask of groups can be met: by the projects that there are, and within a ballot's choices."""

from collections import Counter
from collections.abc import Iterator

from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.projects import ProjectLevel
from api.domain.texts import Text
from api.formats.campaign.findings import Finding, Place, Tree, is_described
from api.formats.campaign.raw_values import tables, value_at

THEME, DISTRICT, LEVEL = (grouping.name for grouping in (Grouping.THEME, Grouping.DISTRICT, Grouping.LEVEL))


def group_findings(tree: Tree) -> Iterator[Finding]:
    """Find rules for groups that no ballot can meet, and groups that are not there."""
    rows = list(tables(value_at(tree, dict, "rules") or {}, "groups"))
    wrong = [finding for index, row in rows for finding in _bounds(("rules", "groups", index), row)]
    yield from wrong
    if wrong or not value_at(tree, list, "projects"):
        return
    for grouping in (THEME, DISTRICT, LEVEL):
        of_grouping = [(index, row) for index, row in rows if row.get("group_by") == grouping]
        if of_grouping:
            yield from _grouping(tree, grouping, of_grouping)


def _bounds(place: Place, row: Tree) -> Iterator[Finding]:
    minimum, maximum = value_at(row, int, "minimum"), value_at(row, int, "maximum")
    if "minimum" not in row and "maximum" not in row:
        problem = Text("没有界限", "has no bound")
        yield Finding(place, problem, Text("请写minimum、maximum或两者。", "Write minimum, maximum or both."))
    if minimum is not None and maximum is not None and minimum > maximum:
        problem = is_described(minimum, Text("，多于maximum", ", more than maximum"))
        yield Finding(
            (*place, "minimum"),
            problem,
            Text("请写{maximum}或更小的数。", "Write the number {maximum} or less.", maximum=maximum),
        )


def _grouping(tree: Tree, grouping: str, rows: list[tuple[int, Tree]]) -> Iterator[Finding]:
    members = [_groups_of(project, grouping) for _, project in tables(tree, "projects")]
    sizes = Counter(group for groups in members for group in groups)
    minima: dict[str, int] = {}
    maxima = dict(sizes)
    for index, row in rows:
        place, group = ("rules", "groups", index), value_at(row, str, "group")
        if group is not None and group not in sizes:
            options = ", ".join(sizes) or "—"
            problem = is_described(group, Text("，没有项目属于这一组", ", a group without a project"))
            yield Finding(
                (*place, "group"),
                problem,
                Text("请写以下之一：{options}。", "Write one of {options}.", options=options),
            )
            continue
        for name in sizes if group is None else [group]:
            minimum, maximum = value_at(row, int, "minimum"), value_at(row, int, "maximum")
            minima[name] = max(minima.get(name, 0), minimum or 0)
            maxima[name] = min(maxima[name], sizes[name] if maximum is None else maximum)
            if minimum is not None and minimum > sizes[name]:
                yield _too_high((*place, "minimum"), minimum, name, sizes[name])
                break
    ungrouped = sum(not groups for groups in members)
    yield from _totals(tree, sum(maxima.values()) + ungrouped, minima if _are_apart(members) else {})


def _groups_of(project: Tree, grouping: str) -> list[str]:
    if grouping == THEME:
        return list(dict.fromkeys(code for code in value_at(project, list, "themes") or [] if isinstance(code, str)))
    if grouping == DISTRICT:
        code = value_at(project, str, "district")
        return [] if code is None else [code]
    level = project.get("level", ProjectLevel.UNSTATED.name)
    return [level] if isinstance(level, str) else []


def _are_apart(members: list[list[str]]) -> bool:
    return all(len(groups) <= 1 for groups in members)


def _totals(tree: Tree, most: int, minima: dict[str, int]) -> Iterator[Finding]:
    """Find choices that the bounds of all groups together leave no way to make."""
    fewest = sum(minima.values())
    minimum, maximum = (value_at(tree, int, "rules", "choices", name) for name in ("minimum", "maximum"))
    if minimum is not None and minimum > most:
        wrong = Text(
            "，但各组的上限合计只允许{most}个", ", but the maxima of the groups allow {most} altogether", most=most
        )
        less = Text(
            "请写{most}或更小的数，或提高各组的上限。",
            "Write the number {most} or less, or raise the groups' maxima.",
            most=most,
        )
        remedy = less if most else Text("请提高各组的上限。", "Raise the groups' maxima.")
        yield Finding(("rules", "choices", "minimum"), is_described(minimum, wrong), remedy)
    if maximum is not None and maximum < fewest:
        wrong = Text(
            "，但各组的下限合计需要{most}个", ", but the minima of the groups need {most} altogether", most=fewest
        )
        remedy = Text(
            "请写{fewest}或更大的数，或降低各组的下限。",
            "Write the number {fewest} or more, or lower the groups' minima.",
            fewest=fewest,
        )
        yield Finding(("rules", "choices", "maximum"), is_described(maximum, wrong), remedy)


def _too_high(place: tuple[str | int, ...], minimum: int, name: str, size: int) -> Finding:
    wrong = Text("，而{name}组只有{size}个项目", ", but the group {name} has {size}", name=name, size=size)
    remedy = Text("请写{size}或更小的数。", "Write the number {size} or less.", size=size)
    return Finding(place, is_described(minimum, wrong), remedy)
