"""Notice which tables lie on the nodes of Citus: it is sent other statements for them, and has no snapshot of all its nodes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Rows = Callable[..., Awaitable[Sequence[dict[str, Any]]]]
IS_THERE = "select 1 where to_regclass('pg_dist_partition') is not null"
# Hash-distributed ones are 'h'; those on every node have the replication model 't', and those it merely knows of 's'.
SPREAD = """
    select relname from pg_dist_partition join pg_class on pg_class.oid = logicalrelid
    where partmethod = 'h' or repmodel = 't'
"""


async def spread_tables(rows: Rows) -> frozenset[str]:
    """The names of the tables whose rows lie on several nodes, or on each of them; rows: runs a statement on PostgreSQL."""
    if not await rows(IS_THERE):
        return frozenset()
    return frozenset(row["relname"] for row in await rows(SPREAD))
