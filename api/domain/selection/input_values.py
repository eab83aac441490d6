"""What goes into a stage's score before it is made comparable: votes, experts' scores, experts' ballots."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from api.domain.exact import EXACT
from api.domain.review.aggregation import aggregate, criterion_means
from api.domain.selection.record import Record
from api.domain.selection.terms import ChannelWeight, CriterionSource, FurtherCriterion, InputSource, StageInput
from api.domain.voting.channels import Channel

Values = Mapping[int, Decimal]  # of each candidate, by number


@dataclass(frozen=True)
class RawValues:
    """The values of a record's candidates, none of them made comparable yet."""

    record: Record

    def of_input(self, stage_input: StageInput) -> Values:
        """Return what the candidates have by the source of this input."""
        match stage_input.source:
            case InputSource.PUBLIC_VOTE:
                return self._votes(stage_input.channels)
            case InputSource.EXPERT_SCORES:
                return self.expert_scores
            case InputSource.EXPERT_BALLOT:
                return self._ballots_naming

    def of_further_criterion(self, further: FurtherCriterion) -> Values:
        """Return what breaks a tie among the candidates."""
        match further.source:
            case CriterionSource.PUBLIC_VOTE:
                inputs = (each for each in self.record.rules.inputs if each.source is InputSource.PUBLIC_VOTE)
                return self._votes(next((each.channels for each in inputs), ()))
            case CriterionSource.EXPERT_SCORES:
                return self.expert_scores
            case CriterionSource.EXPERT_BALLOT:
                return self._ballots_naming
            case CriterionSource.CRITERION:
                return self._by_criterion(further.criterion or "")

    def ballots(self, stage_input: StageInput) -> Decimal | None:
        """Return how many ballots there are, weighted as the votes are; None for EXPERT_SCORES."""
        match stage_input.source:
            case InputSource.PUBLIC_VOTE:
                return _weighted(self.record.ballots, stage_input.channels)
            case InputSource.EXPERT_BALLOT:
                return Decimal(len(self.record.expert_ballots))
            case InputSource.EXPERT_SCORES:
                return None

    @cached_property
    def expert_scores(self) -> Values:
        """What the reviews of each candidate come to; 0 without any."""
        rules = self.record.rules
        if rules.aggregation is None:
            return self._filled({})
        return self._filled(aggregate(self.record.reviews, rules.weights, rules.aggregation))

    @cached_property
    def _ballots_naming(self) -> Values:
        counts = dict.fromkeys(self._numbers, 0)
        for ballot in self.record.expert_ballots:
            for number in ballot.projects:
                counts[number] += 1
        return {number: Decimal(count) for number, count in counts.items()}

    def _votes(self, channels: Iterable[ChannelWeight]) -> Values:
        weights = tuple(channels)
        return {each.number: _weighted(each.votes, weights) for each in self.record.candidates}

    def _by_criterion(self, code: str) -> Values:
        aggregation = self.record.rules.aggregation
        return self._filled(criterion_means(self.record.reviews, code, aggregation.places) if aggregation else {})

    def _filled(self, values: Values) -> Values:
        return {number: values.get(number, Decimal(0)) for number in self._numbers}

    @cached_property
    def _numbers(self) -> tuple[int, ...]:
        return tuple(sorted(each.number for each in self.record.candidates))


def unreviewed(record: Record) -> tuple[int, ...]:
    """Return the candidates that have no review, by number."""
    reviewed = {review.project for review in record.reviews}
    return tuple(sorted(each.number for each in record.candidates if each.number not in reviewed))


def _weighted(counts: Mapping[Channel, int], channels: Iterable[ChannelWeight]) -> Decimal:
    weights = {each.channel: each.weight for each in channels}
    total = Decimal(0)
    for channel, count in counts.items():
        total = EXACT.add(total, EXACT.multiply(weights.get(channel, Decimal(1)), Decimal(count)))
    return total
