"""Read a record from JSON, strictly: every key, every value, and whether they fit together."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from api.domain.campaigns.stages import TieStep
from api.domain.review.aggregation import Scored
from api.domain.selection.plain_values import Plain, RecordError
from api.domain.selection.record import FORMAT, Candidate, ExpertBallot, Record, StageDecision, TieDecision
from api.domain.selection.record_checks import check
from api.domain.selection.rules_reader import channel_entries, read_rules
from api.domain.texts import LocalizedText
from api.domain.voting.channels import Channel

DECIDED = (TieStep.EXPERT_REVOTE.name, TieStep.RECORDED_DECISION.name)


def read_record(text: str) -> Record:
    """Read a record from its JSON. Raises RecordError, which says where it is wrong and what would be right."""
    try:
        tree = json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise RecordError(f"line {error.lineno}, column {error.colno}: this is no JSON ({error.msg}).") from error
    except ValueError as error:
        raise RecordError("this is no record: it has a whole number of more digits than any count has.") from error
    except RecursionError:
        raise RecordError("this is no record: its values lie too deep.") from None
    return record_of(tree)


def record_of(tree: object) -> Record:
    """Read a record from plain values. Raises RecordError."""
    parts = Plain(tree).fields(
        *("format", "campaign", "stage", "rules", "candidates", "ballots", "reviews", "expert_ballots"),
        *("decisions", "decision", "seed", "dropped"),
    )
    if parts["format"].value != FORMAT:
        raise parts["format"].refuse(f'"{FORMAT}"')
    record = Record(
        campaign=parts["campaign"].code(),
        stage=parts["stage"].code(),
        rules=read_rules(parts["rules"]),
        candidates=parts["candidates"].each(_candidate),
        ballots=_counts(parts["ballots"]),
        reviews=parts["reviews"].each(_review),
        expert_ballots=parts["expert_ballots"].each(_expert_ballot),
        decisions=parts["decisions"].each(read_tie_decision),
        decision=parts["decision"].optional(_stage_decision),
        seed=parts["seed"].optional(Plain.text),
        dropped=parts["dropped"].whole(),
    )
    check(record)
    return record


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise RecordError(f'"{repeated}" stands in one object more than once.')
    return entries


def _number(plain: Plain) -> int:
    return plain.whole(1)


def _numbers(plain: Plain) -> tuple[int, ...]:
    """Read numbers of which none is there twice."""
    numbers = plain.each(_number)
    if len(set(numbers)) < len(numbers):
        raise plain.refuse("a list in which each number stands once")
    return numbers


def _counts(plain: Plain) -> dict[Channel, int]:
    return {channel: value.whole(1) for channel, value in channel_entries(plain).items()}


def _candidate(plain: Plain) -> Candidate:
    parts = plain.fields("number", "votes", "vacates")
    return Candidate(_number(parts["number"]), _counts(parts["votes"]), parts["vacates"].flag())


def _review(plain: Plain) -> Scored:
    parts = plain.fields("expert", "project", "scores")
    scores: dict[str, Decimal] = {code: score.decimal() for code, score in parts["scores"].entries().items()}
    return Scored(_number(parts["expert"]), _number(parts["project"]), scores)


def _expert_ballot(plain: Plain) -> ExpertBallot:
    parts = plain.fields("expert", "projects")
    return ExpertBallot(_number(parts["expert"]), frozenset(_numbers(parts["projects"])))


def read_tie_decision(plain: Plain) -> TieDecision:
    """Read how a tie was decided. Raises RecordError."""
    parts = plain.fields("step", "order", "votes", "reason")
    return TieDecision(
        step=parts["step"].member(TieStep, DECIDED),
        order=_numbers(parts["order"]),
        votes=parts["votes"].each(Plain.whole),
        reason=_texts(parts["reason"]),
    )


def _stage_decision(plain: Plain) -> StageDecision:
    parts = plain.fields("selected", "reason")
    return StageDecision(_numbers(parts["selected"]), _texts(parts["reason"]))


def _texts(plain: Plain) -> LocalizedText:
    texts = {Plain(tag, text.path).code(): text.text() for tag, text in plain.entries().items()}
    if not texts:
        raise plain.refuse('texts by language, such as {"zh": "…"}')
    return LocalizedText(tuple(sorted(texts.items())))
