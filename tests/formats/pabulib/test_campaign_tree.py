"""Does a file become a campaign that says what the file says, and keeps what a campaign has no place for?"""

from datetime import UTC, datetime
from typing import Any

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.completeness import incompleteness
from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.projects import Outcome
from api.domain.exchange.ballot_files import BallotFile
from api.domain.texts import localized
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.groups import GroupChoiceRule
from api.formats.campaign import validate_campaign
from api.formats.pabulib import PabulibParser
from tests.pabulib_files import PabulibFile, approval_file, right_files

PLAIN = approval_file(1)
RIGHT = right_files()


def read(file: PabulibFile) -> BallotFile:
    parser = PabulibParser()
    parser.feed(file.content())
    parser.close()
    return parser.file()


def campaign_of(file: PabulibFile) -> Campaign:
    campaign, findings = validate_campaign(read(file).tree, {})
    assert campaign is not None, findings
    return campaign


@pytest.mark.parametrize("file", RIGHT.values(), ids=RIGHT)
def test_every_shape_makes_a_campaign_without_a_mistake_that_could_be_presented(file: PabulibFile) -> None:
    campaign = campaign_of(file)
    before = campaign.window.opens_at.astimezone(UTC)
    assert incompleteness(campaign, before) == ()


def test_texts_rules_and_times_are_those_of_the_file() -> None:
    campaign = campaign_of(PLAIN.with_meta(min_length="2", max_sum_cost="9000.50", edition="7"))
    assert campaign.slug == "lodz-osiedle-1-2023"
    assert campaign.languages == ("pl",)
    assert campaign.title == localized(pl="Participatory budget of Łódź, 1")
    assert campaign.organizer == localized(pl="Łódź")
    assert (campaign.currency, campaign.edition, campaign.time_zone) == ("PLN", 7, "Europe/Warsaw")
    assert campaign.window.opens_at.isoformat() == "2023-06-05T00:00:00+02:00"
    assert campaign.window.closes_at.isoformat() == "2023-06-20T00:00:00+02:00"
    assert campaign.choices == ChoiceRange(2, 4)
    [rule] = campaign.rules
    assert isinstance(rule, BudgetRule)
    assert str(rule.limit) == "9000.50"


def test_a_missing_maximum_means_all_projects_and_so_does_one_above_them() -> None:
    assert campaign_of(RIGHT["no maximum"]).choices == ChoiceRange(1, 8)
    assert campaign_of(PLAIN.with_meta(max_length="50")).choices == ChoiceRange(1, 8)


def test_bounds_of_each_category_are_a_rule_by_theme() -> None:
    campaign = campaign_of(RIGHT["categories"])
    assert campaign.rules == (GroupChoiceRule(Grouping.THEME, None, None, 2),)
    assert [theme.name.translations[0][1] for theme in campaign.themes] == [
        "public space",
        "sport",
        "zieleń",
        "环境",
        'so "called"',
    ]
    assert [theme.code for theme in campaign.themes] == ["public-space", "sport", "zielen", "category-4", "so-called"]


def test_a_rule_by_category_sees_all_categories_of_a_project() -> None:
    campaign = campaign_of(RIGHT["four categories"].with_meta(max_length_per_category="2"))
    assert [theme.code for theme in campaign.projects[0].themes] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("codes", [1, 2, 3, 4, 5, 6, 7]),
        ("codes with leading zeros", [1, 2, 3, 4, 5]),
        ("codes in any order", [2, 3, 7, 11]),
    ],
)
def test_numbers_are_the_ids_where_all_of_them_are_numbers(name: str, numbers: list[int]) -> None:
    assert [project.number for project in campaign_of(RIGHT[name]).projects] == numbers


def test_ids_that_are_sparse_numbers_stay_the_numbers() -> None:
    campaign = campaign_of(RIGHT["sparse numbers"])
    assert all(project.code == str(project.number) for project in campaign.projects)
    assert campaign.projects[-1].number == 2782


def test_projects_have_the_codes_costs_and_names_of_the_file() -> None:
    file = RIGHT["names"]
    campaign, extras = campaign_of(file), read(file).extras
    titles = [project.title.translations[0][1] for project in campaign.projects]
    assert titles[:6] == ["Park; zabawa", 'Kino "Bałtyk"', '"Bajka"', "Dwie linie", "Trzy znaki", "pion"]
    assert titles[7] == "8", "a project without a name is called by its code"
    assert [str(project.cost) for project in campaign.projects] == [row["cost"] for row in file.projects]
    assert extras["projects"]["4"]["name"] == "Dwie\u2028linie", "the original is kept"


