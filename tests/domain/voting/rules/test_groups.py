"""Does a ballot name as many projects of a group as it has to, wherever groups overlap?"""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.groups import Grouping
from api.domain.voting.rules.groups import GroupChoiceRule, TooFewInGroup, TooManyInGroup
from tests.campaigns import HUANGPU, PUDONG, THEMES, a_campaign, a_project, project_ids
from tests.domain.voting.rules.judged import reported

LONE, BOTH = THEMES[:1], THEMES[:2]
CAMPAIGN = a_campaign(  # projects 1 to 6 have the first theme, 4 to 9 the second, 10 to 12 none
    projects=tuple(
        a_project(n, themes=LONE if n < 4 else BOTH if n < 7 else THEMES[1:2] if n < 10 else ()) for n in range(1, 13)
    )
)
EVERY = a_campaign()  # 1 to 20 are the city's, 21 to 35 Huangpu's, 36 to 49 Pudong's, 50 nobody's
FIRST, SECOND = THEMES[0].code, THEMES[1].code


def test_a_project_of_two_themes_counts_in_each() -> None:
    each = GroupChoiceRule(Grouping.THEME, None, None, 2)
    assert reported(each, CAMPAIGN, *project_ids(1, 2, 7, 8, 10, 11, 12)) == []
    assert reported(each, CAMPAIGN, *project_ids(1, 2, 4, 7)) == [
        TooManyInGroup(Grouping.THEME, FIRST, THEMES[0].name, 2, 3, project_ids(1, 2, 4))
    ]
    assert reported(each, CAMPAIGN, *project_ids(4, 5, 6)) == [
        TooManyInGroup(Grouping.THEME, theme.code, theme.name, 2, 3, project_ids(4, 5, 6)) for theme in BOTH
    ]


def test_each_group_with_a_candidate_has_its_minimum() -> None:
    each = GroupChoiceRule(Grouping.THEME, None, 1, None)
    assert reported(each, CAMPAIGN, *project_ids(4)) == []
    assert reported(each, CAMPAIGN, *project_ids(1, 10)) == [
        TooFewInGroup(Grouping.THEME, SECOND, THEMES[1].name, 1, 0, ())
    ]
    assert len(reported(each, CAMPAIGN)) == 2


def test_one_group_is_bounded_alone() -> None:
    rule = GroupChoiceRule(Grouping.DISTRICT, PUDONG.code, 1, 2)
    assert reported(rule, EVERY, *project_ids(36, *range(1, 36))) == []
    assert [type(violation) for violation in reported(rule, EVERY, *project_ids(1))] == [TooFewInGroup]
    assert [v.project_ids for v in reported(rule, EVERY, *project_ids(36, 1, 38, 37))] == [project_ids(36, 38, 37)]


def test_what_is_named_twice_counts_once_and_what_is_unknown_in_no_group() -> None:
    rule = GroupChoiceRule(Grouping.LEVEL, "MUNICIPAL", 2, 2)
    assert reported(rule, EVERY, *project_ids(1, 1, 2, 2)) == []
    [few] = reported(rule, EVERY, *project_ids(1, 1, 99))
    assert (few.chosen, few.project_ids) == (1, project_ids(1))


def test_a_group_that_no_candidate_is_of_can_have_a_maximum_and_meets_no_minimum() -> None:
    assert reported(GroupChoiceRule(Grouping.THEME, "NOWHERE", None, 0), CAMPAIGN, *project_ids(1)) == []
    [few] = reported(GroupChoiceRule(Grouping.THEME, "NOWHERE", 1, None), CAMPAIGN, *project_ids(1))
    assert "“NOWHERE”" in few.message.en


MESSAGES = [
    (
        TooFewInGroup(Grouping.DISTRICT, PUDONG.code, PUDONG.name, 3, 1, ()),
        "“浦东新区”至少须选择3个项目，目前为1个，还差2个。",
        "Choose at least 3 projects of “Pudong New Area”; this ballot has 1, 2 too few.",
    ),
    (
        TooManyInGroup(Grouping.DISTRICT, HUANGPU.code, HUANGPU.name, 1, 3, ()),
        "“黄浦区”最多可选择1个项目，目前为3个，多出2个。",
        "Choose at most 1 project of “Huangpu District”; this ballot has 3, 2 too many.",
    ),
]


