"""The files of jobs on a database: in pieces, so that every process has them and none is ever in memory whole."""

from collections.abc import AsyncIterator

from api.ports.jobs import LeaseLost, WrittenFile
from api.storage.database.connection import Database

MAX_PIECE = 2**20  # bytes
PORTION = 32  # pieces that one statement deletes
GROW = "update jobs set received = $2 + $3 where key = $1 and received = $2 and {} returning id"
UPLOADED = "state = 'WAITING_FOR_FILE'"
WRITTEN = "state = 'RUNNING' and lease = $4"
KEEP = "insert into job_pieces (job_id, start, content) values ($1, $2, $3)"
COMPLETE = (
    "update jobs set state = 'RUNNING', size = $2, sha256 = $3 "
    "where key = $1 and state = 'WAITING_FOR_FILE' and received = $2 returning id"
)
OF_JOB = "job_id = (select id from jobs where key = $1)"
HOLDING = f"select start, content from job_pieces where {OF_JOB} and start <= $2 order by start desc limit 1"  # noqa: S608 - our own words
NEXT = f"select start, content from job_pieces where {OF_JOB} and start = $2"  # noqa: S608 - as above
RESTART = "update jobs set received = 0 where key = $1 and state = 'RUNNING' and lease = $2 returning id"
DELETE_SOME = (
    f"delete from job_pieces where id in (select id from job_pieces where {OF_JOB} order by start limit {PORTION}) "  # noqa: S608
    "returning id"
)


class SqlJobFiles:
    """The part of ports.exchange.JobStore that is about files."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, key: str, start: int, piece: bytes, worker: str | None = None) -> bool:
        """Append to a file, all of the piece or nothing; of two who append at once, one succeeds."""
        values = (key, start, len(piece), *(() if worker is None else (worker,)))
        async with self._database.transaction() as transaction:
            rows = await transaction.rows(GROW.format(UPLOADED if worker is None else WRITTEN), *values)
            for place in range(0, len(piece) if rows else 0, MAX_PIECE):
                await transaction.rows(KEEP, rows[0]["id"], start + place, piece[place : place + MAX_PIECE])
        return bool(rows)

    async def complete(self, key: str, file: WrittenFile) -> bool:
        """Have a job whose file is whole run."""
        return bool(await self._database.rows(COMPLETE, key, *file))

    async def pieces(self, key: str, start: int = 0) -> AsyncIterator[bytes]:
        """The bytes of a file from this one on. Each piece is read by itself: a slow reader keeps nothing open."""
        rows = await self._database.rows(HOLDING, key, start)
        while rows:
            [row] = rows
            content = bytes(row["content"])[start - row["start"] :]
            if content:
                yield content
            start += len(content)
            rows = await self._database.rows(NEXT, key, start) if content else []

    async def restart_file(self, key: str, worker: str) -> None:
        """Delete what was written of an export's file. Raises LeaseLost."""
        if not await self._database.rows(RESTART, key, worker):
            raise LeaseLost(key)
        await self.delete_file(key)

    async def delete_file(self, key: str) -> None:
        """Delete a file in portions, none of which keeps others from writing for long."""
        while await self._database.rows(DELETE_SOME, key):
            pass
