"""Are members of enums stored by their names, and read back?"""

import json
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.stages import Stage, TieStep
from api.domain.selection.terms import InputSource, Normalisation, StageInput, StageKind
from api.domain.selection.ties import Tie, TieDetail
from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.votes import VoteQuotaRule
from api.storage.campaign_rows import RULES, STAGES
from api.storage.json_columns import JsonColumn
from tests.campaigns import both

INPUT = StageInput(InputSource.PUBLIC_VOTE, Decimal("0.4"), Normalisation.SHARE_OF_HIGHEST)
STAGE = Stage(
    "TEN", both("终审", "Final"), 10, decided=False, ties=(TieStep.LOT,), kind=StageKind.PUBLIC_VOTE, inputs=(INPUT,)
)


def test_a_stage_is_stored_with_names() -> None:
    stored = STAGES.dump((STAGE,))
    assert (stored[0]["kind"], stored[0]["ties"], stored[0]["inputs"][0]["source"]) == (
        "PUBLIC_VOTE",
        ["LOT"],
        "PUBLIC_VOTE",
    )
    assert STAGES.read(stored) == STAGES.read(json.dumps(stored)) == (STAGE,)


def test_rules_are_stored_with_names() -> None:
    rules = (GroupChoiceRule(Grouping.THEME, None, 1, 2), VoteQuotaRule(3, 1, QuotaPeriod.DAY))
    stored = RULES.dump(rules)
    assert [stored[0]["group_by"], stored[1]["period"]] == ["THEME", "DAY"]
    assert RULES.read(stored) == rules


def test_a_name_that_nothing_has_is_an_error() -> None:
    with pytest.raises(ValidationError, match="TieStep has no member 'COIN'"):
        JsonColumn(TypeAdapter(tuple[TieStep, ...])).read(["COIN"])


def test_an_enum_may_occur_more_than_once() -> None:
    numbers = frozenset({7, 9})
    detail = TieDetail(TieStep.LOT, 1, numbers)
    tie = Tie(numbers, 1, None, TieStep.LOT, frozenset({7}), (), details=(detail,))
    column = JsonColumn(TypeAdapter(Tie))
    assert [column.dump(tie)["step"], column.dump(tie)["details"][0]["step"]] == ["LOT", "LOT"]
    assert column.read(column.dump(tie)) == tie
