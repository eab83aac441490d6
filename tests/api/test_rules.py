"""Does the API show every kind of rule as data, and refuse a ballot for everything in which it breaks one?"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time
from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest
from graphql import GraphQLObjectType

from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.parts import ChoiceRange, Pause
from api.domain.campaigns.projects import Standing
from api.domain.texts import localized
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules import RuleCode, ViolationCode
from api.domain.voting.rules.base import Rule, Violation
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.eligibility import EligibilityRule, RequiredClaim
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.hours import VotingHoursRule
from api.domain.voting.rules.votes import VoteQuotaRule
from api.graph import schema
from api.schema.rules import RULES, VIOLATIONS
from tests.campaigns import HUANGPU, PUDONG, a_campaign, a_project, at, project_ids
from tests.servers import Client, Json, serving
from tests.stored import store

RESIDENCE = RequiredClaim("residence", ("310101", "310115"))
STRICT = a_campaign(
    choices=ChoiceRange(1, 3),
    currency="PLN",
    projects=(
        a_project(1, cost=Decimal("100.10"), district=HUANGPU),
        a_project(2, cost=Decimal("200.20"), district=HUANGPU),
        a_project(3, district=PUDONG),
        a_project(4, standing=Standing.WITHDRAWN, standing_reason=localized(zh="本人退出", en="At their own wish")),
    ),
    pauses=(Pause(at("2017-03-22 08:30"), None, localized(zh="核查", en="A check")),),
    rules=(
        GroupChoiceRule(Grouping.DISTRICT, None, 1, 1),
        BudgetRule(Decimal("300.29")),
        VotingHoursRule(time(10), time(22)),
        EligibilityRule((RESIDENCE, RequiredClaim("adult")), listed=True),
    ),
)
ONE_BY_ONE = replace(
    a_campaign(),
    slug="votes",
    projects=tuple(replace(a_project(number), campaign="votes") for number in (1, 2, 3)),
    choices=ChoiceRange(1, 1),
    quota=Quota(2, QuotaPeriod.DAY),
    rules=(VoteQuotaRule(2, 1, QuotaPeriod.DAY),),
)
SHOW = """query Show($slug: String) { campaign(slug: $slug) { rules { __typename code description(language: EN)
  ... on ChoiceCountRule { minimum maximum }
  ... on GroupChoiceRule { groupBy group least: minimum most: maximum }
  ... on BudgetRule { amount: limit currency }
  ... on VoteQuotaRule { limit perProject period }
  ... on VotingHoursRule { from until }
  ... on EligibilityRule { claims { claim values } listed }
} } }"""
CHECK = """query Check($input: CastBallotInput!) { checkBallot(input: $input) { __typename code rule path
  ... on TooFewInGroup { groupBy group minimum chosen projectIds }
  ... on TooManyInGroup { groupBy group maximum chosen projectIds }
  ... on BudgetExceeded { limit cost currency projectIds }
  ... on ProjectsNotStanding { projectIds standings { projectId standing reason(language: EN) } }
  ... on VotingPaused { since until reason(language: EN) }
  ... on OutsideVotingHours { from hoursUntil: until opensAt }
  ... on NotEligible { claims unlisted }
  ... on VotesExhausted { most: limit period nextAllowedAt }
  ... on ProjectVotesExhausted { perProject period projectId nextAllowedAt }
} }"""


@pytest.fixture
async def api(http: aiohttp.ClientSession, tmp_path: Path) -> AsyncIterator[Client]:
    """A server on the first morning of both campaigns."""
    url = f"sqlite://{tmp_path}/rules.sqlite3"
    store(url, STRICT, ONE_BY_ONE)
    with serving(url) as server:
        yield Client(http, server)


async def shown(api: Client, slug: str) -> dict[str, Json]:
    """The rules of a campaign by their types, without code and sentence, which are looked at here."""
    rules = (await api.data(SHOW, {"slug": slug}))["campaign"]["rules"]
    for rule in rules:
        assert rule.pop("code") in RuleCode.__members__
        assert rule.pop("description").endswith(".")
    return {rule.pop("__typename"): rule for rule in rules}


async def test_every_parameter_of_a_rule_is_data(api: Client) -> None:
    rules = await shown(api, STRICT.slug)
    assert rules["GroupChoiceRule"] == {"groupBy": "DISTRICT", "group": None, "least": 1, "most": 1}
    assert rules["BudgetRule"] == {"amount": "300.29", "currency": "PLN"}
    assert rules["VotingHoursRule"] == {"from": "10:00", "until": "22:00"}
    residence = {"claim": "residence", "values": ["310101", "310115"]}
    assert rules["EligibilityRule"] == {"claims": [residence, {"claim": "adult", "values": []}], "listed": True}


async def test_votes_one_by_one_stand_in_the_place_of_the_quota(api: Client) -> None:
    rules = await shown(api, "votes")
    assert rules["VoteQuotaRule"] == {"limit": 2, "perProject": 1, "period": "DAY"}
    assert rules["ChoiceCountRule"] == {"minimum": 1, "maximum": 1}
    assert "QuotaRule" not in rules


async def test_a_ballot_is_refused_for_everything_at_once(api: Client) -> None:
    ids = [*project_ids(1, 2, 4)]
    found = (await api.data(CHECK, {"input": {"campaign": STRICT.slug, "projectIds": ids}}, await api.sign_in()))[
        "checkBallot"
    ]
    choices, whole = ["input", "projectIds"], ["input"]
    assert [(each.pop("code"), each.pop("rule"), each.pop("path")) for each in found] == [
        ("PROJECTS_NOT_STANDING", "ELIGIBLE_PROJECTS", choices),
        ("TOO_MANY_IN_GROUP", "GROUP_CHOICE", choices),
        ("TOO_FEW_IN_GROUP", "GROUP_CHOICE", choices),
        ("BUDGET_EXCEEDED", "BUDGET", choices),
        ("VOTING_PAUSED", "VOTING_WINDOW", whole),
        ("OUTSIDE_VOTING_HOURS", "VOTING_HOURS", whole),
        ("NOT_ELIGIBLE", "ELIGIBILITY", whole),
    ]
    lost, many, few, cost, pause, hours, voter = found
    standing = {"projectId": ids[2], "standing": "WITHDRAWN", "reason": "At their own wish"}
    assert lost == {"__typename": "ProjectsNotStanding", "projectIds": ids[2:], "standings": [standing]}
    assert (many["group"], many["maximum"], many["chosen"], many["projectIds"]) == (HUANGPU.code, 1, 2, ids[:2])
    assert (few["group"], few["minimum"], few["chosen"], few["projectIds"]) == (PUDONG.code, 1, 0, [])
    assert (cost["limit"], cost["cost"], cost["currency"], cost["projectIds"]) == ("300.29", "300.30", "PLN", ids[:2])
    assert (pause["since"], pause["until"], pause["reason"]) == ("2017-03-22T08:30:00+08:00", None, "A check")
    assert (hours["from"], hours["hoursUntil"], hours["opensAt"]) == ("10:00", "22:00", "2017-03-22T10:00:00+08:00")
    assert (voter["claims"], voter["unlisted"]) == (["residence", "adult"], True)


async def test_whoever_is_not_signed_in_is_not_told_that_they_may_not_vote(api: Client) -> None:
    found = await api.data(CHECK, {"input": {"campaign": STRICT.slug, "projectIds": project_ids(1, 3)}})
    assert [each["code"] for each in found["checkBallot"]] == ["VOTING_PAUSED", "OUTSIDE_VOTING_HOURS"]


async def test_a_second_vote_for_a_project_and_a_third_vote_are_refused(api: Client) -> None:
    voter = await api.sign_in()
    one, two, three = (f"project/votes/{number}" for number in (1, 2, 3))
    midnight = "2017-03-23T00:00:00+08:00"

    async def wrong(name: str) -> list[Json]:
        return (await api.data(CHECK, {"input": {"campaign": "votes", "projectIds": [name]}}, voter))["checkBallot"]

    assert (await api.cast(voter, campaign="votes", projectIds=[one]))["violations"] == []
    [again] = await wrong(one)
    assert (again["code"], again["perProject"], again["period"]) == ("PROJECT_VOTES_EXHAUSTED", 1, "DAY")
    assert (again["projectId"], again["nextAllowedAt"], again["path"]) == (one, midnight, ["input", "projectIds"])
    assert (await api.cast(voter, campaign="votes", projectIds=[two]))["violations"] == []
    [third] = await wrong(three)
    assert (third["code"], third["most"], third["nextAllowedAt"]) == ("VOTES_EXHAUSTED", 2, midnight)
    assert [each["code"] for each in await wrong(one)] == ["VOTES_EXHAUSTED", "PROJECT_VOTES_EXHAUSTED"]


def kinds(of: type) -> set[str]:
    """The names of all classes of ours that are made of one."""
    return {kind.__name__ for kind in of.__subclasses__() if kind.__module__.startswith("api.")}


def published(name: str) -> GraphQLObjectType:
    """A type of the schema."""
    kind = schema()._schema.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    return kind


def test_every_kind_of_rule_is_published_under_its_name() -> None:
    assert {rule.__name__ for rule in RULES} == kinds(Rule)
    assert all(published(shown.__name__).name == rule.__name__ for rule, shown in RULES.items())


def test_every_violation_is_published_under_its_name_and_its_codes() -> None:
    assert {violation.__name__ for violation in VIOLATIONS} == kinds(Violation)
    assert sorted(violation.code for violation in VIOLATIONS) == sorted(ViolationCode.__members__)
    assert {violation.rule for violation in VIOLATIONS} == set(RuleCode.__members__)
    assert all(published(shown.__name__).name == violation.__name__ for violation, shown in VIOLATIONS.items())


@pytest.mark.parametrize("kind", VIOLATIONS, ids=lambda kind: kind.__name__)
def test_an_example_is_of_its_own_kind_and_says_something(kind: type[Violation]) -> None:
    example = kind.example()
    assert type(example) is kind
    assert example.message.zh.endswith("。")
    assert example.message.en.endswith(".")