def test_what_was_selected_is_a_stage_that_is_decided() -> None:
    campaign = campaign_of(RIGHT["selected of every kind"])
    [stage] = campaign.stages
    assert (stage.seats, stage.decided, bool(stage.ties)) == (6, True, True)
    assert [project.outcome is Outcome.WINNER for project in campaign.projects] == [False, True, True, True] * 2


@pytest.mark.parametrize("name", ["nothing selected", "nothing said of what was selected"])
def test_where_nothing_was_selected_nothing_is_decided(name: str) -> None:
    campaign = campaign_of(RIGHT[name])
    assert [stage.decided for stage in campaign.stages] == [False]
    assert {project.outcome for project in campaign.projects} == {Outcome.CANDIDATE}


def test_a_cost_of_999999999_marks_a_project_that_was_withdrawn() -> None:
    file = read(RIGHT["withdrawn"])
    assert file.withdrawn == {"1"}
    assert campaign_of(RIGHT["withdrawn"]).projects[0].cost is None
    assert file.extras["projects"]["1"]["cost"] == "999999999"


def test_official_votes_are_as_stated() -> None:
    assert (read(RIGHT["other official votes"]).official or {})["1"] == 222
    assert read(RIGHT["no votes of projects"]).official is None


def test_target_and_beneficiaries_are_the_same() -> None:
    for name in ("target", "beneficiaries"):
        assert read(RIGHT[name]).extras["projects"]["1"]["beneficiaries"].startswith("youth")


@pytest.mark.parametrize(
    ("column", "values", "names"),
    [
        ("district", ["Bałuty", "Górna"], ["Bałuty", "Górna"]),
        ("neighborhood", ["Stare Polesie", "-"], ["Stare Polesie"]),
        ("subunit", ["北区", ""], ["北区"]),
    ],
)
def test_places_are_districts_of_the_campaigns_own(column: str, values: list[str], names: list[str]) -> None:
    campaign = campaign_of(PLAIN.with_column(column, *values))
    assert [district.name.translations[0][1] for district in campaign.own_districts] == names
    assert campaign.projects[0].district == campaign.own_districts[0]


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("Poland", "Europe/Warsaw"),
        ("Germany", "Europe/Berlin"),
        ("CH", "Europe/Zurich"),
        ("China", "Asia/Shanghai"),
        ("United States", "UTC"),
        ("Worldwide", "UTC"),
    ],
)
def test_days_are_those_of_the_countrys_clocks_where_they_all_show_the_same(country: str, zone: str) -> None:
    assert campaign_of(PLAIN.with_meta(country=country)).time_zone == zone


def test_years_are_whole_years_and_no_window_is_longer_than_campaigns_may_be() -> None:
    def days(**meta: str) -> list[Any]:
        window = campaign_of(PLAIN.with_meta(**meta)).window
        return [window.opens_at.date().isoformat(), window.closes_at.date().isoformat()]

    assert days(date_begin="2023", date_end="2023") == ["2023-01-01", "2024-01-01"]
    assert days(date_begin="2022", date_end="2023") == ["2022-12-31", "2024-01-01"]


def test_slugs_and_languages_of_other_scripts_are_valid_and_differ() -> None:
    shanghai, beijing = (campaign_of(PLAIN.with_meta(unit=unit, language=None)) for unit in ("上海市", "北京市"))
    assert shanghai.slug.startswith("osiedle-1-2023-")
    assert shanghai.slug != beijing.slug
    assert shanghai.languages == ("und",)
    long = campaign_of(PLAIN.with_meta(unit="Ż" * 300))
    assert len(long.slug) <= 64


def test_each_place_of_the_tree_has_the_line_that_it_comes_from() -> None:
    lines = read(PLAIN).lines
    assert lines["title",] == 3
    assert lines["projects", 0] == len(PLAIN.meta) + 5


def test_a_decision_is_dated_at_the_close_which_is_the_earliest_it_can_have_been() -> None:
    [stage] = campaign_of(PLAIN).stages
    assert stage.decided_at == datetime.fromisoformat("2023-06-20T00:00:00+02:00")
