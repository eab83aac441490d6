"""Does the digest change with what is frozen, and with nothing else?"""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import ChoiceRange, ResultsVisibility
from api.domain.campaigns.digest import rules_digest, rules_document
from api.domain.campaigns.parts import Award
from api.domain.campaigns.projects import Standing
from api.domain.campaigns.stages import TieStep
from api.domain.review.terms import Aggregation, AggregationMethod, Anchor, PanelTerms
from api.domain.selection.terms import InputSource, StageInput, StageKind
from api.domain.voting.rules.budget import BudgetRule
from tests.campaigns import CLOSES, OPENS, a_campaign, a_project, both
from tests.kinds import budget

CAMPAIGN = a_campaign()
STAGE = CAMPAIGN.stages[-1]
PANEL = PanelTerms(OPENS, CLOSES)
SCORED = a_campaign(
    panel=PANEL,
    stages=(*CAMPAIGN.stages[:-1], replace(STAGE, kind=StageKind.EXPERT_SCORES)),
    awards=(Award("GOLD", both("金奖", "Gold"), 1),),
)
FROZEN: tuple[dict[str, Any], ...] = (
    {"choices": ChoiceRange(1, 30)},
    {"visibility": ResultsVisibility.AFTER_CLOSE},
    {"rules": (BudgetRule(Decimal(5), "CNY"),)},
    {"stages": (*CAMPAIGN.stages[:-1], replace(STAGE, ties=(TieStep.LOT,)))},
    {"stages": (*CAMPAIGN.stages[:-1], replace(STAGE, formula="0.5 v + 0.5 e"))},
    {"projects": CAMPAIGN.projects[1:]},
    {"stages": (*CAMPAIGN.stages[:-1], replace(STAGE, kind=StageKind.PUBLIC_VOTE))},
    {"stages": (*CAMPAIGN.stages[:-1], replace(STAGE, inputs=(StageInput(InputSource.PUBLIC_VOTE),)))},
    {"stages": (*CAMPAIGN.stages[:-1], replace(STAGE, threshold=Decimal(60)))},
    {"stages": (*CAMPAIGN.stages[:-1], replace(STAGE, places=2))},
    {"stages": (*CAMPAIGN.stages[:-1], replace(STAGE, choices=ChoiceRange(1, 10)))},
    {"lot_digest": "0" * 64},
    {"panel": PANEL},
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


def test_what_campaigns_could_state_before_has_the_digest_that_it_had_then() -> None:
    stages = (*CAMPAIGN.stages[:-1], replace(STAGE, ties=(TieStep.LOT,), formula="votes"))
    older = a_campaign(stages=stages, awards=(Award("GOLD", both("金奖", "Gold"), 1),))
    assert rules_digest(older) == "e4e8d6adf62716a0d4df8e40989ed74e51bb0c44d142277589a4939261ceb0c4"
    assert rules_digest(budget()) == "78570060a158d298320d4b7b8927dce21c10d6f3be6858f770b56abc4993ca89"


@pytest.mark.parametrize(
    "changes",
    [
        {"panel": replace(PANEL, quorum=3)},
        {"panel": replace(PANEL, aggregation=Aggregation(AggregationMethod.MEDIAN))},
        {"criteria": (replace(CAMPAIGN.criteria[0], weight=Decimal(2)),)},
        {"criteria": (replace(CAMPAIGN.criteria[0], anchors=(Anchor(Decimal(1), both("低", "Low")),)),)},
        {"awards": (Award("GOLD", both("金奖", "Gold"), 2),)},
        {"awards": (Award("GOLD", both("金奖", "Gold"), 1, Decimal(80)),)},
    ],
    ids=["quorum", "aggregation", "weight", "anchors", "seats", "threshold"],
)
def test_what_a_scored_stage_goes_by_makes_another_digest(changes: dict[str, Any]) -> None:
    assert rules_digest(replace(SCORED, **changes)) != rules_digest(SCORED)


def test_dates_and_names_of_experts_and_numbers_written_otherwise_do_not() -> None:
    later = replace(PANEL, closes_at=CLOSES + timedelta(days=1), published=True)
    renamed = replace(CAMPAIGN.criteria[0], name=both("新", "New"), weight=Decimal("1.00"))
    assert rules_digest(replace(SCORED, panel=later, criteria=(renamed,))) == rules_digest(SCORED)


def test_the_document_that_is_published_is_what_the_digest_is_of() -> None:
    document = rules_document(CAMPAIGN)
    assert sha256(document).hexdigest() == rules_digest(CAMPAIGN)
    assert json.loads(document)["choices"] == {"minimum": CAMPAIGN.choices.minimum, "maximum": CAMPAIGN.choices.maximum}
