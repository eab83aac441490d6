"""Does every kind of rule come back from the tree that it is written as?"""

from datetime import time
from decimal import Decimal
from typing import get_args

import pytest

from api.domain.campaigns.groups import Grouping
from api.domain.texts import localized
from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.rules import FurtherRule
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.eligibility import EligibilityRule, RequiredClaim
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.hours import VotingHoursRule
from api.domain.voting.rules.votes import VoteQuotaRule
from api.formats.campaign.rule_shapes import RulesShape, further_rules, further_tree

WORDS = localized(zh="浦东居民。", en="Residents of Pudong.")
RULES: list[FurtherRule] = [
    GroupChoiceRule(Grouping.THEME, None, 5, None),
    GroupChoiceRule(Grouping.DISTRICT, "310115", 0, 3),
    BudgetRule(Decimal("450000.50")),
    VoteQuotaRule(10, 2, QuotaPeriod.DAY),
    VotingHoursRule(time(20), time(6, 30)),
    EligibilityRule((RequiredClaim("residence", ("310115",)), RequiredClaim("adult")), listed=False),
    EligibilityRule((), listed=True, described=WORDS),
]


def test_every_kind_is_here() -> None:
    assert {type(rule) for rule in RULES} == set(get_args(FurtherRule))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_comes_back_from_its_tree(rule: FurtherRule) -> None:
    tree = further_tree([rule], ["a" * 26])
    assert list(further_rules(RulesShape.model_validate(tree), ("zh", "en"))) == [rule]


def test_rules_of_one_kind_stand_in_one_list() -> None:
    tree = further_tree(RULES[:2], ())
    assert tree == {
        "groups": [
            {"group_by": "THEME", "minimum": 5},
            {"group_by": "DISTRICT", "group": "310115", "minimum": 0, "maximum": 3},
        ]
    }
    assert list(further_rules(RulesShape.model_validate(tree), ("zh",))) == RULES[:2]
