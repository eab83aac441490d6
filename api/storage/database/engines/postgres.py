"""The PostgreSQL engine: transactions that begin and end whole, however their task is cancelled.

Ending one (commit or roll back, then release the connection) is a task of its own: a cancelled caller does not wait
for it, but it runs to its end. A statement cancelled before that is asyncpg's to sort out: the next one on its
connection, our ROLLBACK, waits until the server has dropped it.
"""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from functools import partial
from itertools import count
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    PoolConnectionWrapper,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.backends.base_postgres.client import translate_exceptions
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from api.storage.database.engines.poolers import is_pooled, see_statements_kept
from api.storage.database.engines.statement_guard import StatementGuard, drop, end, finish, see_to_the_end

TCP_TIMEOUT = 15  # seconds without an answer from the other machine after which a connection to it fails
CLOSE_TIMEOUT = 3.0  # seconds for connections to be closed in order
SAVEPOINTS, SCANS = count(), count()


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg publishes no types
    """A connection whose statements have names that no other gives: behind a pooler they may meet in one session."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._own_name = secrets.token_hex(8)

    def _get_unique_id(self, prefix: str) -> str:
        return f"{super()._get_unique_id(prefix)}{self._own_name}"


class Client(AsyncpgDBClient):
    """The pool of this process."""

    connection_class = Connection

    async def create_pool(self, **options: Any) -> Any:
        """Connect. Behind a pooler no statement stays prepared, unless the URL says how many: then see that it keeps them."""
        pool = await self._connect(options)
        if options.get("statement_cache_size") == 0 or not await is_pooled(pool):
            return pool
        if "statement_cache_size" not in options:
            await pool.close()
            return await self._connect({**options, "statement_cache_size": 0})
        try:
            await see_statements_kept(pool)
        except BaseException:
            pool.terminate()
            raise
        return pool

    async def _connect(self, options: dict[str, Any]) -> Any:
        return await asyncpg.create_pool(init=set_tcp_timeouts, reset=skip_session_reset, **options)

    async def _close(self) -> None:
        """Close the pool, and drop its connections when the database does not answer: whoever stops waits for this."""
        if self._pool is not None:
            try:
                await asyncio.wait_for(self._pool.close(), CLOSE_TIMEOUT)
            except TimeoutError:
                self._pool.terminate()
            self._pool = None

    async def execute_many(self, query: str, values: list[Any]) -> None:
        """Write all rows or none, also when cancelled: Tortoise's own method leaves its transaction behind."""
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    def acquire_connection(self) -> PoolConnectionWrapper[Any]:
        return PooledConnection(self, self._pool_init_lock)

    def _in_transaction(self) -> TransactionContext:
        return CancelSafeTransactionContext(Transaction(self), self._pool_init_lock)

    def in_snapshot(self) -> TransactionContext:
        """A transaction for reading, whose every statement sees the same state."""
        return CancelSafeTransactionContext(Snapshot(self), self._pool_init_lock)

    def in_repeatable(self) -> TransactionContext:
        """A transaction whose every statement sees the same state, and which fails where another changed what it changes."""
        return CancelSafeTransactionContext(RepeatableTransaction(self), self._pool_init_lock)


class PooledConnection(PoolConnectionWrapper[Any]):
    """A connection of the pool for one statement. Who is cancelled does not wait until it is released."""

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        releasing = self.client._pool.release(self.connection)  # which a cancellation does not stop
        if exc_type is None:
            await releasing
        else:
            await see_to_the_end(releasing, exc_type, partial(drop, self.client._pool, self.connection))


