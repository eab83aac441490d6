"""What does a database hold? Read with its own driver and decoded here, so that the program is not asked about itself."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

import asyncpg

from tests.faults.history import Stored, StoredBallot

BALLOTS = "select id, day, choices from ballots"
VOTES = "select day, project, sum(votes) from tallies group by day, project having sum(votes) <> 0"
TURNOUTS = "select day, sum(ballots) from turnouts group by day having sum(ballots) <> 0"
QUEUED = "select ballots from log_queue where ruling is null"
STATEMENTS = (BALLOTS, VOTES, TURNOUTS, QUEUED)


async def read_stored(database_url: str) -> Stored:
    """Everything at one moment."""
    if database_url.startswith("sqlite"):
        return decoded(read_sqlite(database_url))
    return decoded(await read_postgres(database_url))


def read_sqlite(database_url: str) -> list[list[Any]]:
    with closing(sqlite3.connect(database_url.removeprefix("sqlite://"), timeout=30)) as connection:
        connection.execute("begin")
        return [connection.execute(statement).fetchall() for statement in STATEMENTS]


async def read_postgres(database_url: str) -> list[list[Any]]:
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return [await connection.fetch(statement) for statement in STATEMENTS]
    finally:
        await connection.close()


def decoded(rows: Sequence[Iterable[Any]]) -> Stored:
    ballots, votes, turnouts, queued = rows
    return Stored(
        [StoredBallot(name, str(day), numbers_of(choices)) for name, day, choices in ballots],
        Counter({(str(day), project): int(count) for day, project, count in votes}),
        Counter({str(day): int(count) for day, count in turnouts}),
        [name for (row,) in queued for name in re.findall(".{1,26}", row)],
    )


def numbers_of(choices: bytes) -> tuple[int, ...]:
    """The projects of a ballot: bit n-1, counted from the first byte's lowest on, is project n."""
    return tuple(8 * place + bit + 1 for place, byte in enumerate(choices) for bit in range(8) if byte >> bit & 1)
