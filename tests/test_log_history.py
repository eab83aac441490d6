"""Does the checker of histories find what it is for: a lost ballot, a doubled one, one that nobody cast, a fork?"""

from collections.abc import Sequence

import pytest

from tests.log_history import Cast, Outcome, SeenHead, roots_at, violations
from tests.log_maker import sha, tree_hash

ENTRIES = [b"rules %064d" % 0, *(b"ballot 2017-03-22 %064d" % number for number in range(40)), b"hold 3 %064d" % 0]
CAST = [Cast(Outcome.ACKNOWLEDGED, entry) for entry in ENTRIES[1:-1]]
ELSE = b"ballot 2017-03-23 %064d" % 7


def heads(*sizes: int, entries: Sequence[bytes] = ENTRIES) -> list[SeenHead]:
    """What a reader is shown of a log, its roots by their definition."""
    return [SeenHead(size, tree_hash([sha(b"\x00" + entry) for entry in entries[:size]])) for size in sizes]


def test_roots_are_those_of_the_definition() -> None:
    sizes = range(len(ENTRIES) + 1)
    assert roots_at(sizes, ENTRIES) == {head.size: head.root for head in heads(*sizes)}


def test_a_history_in_which_all_is_well_has_no_violation() -> None:
    answers_lost = [*CAST[:-2], Cast(Outcome.UNKNOWN, CAST[-2].entry), Cast(Outcome.UNKNOWN)]
    others = [Cast(Outcome.REFUSED), Cast(Outcome.REFUSED, ELSE), Cast(Outcome.UNKNOWN, ELSE), Cast(Outcome.UNKNOWN)]
    assert violations([*answers_lost, *others], heads(1, 1, 17, 42), ENTRIES) == []


@pytest.mark.parametrize(
    ("kind", "casts", "entries"),
    [
        ("lost", [*CAST, Cast(Outcome.ACKNOWLEDGED, ELSE)], ENTRIES),
        ("doubled", CAST, [*ENTRIES, ENTRIES[5]]),
        ("doubled", [*CAST[1:], Cast(Outcome.UNKNOWN, CAST[0].entry)], [*ENTRIES, ENTRIES[1]]),
        ("phantom", CAST, [*ENTRIES, ELSE]),
        ("phantom", [*CAST[1:], Cast(Outcome.UNKNOWN)], [*ENTRIES, ELSE]),
        ("phantom", [*CAST, Cast(Outcome.REFUSED, ELSE)], [*ENTRIES, ELSE]),
    ],
)
def test_a_ballot_that_is_not_where_it_belongs_is_found(kind: str, casts: list[Cast], entries: list[bytes]) -> None:
    [found] = violations(casts, [], entries)
    assert found.startswith(f"{kind}: ")


def test_another_history_is_found() -> None:
    swapped = [*ENTRIES[:8], ENTRIES[9], ENTRIES[8], *ENTRIES[10:]]
    found = violations(CAST, heads(4, 9, 42, entries=swapped), ENTRIES)
    assert [line.partition(" at ")[2].split()[0] for line in found] == ["9", "42"]
    assert {line.partition(":")[0] for line in found} == {"forked"}


def test_a_log_that_becomes_shorter_is_found() -> None:
    assert [line.split(",")[0] for line in violations(CAST, heads(17, 9, 17), ENTRIES)] == [
        "shrunk: from 17 entries to 9"
    ]
    [found] = violations(CAST[:-1], heads(42), ENTRIES[:40])
    assert found.startswith("shrunk: from 42 entries to 40")
