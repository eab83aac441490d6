"""Which ruling may follow which, and what does a reason have to look like?"""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.errors import ApiError
from api.domain.integrity.rulings import (
    MESSAGES,
    BallotStatus,
    RulingKind,
    RulingProblemCode,
    checked_reason,
    problem,
    status_after,
)

kinds = st.lists(st.sampled_from(RulingKind), max_size=12)


def made(asked: list[RulingKind]) -> list[RulingKind]:
    """The rulings that are made on one ballot when these are asked for one after the other."""
    done: list[RulingKind] = []
    for kind in asked:
        if problem(status_after(done[-1] if done else None), kind) is None:
            done.append(kind)
    return done


def test_a_ballot_nobody_ruled_on_counts() -> None:
    assert status_after(None) is BallotStatus.COUNTED


@given(asked=kinds)
def test_every_ruling_that_is_made_changes_where_the_ballot_stands(asked: list[RulingKind]) -> None:
    stands = [BallotStatus.COUNTED, *map(status_after, made(asked))]
    assert all(before is not after for before, after in itertools.pairwise(stands))


@given(asked=kinds)
def test_a_void_is_the_last_ruling_on_a_ballot(asked: list[RulingKind]) -> None:
    done = made(asked)
    assert RulingKind.VOID not in done[:-1]
    assert (RulingKind.VOID in asked) == (RulingKind.VOID in done)


def test_only_a_held_ballot_is_released() -> None:
    assert problem(BallotStatus.HELD, RulingKind.RELEASE) is None
    assert problem(BallotStatus.COUNTED, RulingKind.RELEASE) is RulingProblemCode.NOT_HELD
    assert problem(BallotStatus.VOIDED, RulingKind.RELEASE) is RulingProblemCode.ALREADY_VOIDED


def test_every_problem_is_explained_in_both_languages() -> None:
    assert MESSAGES.keys() == set(RulingProblemCode)


@given(reason=st.text(alphabet="作废bot ", min_size=10, max_size=500).filter(lambda text: len(text.strip()) >= 10))
def test_a_reason_loses_nothing_but_the_space_around_it(reason: str) -> None:
    assert checked_reason(f"\n {reason} ") == reason.strip()


def test_a_reason_with_a_nul_is_refused_for_that() -> None:
    with pytest.raises(ApiError, match="NUL"):
        checked_reason("with a \x00 in it")


@pytest.mark.parametrize("reason", ["", "too short", " " * 40, "a" * 501])
def test_a_reason_of_the_wrong_length_is_refused(reason: str) -> None:
    with pytest.raises(ApiError, match=r"10 to 500 characters"):
        checked_reason(reason)
