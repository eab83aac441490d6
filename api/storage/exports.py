"""What exports read: the ballots that count, shuffled; the turnout by minute and channel; the trail from its beginning."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

from api.domain.audit_trail import RecordedEvent
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import VoidedVotes
from api.domain.campaigns.voided_votes import FOREVER, positions_voided_at
from api.domain.integrity.rulings import RulingKind
from api.domain.results.tallies import recount
from api.domain.voting.ballots import bitmap, positions_in
from api.domain.voting.channels import Channel
from api.ports.exchange import ExportedBallot
from api.storage.audit_trail import read_on
from api.storage.ballot_records import MINUTE
from api.storage.campaign_rows import VOIDED_VOTES
from api.storage.database.connection import Database, as_date, as_moment
from api.storage.rulings_sql import latest_ruling
from api.storage.shuffled_file import ShuffledFile

AT_ONCE = 5_000  # ballots, or entries of the trail
COUNTING = f"""
    from ballots left join {latest_ruling("ballots.id")}
    where campaign_id = $1 and cast_at < $2 and (latest.kind is null or latest.kind = '{RulingKind.RELEASE.name}')
"""
BALLOTS = f"select day, channel, choices, cast_at {COUNTING}"
TURNOUT = f"select {{minute}} as minute, channel, count(*) as total {COUNTING} group by 1, 2"
VOIDED = "select voided_votes from campaigns where slug = $1"
CHANNELS = tuple(Channel)
DAY_BYTES = 4


class ShuffledSqlBallots:
    """ports.exports.ShuffledBallots in a file."""

    def __init__(self, file: ShuffledFile, votes: Mapping[int, int], empty: int) -> None:
        self._file = file
        self.votes = votes
        self.empty = empty
        self.count = file.count

    async def chunks(self) -> AsyncIterator[Sequence[ExportedBallot]]:
        """All ballots, in lists of at most AT_ONCE."""
        parts = self._file.parts()
        while (records := await asyncio.to_thread(next, parts, None)) is not None:
            for start in range(0, len(records), AT_ONCE):
                yield await asyncio.to_thread(_unpacked, records[start : start + AT_ONCE])


class SqlExportSource:
    """ports.exports.ExportSource on a database, without a limit of time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def shuffled(
        self, campaign: Campaign, until: datetime | None, report: Callable[[int], Awaitable[None]]
    ) -> AsyncIterator[ShuffledSqlBallots]:
        """The ballots that count, as of one moment, in random order."""
        votes = Counter[int]()  # under 0: of ballots without any
        with ShuffledFile() as file:
            async with self._database.snapshot() as view:
                [stored] = await view.rows(VOIDED, campaign.slug)
                voided = VOIDED_VOTES.read(stored["voided_votes"])
                async for rows in view.scan(BALLOTS, campaign.slug, until or FOREVER, size=AT_ONCE):
                    votes.update(await asyncio.to_thread(_add, file, rows, voided))
                    await report(file.count)
            empty = votes.pop(0, 0)
            yield ShuffledSqlBallots(file, votes, empty)

    async def turnout(self, slug: str, until: datetime | None) -> Mapping[tuple[datetime, Channel], int]:
        """How many ballots that count were cast in each minute, in UTC, by each channel."""
        query = TURNOUT.format(minute=MINUTE[self._database.dialect])
        return {
            (datetime.fromisoformat(row["minute"]).replace(tzinfo=UTC), Channel[row["channel"]]): row["total"]
            for row in await self._database.rows(query, slug, until or FOREVER)
        }

    async def trail(self, slug: str) -> AsyncIterator[Sequence[RecordedEvent]]:
        """The entries of a campaign, the earliest first."""
        after = 0
        while events := await read_on(self._database, slug, after, AT_ONCE):
            yield events
            after = events[-1].number


def _add(file: ShuffledFile, rows: Sequence[Any], voided_votes: tuple[VoidedVotes, ...]) -> Mapping[int, int]:
    """Put ballots into the file; return the votes on them, by position, and under 0 how many have none."""
    bitmaps = [bytes(row[2]) for row in rows]
    if voided_votes:
        bitmaps = [_without(each, row[3], voided_votes) for each, row in zip(bitmaps, rows, strict=True)]
    heads = {(row[0], row[1]): b"" for row in rows}
    for day, channel in heads:
        ordinal = as_date(day).toordinal().to_bytes(DAY_BYTES)
        heads[day, channel] = ordinal + bytes([CHANNELS.index(Channel[channel])])
    file.add([heads[row[0], row[1]] + choices for row, choices in zip(rows, bitmaps, strict=True)])
    width = max(map(len, bitmaps))
    votes = recount(b"".join(choices.ljust(width, b"\0") for choices in bitmaps), width) if width else Counter[int]()
    votes[0] = sum(not any(choices) for choices in bitmaps)
    return votes


def _without(choices: bytes, cast_at: Any, voided_votes: tuple[VoidedVotes, ...]) -> bytes:
    """The bitmap without the votes that are voided at that moment."""
    voided = positions_voided_at(voided_votes, as_moment(cast_at))
    return bitmap(set(positions_in(choices)) - voided, len(choices)) if voided else choices


def _unpacked(records: Sequence[bytes]) -> list[ExportedBallot]:
    days: dict[bytes, date] = {}
    ballots = []
    for record in records:
        packed = record[:DAY_BYTES]
        day = days.get(packed)
        if day is None:
            days[packed] = day = date.fromordinal(int.from_bytes(packed))
        ballots.append(ExportedBallot(day, CHANNELS[record[DAY_BYTES]], positions_in(record[DAY_BYTES + 1 :])))
    return ballots
