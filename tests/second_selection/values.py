"""What is each candidate's value by each input, and what does it become when it is normalised?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.second_selection.canonical import Json
from tests.second_selection.experts import Experts
from tests.second_selection.numbers import ZERO, mean, plain, read, rounded

HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Input:
    """One of the inputs of a stage, with what each candidate gets by it."""

    weight: Fraction
    source: str
    values: Mapping[int, Fraction]
    normalised: Mapping[int, Fraction]
    basis: Sequence[Fraction]
    ballots: Fraction | None

    def weighted(self, number: int) -> Fraction:
        return self.weight * self.normalised[number]

    def lines(self, place: int) -> Iterator[str]:
        highest, lowest = _bounds(self.basis)
        ballots = "none" if self.ballots is None else plain(self.ballots)
        yield f"input {place} {self.source} highest {plain(highest)} lowest {plain(lowest)} ballots {ballots}"
        for number, value in self.values.items():
            shown, weighted = plain(self.normalised[number]), plain(self.weighted(number))
            yield f"value {place} {number} value {plain(value)} normalised {shown} weighted {weighted}"


def values(record: Json, source: str, channels: Mapping[str, str]) -> dict[int, Fraction]:
    """The value of each candidate by a source, by number."""
    numbers = [each["number"] for each in record["candidates"]]
    if source == "EXPERT_SCORES":
        return Experts.of(record).project_scores(numbers)
    if source == "EXPERT_BALLOT":
        named = [number for ballot in record["expert_ballots"] for number in ballot["projects"]]
        return {number: Fraction(named.count(number)) for number in numbers}
    return {each["number"]: _weigh(each["votes"], channels) for each in record["candidates"]}


def _weigh(counts: Mapping[str, int], channels: Mapping[str, str]) -> Fraction:
    return sum((read(channels.get(channel, "1")) * count for channel, count in counts.items()), ZERO)


def inputs(record: Json) -> list[Input]:
    return [_input(record, each) for each in record["rules"]["inputs"]]


def _input(record: Json, terms: Json) -> Input:
    source = terms["source"]
    found = values(record, source, terms["channels"])
    basis = [found[each["number"]] for each in record["candidates"] if not each["vacates"]]
    ballots = {
        "PUBLIC_VOTE": _weigh(record["ballots"], terms["channels"]),
        "EXPERT_BALLOT": Fraction(len(record["expert_ballots"])),
    }.get(source)
    places = record["rules"]["places"]
    normalised = {number: rounded(_normalised(terms, v, basis, ballots), places) for number, v in found.items()}
    return Input(read(terms["weight"]), source, found, normalised, basis, ballots)


def _bounds(basis: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    return max(basis, default=ZERO), min(basis, default=ZERO)


def _normalised(terms: Json, value: Fraction, basis: Sequence[Fraction], ballots: Fraction | None) -> Fraction:
    highest, lowest = _bounds(basis)
    match terms["normalisation"]:
        case "SHARE_OF_HIGHEST":
            return min(HUNDRED, value / highest * 100) if highest > 0 else ZERO
        case "SHARE_OF_BALLOTS":
            return min(HUNDRED, value / ballots * 100) if ballots else ZERO
        case "MIN_MAX":
            return max(ZERO, min(HUNDRED, (value - lowest) / (highest - lowest) * 100)) if highest > lowest else HUNDRED
        case other:
            return {"AS_IS": _as_it_is, "RANK_LADDER": _ladder, "BANDS": _banded}[other](terms, value, basis)


def _as_it_is(_: Json, value: Fraction, __: Sequence[Fraction]) -> Fraction:
    return value


def _banded(terms: Json, value: Fraction, _: Sequence[Fraction]) -> Fraction:
    reached = [each for each in terms["bands"] if read(each["at_least"]) <= value]
    best = max(reached, key=lambda each: read(each["at_least"]), default={"points": terms["floor"]})
    return read(best["points"])


def _ladder(terms: Json, value: Fraction, basis: Sequence[Fraction]) -> Fraction:
    above = sum(other > value for other in basis)
    equal = max(1, basis.count(value))
    points = [read(each) for each in terms["points"]]
    return mean([points[p] if p < len(points) else read(terms["floor"]) for p in range(above, above + equal)])
