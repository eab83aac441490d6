"""Small records of stages, of which a test changes what it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from api.domain.campaigns.stages import TieStep
from api.domain.review.aggregation import Scored
from api.domain.review.terms import Aggregation
from api.domain.selection.lot import seed_digest
from api.domain.selection.record import (
    AwardRule,
    Candidate,
    ExpertBallot,
    Record,
    RubricCriterion,
    StageDecision,
    StageRules,
    TieDecision,
)
from api.domain.selection.terms import (
    Band,
    ChannelWeight,
    CriterionSource,
    FurtherCriterion,
    InputSource,
    Normalisation,
    StageInput,
    StageKind,
)
from api.domain.texts import localized
from api.domain.voting.channels import Channel

REASON = localized(zh="评委会讨论决定", en="Decided by the jury")
SEED = "thrown by the notary"
VOTES = StageInput(InputSource.PUBLIC_VOTE)


def rules(seats: int, *ties: TieStep, kind: StageKind = StageKind.PUBLIC_VOTE, **others: Any) -> StageRules:
    return StageRules(kind, seats, ties=ties, **{"inputs": () if kind is StageKind.DECISION else (VOTES,), **others})


def by_votes(votes: Mapping[int, int], stage_rules: StageRules, vacating: Iterable[int] = (), **others: Any) -> Record:
    """A record of votes in browsers."""
    candidates = (Candidate(number, {Channel.WEB: own}, number in vacating) for number, own in votes.items())
    ballots = {Channel.WEB: max(votes.values(), default=0)}
    return Record("city-2026", "thirty", stage_rules, tuple(candidates), ballots, **others)


def scored(expert: int, project: int, *scores: object) -> Scored:
    """A review by the criteria a, b, c and so on."""
    return Scored(expert, project, {code: Decimal(str(score)) for code, score in zip("abcdef", scores, strict=False)})


def rich_record() -> Record:
    """A record that has some of everything."""
    inputs = (
        StageInput(
            InputSource.PUBLIC_VOTE,
            Decimal("0.4"),
            Normalisation.RANK_LADDER,
            points=(Decimal(100), Decimal(80), Decimal("60.5")),
            floor=Decimal(20),
            channels=(ChannelWeight(Channel.SMS, Decimal("0.5")), ChannelWeight(Channel.WEB, Decimal(2))),
        ),
        StageInput(
            InputSource.PUBLIC_VOTE,
            Decimal("0.1"),
            Normalisation.BANDS,
            bands=(Band(Decimal(5), Decimal(50)), Band(Decimal(2), Decimal(25))),
        ),
        StageInput(InputSource.EXPERT_SCORES, Decimal("0.3"), Normalisation.MIN_MAX),
        StageInput(InputSource.EXPERT_BALLOT, Decimal("0.2"), Normalisation.SHARE_OF_BALLOTS),
    )
    stage_rules = StageRules(
        StageKind.EXPERT_BALLOT,
        seats=3,
        threshold=Decimal(1),
        quorum=2,
        inputs=inputs,
        ties=(TieStep.FURTHER_CRITERION, TieStep.EXPERT_REVOTE, TieStep.LOT),
        further_criteria=(
            FurtherCriterion(CriterionSource.CRITERION, "b"),
            FurtherCriterion(CriterionSource.PUBLIC_VOTE),
        ),
        rubric=(RubricCriterion("b", Decimal("1.5")), RubricCriterion("a"), RubricCriterion("c", counted=False)),
        aggregation=Aggregation(standardised=True, standardised_from=2),
        awards=(AwardRule("top", 1), AwardRule("good", 2, Decimal(30))),
        lot_digest=seed_digest(SEED),
    )
    return Record(
        "city-2026",
        "ten",
        stage_rules,
        candidates=(
            Candidate(9, {Channel.WEB: 2, Channel.SMS: 4}),
            Candidate(2, {Channel.SMS: 4, Channel.WEB: 2}),
            Candidate(30, {Channel.WEB: 9}, vacates=True),
            Candidate(4, {}),
        ),
        ballots={Channel.WEB: 12, Channel.SMS: 8},
        reviews=(
            scored(2, 9, 8, "7.5", 1),
            scored(1, 9, 6, 6, 2),
            scored(1, 2, 6, 6, 3),
            scored(2, 2, 8, "7.5", 5),
            scored(1, 30, 9, 9, 9),
            scored(3, 4, 5, 5, 5),
        ),
        expert_ballots=(ExpertBallot(2, frozenset({9, 2})), ExpertBallot(1, frozenset({30}))),
        decisions=(TieDecision(TieStep.EXPERT_REVOTE, (9, 2), REASON, votes=(3, 3)),),
        seed=SEED,
        dropped=1,
    )


def decided_by(numbers: Iterable[int], seats: int = 3, **others: Any) -> Record:
    """A record of a DECISION among the projects 1 to 5."""
    record = by_votes(dict.fromkeys(range(1, 6), 1), rules(seats, kind=StageKind.DECISION, **others))
    return replace(record, decision=StageDecision(tuple(numbers), REASON))
