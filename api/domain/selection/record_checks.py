"""Whether the parts of a record fit together, beyond the form of each."""

from collections.abc import Iterable

from api.domain.campaigns.stages import TieStep
from api.domain.selection.lot import is_promised
from api.domain.selection.plain_values import RecordError, once
from api.domain.selection.record import Record, StageRules, TieDecision
from api.domain.selection.terms import CriterionSource, InputSource, Normalisation, StageInput, StageKind


def check(record: Record) -> None:
    """Raise RecordError for the first thing that does not fit."""
    _check_rules(record.rules)
    once([each.number for each in record.candidates], "candidates")
    numbers = {each.number for each in record.candidates}
    _check_reviews(record, numbers)
    once([each.expert for each in record.expert_ballots], "expert_ballots")
    for ballot in record.expert_ballots:
        _refuse_strangers(ballot.projects, numbers, f"expert_ballots, expert {ballot.expert}")
    once([(each.step.name, *sorted(each.order)) for each in record.decisions], "decisions")
    for decision in record.decisions:
        _check_tie_decision(decision, numbers)
    _check_decision(record)
    if record.seed is not None and not is_promised(record.seed, record.rules.lot_digest):
        raise RecordError("seed: its SHA-256 is not rules.lot_digest, which was published before opening.")


def _check_rules(rules: StageRules) -> None:
    is_decision = rules.kind is StageKind.DECISION
    if is_decision == bool(rules.inputs):
        should = "be empty for a DECISION" if is_decision else "have one at least"
        raise RecordError(f"rules.inputs: the list should {should}.")
    for place, each in enumerate(rules.inputs):
        _check_input(each, f"rules.inputs[{place}]")
    once([step.name for step in rules.ties], "rules.ties")
    once([criterion.code for criterion in rules.rubric], "rules.rubric")
    once([award.code for award in rules.awards], "rules.awards")
    if any(criterion.weight < 0 for criterion in rules.rubric):
        raise RecordError("rules.rubric: a weight is below 0.")
    codes = {criterion.code for criterion in rules.rubric}
    for place, further in enumerate(rules.further_criteria):
        is_known = further.criterion in codes if further.source is CriterionSource.CRITERION else not further.criterion
        if not is_known:
            raise RecordError(
                f"rules.further_criteria[{place}].criterion should be one of rules.rubric where the source is CRITERION, "
                "and null otherwise."
            )
    needs_aggregation = rules.uses_expert_scores or any(each.criterion for each in rules.further_criteria)
    if needs_aggregation and rules.aggregation is None:
        raise RecordError(
            "rules.aggregation: it should say how experts' scores are put together, because they are used."
        )


def _check_input(each: StageInput, where: str) -> None:
    if each.weight < 0:
        raise RecordError(f"{where}.weight should not be below 0.")
    if bool(each.points) != (each.normalisation is Normalisation.RANK_LADDER):
        raise RecordError(f"{where}.points should be there for RANK_LADDER, and empty otherwise.")
    if bool(each.bands) != (each.normalisation is Normalisation.BANDS):
        raise RecordError(f"{where}.bands should be there for BANDS, and empty otherwise.")
    once([band.at_least for band in each.bands], f"{where}.bands")
    if each.channels and each.source is not InputSource.PUBLIC_VOTE:
        raise RecordError(f"{where}.channels should be empty but for PUBLIC_VOTE.")
    if any(channel.weight < 0 for channel in each.channels):
        raise RecordError(f"{where}.channels: a weight is below 0.")
    if each.source is InputSource.EXPERT_SCORES and each.normalisation is Normalisation.SHARE_OF_BALLOTS:
        raise RecordError(f"{where}.normalisation: there are no ballots that EXPERT_SCORES could be a share of.")


def _check_reviews(record: Record, numbers: set[int]) -> None:
    once([(review.expert, review.project) for review in record.reviews], "reviews (expert, project)")
    codes = {criterion.code for criterion in record.rules.rubric}
    for review in record.reviews:
        where = f"reviews, expert {review.expert} of project {review.project}"
        _refuse_strangers([review.project], numbers, where)
        if wrong := sorted(review.scores.keys() - codes) or sorted(record.rules.weights.keys() - review.scores.keys()):
            state = "is not in rules.rubric" if wrong[0] in review.scores else "is counted and has no score"
            raise RecordError(f"{where}: {wrong[0]} {state}.")


def _check_tie_decision(decision: TieDecision, numbers: set[int]) -> None:
    where = f"decisions, {decision.step.name} of {', '.join(map(str, decision.order))}"
    _refuse_strangers(decision.order, numbers, where)
    if len(decision.order) < 2:
        raise RecordError(f"{where}: order should name two projects at least.")
    expected = len(decision.order) if decision.step is TieStep.EXPERT_REVOTE else 0
    if len(decision.votes) != expected or sorted(decision.votes, reverse=True) != list(decision.votes):
        raise RecordError(f"{where}: votes should have {expected} numbers, the highest first.")


def _check_decision(record: Record) -> None:
    if record.decision is None:
        return
    if record.rules.kind is not StageKind.DECISION:
        raise RecordError("decision: it should be null but for the kind DECISION.")
    _refuse_strangers(record.decision.selected, record.basis, "decision.selected")
    if len(record.decision.selected) > record.rules.seats:
        raise RecordError(f"decision.selected: there are only {record.rules.seats} seats.")


def _refuse_strangers(given: Iterable[int], numbers: Iterable[int], where: str) -> None:
    if strangers := sorted(set(given) - set(numbers)):
        raise RecordError(f"{where}: {strangers[0]} is none of the candidates that can be named here.")
