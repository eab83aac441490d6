"""Does the digest change with what is frozen, and with nothing else?"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import ChoiceRange, ResultsVisibility
from api.domain.campaigns.digest import rules_digest
from api.domain.campaigns.projects import Standing
from api.domain.campaigns.stages import TieStep
from api.domain.voting.rules.budget import BudgetRule
from tests.campaigns import CLOSES, OPENS, a_campaign, a_project, both

CAMPAIGN = a_campaign()
STAGE = CAMPAIGN.stages[-1]
FROZEN: tuple[dict[str, Any], ...] = (
    {"choices": ChoiceRange(1, 30)},
    {"visibility": ResultsVisibility.AFTER_CLOSE},
    {"rules": (BudgetRule(Decimal(5), "CNY"),)},
    {"stages": (*CAMPAIGN.stages[:-1], replace(STAGE, ties=(TieStep.LOT,)))},
    {"stages": (*CAMPAIGN.stages[:-1], replace(STAGE, formula="0.5 v + 0.5 e"))},
    {"projects": CAMPAIGN.projects[1:]},
)
FREE: tuple[dict[str, Any], ...] = (
    {"slug": "another"},
    {"title": both("新标题", "Another title")},
    {"window": Window(OPENS, CLOSES + timedelta(days=1))},
    {"stages": (*CAMPAIGN.stages[:-1], replace(STAGE, decided=True))},
    {"projects": (a_project(1, standing=Standing.WITHDRAWN), *CAMPAIGN.projects[1:])},
)


@pytest.mark.parametrize("changes", FROZEN)
def test_what_is_frozen_makes_another_digest(changes: dict[str, Any]) -> None:
    assert rules_digest(replace(CAMPAIGN, **changes)) != rules_digest(CAMPAIGN)


@pytest.mark.parametrize("changes", FREE)
def test_everything_else_does_not(changes: dict[str, Any]) -> None:
    assert rules_digest(replace(CAMPAIGN, **changes)) == rules_digest(CAMPAIGN)


def test_a_budget_digests_what_projects_cost() -> None:
    rules = (BudgetRule(Decimal(5), "CNY"),)
    priced = [
        a_campaign(rules=rules, projects=(a_project(1, cost=Decimal(cost)), *CAMPAIGN.projects[1:]))
        for cost in ("1", "1.00", "2")
    ]
    first, same, other = map(rules_digest, priced)
    assert first == same != other
