"""Are projects grouped by theme, district and level, in each group that they are of and in no empty one?"""

from api.domain.campaigns.groups import Grouping
from api.domain.texts import Text
from tests.campaigns import HUANGPU, PUDONG, THEMES, a_campaign, a_project, project_ids

GROUPS = a_campaign(
    projects=(
        a_project(1, themes=(THEMES[1], THEMES[0])),
        a_project(21, themes=(THEMES[1],)),
        a_project(40, themes=()),
        a_project(50, themes=(THEMES[1],)),
    )
).groups


def members(grouping: Grouping) -> dict[str, set[str]]:
    return {code: set(group.project_ids) for code, group in GROUPS[grouping].items()}


def test_a_project_is_in_the_group_of_each_of_its_themes() -> None:
    first, second = THEMES[0].code, THEMES[1].code
    assert members(Grouping.THEME) == {first: {*project_ids(1)}, second: {*project_ids(1, 21, 50)}}


def test_a_project_without_a_district_is_in_no_group_of_districts() -> None:
    assert members(Grouping.DISTRICT) == {HUANGPU.code: {*project_ids(21)}, PUDONG.code: {*project_ids(40)}}
    assert GROUPS[Grouping.DISTRICT][PUDONG.code].name is PUDONG.name


def test_every_project_has_a_level_also_one_that_nobody_has_stated() -> None:
    levels = members(Grouping.LEVEL)
    assert levels == {
        "MUNICIPAL": {*project_ids(1)},
        "DISTRICT": {*project_ids(21, 40)},
        "UNSTATED": {*project_ids(50)},
    }
    assert GROUPS[Grouping.LEVEL]["UNSTATED"].name == Text("未注明级别", "level not stated")
