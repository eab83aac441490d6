"""Spread the ballots of a database over the nodes of Citus, and see one state of all nodes in a recount."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from api.domain.errors import OperatorError
from api.storage.database.citus import spread_tables
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect
from api.storage.layouts import has_partitions

# What ballots refer to, or are joined with, lies on every node. A campaign is first: the others refer to it.
DISTRIBUTE = {
    **{name: f"SELECT create_reference_table('{name}')" for name in ("campaigns", "districts", "projects", "rulings")},
    "ballots": "SELECT create_distributed_table('ballots', 'id')",
    "retries": "SELECT create_distributed_table('retries', 'tag', colocate_with => 'none')",
}
# Else Citus hides shards from each new connection, which makes its first look at the catalogue take half a second.
SHOW_SHARDS = "ALTER DATABASE {} SET citus.show_shards_for_app_name_prefixes = 'pingxuan'"
DATABASE = "select quote_ident(current_database()) as name"
EXTENSION = "select 1 from pg_extension where extname = 'citus'"
CAMPAIGN = "select slug from campaigns limit 1"
LOCK = "lock table turnouts, withdrawals in share mode"
RECOVER = "select recover_prepared_transactions()"
ONE_CONNECTION = "set local citus.max_adaptive_executor_pool_size = 1"
LOOK = ("select 1 from turnouts limit 1", "select 1 from ballots limit 1")


class DistributionRefused(OperatorError):
    """The ballots of this database cannot be distributed. Nothing was changed."""


async def distribution(database: Database) -> Sequence[str]:
    """The statements that distribute what is not distributed yet. Raise DistributionRefused."""
    if database.dialect is not Dialect.POSTGRES:
        raise DistributionRefused(
            "A SQLite file lies on one machine: name a PostgreSQL with Citus in PINGXUAN_DATABASE_URL."
        )
    if not await database.rows(EXTENSION):
        raise DistributionRefused(
            "The database has no Citus: run `CREATE EXTENSION citus` in it and in the database of that name on each worker, "
            "and name the workers with `citus_add_node`."
        )
    if await has_partitions(database):
        raise DistributionRefused("Ballots lie in partitions by voting day already: take a database without them.")
    spread = await spread_tables(database.rows)
    missing = [sql for name, sql in DISTRIBUTE.items() if name not in spread]
    if missing and await database.rows(CAMPAIGN):
        raise DistributionRefused(
            "There is a campaign already, whose voter salt would stay in a file of the coordinator when `forget` destroys it: "
            "distribute a database that `migrate` has just made, before `load`."
        )
    [row] = await database.rows(DATABASE)
    return [SHOW_SHARDS.format(row["name"]), *missing] if missing else []


async def distribute(database: Database, statements: Sequence[str]) -> None:
    """Run the statements one after the other, each by itself: what was done stays done, and the rest can be run again."""
    for statement in statements:
        await database.rows(statement)


@asynccontextmanager
async def recount_snapshot(database: Database) -> AsyncIterator[Database]:
    """One state of ballots and sums for many reads, also where ballots lie on the nodes of Citus.

    There no snapshot is of all nodes. So it begins while nobody commits, on one connection to each node: a lock keeps out who
    moves sums until every node has been read from, and what a lost node has left prepared is ended before. It takes three
    connections at once.
    """
    async with database.snapshot() as view:
        if database.is_distributed:
            await _begin_on_every_node(database, view)
        yield view


async def _begin_on_every_node(database: Database, view: Database) -> None:
    await view.rows(ONE_CONNECTION)
    client: Any = database.client
    # All connections are there before the lock is: those who wait for it may have taken the others.
    async with database.outages_reported(), client.acquire_connection() as aside, database.transaction() as locked:
        await locked.rows(LOCK)
        await aside.fetch(RECOVER)
        for statement in LOOK:
            await view.rows(statement)
