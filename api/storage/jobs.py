"""Jobs on a database: each step is one compare-and-set, so that of all processes that try it one succeeds."""

from collections.abc import Collection, Sequence
from datetime import datetime

from api.domain.audit_trail import AuditEvent
from api.domain.exchange.formats import FOR_STAFF
from api.domain.exchange.jobs import Job, JobState
from api.ports.jobs import JobEnd, LeaseLost, Progress, WrittenFile
from api.storage.audit_trail import write
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect
from api.storage.job_files import SqlJobFiles
from api.storage.job_rows import COLUMNS, PROBLEMS, RESULT, dumped, job_of, row_of
from api.storage.paper_batches import SqlPaperBatches

WIDTH = len(COLUMNS.split(", "))
ADD = f"insert into jobs ({COLUMNS}) values ({', '.join(f'${n}' for n in range(1, WIDTH + 1))})"  # noqa: S608 - our own words
FIND = f"select {COLUMNS} from jobs where key = $1"  # noqa: S608 - as above
WITHOUT_PROBLEMS = COLUMNS.replace(" problems,", " '[]' as problems,")  # a thousand of each job take long to read
KNOWN = (
    f"select {COLUMNS} from jobs where sha256 = $1 and kind = 'IMPORT' and coalesce(requested_by, '') = $2 "  # noqa: S608
    "and state not in ('FAILED', 'CANCELLED') order by id desc limit 1"
)
FREE = "state = 'RUNNING' and (leased_until is null or leased_until <= $1)"
WAITING = f"select count(*) as jobs from jobs where {FREE}"  # noqa: S608 - as above
# Anybody may ask for exports, and however many do, ballots that are approved are counted, and files taken in, before those.
FIRST = "case when approved_by is not null then 0 when kind = 'IMPORT' then 1 else 2 end"
CLAIM = (
    "update jobs set lease = $2, leased_until = $3, attempts = attempts + 1 "  # noqa: S608 - as above
    f"where id = (select id from jobs where {FREE}{{}} order by {FIRST}, id limit 1{{}}) returning {COLUMNS}"
)
SKIP_LOCKED = " for update skip locked"  # SQLite lets only one write at all
MINE = "key = $1 and lease = $2 and state = 'RUNNING'"
KEEP = f"update jobs set leased_until = $3 where {MINE} returning cancel_requested"  # noqa: S608 - as above
ADVANCE = f"""
    update jobs set leased_until = $3, done = $4, total = coalesce($5, total), campaign = coalesce($7, campaign),
        attempts = case when coalesce($6, checkpoint, '') <> coalesce(checkpoint, '') then 1 else attempts end,
        checkpoint = coalesce($6, checkpoint)
    where {MINE} returning cancel_requested
"""  # noqa: S608 - as above
END = f"""
    update jobs set state = $3, result = $4, problems = $5, problem_count = $6, expires_at = $7,
        size = coalesce($8, size), sha256 = coalesce($9, sha256), lease = null, leased_until = null,
        done = coalesce($11, done), total = coalesce($12, total)
    where {MINE} and (not cancel_requested or $10) returning id
"""  # noqa: S608 - as above
RELEASE = f"""
    update jobs set lease = null, leased_until = $3, attempts = attempts - $4 where {MINE}
"""  # noqa: S608 - as above
GIVE_UP = """
    update jobs set state = $3, problems = $4, problem_count = $5, cancelled_by = $6
    where key = $1 and state = $2 and state in ('WAITING_FOR_FILE', 'WAITING_FOR_APPROVAL') returning id
"""
REQUEST_CANCEL = """
    update jobs set cancel_requested = $2, cancelled_by = coalesce(cancelled_by, $3)
    where key = $1 and state = 'RUNNING' and approved_by is null
        and not exists (select 1 from imported_files where job = $1) returning id
"""
# Until it is made, the campaign that an import names is another one's or nobody's. What somebody exports of what everybody may
# see is nobody else's business.
STAFFS_OWN = ", ".join(f"'{content.name}'" for content in FOR_STAFF)
OF_CAMPAIGN = f"""
    (kind = 'IMPORT' and (content <> 'CAMPAIGN' or state = 'DONE') or kind = 'EXPORT' and content in ({STAFFS_OWN}))
"""
EXPIRED = f"select {COLUMNS} from jobs where expires_at <= $1 and state <> 'RUNNING' order by expires_at limit $2"  # noqa: S608
EXPORTS = "requested_by = $1 and kind = 'EXPORT' and state = 'DONE'"
EXPIRE_OTHERS = f"""
    update jobs set expires_at = $3 where {EXPORTS} and expires_at > $3
        and id not in (select id from jobs where {EXPORTS} order by id desc limit $2)
"""  # noqa: S608 - as above
DELETE = "delete from jobs where key = $1 and state in ('DONE', 'FAILED', 'CANCELLED')"


