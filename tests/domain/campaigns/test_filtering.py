"""Does a filter keep exactly what meets it, and does a search find what people would look for?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns import filtering
from api.domain.campaigns.filtering import ProjectFilter, ProjectOrderField, project_sort_key, title_key
from api.domain.campaigns.projects import Outcome, Project, ProjectLevel, Theme
from api.domain.paging import Direction, sort
from api.domain.texts import Language, Text, folded
from tests.campaigns import HUANGPU, a_campaign, a_project

PROJECTS = a_campaign().projects
PETITIONS = a_project(
    21,
    title=Text("网上信访大厅ＡＢＣ", "Online Petitions Hall"),
    summary=Text("一个大厅办成事", "One hall for\nevery Straße"),
    organization=Text("市信访办", "Complaints Office"),
)
filters = st.builds(
    ProjectFilter,
    districts=st.none() | st.lists(st.sampled_from(["310101", "310115", "999999"]), max_size=2).map(tuple),
    levels=st.none() | st.lists(st.sampled_from(ProjectLevel), max_size=2).map(tuple),
    themes=st.none() | st.lists(st.sampled_from(Theme), max_size=5).map(tuple),
    numbers=st.none() | st.lists(st.integers(1, 60), max_size=30).map(tuple),
    outcomes=st.none() | st.lists(st.sampled_from(Outcome), max_size=2).map(tuple),
    search=st.none() | st.sampled_from(["项目1", "PROJECT 2", "huangpu", "nothing", ""]),
)


def kept(wanted: ProjectFilter) -> set[int]:
    return {project.number for project in PROJECTS if wanted.matches(project)}


FOUND = [
    "网上信访",
    "信访大厅",
    "ABC",
    "ａｂｃ",
    "abc",
    "PETITIONS",
    "online petitions",
    "Online   Petitions",
    " hall ",
]
FOUND += ["办成事", "for every", "STRASSE", "straße", "市信访办", "complaints office", "黄浦", "huangpu district", ""]
NOT_FOUND = ["徐汇", "petition hall", "Hall一个", "ABC Online", "hall one", "大厅一个", "Office 黄浦", "事 One", "\x00"]


@pytest.mark.parametrize("search", FOUND)
def test_a_search_finds_any_part_in_either_language_whatever_its_case_and_width(search: str) -> None:
    assert ProjectFilter(search=search).matches(PETITIONS)


@pytest.mark.parametrize("search", NOT_FOUND)
def test_a_search_finds_nothing_else_and_nothing_across_parts(search: str) -> None:
    assert not ProjectFilter(search=search).matches(PETITIONS)


@given(data=st.data())
def test_a_search_finds_every_piece_of_every_text(data: st.DataObject) -> None:
    project = data.draw(st.sampled_from([*PROJECTS, PETITIONS]))
    texts = [project.title, project.summary, project.organization, project.district and project.district.name]
    words = data.draw(st.sampled_from([words for text in texts if text for words in (text.zh, text.en)]))
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    piece = data.draw(st.sampled_from([str.upper, str.lower, str.swapcase]))(words[start:end])
    assert ProjectFilter(search=piece).matches(project)


def test_without_a_condition_everything_is_kept_and_an_empty_list_keeps_nothing() -> None:
    assert kept(ProjectFilter()) == set(range(1, 51))
    assert kept(ProjectFilter(districts=())) == set()
    assert kept(ProjectFilter(numbers=())) == set()


def test_each_condition_keeps_what_it_names() -> None:
    assert kept(ProjectFilter(districts=("310101",))) == set(range(21, 36))
    assert kept(ProjectFilter(districts=("310101", "310115"))) == set(range(21, 50))
    assert kept(ProjectFilter(levels=(ProjectLevel.UNSTATED,))) == {50}
    assert kept(ProjectFilter(numbers=(3, 17, 51))) == {3, 17}
    assert kept(ProjectFilter(outcomes=(Outcome.WINNER,))) == set()
    assert kept(ProjectFilter(themes=(Theme.HEALTH,))) == {n for n in range(1, 51) if n % len(Theme) == 1}


@given(wanted=filters)
def test_conditions_together_keep_what_each_alone_keeps(wanted: ProjectFilter) -> None:
    alone = [
        kept(ProjectFilter(districts=wanted.districts)),
        kept(ProjectFilter(levels=wanted.levels)),
        kept(ProjectFilter(themes=wanted.themes)),
        kept(ProjectFilter(numbers=wanted.numbers)),
        kept(ProjectFilter(outcomes=wanted.outcomes)),
        kept(ProjectFilter(search=wanted.search)),
    ]
    assert kept(wanted) == set.intersection(*alone)


@given(unwanted=filters)
def test_exclude_keeps_exactly_what_it_would_not(unwanted: ProjectFilter) -> None:
    assert kept(ProjectFilter(exclude=unwanted)) == set(range(1, 51)) - kept(unwanted)
    assert kept(ProjectFilter(exclude=ProjectFilter(exclude=unwanted))) == kept(unwanted)


def test_the_words_of_a_search_are_folded_once_for_all_projects(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(filtering, "folded", lambda words: done.append(words) or folded(words))
    assert kept(ProjectFilter(search="项目", exclude=ProjectFilter(search="项目1"))) != set()
    assert sorted(done) == ["项目", "项目1"]


def listed(field: ProjectOrderField, direction: Direction, language: Language = Language.ZH) -> list[int]:
    projects: list[Project] = sort(PROJECTS, project_sort_key(field, language), lambda p: p.number, direction)
    return [project.number for project in projects]


@pytest.mark.parametrize("direction", Direction)
def test_projects_without_a_value_come_last_either_way(direction: Direction) -> None:
    assert listed(ProjectOrderField.START_YEAR, direction)[-10:] == list(range(5, 51, 5))
    assert listed(ProjectOrderField.DISTRICT, direction)[-21:] == [*range(1, 21), 50]


def test_equal_values_are_listed_by_number_either_way() -> None:
    huangpu, pudong = list(range(21, 36)), list(range(36, 50))
    assert listed(ProjectOrderField.DISTRICT, Direction.ASC)[:29] == huangpu + pudong
    assert listed(ProjectOrderField.DISTRICT, Direction.DESC)[:29] == pudong + huangpu
    assert listed(ProjectOrderField.NUMBER, Direction.DESC) == list(range(50, 0, -1))


def test_chinese_titles_sort_by_pinyin_and_english_ones_by_letter() -> None:
    names = [("张江", "zebra"), ("安亭", "Apple"), ("宝山", "banana"), ("浦东", "ＣＨＥＲＲＹ")]
    projects = [a_project(n, title=Text(zh, en), district=HUANGPU) for n, (zh, en) in enumerate(names, 1)]
    assert [p.number for p in sorted(projects, key=lambda p: title_key(p, Language.ZH))] == [2, 3, 4, 1]
    assert [p.number for p in sorted(projects, key=lambda p: title_key(p, Language.EN))] == [2, 3, 4, 1]
