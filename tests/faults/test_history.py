"""Does the checker of histories find what it is for: a lost ballot, a doubled one, one that nobody cast, a fork?"""

from collections import Counter
from collections.abc import Sequence

import pytest

from tests.faults.history import (
    Cast,
    Outcome,
    SeenHead,
    SeenTurnout,
    Stored,
    StoredBallot,
    entry_of,
    roots_at,
    violations,
    violations_of,
)
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


BALLOTS = [StoredBallot(f"id of {n}", "2017-03-22" if n % 3 else "2017-03-23", (n, n + 1, 50)) for n in range(1, 31)]
TOLD = [Cast(Outcome.ACKNOWLEDGED, entry_of(ballot.numbers)) for ballot in BALLOTS]
MORE = StoredBallot("id of another", "2017-03-23", (7, 21, 50))


def stored(*ballots: StoredBallot) -> Stored:
    """A database with these ballots, counted as they should be."""
    votes = Counter((ballot.day, number) for ballot in ballots for number in ballot.numbers)
    return Stored(ballots, votes, Counter(ballot.day for ballot in ballots), [ballot.id for ballot in ballots])


def test_a_database_in_which_all_is_well_has_no_violation() -> None:
    casts = [*TOLD[1:], Cast(Outcome.UNKNOWN, TOLD[0].entry), Cast(Outcome.UNKNOWN, entry_of(MORE.numbers))]
    assert violations_of(casts, [SeenTurnout(29, 30), SeenTurnout(30, 30)], stored(*BALLOTS)) == []
    assert violations_of(casts, [SeenTurnout(30, 30), SeenTurnout(31, 31)], stored(*BALLOTS, MORE)) == []


@pytest.mark.parametrize(
    ("kind", "casts", "ballots"),
    [
        ("lost", [*TOLD, Cast(Outcome.ACKNOWLEDGED, entry_of(MORE.numbers))], BALLOTS),
        ("doubled", TOLD, [*BALLOTS, BALLOTS[3]._replace(id="another")]),
        ("doubled", TOLD, [*BALLOTS, BALLOTS[3]._replace(id="another", day="2017-03-24")]),
        ("phantom", TOLD, [*BALLOTS, MORE]),
        ("phantom", [*TOLD, Cast(Outcome.REFUSED, entry_of(MORE.numbers))], [*BALLOTS, MORE]),
    ],
)
def test_a_stored_ballot_that_nobody_or_somebody_else_cast_is_found(
    kind: str, casts: list[Cast], ballots: list[StoredBallot]
) -> None:
    [found] = violations_of(casts, [], stored(*ballots))
    assert found.startswith(f"{kind}: ")


@pytest.mark.parametrize(
    ("kind", "database"),
    [
        ("miscounted", stored(*BALLOTS)._replace(votes=stored(*BALLOTS[1:]).votes)),
        ("miscounted", stored(*BALLOTS)._replace(votes=stored(*BALLOTS, MORE).votes)),
        ("miscounted", stored(*BALLOTS)._replace(turnouts={"2017-03-22": 30})),
        ("unlogged", stored(*BALLOTS)._replace(queued=["id of 1", *stored(*BALLOTS[:-1]).queued])),
    ],
)
def test_counts_that_are_not_those_of_the_ballots_are_found(kind: str, database: Stored) -> None:
    [found] = violations_of(TOLD, [], database)
    assert found.startswith(f"{kind}: ")


@pytest.mark.parametrize(("kind", "seen"), [("phantom", SeenTurnout(30, 29)), ("lost", SeenTurnout(31, 31))])
def test_a_turnout_that_was_shown_too_high_is_found(kind: str, seen: SeenTurnout) -> None:
    [found] = violations_of(TOLD, [SeenTurnout(1, 1), seen], stored(*BALLOTS))
    assert found.startswith(f"{kind}: ")