async def set_tcp_timeouts(connection: Any) -> None:
    """Have a connection fail soon when its network is cut off. The system's own timeout is a quarter of an hour or more."""
    transport = connection._transport  # None once the connection is lost
    tcp = None if transport is None else transport.get_extra_info("socket")
    if tcp is None or tcp.family == socket.AF_UNIX:
        return
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("USER_TIMEOUT", 1000 * TCP_TIMEOUT),
        ("KEEPIDLE", TCP_TIMEOUT // 3),
        ("KEEPINTVL", TCP_TIMEOUT // 3),
    ):
        if (option := getattr(socket, f"TCP_{name}", None)) is not None:  # not every system has all three
            tcp.setsockopt(socket.IPPROTO_TCP, option, value)


async def skip_session_reset(_connection: object) -> None:
    """Reset nothing when a connection returns to the pool, which halves the cost of a small query.

    It is safe because asyncpg itself still rolls back an open transaction and drops listeners before it calls this;
    all that is left out is `RESET ALL`, `UNLISTEN *`, `CLOSE ALL` and `pg_advisory_unlock_all()`. So nothing on this
    pool may leave session state behind: SET LOCAL rather than SET, advisory locks and cursors that end with their
    transaction, and LISTEN only on a connection of one's own.
    """


class Transaction(TransactionWrapper):
    """One transaction, or one savepoint in it, in plain SQL.

    asyncpg's own transaction objects refuse to roll back once a statement of theirs was cancelled.
    """

    _connection: Any
    _begin = "BEGIN"

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        return StatementGuard(self._lock, self)

    async def scan(self, query: str, values: list[Any], size: int) -> AsyncIterator[Sequence[Any]]:
        """The rows of a query as tuples, so many at a time."""
        # asyncpg's own cursors rest on a named statement, which stays behind in the session of a pooler.
        name = f"scan_{next(SCANS)}"
        async with self.acquire_connection() as connection:
            await connection.fetch(f"declare {name} no scroll cursor for {query}", *values)
        while True:
            async with self.acquire_connection() as connection:
                rows = await connection.fetch(f"fetch {size:d} from {name}")
            if not rows:
                return
            yield rows

    async def begin(self) -> None:
        await self._connection.execute(self._begin)

    @translate_exceptions
    async def commit(self) -> None:
        finish(self)
        # PostgreSQL answers COMMIT with ROLLBACK, not an error, when a statement before it had failed.
        if await self._run("COMMIT") != "COMMIT":
            raise TransactionManagementError("An earlier statement failed, so nothing was committed.")

    async def rollback(self) -> None:
        finish(self)
        await self._run("ROLLBACK")

    async def _run(self, statement: str) -> Any:
        async with self._lock:  # another task's statement may still be running
            return await self._connection.execute(statement)

    async def savepoint(self) -> None:
        self._name = f"savepoint_{next(SAVEPOINTS)}"
        await self._connection.execute(f"SAVEPOINT {self._name}")

    async def savepoint_rollback(self) -> None:
        finish(self)
        await self._connection.execute(f"ROLLBACK TO {self._name}")

    @translate_exceptions
    async def release_savepoint(self) -> None:
        finish(self)
        await self._connection.execute(f"RELEASE {self._name}")

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(Transaction(self))


class Snapshot(Transaction):
    """A transaction whose every statement sees what the first one saw."""

    _begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"


class RepeatableTransaction(Transaction):
    """A transaction whose every statement sees what the first one saw, and that may write."""

    _begin = "BEGIN ISOLATION LEVEL REPEATABLE READ"


class CancelSafeTransactionContext(TransactionContextPooled):
    """Holds a connection of the pool from before BEGIN until the transaction has ended."""

    client: Transaction

    async def __aenter__(self) -> Transaction:
        await self.ensure_connection()
        self.client._connection = await self._pool().acquire()
        try:
            await self.client.begin()
        except BaseException as error:
            await self._see_to_the_end(type(error))
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            await self._see_to_the_end(exc_type)
        finally:
            get_connections().reset(self.token)

    async def _see_to_the_end(self, exc_type: type[BaseException] | None) -> None:
        ending = self._end_and_release(failed=exc_type is not None)
        await see_to_the_end(ending, exc_type, partial(drop, self._pool(), self.client._connection))

    async def _end_and_release(self, failed: bool) -> None:
        try:
            await end(self.client, failed)
        finally:
            await self._pool().release(self.client._connection)

    def _pool(self) -> Any:
        return self.client._parent._pool


client_class = Client
