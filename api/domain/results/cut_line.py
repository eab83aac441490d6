"""Where a stage would cut if it went by votes alone, and which of its seats stay vacant."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CutLine:
    """Where the next stage would cut: its seats, the votes of the last project in, and whether a tie straddles it."""

    seats: int
    votes: int
    crosses_tie: bool


def cut_line(seats: int, standing: Sequence[int], vacated: Sequence[int]) -> CutLine | None:
    """Draw it among the votes of the projects that stand, the most first; None when all would pass, or nobody.

    vacated: the votes that were cast for each project that has left its seat vacant.
    """
    filled = _seats_left(seats, standing, vacated)
    if not 0 < filled < len(standing):
        return None
    last_in, first_out = standing[filled - 1 : filled + 1]
    return CutLine(filled, last_in, last_in == first_out)


def _seats_left(seats: int, standing: Sequence[int], vacated: Sequence[int]) -> int:
    """How many of the seats are filled, given all projects' votes: where one would be vacant, nobody moves up to it.

    standing: the most first. A project that no longer stands would have had its seat after those with as many votes.
    """
    ordered = sorted([*((-votes, False) for votes in standing), *((-votes, True) for votes in vacated)])
    return sum(not is_vacant for _, is_vacant in ordered[:seats])