@pytest.mark.parametrize(("violation", "zh", "en"), MESSAGES)
def test_a_message_names_the_group(violation: TooFewInGroup | TooManyInGroup, zh: str, en: str) -> None:
    assert (violation.message.zh, violation.message.en) == (zh, en)


DESCRIPTIONS = [
    (GroupChoiceRule(Grouping.THEME, None, 5, 5), "每个主题须选择5个", "exactly 5 projects of each theme"),
    (GroupChoiceRule(Grouping.DISTRICT, None, 1, None), "每个区至少须选择1个", "at least 1 project of each district"),
    (GroupChoiceRule(Grouping.LEVEL, None, None, 1), "每个级别最多可选择1个", "at most 1 project of each level"),
    (
        GroupChoiceRule(Grouping.DISTRICT, "310115", 2, 3),
        "“浦东新区”须选择2至3个",
        "2 to 3 projects of “Pudong New Area”",
    ),
    (GroupChoiceRule(Grouping.LEVEL, "DISTRICT", 0, 3), "“区级”须选择0至3个", "0 to 3 projects of “district”"),
]


@pytest.mark.parametrize(("rule", "zh", "en"), DESCRIPTIONS)
def test_a_description_says_how_many_of_what(rule: GroupChoiceRule, zh: str, en: str) -> None:
    description = rule.description(EVERY)
    assert (description.zh, description.en) == (f"每张选票中，{zh}项目。", f"A ballot names {en}.")


bounds = st.none() | st.integers(0, 6)
themes = st.lists(st.sampled_from(THEMES[:4]), max_size=3, unique=True).map(tuple)


@given(
    of=st.lists(themes, min_size=1, max_size=10),
    chosen=st.lists(st.integers(1, 12), max_size=12),
    minimum=bounds,
    maximum=bounds,
    group=st.none() | st.sampled_from([theme.code for theme in THEMES[:4]]),
)
def test_exactly_the_groups_out_of_bounds_are_reported(
    of: list[tuple], chosen: list[int], minimum: int | None, maximum: int | None, group: str | None
) -> None:
    projects = tuple(a_project(number, themes=own) for number, own in enumerate(of, 1))
    campaign = a_campaign(projects=projects)
    counts = Counter(theme.code for p in projects if p.number in chosen for theme in p.themes)
    judged = {theme.code for p in projects for theme in p.themes} if group is None else {group}
    few = {(code, counts[code]) for code in judged if minimum is not None and counts[code] < minimum}
    many = {(code, counts[code]) for code in judged if maximum is not None and counts[code] > maximum}

    found = reported(GroupChoiceRule(Grouping.THEME, group, minimum, maximum), campaign, *project_ids(*chosen))
    assert {(v.group, v.chosen) for v in found if isinstance(v, TooFewInGroup)} == few
    assert {(v.group, v.chosen) for v in found if isinstance(v, TooManyInGroup)} == many
    assert len(found) == len(few) + len(many)
    assert all(len(v.project_ids) == v.chosen for v in found)


@given(chosen=st.lists(st.integers(1, 50), unique=True), more=st.integers(1, 50), maximum=st.integers(0, 20))
def test_one_project_more_never_heals_too_many_nor_makes_too_few(chosen: list[int], more: int, maximum: int) -> None:
    for grouping in Grouping:
        rule = GroupChoiceRule(grouping, None, maximum, maximum)
        before, after = (reported(rule, EVERY, *project_ids(*ids)) for ids in (chosen, [*chosen, more]))
        many = [{v.group for v in found if isinstance(v, TooManyInGroup)} for found in (before, after)]
        few = [{v.group for v in found if isinstance(v, TooFewInGroup)} for found in (before, after)]
        assert many[0] <= many[1]
        assert few[1] <= few[0]
