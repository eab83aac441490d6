"""The SQLite engine: transactions that begin and end whole, however their task is cancelled.

A process has one SQLite connection behind one lock, and one thread that runs its calls in the order they were queued.
A call is queued before its first wait, so a cancelled caller stops waiting but the thread still runs the call, and
whoever takes the lock next queues behind it. That order is what the code below rests on.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from hashlib import sha256
from itertools import count
from typing import Any

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper, NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError

from api.storage.database.engines.statement_guard import StatementGuard, end, finish, see_to_the_end

CONNECT_ATTEMPTS = 200
CONNECT_INTERVAL = 0.05  # seconds between two attempts


class Client(SqliteClient):
    """The connection of this process. A task inside a transaction that uses it gets an error, rather than waits for ever."""

    owner: asyncio.Task[Any] | None = None

    def separate(self, **pragmas: object) -> "Client":
        """A client for the same file, not connected yet, with these pragmas changed."""
        return Client(self.filename, connection_name=self.connection_name, **{**self.pragmas, **pragmas})

    async def create_connection(self, with_db: bool) -> None:
        """Connect, again while the file is busy: turning WAL on ignores busy_timeout, so another process may be at it."""
        for attempt in count(1):
            try:
                await self._connect()
            except sqlite3.OperationalError as error:
                await self.close()
                if attempt == CONNECT_ATTEMPTS or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                await asyncio.sleep(CONNECT_INTERVAL)
            else:
                return

    async def _connect(self) -> None:
        connection = aiosqlite.connect(self.filename, isolation_level=None)
        try:
            self._connection = await connection
        except BaseException:
            # The thread still has an answer for the event loop, which may be closed as soon as this is over.
            await asyncio.shield(asyncio.to_thread(connection._thread.join))
            raise
        connection.row_factory = sqlite3.Row
        await connection.create_function("sha256", 1, _sha256, deterministic=True)
        for name, value in self.pragmas.items():
            await connection.execute_fetchall(f"PRAGMA {name}={value}")
        await self._post_connect()

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        self.check_owner()
        return super().acquire_connection()

    def check_owner(self) -> None:
        """Raise when the current task holds the lock already: taking it again would wait for itself."""
        if self.owner is not None and self.owner is asyncio.current_task():
            raise TransactionManagementError("This task is inside a transaction; use the database it was given.")

    async def execute_many(self, query: str, values: list[Any]) -> None:
        """Write all rows or none, also when cancelled: Tortoise's own method leaves its BEGIN behind."""
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    async def transact(self, work: Callable[[sqlite3.Connection], bool]) -> bool:
        """Run a transaction in one call to the thread: begin, do the work, and commit if it returns True."""
        async with self.acquire_connection() as connection:
            return bool(await connection._execute(transact, connection._conn, work))

    def _in_transaction(self) -> TransactionContext:
        return CancelSafeTransactionContext(Transaction(self), self._lock)

    def in_snapshot(self) -> TransactionContext:
        """A transaction for reading, whose every statement sees the same state."""
        return CancelSafeTransactionContext(Snapshot(self), self._lock)

    def in_repeatable(self) -> TransactionContext:
        """A transaction whose every statement sees the same state: on SQLite each one does."""
        return self._in_transaction()


class Transaction(SqliteTransactionWrapper):
    """One transaction, or one savepoint in it."""

    _connection: Any
    # Takes the write lock at once: a transaction that reads first and then writes could not wait for it later.
    _begin = "BEGIN IMMEDIATE"

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        return StatementGuard(self._lock, self)

    async def execute_script(self, query: str) -> None:
        """Refuse: sqlite3 commits before it runs a script."""
        raise TransactionManagementError("SQLite cannot run a script inside a transaction; split it into statements.")

    async def scan(self, query: str, values: list[Any], size: int) -> AsyncIterator[Sequence[Any]]:
        """The rows of a query as tuples, so many at a time."""
        async with self.acquire_connection() as connection:
            cursor = await connection.execute(query, values)
        cursor.row_factory = None  # bare tuples
        while True:
            async with self.acquire_connection():
                rows = await cursor.fetchmany(size)
            if not rows:
                return
            yield rows

    async def begin(self) -> None:
        await self._run(self._connection._conn.execute, self._begin)

    async def commit(self) -> None:
        finish(self)
        await self._run(commit_or_roll_back, self._connection._conn)

    async def rollback(self) -> None:
        finish(self)
        await self._run(self._connection._conn.rollback)

    async def _run(self, call: Callable[..., object], *values: object) -> None:
        # aiosqlite has no public way to run one function on its thread.
        try:
            await self._connection._execute(call, *values)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(error) from error
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(Transaction(self))


class Snapshot(Transaction):
    """A transaction that takes no lock: in WAL mode whoever reads keeps nobody from writing."""

    _begin = "BEGIN"


def transact(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], bool]) -> bool:
    """Commit what the work does if it returns True; leave no transaction open in any case."""
    connection.execute(Transaction._begin)
    try:
        done = work(connection)
    except BaseException:
        connection.rollback()
        raise
    if done:
        commit_or_roll_back(connection)
    else:
        connection.rollback()
    return done


def commit_or_roll_back(connection: sqlite3.Connection) -> None:
    """Commit; on failure leave no transaction open. One call, so that no cancellation falls between the two."""
    if not connection.in_transaction:  # SQLite gives up by itself when the disk is full, for one
        error = sqlite3.OperationalError("the transaction was rolled back before it could be committed")
        error.sqlite_errorcode = sqlite3.SQLITE_ABORT
        raise error
    try:
        connection.commit()
    except sqlite3.Error:
        connection.rollback()
        raise


class CancelSafeTransactionContext(SqliteTransactionContext):
    """Holds the lock from before BEGIN until COMMIT or ROLLBACK is at least queued."""

    connection: Transaction

    async def __aenter__(self) -> Transaction:
        client = self._client()
        client.check_owner()
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException as error:
            await see_to_the_end(self._leave(failed=True), type(error))
            raise
        client.owner = asyncio.current_task()
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            await see_to_the_end(self._leave(failed=exc_type is not None), exc_type)
        finally:
            get_connections().reset(self.token)

    async def _leave(self, failed: bool) -> None:
        try:
            await end(self.connection, failed)
        finally:
            self._client().owner = None
            self._trxlock.release()

    def _client(self) -> Client:
        parent = self.connection._parent
        assert isinstance(parent, Client)  # noqa: S101 - only Client makes one
        return parent


def _sha256(text: str) -> str:
    """What a migration asks for as sha256, which SQLite does not have."""
    return sha256(text.encode()).hexdigest()


client_class = Client
