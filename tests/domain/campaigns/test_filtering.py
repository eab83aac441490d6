"""Does a filter keep exactly what meets it, and are projects listed in every order?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns import search
from api.domain.campaigns.filtering import ProjectFilter, project_sort_key
from api.domain.campaigns.projects import Outcome, Project, ProjectLevel, ProjectOrderField
from api.domain.folding import words
from api.domain.paging import Direction, sort
from api.domain.texts import Language
from tests.campaigns import THEMES, a_campaign, a_project, both

PROJECTS = a_campaign().projects
PETITIONS = a_project(
    21,
    title=both("网上信访大厅ＡＢＣ", "Online Petitions Hall"),
    summary=both("一个大厅办成事", "One hall for\nevery Straße"),
    organization=both("市信访办", "Complaints Office"),
)
filters = st.builds(
    ProjectFilter,
    districts=st.none() | st.lists(st.sampled_from(["310101", "310115", "999999"]), max_size=2).map(tuple),
    levels=st.none() | st.lists(st.sampled_from(ProjectLevel), max_size=2).map(tuple),
    themes=st.none() | st.lists(st.sampled_from([theme.code for theme in THEMES]), max_size=5).map(tuple),
    numbers=st.none() | st.lists(st.integers(1, 60), max_size=30).map(tuple),
    outcomes=st.none() | st.lists(st.sampled_from(Outcome), max_size=2).map(tuple),
    search=st.none() | st.sampled_from(["项目1", "PROJECT 2", "huangpu", "nothing", ""]),
)


def kept(wanted: ProjectFilter) -> set[int]:
    return {project.number for project in PROJECTS if wanted.matches(project)}


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
    assert kept(ProjectFilter(themes=("THEME_2",))) == {n for n in range(1, 51) if n % len(THEMES) == 1}


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
    monkeypatch.setattr(search, "words", lambda text: done.append(text) or words(text))
    assert kept(ProjectFilter(search="项目", exclude=ProjectFilter(search="项目1"))) != set()
    assert sorted(done) == ["项目", "项目1"]


def test_a_filter_tells_what_its_searches_found_and_nothing_of_what_it_excludes() -> None:
    within = ProjectFilter(search="办成事", exclude=ProjectFilter(search="大厅"))
    found = ProjectFilter(search="信访", within=within).found_in(PETITIONS)
    assert [(match.field.name, match.found) for match in found] == [
        ("TITLE", ("信访",)),
        ("ORGANIZATION", ("信访",)),
        ("SUMMARY", ("办成事",)),
    ]
    assert ProjectFilter().found_in(PETITIONS) == ()


def listed(field: ProjectOrderField, direction: Direction) -> list[int]:
    projects: list[Project] = sort(PROJECTS, [(project_sort_key(field, str), direction)], lambda p: p.number)
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


def test_titles_sort_by_the_key_of_their_readers() -> None:
    by_english = project_sort_key(ProjectOrderField.TITLE, lambda text: text.to(Language.EN))
    assert by_english(PETITIONS) == "Online Petitions Hall"
