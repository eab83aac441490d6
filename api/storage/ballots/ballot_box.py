"""Store and count ballots by group commit: many in one transaction, whose insert decides which are admitted.

While one transaction commits, the next batch gathers, and sets out before the first is answered. So a busy server pays for one
durable commit per batch, and an idle one commits each ballot at once. After a large batch the next one gathers for some
milliseconds more: a batch of sixty costs hardly more than one of fifteen. A ballot is answered only after its transaction is
durable.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence
from contextvars import Context
from typing import TypeAlias

from api.domain.deferred import Deferred
from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.domain.voting.ballots import Admission, AdmissionResult, Ballot
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.storage.ballots.ballot_batch import BatchAttempt, BatchResult, admit_all
from api.storage.ballots.conflict_backoff import ConflictBackoff
from api.storage.ballots.lookup import find, find_retried
from api.storage.database.connection import Database
from api.storage.database.outages import RETRY_AFTER, is_transient

MAX_BATCH = 256  # ballots in one transaction
LARGE_BATCH = 8  # ballots in a transaction after which more are sure to come
MAX_GATHER_MS = 5  # milliseconds, at most, for which a batch gathers, as long as each of them brings a ballot
MAX_QUEUE = 2048  # ballots that may wait for a transaction; one more is refused at once
RECONNECT_TIMEOUT = 15.0  # seconds for which a database that is lost or locked is tried before its ballots are refused
RECONNECT_INTERVAL = 0.1  # seconds before the first retry; each further one waits twice as long, at most a second
DRAIN_TIMEOUT = 5.0  # seconds that a stopping process gives the database to take what waits
MAX_AT_ONCE = 64  # ballots that are answered before the event loop has a turn
log = logging.getLogger("pingxuan.ballot_box")

Answer: TypeAlias = Deferred[AdmissionResult | None]
Queued: TypeAlias = tuple[Admission, Answer]


class SqlBallotBox:
    """The ballot box on a database. shard names the rows that this process counts in; processes may share one.

    The database may keep ballots waiting for as long as its time limit is or, where it has none, for RECONNECT_TIMEOUT.
    """

    def __init__(
        self, database: Database, shard: int = 0, instrumentation: Instrumentation = NO_INSTRUMENTATION
    ) -> None:
        self._database = database
        self._instrumentation = instrumentation
        self._shard = shard
        self._backoff = ConflictBackoff()
        self._queue: deque[Queued] = deque()
        self._stored: deque[tuple[Answer, BatchResult]] = deque()  # not yet answered
        self._writer: asyncio.Task[None] | None = None

    def admit(self, admission: Admission) -> Answer:
        """Store and count a ballot, both or neither; see ports.BallotBox. Rejected with ApiError OVERLOADED when full."""
        answer: Answer = Deferred()
        if len(self._queue) >= MAX_QUEUE:
            answer.reject(overloaded())
            return answer
        self._queue.append((admission, answer))
        if self._writer is None:
            # In a context of its own: it writes for many requests, not for the one that happened to be first.
            self._writer = asyncio.create_task(self._write(), context=Context())
        return answer

    @property
    def waiting(self) -> int:
        """How many ballots wait for the next transaction."""
        return len(self._queue)

    async def find(self, ids: Sequence[str]) -> tuple[Ballot, ...]:
        """The ballots among these ids, in their order."""
        return await find(self._database, ids)

    async def find_retried(self, *retry_tags: str) -> Ballot | None:
        """The ballot with the first of these retry tags that has one."""
        found = await find_retried(self._database, retry_tags)
        return next((found[tag] for tag in retry_tags if tag in found), None)

    async def drain(self) -> None:
        """Wait until every queued ballot is answered, with OVERLOADED where the database does not take it in time."""
        if self._writer is not None:
            _, unfinished = await asyncio.wait([self._writer], timeout=DRAIN_TIMEOUT)
            for writer in unfinished:  # not waited for: it may hang at a database that is silent
                writer.cancel()

    async def _write(self) -> None:
        """Commit batch after batch until the queue is empty; each is answered once the next one is on its way."""
        try:
            while self._queue:
                size = min(MAX_BATCH, len(self._queue))
                batch = [self._queue.popleft() for _ in range(size)]
                try:
                    await self._commit_batch(batch)
                except ApiError as error:
                    self._reject_batch(batch, error)
                except asyncio.CancelledError:
                    self._reject_batch(batch, overloaded(maybe_stored=True))
                    raise
                if len(self._queue) > LARGE_BATCH:
                    asyncio.get_running_loop().call_soon(self._answer_next)
                else:
                    await self._answer_all()
                    if size > LARGE_BATCH:
                        await self._gather()
        finally:
            self._answer(len(self._stored))
            self._writer = None

    def _answer_next(self) -> None:
        self._answer(MAX_AT_ONCE)
        if self._stored:
            asyncio.get_running_loop().call_soon(self._answer_next)

    async def _answer_all(self) -> None:
        while self._stored:
            self._answer(MAX_AT_ONCE)
            await asyncio.sleep(0)

    def _answer(self, most: int) -> None:
        """Take the steps of so many ballots at most. Those of one that fail change nothing for the others."""
        for _ in range(min(most, len(self._stored))):
            answer, result = self._stored.popleft()
            if isinstance(result, ApiError):
                answer.reject(result)
            else:
                answer.resolve(result)

    def _reject_batch(self, batch: Sequence[Queued], error: ApiError) -> None:
        """The database stays lost: refuse this batch and the whole queue behind it, rather than one after another."""
        log.error("%d ballots could not be stored", len(batch))
        _fail_all(batch, error)
        _fail_all(self._queue, overloaded())
        self._queue.clear()

    async def _gather(self) -> None:
        """Wait while ballots keep coming, at most MAX_GATHER_MS."""
        for _ in range(MAX_GATHER_MS):
            before = len(self._queue)
            if before >= MAX_BATCH:
                return
            await asyncio.sleep(0.001)
            if len(self._queue) == before:
                return

    async def _commit_batch(self, batch: Sequence[Queued], *, repeated: bool = False) -> None:
        """Store a batch and answer its callers. One ballot that cannot be stored does not keep the others out.

        repeated: an earlier attempt may have stored it. Raises ApiError OVERLOADED when the database stays lost.
        """
        attempt = BatchAttempt(tuple([admission for admission, _ in batch]), self._shard, repeated, self._backoff)
        try:
            results = await self._admit_with_retries(attempt)
        except ApiError:
            raise
        except Exception as error:
            await self._isolate(batch, error)
        else:
            self._stored.extend(zip([answer for _, answer in batch], results, strict=True))

    async def _isolate(self, batch: Sequence[Queued], error: Exception) -> None:
        """Store one by one what could not be stored together. The attempt that failed may not have been the first."""
        if len(batch) == 1:
            log.error("a ballot could not be stored", exc_info=error)
            _fail_all(batch, error)
            return
        for queued in batch:
            await self._commit_batch([queued], repeated=True)

    async def _admit_with_retries(self, attempt: BatchAttempt) -> list[BatchResult]:
        """Store a batch, again and again while the database is lost. Raises ApiError OVERLOADED when it stays lost."""
        timeout = self._database.time_limit or RECONNECT_TIMEOUT
        deadline, interval = asyncio.get_running_loop().time() + timeout, RECONNECT_INTERVAL
        while True:
            try:
                with self._instrumentation.trace_commit(len(attempt.admissions)):
                    async with asyncio.timeout_at(deadline):  # a lock that somebody keeps lets no statement fail
                        return await admit_all(self._database, attempt)
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("the database is lost with %d ballots under way: %s", len(attempt.admissions), error)
                if asyncio.get_running_loop().time() + interval > deadline:
                    raise overloaded(maybe_stored=True) from error
            await asyncio.sleep(interval)
            interval = min(2 * interval, 1.0)
            attempt = attempt.again()


def _fail_all(batch: Iterable[Queued], error: Exception) -> None:
    for _, answer in batch:
        answer.reject(error)


def overloaded(*, maybe_stored: bool = False) -> ApiError:
    """The error of a caller who would have to wait too long; maybe_stored: the result of storing the ballot was lost."""
    if maybe_stored:
        message = Text(
            "票箱暂时不可用，选票可能已投出：请{retry_after}秒后用同一idempotencyKey重试。",
            "The ballot box is out of reach, and the ballot may have been cast: retry after {retry_after} s "
            "with the same idempotencyKey.",
            retry_after=RETRY_AFTER,
        )
    else:
        message = Text(
            "票箱繁忙，请{retry_after}秒后重试。",
            "The ballot box is too busy. Retry after {retry_after} s.",
            retry_after=RETRY_AFTER,
        )
    return ApiError(ErrorCode.OVERLOADED, message, retryAfter=RETRY_AFTER)
