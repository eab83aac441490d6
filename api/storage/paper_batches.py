"""The approved batches of ballots of polling places, each approved in one statement together with its job."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.domain.exchange.jobs import JobState
from api.domain.voting.channels import Channel
from api.ports.exchange import PaperBatch
from api.storage.database.connection import Database, as_date, as_moment

COLUMNS = "campaign_id, digest, place, day, channel, job, approved_by, approved_at, ballots, counted_at"
ADD = f"insert into paper_batches ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"  # noqa: S608 - our own words only
GO_ON = """
    update jobs set state = $1, approved_by = $2, approved_at = $3, attempts = 0
    where key = $4 and state = $5 and approved_by is null returning key
"""


class SqlPaperBatches:
    """ports.exchange.PaperBatches on a database, or in a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def batch(self, campaign: str, digest: str) -> PaperBatch | None:
        """The batch of a campaign with this digest."""
        return next(iter(await self._where("campaign_id = $1 and digest = $2", campaign, digest)), None)

    async def of_job(self, campaign: str, job: str) -> PaperBatch | None:
        """The batch of a job."""
        return next(iter(await self._where("campaign_id = $1 and job = $2", campaign, job)), None)

    async def uncounted(self, campaign: str) -> tuple[PaperBatch, ...]:
        """Those of a campaign that are not wholly counted."""
        return tuple(await self._where("campaign_id = $1 and counted_at is null", campaign))

    async def approve(self, batch: PaperBatch, at: datetime) -> bool:
        """Store a batch and have its job go on; False, and nothing of it, where the job was not waiting for that."""
        states = (JobState.RUNNING.name, batch.approved_by, at, batch.job)
        if not await self._database.rows(GO_ON, *states, JobState.WAITING_FOR_APPROVAL.name):
            return False
        values: list[object] = [value.name if isinstance(value, Channel) else value for value in batch]
        await self._database.rows(ADD, *values)
        return True

    async def count(self, job: str, at: datetime) -> None:
        """Record that the batch of this job is wholly counted, in the transaction in which the job ends."""
        await self._database.rows("update paper_batches set counted_at = $1 where job = $2", at, job)

    async def drop(self, campaign: str, job: str) -> None:
        """Delete the batch of a job that will not be counted; nothing where there is none."""
        await self._database.rows(
            "delete from paper_batches where campaign_id = $1 and job = $2 and counted_at is null", campaign, job
        )

    async def _where(self, condition: str, *values: object) -> Sequence[PaperBatch]:
        sql = f"select {COLUMNS} from paper_batches where {condition} order by id"  # noqa: S608 - our own words only
        return [_batch(row) for row in await self._database.rows(sql, *values)]


def _batch(row: dict[str, Any]) -> PaperBatch:
    return PaperBatch(
        campaign=row["campaign_id"],
        digest=row["digest"],
        place=row["place"],
        day=as_date(row["day"]),
        channel=Channel[row["channel"]],
        job=row["job"],
        approved_by=row["approved_by"],
        approved_at=as_moment(row["approved_at"]),
        ballots=row["ballots"],
        counted_at=None if row["counted_at"] is None else as_moment(row["counted_at"]),
    )
