"""Ballots that are there before a run begins, so that minutes show what its last minutes will be like."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types

from api.domain.voting.ballots import bitmap
from api.services.random_keys import random_key
from bench.filling import CHANNEL, COLUMNS, DAY, QUEUED, SHARD, TALLY_COLUMNS, TURNOUT_COLUMNS
from bench.servers import SLUG
from bench.soak.choices import Choices
from bench.soak.told import ACKNOWLEDGED, Told

Row = tuple[str, str, date, datetime, str, bytes]
PORTION = 50_000
MOMENT = datetime.fromisoformat("2017-03-22T00:00:00+08:00")


async def fill(url: str, told: Told, choices: Choices, ballots: int) -> None:
    """Store the first so many ballots as if they had been cast, and told so: they wait for the log."""
    connection = await asyncpg.connect(url.replace("postgres://", "postgresql://"))
    votes: Counter[int] = Counter()
    try:
        for start in range(0, ballots, PORTION):
            rows = list(_rows(told, choices, range(start, min(start + PORTION, ballots)), votes))
            names = [row[0] for row in rows]
            queue = [(SLUG, "".join(names[first : first + QUEUED])) for first in range(0, len(names), QUEUED)]
            retries = [(random_key(), name) for name in names]
            await connection.copy_records_to_table("ballots", records=rows, columns=COLUMNS)
            await connection.copy_records_to_table("retries", records=retries, columns=("tag", "ballot_key"))
            await connection.copy_records_to_table("log_queue", records=queue, columns=("campaign_id", "ballots"))
        tallies = [(SLUG, DAY, SHARD, CHANNEL, project, times) for project, times in votes.items()]
        await connection.copy_records_to_table("tallies", records=tallies, columns=TALLY_COLUMNS)
        turnouts = [(SLUG, DAY, SHARD, CHANNEL, ballots)]
        await connection.copy_records_to_table("turnouts", records=turnouts, columns=TURNOUT_COLUMNS)
        await connection.execute("vacuum analyze")
        await connection.execute("checkpoint")
    finally:
        await connection.close()


def _rows(told: Told, choices: Choices, ballots: range, votes: Counter[int]) -> Iterator[Row]:
    for ballot in ballots:
        name = random_key()
        numbers = [project + 1 for project in choices.of(ballot)]
        votes.update(numbers)
        told.outcomes[ballot], told.ids[ballot] = ACKNOWLEDGED, hash(name)
        moment = MOMENT + timedelta(milliseconds=ballot % 3_600_000)
        yield name, SLUG, DAY, moment, CHANNEL, bitmap(numbers, (max(numbers) + 7) // 8)
