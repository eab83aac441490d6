"""Is the shape of ballots what they have in common, whatever is in them?"""

from random import Random

import pytest

from api.services.ballot_shapes import MAX_COMPARED, ShapeCounter


def test_lengths_votes_and_repeats_are_counted() -> None:
    counter = ShapeCounter()
    counter.add([("1", "2"), ("2", "1")])
    counter.add([("3",), (), ("3", "3"), ("4",)])
    shape = counter.shape()
    assert (shape.ballots, shape.lengths) == (5, {1: 3, 2: 2})
    assert shape.votes == {"1": 2, "2": 2, "3": 2, "4": 1}
    assert shape.repeats == pytest.approx(2 / 5)


def test_of_many_ballots_the_first_are_compared() -> None:
    counter = ShapeCounter()
    counter.add([(str(number),) for number in range(MAX_COMPARED)])
    counter.add([("1",)] * 1000)
    assert counter.shape().repeats == 0


def test_without_ballots_there_is_no_shape() -> None:
    counter = ShapeCounter()
    counter.add([()])
    with pytest.raises(ValueError, match="no shape"):
        counter.shape()


def test_votes_go_by_code_where_all_codes_are_there() -> None:
    counter = ShapeCounter()
    counter.add([("a", "b"), ("a",)])
    shape = counter.shape()
    assert shape.expected_votes({"x": "b", "y": "a", "z": "c"}, Random(1)) == {"x": 0.5, "y": 1, "z": 0}
    assert sorted(shape.expected_votes({"x": "1", "y": "2"}, Random(1)).values()) == [0.5, 1]
