"""Are transactions all or nothing, and is nothing left behind, however and whenever they are cut off?"""

import asyncio
import random
import sqlite3
import time
import types
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Coroutine, Generator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from tortoise.exceptions import IntegrityError, TransactionManagementError

from api.storage.database.connection import Database, open_database
from api.storage.database.urls import Dialect
from api.storage.models import District
from tests.databases import in_processes

PATIENCE = 180
ADD_DISTRICT = "INSERT INTO districts (code, name) VALUES ($1, '{}')"


Write = Callable[[Database, str], Coroutine[Any, Any, None]]


async def write_pair(database: Database, name: str) -> None:
    async with database.transaction() as transaction:
        await transaction.rows(ADD_DISTRICT, f"{name}-1")
        await transaction.rows(ADD_DISTRICT, f"{name}-2")


async def write_pair_by_model(_database: Database, name: str) -> None:
    pair = [District(code=f"{name}-{part}", name={}) for part in "12"]
    await District.bulk_create(pair)


async def write_pair_at_once(database: Database, name: str) -> None:
    """In one statement, or in one call to the thread."""
    if database.dialect is Dialect.POSTGRES:
        add_pair = "INSERT INTO districts (code, name) VALUES ($1, '{}'), ($2, '{}') RETURNING 1"
        assert await database.value(add_pair, f"{name}-1", f"{name}-2")
    else:
        assert await database.in_one_call(partial(add_pair_in_sqlite, name))


def add_pair_in_sqlite(name: str, connection: sqlite3.Connection) -> bool:
    for part in "12":
        connection.execute("INSERT INTO districts (code, name) VALUES (?, '{}')", (f"{name}-{part}",))
    return True


async def turns_taken(call: Awaitable[None]) -> int:
    """How many turns of the event loop a call takes."""
    task, turns = asyncio.ensure_future(call), 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    await task
    return turns


async def cancel_after(turns: int, task: asyncio.Task[None], again_after: int | None = None) -> None:
    for pause in [turns] if again_after is None else [turns, again_after]:
        for _ in range(pause):
            await asyncio.sleep(0)
        task.cancel()
    await asyncio.wait_for(asyncio.wait({task}), PATIENCE)
    if not task.cancelled():
        task.result()


async def unrest(database: Database) -> str | None:
    """What is still held or open, if anything."""
    client: Any = database.client
    if database.dialect is Dialect.SQLITE:
        locked, transaction = client._lock.locked(), client._connection.in_transaction
        return f"{locked=} {transaction=}" if locked or transaction else None
    if in_use := client._pool.get_size() - client._pool.get_idle_size():
        return f"{in_use=}"
    idle = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
    return "idle in transaction" if await database.rows(idle) else None


async def assert_at_rest(database: Database) -> None:
    async with asyncio.timeout(PATIENCE):
        await database.rows("SELECT 1")
    for _ in range(200):
        if not (problem := await unrest(database)):
            return
        await asyncio.sleep(0.01)
    pytest.fail(problem)


async def assert_pairs_are_whole(database: Database) -> None:
    codes = {row["code"] for row in await database.rows("SELECT code FROM districts")}
    assert {f"{code[:-1]}1" for code in codes} | {f"{code[:-1]}2" for code in codes} == codes


