"""Notice a pooler such as PgBouncer between a pool of connections and PostgreSQL, and whether it keeps track of statements."""

from contextlib import suppress
from typing import Any

SECOND_SESSION_TIMEOUT = 2.0  # seconds in which a pooler has another session, or has but one
WHICH_SESSION = "select pg_backend_pid()"


async def is_pooled(pool: Any) -> bool:
    """Whether a pooler such as PgBouncer stands in between: it names another server process than the one that answers."""
    async with pool.acquire() as connection:
        # By the simple protocol, which prepares nothing: what is prepared would stay behind in the pooler's session.
        return bool(
            await connection.execute(f"select where pg_backend_pid() = {connection.get_server_pid()}") == "SELECT 0"
        )


async def see_statements_kept(pool: Any) -> None:
    """Prepare a statement, have another transaction take the pooler's session that it is in, and run it once more.

    Raise what PostgreSQL says where the pooler does not keep track of statements. With one session in it nobody is sent to
    another's, and what is asked a second time waits for the transaction in vain.
    """
    if pool.get_max_size() < 2:
        return
    async with pool.acquire() as first, pool.acquire() as second:
        await first.fetchval(WHICH_SESSION)
        await second.execute("begin")
        try:
            with suppress(TimeoutError):
                await first.fetchval(WHICH_SESSION, timeout=SECOND_SESSION_TIMEOUT)
        finally:
            await second.execute("rollback")
