"""Is a campaign whose parts do not fit together told so, once, at the right place, in both languages?"""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from api.domain.campaigns.campaign import Award, ResultsStep
from api.domain.campaigns.projects import District, Link, ProjectOrderField
from api.domain.campaigns.stages import TieStep
from api.domain.campaigns.states import ResultsVisibility
from api.domain.texts import localized
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.eligibility import EligibilityRule, RequiredClaim
from api.domain.voting.rules.groups import GroupChoiceRule, Grouping
from api.formats.campaign import tree_of, validate_campaign
from tests.campaigns import at

Tree = dict[str, Any]


def tree(**changes: Any) -> Tree:
    """A campaign in Uyghur and Chinese that has a bit of everything; a change to None leaves a key out."""
    whole = {
        "slug": "town",
        "time_zone": "Asia/Urumqi",
        "languages": ["ug", "zh"],
        "title": {"ug": "تاللاش", "zh": "评选"},
        "organizer": {"ug": "بازار"},
        "candidate_term": {"ug": "ئەسەر"},
        "currency": "CNY",
        "results_visibility": "LIVE",
        "results_step": "MINUTE",
        "project_order": "SHUFFLED",
        "voting_window": {"opens_at": at("2020-03-01 00:00"), "closes_at": at("2020-03-10 00:00")},
        "rules": {
            "choices": {"minimum": 2, "maximum": 3},
            "quota": {"limit": 2, "period": "HOUR", "per_channel": True},
            "groups": [{"group_by": "THEME", "maximum": 2}],
            "budget": {"limit": "30.50"},
            "hours": {"from": "22:00", "until": "06:00"},
            "eligibility": {"claims": [{"claim": "residence", "values": ["65"]}], "description": {"ug": "ئاھالە"}},
        },
        "stages": [
            {"code": "WINNER", "name": {"ug": "غالىب"}, "seats": 2, "decided": False, "ties": ["ALL_IN", "LOT"]},
        ],
        "themes": [{"code": code, "name": {"ug": code}} for code in "AB"],
        "own_districts": [{"code": "EAST", "name": {"ug": "شەرق"}}],
        "awards": [{"code": "GOLD", "name": {"ug": "ئالتۇن"}, "seats": 1}],
        "projects": [project(9), project(4000, "B"), project(17, district="EAST", level="DISTRICT"), project(18, "B")],
    }
    return {key: value for key, value in {**whole, **changes}.items() if value is not None}


def project(number: int, theme: str = "A", **more: Any) -> Tree:
    whole = {"number": number, "title": {"ug": f"{number}"}, "themes": [theme], "cost": "10.25", **more}
    return {key: value for key, value in whole.items() if value is not None}


def rules(**changes: Any) -> Tree:
    given: Tree = {**tree()["rules"], **changes}
    return {"rules": {key: value for key, value in given.items() if value is not None}}


def test_a_campaign_with_a_bit_of_everything_becomes_its_values_and_its_tree_again() -> None:
    links = [{"title": {"ug": "بەت"}, "url": "https://example.org/"}]
    given = tree(projects=[*tree()["projects"][:3], project(18, "B", code="M/01", links=links, cost=7)])
    campaign, findings = validate_campaign(given, {})
    assert findings == []
    assert campaign is not None
    assert [(each.number, each.position) for each in campaign.projects] == [(9, 1), (17, 2), (18, 3), (4000, 4)]
    assert campaign.languages == ("ug", "zh")
    assert campaign.own_districts == (District("EAST", localized(ug="شەرق"), "town"),)
    assert campaign.by_number[17].district == campaign.own_districts[0]
    assert (campaign.by_number[18].code, campaign.by_number[18].cost) == ("M/01", Decimal(7))
    assert campaign.by_number[18].links == (Link(localized(ug="بەت"), "https://example.org/"),)
    assert campaign.quota == Quota(2, QuotaPeriod.HOUR, per_channel=True)
    assert campaign.stages[0].ties == (TieStep.ALL_IN, TieStep.LOT)
    assert campaign.awards == (Award("GOLD", localized(ug="ئالتۇن"), 1),)
    assert campaign.results_step is ResultsStep.MINUTE
    assert campaign.project_order is ProjectOrderField.SHUFFLED
    assert GroupChoiceRule(Grouping.THEME, None, None, 2) in campaign.rules
    assert BudgetRule(Decimal("30.50")) in campaign.rules
    claims = (RequiredClaim("residence", ("65",)),)
    assert EligibilityRule(claims, listed=False, described=localized(ug="ئاھالە")) in campaign.rules
    after_casting = replace(campaign, visibility=ResultsVisibility.AFTER_CASTING)
    for each in (campaign, after_casting):
        assert validate_campaign(tree_of(each), {}).campaign == each


def test_a_draft_may_have_no_projects_yet() -> None:
    campaign, findings = validate_campaign(tree(projects=None), {})
    assert findings == []
    assert campaign is not None
    assert campaign.projects == ()


