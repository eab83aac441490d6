"""How do millions of ballots get into a database quickly, in a way that `pingxuan audit` agrees with?

This path is the benchmark's own: it bypasses every rule. Ids are random, choices are drawn from a pool of ballots, and the
tallies are the sums of what was drawn. The campaign's salt becomes the same in every database, so that a voter's ballot has the
same id with every contestant.
"""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types

from api.domain.voting.ballots import bitmap
from api.services.random_keys import random_key
from bench.servers import SLUG

DAY = date(2017, 3, 22)
MIDNIGHT = datetime(2017, 3, 21, 16, tzinfo=UTC)  # in Shanghai
SECONDS = 8 * 3600  # over which the ballots were cast, before the benchmark's clock starts
POOL = 20_000  # different ballots
COLUMNS = ("id", "campaign_id", "day", "cast_at", "channel", "choices")
TALLY_COLUMNS = ("campaign_id", "day", "shard", "channel", "project", "votes")
TURNOUT_COLUMNS = ("campaign_id", "day", "shard", "channel", "ballots")
CHANNEL = "WEB"
BATCH = 100_000
QUEUED = 1_000  # ballots of a row of the queue for the ballot log
SHARD = 0
SALT = "the salt of the benchmark's ballots"


class Ballots:
    """So many ballots, to be stored as they are drawn; then `votes` says what they add up to."""

    def __init__(self, count: int, seed: int = 2017) -> None:
        self.count = count
        self._random = random.Random(seed)
        chosen = [self._random.sample(range(1, 51), 20) for _ in range(POOL)]
        self._pool = [(numbers, bitmap(numbers, (max(numbers) + 7) // 8)) for numbers in chosen]
        self._drawn: Counter[int] = Counter()

    def batches(self) -> Iterator[list[tuple[str, str, date, datetime, str, bytes]]]:
        """The rows, a batch at a time."""
        for start in range(0, self.count, BATCH):
            size = min(BATCH, self.count - start)
            draws = self._random.choices(range(POOL), k=size)
            self._drawn.update(draws)
            moments = [MIDNIGHT + timedelta(seconds=SECONDS * n / self.count) for n in range(start, start + size)]
            yield [
                (random_key(), SLUG, DAY, moment, CHANNEL, self._pool[draw][1])
                for draw, moment in zip(draws, moments, strict=True)
            ]

    def votes(self) -> list[tuple[int, int]]:
        """Votes by project number."""
        votes: Counter[int] = Counter()
        for draw, times in self._drawn.items():
            for number in self._pool[draw][0]:
                votes[number] += times
        return sorted(votes.items())


async def fill_postgres(url: str, count: int) -> None:
    """COPY ballots, then store their sums, and leave the tables as autovacuum would after a while."""
    ballots = Ballots(count)
    connection = await asyncpg.connect(url.replace("postgres://", "postgresql://"))
    try:
        await connection.execute("update campaigns set voter_salt = $1", SALT)
        for batch in ballots.batches():
            await connection.copy_records_to_table("ballots", records=batch, columns=COLUMNS)
        tallies = [(SLUG, DAY, SHARD, CHANNEL, number, votes) for number, votes in ballots.votes()]
        await connection.copy_records_to_table("tallies", records=tallies, columns=TALLY_COLUMNS)
        await connection.copy_records_to_table(
            "turnouts",
            records=[(SLUG, DAY, SHARD, CHANNEL, count)],
            columns=TURNOUT_COLUMNS,
        )
        await connection.execute("vacuum analyze")
        await connection.execute("checkpoint")
    finally:
        await connection.close()


def fill_sqlite(file: str, count: int, *, queued: bool = False) -> None:
    """Insert ballots and their sums in one transaction. queued: whether they wait to be sealed in the ballot log."""
    ballots, day = Ballots(count), DAY.isoformat()
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("update campaigns set voter_salt = ?", (SALT,))
        for batch in ballots.batches():
            rows = ((ballot, slug, day, moment.isoformat(" "), *rest) for ballot, slug, _, moment, *rest in batch)
            connection.executemany(
                f"insert into ballots ({', '.join(COLUMNS)}) values (?, ?, ?, ?, ?, ?)",  # noqa: S608 - constants
                rows,
            )
            if queued:
                ids = [
                    "".join(row[0] for row in batch[start : start + QUEUED]) for start in range(0, len(batch), QUEUED)
                ]
                queue = [(SLUG, portion) for portion in ids]
                connection.executemany("insert into log_queue (campaign_id, ballots) values (?, ?)", queue)
        connection.executemany(
            f"insert into tallies ({', '.join(TALLY_COLUMNS)}) values (?, ?, ?, ?, ?, ?)",  # noqa: S608 - constants
            [(SLUG, day, SHARD, CHANNEL, number, votes) for number, votes in ballots.votes()],
        )
        connection.execute(
            f"insert into turnouts ({', '.join(TURNOUT_COLUMNS)}) values (?, ?, ?, ?, ?)",  # noqa: S608 - constants
            (SLUG, day, SHARD, CHANNEL, count),
        )
    connection.close()
