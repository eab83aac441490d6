"""Check that projects name districts, themes and awards that there are."""

from collections.abc import Collection, Iterator

from api.domain.campaigns.projects import MAX_THEMES
from api.domain.texts import Text, joined
from api.formats.campaign.findings import Finding, Tree, is_described
from api.formats.campaign.raw_values import tables, value_at, values_in


def project_findings(tree: Tree, districts: Collection[str] | None, *, announced: bool = False) -> Iterator[Finding]:
    """Find what is inconsistent about projects.

    districts: the codes of the shared gazetteer; None when they are unknown. announced: whether a selection gave the awards.
    """
    own = [code for _, code in values_in(tree, "own_districts", "code", str)]
    if own and "districts" in tree:
        remedy = Text("请删去其中一个。", "Leave one of the two out.")
        yield Finding(("districts",), Text("与[[own_districts]]同时出现", "stands beside [[own_districts]]"), remedy)
    known = own or districts
    themes = [code for _, code in values_in(tree, "themes", "code", str)]
    for index, project in tables(tree, "projects"):
        yield from _district(index, project, known)
        yield from _themes(index, project, themes)
    if not announced:
        yield from _awards(tree)
    yield from _award_seats(tree)


def _district(index: int, project: Tree, districts: Collection[str] | None) -> Iterator[Finding]:
    place = ("projects", index, "district")
    level, code, options = project.get("level"), value_at(project, str, "district"), _district_options(districts)
    if level == "DISTRICT" and "district" not in project:
        remedy = Text("请添加{options}，或改变level。", "Add {options}, or change level.", options=options)
        yield Finding(place, Text("缺失，但level是DISTRICT", "is missing, but level is DISTRICT"), remedy)
    if level in ("MUNICIPAL", "UNSTATED") and "district" in project:
        problem = is_described(project["district"], Text("，但level是{level}", ", but level is {level}", level=level))
        yield Finding(
            place,
            problem,
            Text('请写level = "DISTRICT"，或删去district。', 'Write level = "DISTRICT", or remove district.'),
        )
    if code is not None and districts is not None and code not in districts:
        problem = is_described(code, Text("，没有这个地区", ", which names no district"))
        yield Finding(place, problem, Text("请写{options}。", "Write {options}.", options=options))


def _district_options(districts: Collection[str] | None) -> Text:
    if districts:
        return _one_of(districts)
    return Text("districts文件或[[own_districts]]中的一个代码", "a code of the districts file or of [[own_districts]]")


def _one_of(codes: Collection[str]) -> Text:
    shown = [code[:40] for code in list(codes)[:20]]
    more = "…" if len(codes) > len(shown) else ""
    return Text("以下之一：{shown}{more}", "one of {shown}{more}", shown=joined(shown), more=more)


def _themes(index: int, project: Tree, known: list[str]) -> Iterator[Finding]:
    themes = value_at(project, list, "themes") or []
    if len(themes) > MAX_THEMES:
        remedy = Text(
            "最多{max_themes}个主题，最贴切的在前。",
            "Write {max_themes} themes at most, the most fitting first.",
            max_themes=MAX_THEMES,
        )
        yield Finding(("projects", index, "themes"), is_described(themes), remedy)
    for position, theme in enumerate(themes):
        place = ("projects", index, "themes", position)
        if not isinstance(theme, str):
            continue
        if theme in themes[:position]:
            yield Finding(
                place,
                is_described(theme, Text("，重复了", " again")),
                Text("每个主题只写一次。", "Name each theme once."),
            )
        if theme not in known:
            options = _one_of(known)
            add = Text("请添加一个[[themes]]表，写明它的代码和名称。", "Add a [[themes]] table with its code and name.")
            remedy = Text("请写{options}。", "Write {options}.", options=options) if known else add
            yield Finding(place, is_described(theme, Text("，没有这个主题", ", which names no theme")), remedy)


def _awards(tree: Tree) -> Iterator[Finding]:
    """Find awards that are not there, more of them than seats, and those of projects that are no winners."""
    awards = [(value_at(award, str, "code"), value_at(award, int, "seats")) for _, award in tables(tree, "awards")]
    seats = {code: most for code, most in awards if code is not None}
    winners = dict.fromkeys(seats, 0)
    for index, project in tables(tree, "projects"):
        if (award := value_at(project, str, "award")) is None:
            continue
        place = ("projects", index, "award")
        if award not in winners:
            options = _one_of(winners)
            remedy = Text("请写{options}，或删去。", "Write {options}, or leave it out.", options=options)
            add = Text("请添加一个[[awards]]表。", "Add an [[awards]] table.")
            yield Finding(
                place, is_described(award, Text("，没有这个奖项", ", which names no award")), remedy if winners else add
            )
            continue
        winners[award] += 1
        if (most := seats[award]) is not None and winners[award] > most:
            problem = is_described(
                award, Text("，但这个奖项只有{most}个名额", ", of which there are {most}", most=most)
            )
            yield Finding(place, problem, Text("请删去，或增加名额。", "Leave it out, or raise the award's seats."))
        if project.get("outcome") != "WINNER":
            problem = is_described(award, Text("，但outcome不是WINNER", ", but outcome is not WINNER"))
            yield Finding(
                place, problem, Text('请写outcome = "WINNER"。', 'Write outcome = "WINNER", or leave it out.')
            )


def _award_seats(tree: Tree) -> Iterator[Finding]:
    stages = list(values_in(tree, "stages", "seats", int))
    total = 0
    for index, seats in values_in(tree, "awards", "seats", int):
        total += seats
        if stages and total > stages[-1][1]:
            problem = is_described(
                seats,
                Text(
                    "，使奖项共有{total}个名额，多于最后阶段的{stages}个",
                    ", which makes {total} with those before it, and the last stage has {stages}",
                    total=total,
                    stages=stages[-1][1],
                ),
            )
            remedy = Text(
                "请减少奖项名额，或增加最后阶段的名额。", "Write fewer seats here, or more for the last stage."
            )
            yield Finding(("awards", index, "seats"), problem, remedy)
            return