class SqlJobs(SqlJobFiles):
    """ports.exchange.JobStore on a database."""

    async def add(self, job: Job, events: Sequence[AuditEvent] = ()) -> None:
        """Store a new job, with entries of the trail."""
        async with self._database.transaction() as transaction:
            await transaction.rows(ADD, *row_of(job))
            await write_all(transaction, events)

    async def find(self, key: str) -> Job | None:
        """The job with this id."""
        rows = await self._database.rows(FIND, key)
        return job_of(rows[0]) if rows else None

    async def listed(
        self,
        requested_by: str | None,
        campaign: str | None,
        states: Collection[JobState],
        limit: int,
        before: int | None = None,
    ) -> tuple[tuple[int, Job], ...]:
        """The newest jobs that meet every condition, with their numbers, and without their problems."""
        condition, values = _condition(requested_by, campaign, states, before)
        sql = f"select id, {WITHOUT_PROBLEMS} from jobs where {condition} order by id desc limit {limit:d}"  # noqa: S608 - our own words
        return tuple((row["id"], job_of(row)) for row in await self._database.rows(sql, *values))

    async def count(self, requested_by: str | None, campaign: str | None, states: Collection[JobState]) -> int:
        """How many jobs meet every condition."""
        condition, values = _condition(requested_by, campaign, states, None)
        rows = await self._database.rows(f"select count(*) as jobs from jobs where {condition}", *values)  # noqa: S608 - as above
        return int(rows[0]["jobs"])

    async def known_import(self, sha256: str, requested_by: str | None) -> Job | None:
        """The newest import of a file with this digest by the same, unless it came to nothing."""
        rows = await self._database.rows(KNOWN, sha256, requested_by or "")
        return job_of(rows[0]) if rows else None

    async def waiting(self, now: datetime) -> int:
        """How many RUNNING jobs nobody works at."""
        return int((await self._database.rows(WAITING, now))[0]["jobs"])

    async def claim(self, worker: str, now: datetime, until: datetime, key: str | None = None) -> Job | None:
        """Take up a job, in one statement: whoever else tries it at the same moment gets another, or none."""
        lock = SKIP_LOCKED if self._database.dialect is Dialect.POSTGRES else ""
        sql = CLAIM.format("" if key is None else " and key = $4", lock)
        rows = await self._database.rows(sql, now, worker, until, *(() if key is None else (key,)))
        return job_of(rows[0]) if rows else None

    async def worker_of(self, key: str) -> str | None:
        """Who holds a job's lease, be it over or not."""
        rows = await self._database.rows("select lease from jobs where key = $1", key)
        return rows[0]["lease"] if rows else None

    async def advance(self, key: str, worker: str, until: datetime, progress: Progress | None = None) -> bool:
        """Keep the lease, record progress, and return whether the job shall be cancelled. Raises LeaseLost."""
        if progress is None:
            rows = await self._database.rows(KEEP, key, worker, until)
        else:
            rows = await self._database.rows(ADVANCE, key, worker, until, *progress)
        if not rows:
            raise LeaseLost(key)
        return bool(rows[0]["cancel_requested"])

    async def end(
        self, key: str, worker: str, end: JobEnd, expires_at: datetime, file: WrittenFile | None = None
    ) -> bool:
        """Record what has become of a job; False where it is not over and shall be cancelled. Raises LeaseLost."""
        result = None if end.result is None else dumped(RESULT, end.result)
        problems = dumped(PROBLEMS, tuple(end.problems)), end.problem_count
        values = end.state.name, result, *problems, expires_at, *(file or (None, None))
        async with self._database.transaction() as transaction:
            rows = await transaction.rows(END, key, worker, *values, end.state.is_final, end.done, end.total)
            if rows:
                await write_all(transaction, end.events)
                if end.counted_at is not None:
                    await SqlPaperBatches(transaction).count(key, end.counted_at)
                return True
            if not await transaction.rows(f"select id from jobs where {MINE}", key, worker):  # noqa: S608 - our own words
                raise LeaseLost(key)
        return False

    async def release(self, key: str, worker: str, again_at: datetime | None = None, *, spent: bool = False) -> None:
        """Give the lease back, if it is still held."""
        await self._database.rows(RELEASE, key, worker, again_at, 0 if spent else 1)

    async def give_up(self, key: str, before: JobState, end: JobEnd, by: str | None = None) -> bool:
        """End a job that waits, with entries of the trail."""
        problems = dumped(PROBLEMS, tuple(end.problems)), end.problem_count
        async with self._database.transaction() as transaction:
            rows = await transaction.rows(GIVE_UP, key, before.name, end.state.name, *problems, by)
            if rows:
                await write_all(transaction, end.events)
        return bool(rows)

    async def request_cancel(self, key: str, by: str | None) -> bool:
        """Have whoever works at a RUNNING job, or takes it up next, cancel it; False where it cannot be undone any more."""
        return bool(await self._database.rows(REQUEST_CANCEL, key, True, by))

    async def expired(self, now: datetime, limit: int) -> tuple[Job, ...]:
        """Jobs that have expired and that nobody will work at."""
        return tuple(job_of(row) for row in await self._database.rows(EXPIRED, now, limit))

    async def expire_others(self, requested_by: str, newest: int, now: datetime) -> None:
        """Have all exports of a viewer that are DONE, but so many of the newest, expire now."""
        await self._database.rows(EXPIRE_OTHERS, requested_by, newest, now)

    async def delete(self, key: str) -> None:
        """Delete a job that is over, its file before it."""
        await self.delete_file(key)
        await self._database.rows(DELETE, key)


async def write_all(database: Database, events: Sequence[AuditEvent]) -> None:
    """Add entries of the trail, if there are any."""
    if events:
        await write(database, events)


def _condition(
    requested_by: str | None, campaign: str | None, states: Collection[JobState], before: int | None
) -> tuple[str, list[object]]:
    """The SQL of a filter, and the values of its placeholders."""
    of_viewer = "requested_by = ${}" if campaign is None else f"(requested_by = ${{}} or {OF_CAMPAIGN})"
    comparisons = ((of_viewer, requested_by), ("campaign = ${}", campaign), ("id < ${}", before))
    given = [(words, value) for words, value in comparisons if value is not None]
    conditions = ["1 = 1"] + [words.format(place) for place, (words, _) in enumerate(given, 1)]
    if states:
        names = ", ".join(f"'{state.name}'" for state in states)
        conditions.append(f"state in ({names})")
    return " and ".join(conditions), [value for _, value in given]
