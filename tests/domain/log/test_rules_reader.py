"""Are the published rules read back as they were, and do they judge a ballot as the campaign's own do?"""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.digest import rules_document
from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.projects import Standing
from api.domain.log.rules_reader import BY_CHOICE, PublishedRules, read_rules_document
from api.domain.selection.plain_values import RecordError
from api.domain.voting.ballots import Draft
from api.domain.voting.judging import CastAttempt, judge
from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.votes import VoteQuotaRule
from tests.campaigns import DURING, OPENS, a_campaign, a_project
from tests.log_maker import RULES, canonical

GROUPED = a_campaign(
    choices=ChoiceRange(2, 6),
    projects=tuple(a_project(n, cost=Decimal(n) / 4 if n % 7 else None) for n in range(1, 51)),
    rules=(
        GroupChoiceRule(Grouping.DISTRICT, None, None, 2),
        GroupChoiceRule(Grouping.THEME, "THEME_3", 0, 1),
        GroupChoiceRule(Grouping.LEVEL, "MUNICIPAL", 1, None),
        BudgetRule(Decimal("30.5")),
    ),
)
ONE_BY_ONE = a_campaign(rules=(VoteQuotaRule(10, 2, QuotaPeriod.DAY),))


def published(campaign: Campaign) -> PublishedRules:
    """The rules as whoever reads the document has them."""
    text = rules_document(campaign).decode()
    return read_rules_document(text, campaign.slug, campaign.window)


def codes(campaign: Campaign, numbers: list[int]) -> list[tuple[str, str]]:
    """What the campaign's own rules say of a ballot."""
    draft = Draft(tuple(f"project/{campaign.slug}/{number}" for number in numbers))
    return [(v.code, v.rule) for v in judge(CastAttempt(draft, campaign, DURING)) if v.rule in BY_CHOICE]


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.sampled_from([a_campaign(), GROUPED, ONE_BY_ONE]), st.lists(st.integers(1, 52), min_size=1, max_size=8))
def test_a_ballot_is_judged_as_by_the_campaign_itself(campaign: Campaign, numbers: list[int]) -> None:
    rules = published(campaign)
    expected = codes(campaign, numbers)
    assert [(v.code, v.rule) for v in rules.judge(numbers)] == expected
    fewest, most = rules.bounds
    plain = (
        len({*numbers}) == len(numbers)
        and fewest <= len(numbers) <= most
        and rules.campaign.by_number.keys() >= {*numbers}
    )
    if plain and not rules.judged_one_by_one:
        assert expected == []


def test_projects_that_were_withdrawn_later_may_be_on_ballots() -> None:
    projects = (a_project(1, standing=Standing.WITHDRAWN), *(a_project(n) for n in range(2, 51)))
    rules = published(a_campaign(projects=projects))
    assert not list(rules.judge(range(1, 11)))


def test_rules_that_no_ballot_shows_are_named() -> None:
    tree = {**RULES, "rules": [{"code": "VOTING_HOURS", "start": "09:00", "end": "21:00"}, {"code": "SPREAD"}]}
    tree["candidates"] = [{"number": 1, "position": 1, "ruled_by": [None, "x"]}]
    assert read_rules_document(canonical(tree), "town", a_campaign().window).unjudged == ("VOTING_HOURS", "SPREAD")
    assert published(ONE_BY_ONE).unjudged == ("VOTE_QUOTA",)
    assert published(ONE_BY_ONE).bounds == (1, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"time_zone": "Asia/Nowhere"}, "time_zone: 'Asia/Nowhere'"),
        ({"choices": {"minimum": 1}}, "choices.maximum is missing"),
        ({"rules": [{"code": "BUDGET", "limit": 5}]}, "rules[0].limit: 5"),
        ({"candidates": [{"number": 1, "position": 1, "ruled_by": []}]}, "a list of 2"),
        ({"candidates": [{"number": 1, "position": n, "ruled_by": [[], None]} for n in (1, 2)]}, "more than once"),
        ({"candidates": [{"number": 1, "position": 1, "ruled_by": [["a", "b"], None]}]}, "one district at most"),
    ],
)
def test_what_is_no_document_of_rules_is_told_why(changes: dict[str, object], words: str) -> None:
    with pytest.raises(RecordError) as refused:
        read_rules_document(canonical({**RULES, **changes}), "town", a_campaign().window)
    assert words in str(refused.value)
    with pytest.raises(RecordError, match="is no JSON"):
        read_rules_document("{", "town", a_campaign().window)


def test_days_are_those_of_the_campaigns_zone() -> None:
    assert str(published(a_campaign()).zone) == "Asia/Shanghai"
    assert published(a_campaign()).campaign.window.opens_at == OPENS
