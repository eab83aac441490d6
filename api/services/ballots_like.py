"""Draw ballots that have the shape of real ones, within the rules of another campaign."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import exp, log
from random import Random

from api.services.ballot_shapes import BallotShape
from api.services.simulated_choices import Choosable

MAX_REMEMBERED = 10_000  # drawn ballots that may be drawn again
MAX_TRIED = 3_000  # ballots that are drawn to see how often they repeat others by themselves
ROUNDS, HALVINGS, TYPICAL_LENGTHS = 12, 25, 5
TUNINGS, MAX_TUNED, ENOUGH = 6, 1_000_000, 30  # rounds; projects times ballots in each; votes that say something
LEAST = 1e-9


class BallotsLike:
    """Draws ballots: of the lengths and with the votes of a shape, and as often the same as another."""

    def __init__(self, choosable: Choosable, shape: BallotShape, random: Random) -> None:
        self._choosable, self._shape = choosable, shape
        wanted, lengths = shape.expected_votes(choosable.codes, random), _typical(shape, choosable)
        self._appeal = appeal_for(wanted, lengths)
        self._tune(wanted, random)
        self._drawn: list[tuple[str, ...]] = []
        self._count = 0
        self._repeats = self._copied(random)

    def draw(self, random: Random) -> tuple[str, ...]:
        """One ballot: an earlier one again, or another."""
        if self._drawn and random.random() < self._repeats:
            return random.choice(self._drawn)
        ballot = self._new(random)
        self._remember(ballot, random)
        return ballot

    def _new(self, random: Random) -> tuple[str, ...]:
        # The largest of u^(1/w), here by their logarithms, are a sample without replacement in which w is a project's weight.
        keys = {name: log(1 - random.random()) / appeal for name, appeal in self._appeal.items()}
        length = min(max(self._shape.length(random), self._choosable.choices.minimum), self._choosable.choices.maximum)
        return self._choosable.chosen(sorted(keys, key=keys.__getitem__, reverse=True), length)

    def _tune(self, wanted: Mapping[str, float], random: Random) -> None:
        """Draw some, see how many votes each project gets by the rules, and mend what attracts them."""
        tried = min(max(MAX_TUNED // len(wanted), 100), MAX_TRIED)
        for _ in range(TUNINGS):
            votes = Counter(name for _ in range(tried) for name in self._new(random))
            scale = votes.total() / tried / (sum(wanted.values()) or 1)
            for name, share in wanted.items():
                goal = min(share * scale, 1) * tried
                if min(goal, votes[name]) >= ENOUGH:
                    self._appeal[name] *= goal / votes[name]

    def _remember(self, ballot: tuple[str, ...], random: Random) -> None:
        """Keep a ballot, or have it take the place of another: each that was drawn is as likely to be kept."""
        self._count += 1
        if len(self._drawn) < MAX_REMEMBERED:
            self._drawn.append(ballot)
        elif (place := random.randrange(self._count)) < MAX_REMEMBERED:
            self._drawn[place] = ballot

    def _copied(self, random: Random) -> float:
        """Which share to draw again, besides those that come again by themselves."""
        tried = min(self._shape.compared, MAX_TRIED)
        alone = 1 - len({frozenset(self._new(random)) for _ in range(tried)}) / tried
        return max(0.0, (self._shape.repeats - alone) / (1 - alone)) if alone < 1 else 0.0


def _typical(shape: BallotShape, choosable: Choosable) -> list[int]:
    """A few lengths that stand for all of them, each for as many ballots."""
    lengths = [length for length, count in sorted(shape.lengths.items()) for _ in range(_parts(count, shape.ballots))]
    most = min(choosable.choices.maximum, len(choosable.project_ids))
    places = [(2 * n + 1) * len(lengths) // (2 * TYPICAL_LENGTHS) for n in range(TYPICAL_LENGTHS)]
    return [min(max(lengths[place], choosable.choices.minimum), most) for place in places]


def _parts(count: int, ballots: int) -> int:
    """How many of about a thousand parts so many ballots are."""
    return max(1, round(1_000 * count / ballots))


def appeal_for(shares: Mapping[str, float], lengths: Sequence[int]) -> dict[str, float]:
    """Weights with which sampling without replacement names each project on such a share of ballots of these lengths.

    A project is among the first k with a probability of about 1 - exp(-w t), for the t at which these add up to k.
    """
    total = sum(shares.values()) or 1
    scale = sum(lengths) / len(lengths) / total
    wanted = {name: min(max(share * scale, LEAST), 0.999) for name, share in shares.items()}
    weights = dict(wanted)
    for _ in range(ROUNDS):
        times = [_time_of(list(weights.values()), length) for length in lengths]
        for name, weight in weights.items():
            found = sum(1 - exp(-weight * time) for time in times) / len(times)
            weights[name] = max(weight * wanted[name] / max(found, LEAST), LEAST)
    return weights


def _time_of(weights: Sequence[float], length: int) -> float:
    low, high = 0.0, 1.0
    goal = min(length, len(weights) - 0.01)
    while high < 1e9 and sum(1 - exp(-weight * high) for weight in weights) < goal:
        low, high = high, high * 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if sum(1 - exp(-weight * middle) for weight in weights) < goal:
            low = middle
        else:
            high = middle
    return high
