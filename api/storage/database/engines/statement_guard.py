"""May this statement still run in its transaction, and how does that end?"""

from contextlib import suppress
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient, ConnectionWrapper, TransactionalDBClient
from tortoise.exceptions import TransactionManagementError


class StatementGuard(ConnectionWrapper[Any]):
    """One statement's turn in a transaction, refused once that is over: it would run outside, or in somebody else's."""

    async def __aenter__(self) -> Any:
        connection = await super().__aenter__()
        if is_over(self.client):
            self._lock.release()
            raise TransactionManagementError("This transaction is over.")
        return connection


def is_over(client: BaseDBAsyncClient) -> bool:
    """Whether a transaction, or the one that a savepoint is in, has been told to end."""
    return isinstance(client, TransactionalDBClient) and (client._finalized or is_over(client._parent))


def finish(client: TransactionalDBClient) -> None:
    """Let no further statement begin. To be called once."""
    if client._finalized:
        raise TransactionManagementError("This transaction is over.")
    client._finalized = True


async def end(transaction: TransactionalDBClient, failed: bool) -> None:
    """Commit or, when it has failed, roll back; nothing when somebody has done so already."""
    if transaction._finalized:
        return
    if failed:
        # What went wrong first is what the caller has to hear; a connection that cannot roll back dies on release.
        with suppress(Exception):
            await transaction.rollback()
    else:
        await transaction.commit()
