"""Are values what frozen dataclasses are, but for who watches over them?"""

from dataclasses import dataclass, field, replace

import pytest

from api.domain.value_classes import value


@value
class Ours:
    """As values are declared."""

    name: str
    numbers: tuple[int, ...] = ()
    note: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Frozen:
    """The same as everywhere else."""

    name: str
    numbers: tuple[int, ...] = ()
    note: str = field(default="", repr=False, compare=False)


def test_they_are_shown_compared_hashed_and_replaced_as_frozen_ones_are() -> None:
    ours, frozen = Ours("a", (1, 2), "x"), Frozen("a", (1, 2), "x")
    assert repr(ours) == repr(frozen).replace("Frozen", "Ours")
    assert hash(ours) == hash(frozen)
    assert ours == Ours("a", (1, 2), "y") != replace(ours, numbers=())
    assert replace(ours, name="b").note == "x"


def test_they_have_no_room_for_anything_else() -> None:
    with pytest.raises(AttributeError):
        Ours("a").other = 1  # type: ignore[attr-defined]
