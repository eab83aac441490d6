"""Does what clients have lived through agree with what is stored, or what a ballot log shows? A checker, as Jepsen has them.

A client records of each ballot what it was told: acknowledged, refused, or nothing it could rely on. A reader records every
head of the log, or every turnout, that it was shown. When all is over, the log or the database is read once. The checker shares
no code with the program: its hashing and its counting are its own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from hashlib import sha256
from typing import NamedTuple


class Outcome(Enum):
    """What a client was told of its ballot."""

    ACKNOWLEDGED = "It is stored, and there is a receipt for it: it has to be in the log, once."
    REFUSED = "It was not stored: it must not be in the log."
    UNKNOWN = "The answer was lost: it may be in the log, once."


class Cast(NamedTuple):
    """One ballot. entry: what it is in the log, or in the database; None where the client cannot know that."""

    outcome: Outcome
    entry: bytes | None = None


class SeenTurnout(NamedTuple):
    """How many ballots a reader was shown, and how many had been sent by then."""

    ballots: int
    sent: int


class Stored(NamedTuple):
    """What a database holds: its ballots, what is counted of them by day and project, and which wait for the log."""

    ballots: Sequence["StoredBallot"]
    votes: Mapping[tuple[str, int], int]
    turnouts: Mapping[str, int]
    queued: Sequence[str]


class StoredBallot(NamedTuple):
    """A ballot as it is stored."""

    id: str
    day: str
    numbers: tuple[int, ...]


class SeenHead(NamedTuple):
    """A checkpoint that a reader was shown."""

    size: int
    root: bytes


def violations(casts: Iterable[Cast], heads: Sequence[SeenHead], entries: Sequence[bytes]) -> list[str]:
    """Everything that cannot be: a line each, which begins with its kind. heads: in the order in which one reader saw them."""
    return [*_of_ballots(list(casts), entries), *_of_heads(heads, entries)]


def entry_of(numbers: Iterable[int]) -> bytes:
    """What a ballot is in the database, where each is of a content of its own: on which day it stands is left out."""
    return b"ballot " + ",".join(map(str, sorted(numbers))).encode()


def violations_of(casts: Iterable[Cast], turnouts: Iterable[SeenTurnout], stored: Stored) -> list[str]:
    """The same of what is stored: no ballot is lost, doubled or a phantom, and what is counted and shown is what there is."""
    entries = [entry_of(ballot.numbers) for ballot in stored.ballots]
    return [*violations(casts, [], entries), *_of_counts(stored), *_of_turnouts(turnouts, len(entries))]


def _of_counts(stored: Stored) -> Iterable[str]:
    votes = Counter((ballot.day, number) for ballot in stored.ballots for number in ballot.numbers)
    if votes != Counter(stored.votes):
        changed = sorted((votes - Counter(stored.votes)) + (Counter(stored.votes) - votes))
        yield f"miscounted: the votes of {len(changed)} projects, such as {changed[0]}"
    if (ballots := Counter(ballot.day for ballot in stored.ballots)) != Counter(stored.turnouts):
        yield f"miscounted: the turnout is {dict(ballots)}, and {dict(stored.turnouts)} by the tallies"
    if sorted(stored.queued) != sorted(ballot.id for ballot in stored.ballots):
        yield f"unlogged: {len(stored.queued)} ballots wait for the log, of {len(stored.ballots)}"


def _of_turnouts(turnouts: Iterable[SeenTurnout], stored: int) -> Iterable[str]:
    seen = list(turnouts)
    if untrue := [turnout for turnout in seen if turnout.ballots > turnout.sent]:
        yield f"phantom: {untrue[0].ballots} ballots were shown when {untrue[0].sent} had been sent"
    if (most := max((turnout.ballots for turnout in seen), default=0)) > stored:
        yield f"lost: {most} ballots were shown, and {stored} are stored"


def _of_ballots(casts: Sequence[Cast], entries: Sequence[bytes]) -> Iterable[str]:
    found = Counter(entry for entry in entries if entry.startswith(b"ballot "))
    told: Mapping[Outcome, set[bytes]] = {
        outcome: {cast.entry for cast in casts if cast.outcome is outcome and cast.entry is not None}
        for outcome in Outcome
    }
    for entry in sorted(told[Outcome.ACKNOWLEDGED] - found.keys()):
        yield f"lost: {entry.decode()} was acknowledged"
    for entry, times in found.items():
        if times > 1:
            yield f"doubled: {entry.decode()} is there {times} times"
    for entry in sorted(told[Outcome.REFUSED] & found.keys() - told[Outcome.ACKNOWLEDGED] - told[Outcome.UNKNOWN]):
        yield f"phantom: {entry.decode()} was refused"
    strangers = sorted(found.keys() - set[bytes]().union(*told.values()))
    nameless = sum(cast.outcome is Outcome.UNKNOWN and cast.entry is None for cast in casts)
    if len(strangers) > nameless:
        yield f"phantom: {len(strangers)} that nobody cast, such as {strangers[0].decode()}, and {nameless} answers were lost"


def _of_heads(heads: Sequence[SeenHead], entries: Sequence[bytes]) -> Iterable[str]:
    sizes = {head.size for head in heads}
    roots = roots_at(sizes, entries)
    for before, head in zip([SeenHead(0, b""), *heads], heads, strict=False):
        if head.size < before.size:
            yield f"shrunk: from {before.size} entries to {head.size}"
        if head.size > len(entries):
            yield f"shrunk: from {head.size} entries to {len(entries)}, which are all that can be read"
        elif head.root != roots[head.size]:
            yield f"forked: the root at {head.size} entries was {head.root.hex()} and is {roots[head.size].hex()}"


def roots_at(sizes: Iterable[int], entries: Sequence[bytes]) -> dict[int, bytes]:
    """The roots (RFC 6962) of the first so many entries, for each of these sizes that there is."""
    wanted, roots = {*sizes}, {0: sha256(b"").digest()}
    subtrees: list[tuple[int, bytes]] = []  # whole ones from the left, each with its size, which falls
    for size, entry in enumerate(entries, 1):
        width, node = 1, sha256(b"\x00" + entry).digest()
        while subtrees and subtrees[-1][0] == width:
            node, width = sha256(b"\x01" + subtrees.pop()[1] + node).digest(), 2 * width
        subtrees.append((width, node))
        if size in wanted:
            *others, (_, root) = subtrees
            for _, left in reversed(others):
                root = sha256(b"\x01" + left + root).digest()
            roots[size] = root
    return roots
