"""Do simulated ballots have the shape of real ones, within the rules of the campaign that they are for?"""

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from api.domain.campaigns.parts import ChoiceRange
from api.services.ballot_shapes import BallotShape, ShapeCounter
from api.services.simulated_choices import Choosable
from api.services.simulation import Simulation

BALLOTS = 3_000
CODES = [f"M/{number:02}/VII" for number in range(1, 31)]
LENGTHS = (1, 1, 2, 3, 3, 3, 3, 5, 8)


def real_ballots(repeated: float = 0.4) -> list[tuple[str, ...]]:
    """Of nine lengths, some projects a hundred times as popular as others, and so many the same as an earlier one."""
    random = Random(42)
    found: list[tuple[str, ...]] = []
    for _ in range(BALLOTS):
        if found and random.random() < repeated:
            found.append(random.choice(found))
            continue
        ranked = sorted(CODES, key=lambda code: random.random() ** (CODES.index(code) + 1) ** 1.35)
        found.append(tuple(ranked[-random.choice(LENGTHS) :]))
    return found


def shape_of(ballots: Sequence[Sequence[str]]) -> BallotShape:
    counter = ShapeCounter()
    counter.add(ballots)
    return counter.shape()


REAL = shape_of(real_ballots())


def choosable(choices: ChoiceRange, codes: Sequence[str] = CODES) -> Choosable:
    ids = {f"project/town/{number}": code for number, code in enumerate(codes, 1)}
    return Choosable(tuple(ids), choices, codes=ids)


def drawn(
    choices: ChoiceRange, seed: int = 5, codes: Sequence[str] = CODES, real: BallotShape = REAL
) -> list[tuple[str, ...]]:
    some = choosable(choices, codes)
    simulation = Simulation(some, seed, real)
    return [tuple(some.codes[name] for name in simulation.draft().project_ids) for _ in range(BALLOTS)]


def distance(some: Counter[int], others: Counter[int]) -> float:
    """The total variation between two distributions."""
    keys = some.keys() | others.keys()
    return sum(abs(some[key] / some.total() - others[key] / others.total()) for key in keys) / 2


def test_lengths_votes_and_repeats_are_near_those_of_the_file() -> None:
    found = shape_of(drawn(ChoiceRange(1, 30)))
    assert distance(Counter(found.lengths), Counter(REAL.lengths)) < 0.05
    worst = max(abs(found.votes[code] - REAL.votes[code]) for code in CODES) / BALLOTS
    assert worst < 0.05
    assert abs(found.repeats - REAL.repeats) < 0.05


@pytest.mark.parametrize("repeated", [0.0, 0.7])
def test_ballots_repeat_others_as_often_as_they_do_in_the_file(repeated: float) -> None:
    real = shape_of(real_ballots(repeated))
    assert abs(shape_of(drawn(ChoiceRange(1, 30), real=real)).repeats - real.repeats) < 0.06


def test_the_same_seed_gives_the_same_ballots_and_another_one_others() -> None:
    assert drawn(ChoiceRange(1, 30))[:200] == drawn(ChoiceRange(1, 30))[:200]
    assert drawn(ChoiceRange(1, 30))[:200] != drawn(ChoiceRange(1, 30), seed=6)[:200]


def test_lengths_keep_within_what_the_rules_allow() -> None:
    lengths = Counter(map(len, drawn(ChoiceRange(2, 3))))
    assert set(lengths) == {2, 3}


def test_other_projects_have_votes_that_fall_off_by_rank_as_those_of_the_file() -> None:
    found = shape_of(drawn(ChoiceRange(1, 30), codes=[str(number) for number in range(1, 31)]))
    ranked = sorted(found.votes.values(), reverse=True)
    for votes, real in zip(ranked, sorted(REAL.votes.values(), reverse=True), strict=False):
        assert abs(votes - real) / BALLOTS < 0.05
    assert max(found.votes, key=found.votes.__getitem__) != "1", "which of them is first is drawn"


def test_another_number_of_projects_stretches_the_order_by_votes() -> None:
    codes = [f"other {number}" for number in range(1, 61)]
    found = shape_of(drawn(ChoiceRange(1, 30), codes=codes))
    ranked = sorted(found.votes.values(), reverse=True)
    assert ranked[0] > 5 * ranked[40]
    assert distance(Counter(found.lengths), Counter(REAL.lengths)) < 0.05
