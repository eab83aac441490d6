"""Refuse statements in a transaction that has ended, and end one exactly once."""

from contextlib import suppress
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient, ConnectionWrapper, TransactionalDBClient
from tortoise.exceptions import TransactionManagementError


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
