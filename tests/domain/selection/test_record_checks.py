"""Is a record refused whose parts do not fit together?"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from api.domain.campaigns.stages import TieStep
from api.domain.selection.plain_values import RecordError
from api.domain.selection.record import (
    AwardRule,
    Candidate,
    ExpertBallot,
    Record,
    RubricCriterion,
    StageDecision,
    TieDecision,
)
from api.domain.selection.record_checks import check
from api.domain.selection.terms import (
    Band,
    ChannelWeight,
    CriterionSource,
    FurtherCriterion,
    InputSource,
    Normalisation,
    StageInput,
)
from api.domain.voting.channels import Channel
from tests.selection_examples import REASON, decided_by, rich_record, scored

BY_VOTES, BY_SCORES = InputSource.PUBLIC_VOTE, InputSource.EXPERT_SCORES


def with_rules(record: Record, **changes: Any) -> Record:
    return replace(record, rules=replace(record.rules, **changes))


def with_input(source: InputSource = BY_VOTES, **terms: Any) -> Record:
    return with_rules(rich_record(), inputs=(StageInput(source, **terms),))


def with_decision(*selected: int, seats: int = 3) -> Record:
    return replace(decided_by((), seats), decision=StageDecision(selected, REASON))


def tie_decision(step: TieStep, order: tuple[int, ...], votes: tuple[int, ...] = ()) -> Record:
    return replace(rich_record(), decisions=(TieDecision(step, order, REASON, votes),))


def test_a_record_of_everything_fits() -> None:
    check(rich_record())
    check(decided_by((4, 2)))


BAND = Band(Decimal(1), Decimal(1))
R = rich_record()
REVOTE, RECORDED = TieStep.EXPERT_REVOTE, TieStep.RECORDED_DECISION


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (with_rules(R, inputs=()), "rules.inputs: the list should have one at least."),
        (
            with_rules(decided_by(()), inputs=(StageInput(BY_VOTES),)),
            "rules.inputs: the list should be empty for a DECISION.",
        ),
        (with_input(weight=Decimal(-1)), "rules.inputs[0].weight should not be below 0."),
        (with_input(points=(Decimal(1),)), "rules.inputs[0].points should be there for RANK_LADDER"),
        (with_input(normalisation=Normalisation.RANK_LADDER), "rules.inputs[0].points should be there for RANK_LADDER"),
        (with_input(bands=(BAND,)), "rules.inputs[0].bands should be there for BANDS"),
        (with_input(normalisation=Normalisation.BANDS), "rules.inputs[0].bands should be there for BANDS"),
        (
            with_input(normalisation=Normalisation.BANDS, bands=(BAND, BAND)),
            "rules.inputs[0].bands: 1 is there 2 times.",
        ),
        (
            with_input(channels=(ChannelWeight(Channel.SMS, Decimal(-1)),)),
            "rules.inputs[0].channels: a weight is below 0.",
        ),
        (
            with_input(BY_SCORES, channels=(ChannelWeight(Channel.SMS, Decimal(1)),)),
            "channels should be empty but for PUBLIC_VOTE",
        ),
        (with_input(BY_SCORES, normalisation=Normalisation.SHARE_OF_BALLOTS), "there are no ballots"),
        (with_rules(R, ties=(TieStep.LOT, TieStep.LOT)), "rules.ties: LOT is there 2 times."),
        (with_rules(R, awards=(AwardRule("a", 1), AwardRule("a", 2))), "rules.awards: a is there 2 times."),
        (with_rules(R, rubric=(RubricCriterion("a", Decimal(-1)),)), "rules.rubric: a weight is below 0."),
        (
            with_rules(R, further_criteria=(FurtherCriterion(CriterionSource.CRITERION, "z"),)),
            "rules.further_criteria[0].criterion should be one of rules.rubric",
        ),
        (
            with_rules(R, further_criteria=(FurtherCriterion(CriterionSource.PUBLIC_VOTE, "a"),)),
            "rules.further_criteria[0].criterion should be one of rules.rubric",
        ),
        (with_rules(R, aggregation=None), "rules.aggregation: it should say"),
        (replace(R, candidates=(*R.candidates, Candidate(9, {}))), "candidates: 9 is there 2 times."),
        (replace(R, reviews=(*R.reviews, R.reviews[0])), "reviews (expert, project): (2, 9) is there 2 times."),
        (replace(R, reviews=(scored(1, 8, 1, 1, 1),)), "reviews, expert 1 of project 8: 8 is none of the candidates"),
        (replace(R, reviews=(scored(1, 9, 1),)), "reviews, expert 1 of project 9: b is counted and has no score."),
        (replace(R, reviews=(scored(1, 9, 1, 1, 1, 1),)), "reviews, expert 1 of project 9: d is not in rules.rubric."),
        (replace(R, expert_ballots=(ExpertBallot(1, frozenset({3})),)), "expert_ballots, expert 1: 3 is none"),
        (replace(R, expert_ballots=R.expert_ballots * 2), "expert_ballots: 2 is there 2 times."),
        (tie_decision(RECORDED, (9, 3)), "decisions, RECORDED_DECISION of 9, 3: 3 is none"),
        (tie_decision(RECORDED, (9,)), "order should name two projects at least."),
        (tie_decision(RECORDED, (9, 2), (2, 1)), "votes should have 0 numbers"),
        (tie_decision(REVOTE, (9, 2), (2,)), "votes should have 2 numbers, the highest first."),
        (tie_decision(REVOTE, (9, 2), (1, 2)), "votes should have 2 numbers, the highest first."),
        (replace(R, decisions=R.decisions * 2), "decisions: ('EXPERT_REVOTE', 2, 9) is there 2 times."),
        (replace(R, decision=StageDecision((2,), REASON)), "decision: it should be null but for the kind DECISION."),
        (with_decision(1, 9), "decision.selected: 9 is none of the candidates"),
        (with_decision(1, 2, 3, seats=2), "decision.selected: there are only 2 seats."),
        (replace(R, seed="another"), "seed: its SHA-256 is not rules.lot_digest"),
        (with_rules(R, lot_digest=None), "seed: its SHA-256 is not rules.lot_digest"),
    ],
)
def test_what_does_not_fit_is_told(record: Record, told: str) -> None:
    with pytest.raises(RecordError) as refused:
        check(record)
    assert told in str(refused.value)
