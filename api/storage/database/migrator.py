"""Find the migrations that a database lacks, and apply them: all or none, by one process at a time, while others serve."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.abc import Traversable
from importlib.resources import files

from api.domain.errors import OperatorError
from api.storage.database.connection import Database
from api.storage.database.engines import sqlite
from api.storage.database.outages import advice_on, reason_of, remedy_for, waited_in_vain
from api.storage.database.urls import Dialect

MIGRATIONS = files("api.storage.database.migrations")
# Any number that all versions of this program agree on and no other program in the same database uses.
ADVISORY_LOCK = int.from_bytes(b"pingxuan")
# How long a process waits for another that is migrating the same SQLite file, in milliseconds.
LOCK_TIMEOUT = 60_000
# On PostgreSQL whoever comes to a table queues behind a migration that waits for it, so it waits briefly, and again later.
TABLE_LOCK_TIMEOUT = "1s"
TABLE_LOCK_ATTEMPTS = 60
TABLE_LOCK_PAUSE = 0.5  # seconds between two attempts
# The end of a migration's name that promises: versions which do not know it serve, and are right, on what it makes.
EXPANDING = ".expand"
RECORDS = {
    Dialect.SQLITE: """
        CREATE TABLE IF NOT EXISTS migrations (
            name VARCHAR(64) NOT NULL PRIMARY KEY,
            sha256 CHAR(64) NOT NULL,
            applied_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))
        )""",
    Dialect.POSTGRES: """
        CREATE TABLE IF NOT EXISTS migrations (
            name varchar(64) NOT NULL PRIMARY KEY,
            sha256 char(64) NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        )""",
}
RECORDS_EXIST = {
    Dialect.SQLITE: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'",
    Dialect.POSTGRES: "SELECT 1 WHERE to_regclass('migrations') IS NOT NULL",
}


class MigrationRefused(OperatorError):
    """The database has migrations that this version does not know, or has otherwise. Nothing was changed."""


class MigrationFailed(OperatorError):
    """A migration could not be applied. Nothing was changed, nor by the ones before it."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step, such as 0001_selection, in the SQL of one dialect."""

    name: str
    script: str

    @property
    def sha256(self) -> str:
        return sha256(self.script.encode()).hexdigest()


async def migrate(database: Database, folder: Traversable = MIGRATIONS) -> list[str]:
    """Apply what is pending, in order, in one transaction; return the names.

    Any number of processes may do so at once: one migrates, and the others then find nothing to do. Call it before the
    database is used for anything else. Others may serve meanwhile, and nobody waits behind it for longer than
    TABLE_LOCK_TIMEOUT and what the migrations themselves take. Raise MigrationRefused or MigrationFailed.
    """
    for _ in range(TABLE_LOCK_ATTEMPTS - 1):
        try:
            return await _migrate_at_once(database, folder)
        except MigrationFailed as error:
            if not waited_in_vain(error.__cause__):
                raise
        await asyncio.sleep(TABLE_LOCK_PAUSE)
    return await _migrate_at_once(database, folder)


async def _migrate_at_once(database: Database, folder: Traversable) -> list[str]:
    async with _exclusive_transaction(database) as transaction:
        await transaction.rows(RECORDS[database.dialect])
        missing = await _pending(transaction, folder)
        for migration in missing:
            await _apply(transaction, migration)
        await _check_references(transaction)
    return [migration.name for migration in missing]


async def pending(database: Database, folder: Traversable = MIGRATIONS) -> list[str]:
    """The names of the migrations that `migrate` would apply. Changes nothing. Raise MigrationRefused."""
    if not await database.rows(RECORDS_EXIST[database.dialect]):
        return [migration.name for migration in available(database.dialect, folder)]
    return [migration.name for migration in await _pending(database, folder)]


def available(dialect: Dialect, folder: Traversable = MIGRATIONS) -> list[Migration]:
    """The migrations of this version for a dialect, in order."""
    suffix = f".{dialect.value}.sql"
    scripts = sorted((file for file in folder.iterdir() if file.name.endswith(suffix)), key=lambda file: file.name)
    return [Migration(file.name.removesuffix(suffix), file.read_text("utf-8")) for file in scripts]


async def _pending(database: Database, folder: Traversable) -> list[Migration]:
    records = await database.rows("SELECT name, sha256 FROM migrations")
    applied = {record["name"]: record["sha256"] for record in records}
    known = available(database.dialect, folder)
    _refuse_newer(applied, known)
    _refuse_changed(applied, known)
    return [migration for migration in known if migration.name not in applied]


def _refuse_newer(applied: Iterable[str], known: list[Migration]) -> None:
    unknown = {name for name in applied if not name.endswith(EXPANDING)} - {migration.name for migration in known}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise MigrationRefused(f"A newer version has migrated this database ({names}); run that version.")


def _refuse_changed(applied: dict[str, str], known: list[Migration]) -> None:
    changed = [
        migration.name for migration in known if applied.get(migration.name, migration.sha256) != migration.sha256
    ]
    if changed:
        names = ", ".join(changed)
        raise MigrationRefused(f"What was applied as {names} is not what this version has under that name.")


async def _apply(transaction: Database, migration: Migration) -> None:
    try:
        await _run(transaction, migration.script)
    except Exception as error:
        reason, advice = reason_of(error), advice_on(error) or remedy_for(error)
        raise MigrationFailed(
            f"Migration {migration.name} failed, so nothing was changed: {reason}; {advice}."
        ) from error
    await transaction.rows("INSERT INTO migrations (name, sha256) VALUES ($1, $2)", migration.name, migration.sha256)


async def _run(transaction: Database, script: str) -> None:
    if transaction.dialect is Dialect.POSTGRES:
        await transaction.client.execute_script(script)
        return
    for statement in statements(script):
        await transaction.client.execute_query_dict(statement)


def statements(script: str) -> Iterator[str]:
    """Split a SQLite script, whose statements each begin on a line of their own; a trigger's body stays whole."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


async def _check_references(transaction: Database) -> None:
    if transaction.dialect is Dialect.SQLITE:
        broken = await transaction.rows("PRAGMA foreign_key_check")
        if broken:
            tables = ", ".join(sorted({row["table"] for row in broken}))
            raise MigrationFailed(f"The migrations would leave rows without what they refer to (in {tables}).")


@asynccontextmanager
async def _exclusive_transaction(database: Database) -> AsyncIterator[Database]:
    """A transaction that no other migration overlaps, and in which dropping a table drops no row that refers to it."""
    if isinstance(database.client, sqlite.Client):
        async with (
            _without_foreign_keys(database.client) as client,
            replace(database, client=client).transaction() as transaction,
        ):
            yield transaction
    else:
        async with database.transaction() as transaction:
            await transaction.rows("SELECT pg_advisory_xact_lock($1)", ADVISORY_LOCK)
            await transaction.rows(f"SET LOCAL lock_timeout = '{TABLE_LOCK_TIMEOUT}'")
            yield transaction


@asynccontextmanager
async def _without_foreign_keys(client: sqlite.Client) -> AsyncIterator[sqlite.Client]:
    """A second connection, without foreign keys.

    To change a column or a constraint SQLite has to make a new table, copy the rows and drop the old one. Foreign keys
    would delete what refers to those rows, they cannot be turned off inside a transaction, and on the shared connection
    they would be off for every other task too. What they would have caught, `_check_references` does.
    """
    separate = client.separate(foreign_keys="OFF", busy_timeout=LOCK_TIMEOUT)
    try:
        await separate.create_connection(with_db=True)
        yield separate
    finally:
        await asyncio.shield(asyncio.ensure_future(separate.close()))