DAILY = {"results_visibility": "DAILY", "results_step": None}
COVER = {"url": "/images/a.jpg", "width": 4, "height": 3, "alternative": {"ug": "a"}}
AN_EVENING = {"voting_window": {"opens_at": at("2020-03-01 18:00"), "closes_at": at("2020-03-01 23:00")}}
MISFITS: list[tuple[Tree, str, str]] = [
    (DAILY, "results_at", "such as"),
    ({**DAILY, "results_at": "9:00"}, "results_at", "23:59"),
    ({"results_at": "09:00"}, "results_at", "DAILY"),
    ({"results_visibility": "AFTER_CLOSE"}, "results_step", "LIVE"),
    ({"title": {"zh": "评选"}}, "title.ug", "own language"),
    ({"title": {"ug": "a", "zh": "评选", "en": "x"}}, "title.en", "Known keys: ug, zh"),
    ({"title": {"ug": "a"}}, "languages.1", "translate"),
    ({"languages": ["ug", "zh", "zh"]}, "languages.2", "once"),
    ({"languages": ["ug", "zh", "Chinese"]}, "languages.2", "BCP 47"),
    ({"languages": "ug"}, "languages", "a list of tags"),
    ({"languages": ["uyghur"]}, "languages.0", "BCP 47"),
    ({"languages": None, "title": {"ug": "تاللاش"}}, "languages", '["ug"]'),
    ({"title": {"ug": "a", "zh": "评选", "fr": "x"}}, "title.fr", "Add it to languages"),
    ({"cover": {**COVER, "url": "http://example.org/a.jpg"}}, "cover.url", "https://"),
    (rules(votes={"limit": 10, "period": "DAY"}, quota=None, groups=None, budget=None), "rules.choices", "one by one"),
    (rules(quota=None), "rules.quota", "limit"),
    (rules(groups=[{"group_by": "THEME"}]), "rules.groups.0", "minimum, maximum"),
    (rules(groups=[{"group_by": "THEME", "group": "C", "maximum": 1}]), "rules.groups.0.group", "A, B"),
    (rules(groups=[{"group_by": "THEME", "minimum": 3}]), "rules.groups.0.minimum", "number 2"),
    (rules(groups=[{"group_by": "THEME", "minimum": 2}]), "rules.choices.maximum", "number 4"),
    (rules(groups=[{"group_by": "THEME", "maximum": 0}]), "rules.choices.minimum", "Raise the groups"),
    (rules(groups=[{"group_by": "THEME", "minimum": 2, "maximum": 1}]), "rules.groups.0.minimum", "number 1"),
    (rules(budget={"limit": "20.49"}), "rules.budget.limit", "20.50"),
    (rules(budget={"limit": 20.5}), "rules.budget.limit", "a text such as"),
    (rules(hours={"from": "09:00", "until": "09:00"}), "rules.hours.until", "all day"),
    (rules(hours={"from": "09:00", "until": "10:00"}) | AN_EVENING, "rules.hours", "in that time"),
    (rules(eligibility={}), "rules.eligibility", "claims, list or viewers"),
    (rules(eligibility={"viewers": ["lin"]}), "rules.eligibility.viewers.0", "26"),
    ({"currency": None}, "currency", "the currency"),
    ({"currency": "yuan"}, "currency", "ISO 4217"),
    ({"projects": [*tree()["projects"][:3], project(18, "B", cost=None)]}, "projects.3.cost", "budget"),
    ({"projects": [*tree()["projects"][:3], project(18, "B", award="SILVER")]}, "projects.3.award", "GOLD"),
    ({"projects": [*tree()["projects"][:3], project(18, "B", district="WEST")]}, "projects.3.district", "EAST"),
    ({"projects": [*tree()["projects"][:3], project(10**6, "B")]}, "projects.3.number", "999999"),
    ({"awards": [{"code": "GOLD", "name": {"ug": "a"}, "seats": 3}]}, "awards.0.seats", "last stage"),
    ({"stages": [{**tree()["stages"][0], "ties": ["LOT", "LOT"]}]}, "stages.0.ties.1", "once"),
    ({"districts": "districts.toml"}, "districts", "two"),
]


@pytest.mark.parametrize(("changes", "place", "remedy"), MISFITS)
def test_what_does_not_fit_is_told_once_at_its_place_in_both_languages(changes: Tree, place: str, remedy: str) -> None:
    given = tree(**changes)
    findings = validate_campaign(given, {}).findings
    [finding] = [each for each in findings if ".".join(map(str, each.place)) == place]
    assert findings == [finding]
    assert remedy in finding.remedy.en
    assert finding.problem.zh != finding.problem.en
    assert any("\u4e00" <= character <= "\u9fff" for character in finding.message(given).zh)


def test_a_place_is_a_path_of_graphql_too() -> None:
    given = tree(
        voting_window={"opens_at": datetime(2020, 3, 1, tzinfo=UTC), "closes_at": datetime(2020, 2, 1, tzinfo=UTC)}
    )
    [finding] = validate_campaign(given, {}).findings
    assert finding.path == ["votingWindow", "closesAt"]
    assert finding.message(given).en.startswith("votingWindow.closesAt is the time")
