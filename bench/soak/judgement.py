"""Does what voters were told agree with what is stored? Read from PostgreSQL in portions, and judged without the program.

Each ballot's choices say whose it is, so what is found is counted in a byte a ballot. The fault suite does the same for a few
thousand ballots, with sets (tests/faults/history.py).
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types

from bench.soak.choices import Choices
from bench.soak.told import ACKNOWLEDGED, REFUSED, UNSENT, Told

PORTION = 20_000  # rows that are fetched at once
BALLOTS = "select id, day, choices from ballots"
VOTES = "select day, project, sum(votes)::bigint from tallies group by day, project having sum(votes) <> 0"
TURNOUTS = "select day, sum(ballots)::bigint from turnouts group by day having sum(ballots) <> 0"
QUEUED = "select ballots from log_queue where ruling is null"
BUNDLES = "select entries, ballots from log_bundles order by n"
HEAD = "select size, root from logs"
NAME = 26  # characters of an id
TIMES = 255  # up to which a ballot's copies are counted


@dataclass
class Ids:
    """Many ids at once: how many there are, and what their hashes add up to, so that two collections can be compared."""

    count: int = 0
    total: int = 0

    def add(self, name: str) -> None:
        self.count += 1
        self.total += hash(name)


@dataclass
class Tree:
    """The Merkle tree (RFC 6962) of a log's entries."""

    size: int = 0
    subtrees: list[tuple[int, bytes]] = field(default_factory=list)  # whole ones from the left, each with its size

    def add(self, bundle: bytes) -> None:
        """Add the entries of a bundle, of which each stands after its length in two bytes."""
        start = 0
        while start < len(bundle):
            end = start + 2 + int.from_bytes(bundle[start : start + 2])
            width, node = 1, sha256(b"\x00" + bundle[start + 2 : end]).digest()
            while self.subtrees and self.subtrees[-1][0] == width:
                node, width = sha256(b"\x01" + self.subtrees.pop()[1] + node).digest(), 2 * width
            self.subtrees.append((width, node))
            self.size, start = self.size + 1, end

    def head(self) -> tuple[int, bytes]:
        """The size and the root; nothing for a log without entries."""
        if not self.subtrees:
            return 0, b""
        *others, (_, root) = self.subtrees
        for _, left in reversed(others):
            root = sha256(b"\x01" + left + root).digest()
        return self.size, root


@dataclass
class Found:
    """What is stored. copies: of each ballot that could have been sent."""

    copies: bytearray
    others: int = 0  # with choices that no ballot of the run has
    renamed: list[int] = field(default_factory=list)  # under another id than was told
    ids: Ids = field(default_factory=Ids)
    logged: Ids = field(default_factory=Ids)
    sealed: int = 0
    tree: Tree = field(default_factory=Tree)
    head: tuple[int, bytes] = (0, b"")  # of the log, as it is stored
    days: Counter[date] = field(default_factory=Counter)
    bytes_: Counter[tuple[date, int, int]] = field(default_factory=Counter)  # of choices, by day and place
    votes: Mapping[tuple[date, int], int] = field(default_factory=dict)
    turnouts: Mapping[date, int] = field(default_factory=dict)

    def add(self, rows: Iterable[tuple[str, date, bytes]], choices: Choices, told: Told) -> None:
        """Count stored ballots."""
        copies, days = self.copies, self.days
        for name, day, chosen in rows:
            self.ids.add(name)
            days[day] += 1
            self.bytes_.update([(day, place, byte) for place, byte in enumerate(chosen)])
            ballot = choices.whose(chosen)
            if ballot >= len(copies):
                self.others += 1
                continue
            copies[ballot] = min(TIMES, copies[ballot] + 1)
            if told.outcomes[ballot] == ACKNOWLEDGED and told.ids[ballot] != hash(name):
                self.renamed.append(ballot)

    def log(self, names: str) -> None:
        """Count ids that are in the log or wait for it; dashes stand for entries that are no ballots."""
        for start in range(0, len(names), NAME):
            if not (name := names[start : start + NAME]).startswith("-"):
                self.logged.add(name)


async def read(url: str, choices: Choices, told: Told) -> Found:
    """Everything at one moment."""
    connection = await asyncpg.connect(url.replace("postgres://", "postgresql://"))
    try:
        async with connection.transaction(isolation="repeatable_read"):
            return await read_all(connection, choices, told)
    finally:
        await connection.close()


async def read_all(view: Any, choices: Choices, told: Told) -> Found:
    """Everything as a transaction sees it."""
    found = Found(bytearray(len(told.outcomes)))
    async for rows in _portions(view, BALLOTS):
        found.add(rows, choices, told)
    async for rows in _portions(view, BUNDLES):
        for entries, names in rows:
            found.tree.add(entries)
            found.log(names)
    for size, root in await view.fetch(HEAD):
        found.head = size, root
    found.sealed = found.logged.count
    async for rows in _portions(view, QUEUED):
        for (names,) in rows:
            found.log(names)
    found.votes = {(day, project): votes for day, project, votes in await view.fetch(VOTES)}
    found.turnouts = dict(map(tuple, await view.fetch(TURNOUTS)))
    return found


async def _portions(view: Any, query: str) -> AsyncIterator[list[Any]]:
    cursor = await view.cursor(query)
    while rows := await cursor.fetch(PORTION):
        yield rows


def wrong(told: Told, found: Found) -> dict[str, int]:
    """How many are wrong of each kind; all kinds, most of which should be 0."""
    pairs = Counter(zip(told.outcomes, found.copies, strict=True))

    def count(outcomes: Iterable[int], copies: range) -> int:
        return sum(times for (outcome, there), times in pairs.items() if outcome in outcomes and there in copies)

    anything = range(4)
    return {
        "lost": count([ACKNOWLEDGED], range(1)),
        "doubled": count(anything, range(2, TIMES + 1)),
        "phantom": count([UNSENT, REFUSED], range(1, TIMES + 1)) + found.others,
        "refused": told.outcomes.count(REFUSED),
        "under another id": len(found.renamed),
        "answered differently": told.changed,
        "miscounted": sum(1 for _ in _miscounted(found)),
        "another root": int(found.head != found.tree.head()),
        "unlogged": int((found.ids.count, found.ids.total) != (found.logged.count, found.logged.total)),
    }


def _miscounted(found: Found) -> Iterator[object]:
    """The days and projects of which other votes are counted than there are, and the days with another turnout."""
    votes = Counter[tuple[date, int]]()
    for (day, place, byte), times in found.bytes_.items():
        for bit in range(8):
            if byte >> bit & 1:
                votes[day, 8 * place + bit + 1] += times
    yield from (key for key in votes.keys() | found.votes.keys() if votes[key] != found.votes.get(key, 0))
    yield from (
        day for day in found.days.keys() | found.turnouts.keys() if found.days[day] != found.turnouts.get(day, 0)
    )


def examples(told: Told, found: Found, most: int = 10) -> list[str]:
    """Some of the ballots that are lost, doubled or under another id, by their numbers."""
    told_and_there = enumerate(zip(told.outcomes, found.copies, strict=True))
    lines = [
        f"ballot {ballot}: told {outcome}, stored {copies} times"
        for ballot, (outcome, copies) in told_and_there
        if copies > 1 or (outcome == ACKNOWLEDGED) > copies
    ]
    return [*lines[:most], *(f"ballot {ballot}: under another id" for ballot in found.renamed[:most])]