@pytest.fixture
async def busy(database: Database) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Everything a transaction could begin on is taken, until the function is called."""
    release, holders = asyncio.Event(), []

    async def hold(taken: asyncio.Event) -> None:
        async with database.transaction():
            taken.set()
            await release.wait()

    for _ in range(1 if database.dialect is Dialect.SQLITE else 5):
        taken = asyncio.Event()
        holders.append(asyncio.create_task(hold(taken)))
        await taken.wait()

    async def let_go() -> None:
        release.set()
        await asyncio.gather(*holders)

    yield let_go
    await let_go()


@types.coroutine
def cancelled_at(coroutine: Coroutine[Any, Any, None], waits: Container[int], late: bool) -> Generator[Any, Any, None]:
    """Run a coroutine in a task that is cancelled at the n-th time it waits: as that begins, or (late) as it ends."""
    task, step = asyncio.current_task(), partial(coroutine.send, None)
    assert task is not None
    for wait in count():
        try:
            waited_for = step()
        except StopIteration:
            return
        if wait in waits:
            cancel(task, waited_for if late else None)
        try:
            yield waited_for
            step = partial(coroutine.send, None)
        except BaseException as error:
            step = partial(coroutine.throw, error)


def cancel(task: asyncio.Task[Any], when_done: asyncio.Future[Any] | None) -> None:
    if when_done is None:
        task.cancel()
    else:
        when_done.add_done_callback(lambda _done: task.cancel())


async def attack(database: Database, call: Coroutine[Any, Any, None], waits: Container[int], late: bool) -> bool:
    """Cancel a call at these waits of its, and say whether it ended in time for none of them to come."""
    task = asyncio.ensure_future(cancelled_at(call, waits, late))
    await asyncio.wait_for(asyncio.wait({task}), PATIENCE)
    await assert_at_rest(database)
    if not task.cancelled():
        task.result()
    return not task.cancelled()


@pytest.mark.parametrize("write", [write_pair, write_pair_by_model, write_pair_at_once])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("again", [(), (1,), (2,), (1, 2)])
async def test_a_transaction_cancelled_at_any_wait_leaves_nothing_behind(
    database: Database, write: Write, late: bool, again: tuple[int, ...]
) -> None:
    for first in count():
        waits = {first, *(first + later for later in again)}
        if await attack(database, write(database, f"w{first}"), waits, late):
            break
    assert first >= (1 if write is write_pair_at_once else 3)
    await assert_pairs_are_whole(database)


async def test_a_crowd_of_transactions_cancelled_at_random_leaves_nothing_behind(database: Database) -> None:
    choice = random.Random(7)
    span = await turns_taken(write_pair(database, "calm"))
    tasks = [asyncio.create_task(write_pair(database, f"c{n}")) for n in range(40)]
    await asyncio.gather(*(cancel_after(choice.randrange(span * 8), task, choice.randrange(20)) for task in tasks))
    await assert_at_rest(database)
    await assert_pairs_are_whole(database)


async def test_a_transaction_cancelled_while_it_waits_to_begin_takes_nothing(
    database: Database, busy: Callable[[], Awaitable[None]]
) -> None:
    for turns in range(20):
        await cancel_after(turns, asyncio.create_task(write_pair(database, "waiting")))
    await busy()
    await assert_at_rest(database)
    assert await District.all().count() == 0


async def test_a_transaction_cancelled_while_sqlite_is_locked_by_another_process_takes_nothing(tmp_path: Path) -> None:
    async with open_database(f"sqlite://{tmp_path}/test.sqlite3") as database:
        await database.rows("CREATE TABLE districts (code, name)")
        other = sqlite3.connect(tmp_path / "test.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        task = asyncio.create_task(write_pair(database, "waiting"))
        await asyncio.sleep(0.1)
        task.cancel()
        other.close()
        await asyncio.wait({task})
        await assert_at_rest(database)
        await write_pair(database, "next")
        assert len(await database.rows("SELECT code FROM districts")) == 2


async def slow_commit(database: Database) -> None:
    """Let a commit of a transaction that writes to `slow` take a while."""
    await database.rows("CREATE TABLE slow (n int)")
    if database.dialect is Dialect.POSTGRES:
        await database.client.execute_script("""
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON slow
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait();
        """)


@pytest.mark.parametrize("cancellations", [1, 2, 3])
async def test_a_transaction_cancelled_while_it_commits_is_all_or_nothing(
    database: Database, cancellations: int
) -> None:
    await slow_commit(database)
    committing = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as transaction:
            await transaction.rows(ADD_DISTRICT, "slow-1")
            await transaction.rows(ADD_DISTRICT, "slow-2")
            await transaction.rows("INSERT INTO slow VALUES (1)")
            delay_thread(transaction)
            committing.set()

    task = asyncio.create_task(write())
    await committing.wait()
    for _ in range(cancellations):
        await asyncio.sleep(0.02)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await assert_at_rest(database)
    await assert_pairs_are_whole(database)
    assert len(await database.rows("SELECT n FROM slow")) == await District.all().count() / 2


def delay_thread(transaction: Database) -> None:
    """Keep the thread behind a SQLite connection busy, so that the commit queues behind this."""
    if transaction.dialect is Dialect.SQLITE:
        client: Any = transaction.client
        client._connection._tx.put_nowait((None, lambda: time.sleep(0.2)))


async def test_a_commit_that_fails_leaves_nothing_behind(database: Database) -> None:
    await database.rows(
        "CREATE TABLE visits (district varchar(12) REFERENCES districts (code) DEFERRABLE INITIALLY DEFERRED)"
    )
    with pytest.raises(IntegrityError):
        async with database.transaction() as transaction:
            await transaction.rows("INSERT INTO visits VALUES ('nowhere')")
    await assert_at_rest(database)
    assert await database.rows("SELECT district FROM visits") == []


async def test_a_transaction_never_says_it_committed_what_it_did_not(database: Database) -> None:
    said_so = True
    try:
        async with database.transaction() as transaction:
            await transaction.rows(ADD_DISTRICT, "first")
            with pytest.raises(IntegrityError):
                await transaction.rows(ADD_DISTRICT, "first")
    except TransactionManagementError:
        said_so = False
    assert await District.filter(code="first").exists() == said_so
    await assert_at_rest(database)


async def write_and_fail(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.rows(ADD_DISTRICT, "dropped")
        raise ZeroDivisionError


async def test_an_error_in_a_transaction_is_the_error_its_caller_sees(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await write_and_fail(database)
    assert await District.all().count() == 0
    await assert_at_rest(database)


async def test_a_transaction_in_a_transaction_rolls_back_alone(database: Database) -> None:
    async with database.transaction() as outer:
        await outer.rows(ADD_DISTRICT, "kept")
        with pytest.raises(ZeroDivisionError):
            await write_and_fail(outer)
        async with outer.transaction() as inner:
            await inner.rows(ADD_DISTRICT, "kept too")
    assert {district.code for district in await District.all()} == {"kept", "kept too"}


async def create_and_fail(database: Database) -> None:
    async with database.transaction():
        await District.create(code="dropped", name={})
        raise ZeroDivisionError


async def test_models_join_the_transaction_of_their_task(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await create_and_fail(database)
    assert await District.all().count() == 0


async def test_a_transaction_that_is_over_runs_nothing_more(database: Database) -> None:
    async with database.transaction() as transaction:
        pass
    with pytest.raises(Exception, match=r"over|released"):
        await transaction.rows(ADD_DISTRICT, "late")
    assert await District.all().count() == 0


async def test_a_statement_still_waiting_when_its_transaction_ends_is_not_run(database: Database) -> None:
    async with database.transaction() as transaction:
        crowd = [asyncio.create_task(transaction.rows(ADD_DISTRICT, f"late-{n}")) for n in range(3)]
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*crowd, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert refused
    await assert_at_rest(database)


async def test_sqlite_refuses_to_wait_for_itself(tmp_path: Path) -> None:
    async with open_database(f"sqlite://{tmp_path}/test.sqlite3") as database, database.transaction():
        with pytest.raises(TransactionManagementError, match="inside a transaction"):
            await database.rows("SELECT 1")
        with pytest.raises(TransactionManagementError, match="inside a transaction"):
            async with database.transaction():
                pass


def add_pair_and(work: Callable[[], bool], connection: sqlite3.Connection) -> bool:
    return add_pair_in_sqlite("dropped", connection) and work()


async def test_one_call_that_fails_or_says_no_leaves_nothing_behind(tmp_path: Path) -> None:
    async with open_database(f"sqlite://{tmp_path}/test.sqlite3") as database:
        await database.rows("CREATE TABLE districts (code, name)")
        with pytest.raises(ZeroDivisionError):
            await database.in_one_call(partial(add_pair_and, lambda: bool(1 / 0)))
        assert not await database.in_one_call(partial(add_pair_and, lambda: False))
        assert await database.rows("SELECT code FROM districts") == []
        await assert_at_rest(database)
        async with database.transaction():
            with pytest.raises(TransactionManagementError, match="inside a transaction"):
                await database.in_one_call(partial(add_pair_and, lambda: True))


async def test_one_statement_that_fails_leaves_nothing_behind(database: Database) -> None:
    if database.dialect is Dialect.SQLITE:
        return
    await write_pair_at_once(database, "first")
    with pytest.raises(asyncpg.UniqueViolationError):
        await write_pair_at_once(database, "first")
    await assert_at_rest(database)
    assert await District.all().count() == 2


READ_COUNTER = {
    Dialect.SQLITE: "SELECT n FROM counters",
    Dialect.POSTGRES: "SELECT n FROM counters FOR UPDATE",
}


async def add_up(url: str, times: int) -> None:
    async with open_database(url) as database:
        for _ in range(times):
            async with database.transaction() as transaction:
                [row] = await transaction.rows(READ_COUNTER[database.dialect])
                await transaction.rows("UPDATE counters SET n = $1", row["n"] + 1)


def add_up_in_a_loop(url: str, times: int) -> None:
    asyncio.run(add_up(url, times))


async def test_four_processes_that_read_and_then_write_wait_for_each_other(
    database: Database, database_url: str
) -> None:
    await database.rows("CREATE TABLE counters (n int)")
    await database.rows("INSERT INTO counters VALUES (0)")
    await asyncio.to_thread(in_processes, 4, add_up_in_a_loop, database_url, 50)
    assert await database.rows("SELECT n FROM counters") == [{"n": 200}]
