"""How ballots are stored and counted: many in one transaction, which writes first and whose word is the law.

While one transaction commits, the next batch gathers, so a busy server pays for one durable commit per batch, and an idle
one commits each ballot at once. A server that has just committed a crowd lets the next one gather for a moment more: a
batch of sixty costs hardly more than one of fifteen. A ballot is answered only after its transaction is durable.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Iterable, Sequence
from contextvars import Context
from typing import NamedTuple, TypeVar

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.domain.voting.ballots import Admission, Ballot
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.storage.ballots.ballot_batch import BatchAttempt, admit_all, find, find_retried
from api.storage.database.connection import Database, is_transient

MAX_BATCH = 256  # ballots in one transaction
CROWD_SIZE = 8  # ballots in a transaction after which more are sure to come
MAX_GATHER_MS = (
    5  # milliseconds, at most, for which the next crowd gathers, as long as every one of them brings a ballot
)
MAX_QUEUE = 2048  # ballots that may wait for theirs; one more is refused at once
RECONNECT_TIMEOUT = 15.0  # seconds for which a lost database is tried again before its ballots are given back
RECONNECT_INTERVAL = (
    0.1  # seconds before the first of those tries; each further one waits twice as long, at most a second
)
RETRY_AFTER = 1  # seconds after which a refused caller may try again
Read = TypeVar("Read")
log = logging.getLogger("pingxuan.ballot_box")


class Waiting(NamedTuple):
    """A ballot, and who waits for its answer."""

    admission: Admission
    answer: asyncio.Future[Ballot | None]


class SqlBallotBox:
    """The ballot box on a database. shard names the rows that this process counts in; processes may share one."""

    def __init__(
        self, database: Database, shard: int = 0, instrumentation: Instrumentation = NO_INSTRUMENTATION
    ) -> None:
        self._database = database
        self._instrumentation = instrumentation
        self._shard = shard
        self._waiting: deque[Waiting] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def admit(self, admission: Admission) -> Ballot | None:
        """Store and count a ballot, both or neither; see ports.BallotBox. Raises ApiError OVERLOADED at once when full.

        A caller that stops waiting changes nothing: the ballot is written all the same.
        """
        if len(self._waiting) >= MAX_QUEUE:
            raise overloaded()
        waiting = Waiting(admission, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._writing is None:
            # In a context of its own: it writes for many requests, not for the one that happened to be first.
            self._writing = asyncio.create_task(self._write(), context=Context())
        return await waiting.answer

    @property
    def waiting(self) -> int:
        """How many ballots wait for the next transaction."""
        return len(self._waiting)

    async def find(self, ids: Sequence[str]) -> tuple[Ballot, ...]:
        """The ballots among these ids, in their order."""
        return await _in_reach(find(self._database, ids))

    async def find_retried(self, retry_tag: str) -> Ballot | None:
        """The ballot with this retry tag."""
        return (await _in_reach(find_retried(self._database, [retry_tag]))).get(retry_tag)

    async def drain(self) -> None:
        """Wait until every ballot that was handed in is answered."""
        while self._writing is not None:
            await asyncio.shield(self._writing)

    async def _write(self) -> None:
        """Commit batch after batch until nobody waits."""
        try:
            while self._waiting:
                size = min(MAX_BATCH, len(self._waiting))
                batch = [self._waiting.popleft() for _ in range(size)]
                try:
                    await self._settle(batch)
                except ApiError as fault:
                    self._give_back(batch, fault)
                if size > CROWD_SIZE:
                    await self._gather()
        finally:
            self._writing = None

    def _give_back(self, batch: Sequence[Waiting], fault: ApiError) -> None:
        """The database stays away: refuse this batch, and whoever waits behind it as well, rather than one after another."""
        log.error("%d ballots could not be stored", len(batch))
        _answer_all(batch, fault)
        _answer_all(self._waiting, overloaded())
        self._waiting.clear()

    async def _gather(self) -> None:
        """Wait while ballots keep coming, but not for long."""
        for _ in range(MAX_GATHER_MS):
            before = len(self._waiting)
            if before >= MAX_BATCH:
                return
            await asyncio.sleep(0.001)
            if len(self._waiting) == before:
                return

    async def _settle(self, batch: Sequence[Waiting], *, repeated: bool = False) -> None:
        """Answer everybody in a batch. One ballot that cannot be stored does not keep its neighbours out.

        repeated: an earlier attempt may have stored it. Raises ApiError OVERLOADED when the database stays lost.
        """
        attempt = BatchAttempt(tuple(waiting.admission for waiting in batch), self._shard, repeated)
        try:
            outcomes = await self._persist(attempt)
        except ApiError:
            raise
        except Exception as error:
            await self._isolate(batch, error)
        else:
            for waiting, outcome in zip(batch, outcomes, strict=True):
                if not waiting.answer.done():
                    waiting.answer.set_result(outcome)

    async def _isolate(self, batch: Sequence[Waiting], error: Exception) -> None:
        """Settle one by one what could not be stored together. The attempt that failed may not have been the first."""
        if len(batch) == 1:
            log.error("a ballot could not be stored", exc_info=error)
            _answer_all(batch, error)
            return
        for waiting in batch:
            await self._settle([waiting], repeated=True)

    async def _persist(self, attempt: BatchAttempt) -> list[Ballot | None]:
        """Store a batch, again and again while the database is lost. Raises ApiError OVERLOADED when it stays lost."""
        deadline, pause = asyncio.get_running_loop().time() + RECONNECT_TIMEOUT, RECONNECT_INTERVAL
        while True:
            try:
                with self._instrumentation.trace_commit(len(attempt.admissions)):
                    return await admit_all(self._database, attempt)
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("the database is lost with %d ballots under way: %s", len(attempt.admissions), error)
                if asyncio.get_running_loop().time() + pause > deadline:
                    raise overloaded(unheard=True) from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, 1.0)
            attempt = attempt.again()


def _answer_all(batch: Iterable[Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)


async def _in_reach(reading: Awaitable[Read]) -> Read:
    """What is read; ApiError OVERLOADED while the database is out of reach."""
    try:
        return await reading
    except Exception as error:
        if not is_transient(error):
            raise
        raise overloaded() from error


def overloaded(*, unheard: bool = False) -> ApiError:
    """The refusal of a caller who would have to wait too long for the ballot box.

    unheard: it was tried to store the ballot, and what came of that was not heard.
    """
    if unheard:
        words = Text(
            f"票箱暂时不可用，选票可能已投出：请{RETRY_AFTER}秒后用同一idempotencyKey重试。",
            "The ballot box is out of reach, and the ballot may have been cast: "
            f"retry after {RETRY_AFTER} s with the same idempotencyKey.",
        )
    else:
        words = Text(
            f"票箱繁忙，请{RETRY_AFTER}秒后重试。", f"The ballot box is too busy. Retry after {RETRY_AFTER} s."
        )
    return ApiError(ErrorCode.OVERLOADED, words, retryAfter=RETRY_AFTER)
