"""Refuse statements in a transaction that has ended, end one exactly once, and drop a connection that does not answer."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient, ConnectionWrapper, TransactionalDBClient
from tortoise.exceptions import TransactionManagementError

ENDING_TIMEOUT = 5.0  # seconds in which what nobody waits for any more has to end
# What is being ended; the event loop keeps only weak references to tasks.
ENDING_TASKS: set[asyncio.Task[None]] = set()


class StatementGuard(ConnectionWrapper[Any]):
    """The lock around one statement; refuses it once its transaction is over, as it would run outside, or in another's."""

    async def __aenter__(self) -> Any:
        connection = await super().__aenter__()
        if is_over(self.client):
            self._lock.release()
            raise TransactionManagementError("This transaction is over.")
        return connection


def is_over(client: BaseDBAsyncClient) -> bool:
    """Whether a transaction, or the one that a savepoint is in, has begun to end."""
    return isinstance(client, TransactionalDBClient) and (client._finalized or is_over(client._parent))


def finish(client: TransactionalDBClient) -> None:
    """Let no further statement begin. Raises TransactionManagementError when that has been done already."""
    if client._finalized:
        raise TransactionManagementError("This transaction is over.")
    client._finalized = True


async def end(transaction: TransactionalDBClient, failed: bool) -> None:
    """Commit or, when it has failed, roll back; do nothing when that has been done already."""
    if transaction._finalized:
        return
    if failed:
        # The caller gets the error that made it fail; a connection that cannot roll back is closed on release.
        with suppress(Exception):
            await transaction.rollback()
    else:
        await transaction.commit()


async def see_to_the_end(
    work: Coroutine[Any, Any, None],
    exc_type: type[BaseException] | None,
    give_up: Callable[[], object] | None = None,
) -> None:
    """Run what ends something in a task of its own, and wait for it unless the caller was cancelled.

    A caller whose time is up has waited long enough: the server may never answer. give_up: makes the work fail; called when it
    has not ended within ENDING_TIMEOUT after the caller was cancelled.
    """
    ending = _begun(work)
    try:
        if exc_type is None or not issubclass(exc_type, asyncio.CancelledError):
            await asyncio.shield(ending)
    finally:
        if give_up is not None and not ending.done():
            timer = asyncio.get_running_loop().call_later(ENDING_TIMEOUT, give_up)
            ending.add_done_callback(lambda _: timer.cancel())


def drop(pool: Any, connection: Any) -> None:
    """Drop a connection that says nothing, and have those replaced that are idle: whatever befell it may have befallen them.

    One that waits for an answer for ever would be missing in the pool for ever: whoever is in between, such as a proxy, may
    keep it alive although nobody will answer, so that the system's timeouts are no help.
    """
    connection.terminate()
    _begun(pool.expire_connections())


def _begun(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A task that is kept until it ends, whoever waits for it."""
    task = asyncio.ensure_future(work)
    ENDING_TASKS.add(task)
    task.add_done_callback(_forget)
    return task


def _forget(ending: asyncio.Task[None]) -> None:
    ENDING_TASKS.discard(ending)
    if not ending.cancelled():
        ending.exception()  # whoever waits gets it; for the others it is no news that something went wrong
