"""Is everything that was acknowledged sealed exactly once, whoever seals, whenever it is killed, on either database?"""

import asyncio
import os
import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from api.domain.integrity.rulings import RulingKind
from api.domain.log.bundles import NO_BALLOT, ids_in
from api.domain.log.merkle import leaf_hash
from api.ports.log import Head, LogDamagedError, OvertakenError
from api.ports.log_reader import LogPlace
from api.services.log import sealing
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import Database, as_moment, for_sqlite, open_database
from api.storage.database.urls import Dialect
from api.storage.log.log_reader import SqlLogReader
from api.storage.log.places import BUNDLES_WITH, POSITION, places_of
from api.storage.log.sealing import SqlSealing
from api.storage.moderation import SqlRulings
from tests.campaigns import SLUG
from tests.contracts.test_ballot_box import DAY, MOMENT, admission, key, prepare
from tests.databases import forking, in_processes
from tests.faults.history import Cast, Outcome, SeenHead, violations
from tests.sealing import LogWorld, SetClock, a_ruling, a_world, entries_of, entry_of

NUMBERS = (1, 2, 3)
LATER_DAY = date(2017, 3, 23)
REASON = sha256(b"Cast by a machine, it seems.").hexdigest()
CLOSED = MOMENT + timedelta(days=30)


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> LogWorld:
    await prepare(database)
    return a_world(database, tmp_path, SetClock(MOMENT))


async def cast(database: Database, numbers: Sequence[int], day: date = DAY) -> list[Cast]:
    """Cast ballots with these ids, which come back as acknowledged."""
    box = SqlBallotBox(database, shard=1)
    positions = frozenset(NUMBERS)
    results = [box.admit(admission(number, positions=positions, day=day)) for number in numbers]
    assert None not in await asyncio.gather(*results)
    return [Cast(Outcome.ACKNOWLEDGED, entry_of(key(number), day, NUMBERS)) for number in numbers]


async def test_what_was_acknowledged_is_sealed_once_in_the_order_of_its_leaf_hashes(world: LogWorld) -> None:
    casts = await cast(world.database, range(600))
    await world.look()
    entries = await world.entries()
    assert [entry.split()[0] for entry in entries] == [b"rules", b"window", *[b"ballot"] * 600]
    assert [leaf_hash(entry) for entry in entries[2:]] == sorted(map(leaf_hash, entries[2:]))
    casts += await cast(world.database, range(600, 1000))
    await world.look()
    assert violations(casts, world.heads, await world.entries()) == []
    assert [head.size for head in world.heads] == [602, 1002]
    assert await world.database.rows("select id from log_queue") == []


async def test_each_ballot_is_found_at_its_place_where_its_id_is_beside_its_entry(world: LogWorld) -> None:
    await cast(world.database, range(300))
    await world.look()
    bundles = await world.database.rows("select ballots from log_bundles order by n")
    ids = ids_in("".join(row["ballots"] for row in bundles))
    assert (ids[:2], len(ids)) == ([NO_BALLOT] * 2, 302)
    entries, reader = await world.entries(), SqlLogReader(world.database)
    assert all(entries[place] == entry_of(ballot, DAY, NUMBERS) for place, ballot in enumerate(ids) if place > 1)
    for place in (2, 150, 255, 256, 301):
        assert await reader.place(ids[place]) == LogPlace((await world.log()).id, place)
    await cast(world.database, [300])
    assert await reader.place(key(300)) is None


async def test_ballots_of_many_batches_are_found_in_those_of_their_time(world: LogWorld, monkeypatch) -> None:
    monkeypatch.setattr(sealing, "MAX_BATCH", 100)
    box = SqlBallotBox(world.database, shard=1)
    for minute in range(4):
        casts = [admission(100 * minute + n, cast_at=MOMENT + timedelta(minutes=minute)) for n in range(100)]
        await asyncio.gather(*map(box.admit, casts))
    await world.look()
    query = "select first_place, last_place, first_cast_at, last_cast_at from log_batches order by first_place"
    rows = await world.database.rows(query)
    assert [(row["first_place"], row["last_place"]) for row in rows] == [(n, n + 99) for n in (2, 102, 202, 302)]
    assert [as_moment(row["last_cast_at"]) for row in rows] == [MOMENT + timedelta(minutes=n) for n in range(4)]
    bundles = await world.database.rows("select ballots from log_bundles order by n")
    ids = ids_in("".join(row["ballots"] for row in bundles))
    wanted = [key(3), key(250), key(399), key(1_000)]
    found = await places_of(world.database, await world.log(), wanted)
    assert found == {ballot: ids.index(ballot) for ballot in wanted[:3]}
    assert await SqlLogReader(world.database).place(key(250)) == LogPlace((await world.log()).id, ids.index(key(250)))


def test_sqlite_looks_for_a_ballot_in_no_bundles_but_those_of_its_batches(seeded_2017: Path) -> None:
    """There are thousands in a log."""
    with closing(sqlite3.connect(seeded_2017)) as connection:
        query = for_sqlite(BUNDLES_WITH.format(POSITION[Dialect.SQLITE]))
        plan = [step for *_, step in connection.execute(f"explain query plan {query}", ("a" * 26,))]
    [search] = [step for step in plan if "log_bundles" in step]
    assert search.endswith("(log_id=? AND n>? AND n<?)")


async def test_an_id_that_spans_two_others_is_no_place(world: LogWorld) -> None:
    """Ids of digits only, as tests have them, may be found from the end of one into the next."""
    await cast(world.database, [0, 10])
    await world.look()
    between = {key(n)[13:] + key(m)[:13] for n in (0, 10) for m in (0, 10)} - {key(0), key(10)}
    columns = "campaign_id, day, cast_at, channel, choices"
    for ballot in between:
        query = f"insert into ballots (id, {columns}) select $1, {columns} from ballots where id = $2"  # noqa: S608 - constants
        await world.database.rows(query, ballot, key(0))
        assert await SqlLogReader(world.database).place(ballot) is None


async def test_more_than_a_batch_is_sealed_in_several_and_published_once(world: LogWorld, monkeypatch) -> None:
    monkeypatch.setattr(sealing, "MAX_BATCH", 100)
    casts = await cast(world.database, range(450))
    await world.look()
    assert violations(casts, world.heads, await world.entries()) == []
    assert [head.size for head in world.heads] == [452]


async def test_rulings_follow_their_ballots_and_name_their_places(world: LogWorld) -> None:
    rulings = SqlRulings(world.database)
    await cast(world.database, [1, 2])
    await world.look()
    await cast(world.database, [3])
    for kind, numbers in ((RulingKind.HOLD, [1, 3]), (RulingKind.RELEASE, [1]), (RulingKind.VOID, [3])):
        await rulings.rule(SLUG, [key(number) for number in numbers], a_ruling(kind, MOMENT))
    await world.look()
    places = await places_of(world.database, await world.log(), [key(1), key(2), key(3)])
    said = [line.split()[:2] for line in await world.lines() if line.split()[0] in {"hold", "release", "void"}]
    one, three = str(places[key(1)]), str(places[key(3)])
    assert said[:2] in ([["hold", one], ["hold", three]], [["hold", three], ["hold", one]])
    assert said[2:] == [["release", one], ["void", three]]
    assert max(places.values()) < (await world.entries()).index(f"hold {one} {REASON}".encode())


async def test_a_ballot_that_waits_twice_is_not_sealed_twice(world: LogWorld) -> None:
    await cast(world.database, [1])
    await world.look()
    await world.database.rows("insert into log_queue (campaign_id, ballots) values ($1, $2)", SLUG, key(1))
    with pytest.raises(LogDamagedError, match="in the log "):
        await world.sealer.seal(SLUG)
    assert (await world.log()).size == 3


async def test_a_ballot_that_waits_and_is_not_stored_is_said(world: LogWorld) -> None:
    await world.database.rows("insert into log_queue (campaign_id, ballots) values ($1, $2)", SLUG, key(1))
    with pytest.raises(LogDamagedError, match="1 of them is not stored"):
        await world.sealer.seal(SLUG)


async def test_who_has_read_what_another_has_sealed_changes_nothing(world: LogWorld) -> None:
    casts = await cast(world.database, range(10))
    if world.database.dialect.value == "asyncpg":
        async with world.store.sealing(SLUG) as first, world.store.sealing(SLUG) as second:
            assert (first is not None, second) == (True, None)
    late = SqlSealing(world.database, SLUG, no_sign_ins)
    queued = await late.read(100, lambda _: False)
    await world.look()
    stale = sealing._grow(
        sealing.Log(0, SLUG, 1, "another", 0, sealing.EMPTY_ROOT),
        queued,
        sealing._leaves_of(queued.campaign),
        sealing._Stated([], sealing.Derived({})),
        MOMENT,
    )
    with pytest.raises(OvertakenError):
        await late.write(queued, stale)
    assert violations(casts, world.heads, await world.entries()) == []


async def no_sign_ins(_database: Database, _zone: str, _day: date) -> int:
    return 0


async def test_days_the_close_and_the_result_are_stated_once_they_are_over(world: LogWorld) -> None:
    await cast(world.database, [1, 2])
    await world.look()
    assert [line.split()[0] for line in await world.lines()] == ["rules", "window"]
    world.clock.now = MOMENT + timedelta(days=1)
    await cast(world.database, [3], LATER_DAY)
    await world.look()
    assert (await world.lines())[2:] == ["day 2017-03-22 2 0 0 0"]
    await SqlRulings(world.database).rule(SLUG, [key(1)], a_ruling(RulingKind.HOLD, MOMENT))
    await world.look()
    assert (await world.lines())[-1] == "day 2017-03-22 2 1 0 0"
    world.clock.now = CLOSED
    await world.look()
    lines = (await world.lines())[5:]
    assert [line.split()[0] for line in lines] == [*["day"] * 9, "closed", "result"]
    assert (lines[0], lines[-2]) == ("day 2017-03-23 1 0 0 0", "closed 3")
    log = await world.log()
    assert (await world.entries())[log.state["closed"]["index"]] == b"closed 3"
    [document] = await world.database.rows("select content from log_documents where kind = 'result'")
    assert b'"ballots":{"cast":3,"counted":2,"held":1,"voided":0}' in bytes(document["content"])
    await world.look()
    assert (await world.log()).size == log.size
    await cast(world.database, [4], LATER_DAY)
    await world.look()
    assert [line.split()[0] for line in (await world.lines())[-3:]] == ["day", "closed", "result"]
    entries, stated = await world.entries(), (await world.log()).state["closed"]
    assert (stated["count"], entries[stated["index"]]) == (4, b"closed 3")


@pytest.mark.parametrize("after", [False, True])
async def test_a_sealer_that_is_killed_at_any_statement_loses_doubles_and_forks_nothing(
    fresh_url: Callable[..., str], tmp_path: Path, after: bool
) -> None:
    url = fresh_url(migrated=True)
    async with open_database(url) as database:
        await prepare(database)
        world = a_world(database, tmp_path, SetClock(MOMENT))
        casts, anchored, step = await cast(database, range(300)), [], 0
        finished = False
        while not finished:
            step += 1
            casts += await cast(database, range(300 * step, 300 * step + 3))
            finished = await in_child(seal_until_killed, url, tmp_path, step, after)
            anchored += await anchored_head(world)
            note = await world.store.log(SLUG)
            assert note is None or note.note is None or note.published_size <= note.size
        assert step > 15  # statements of a round
        await world.look()
        entries = await world.entries()
    assert violations(casts, [*anchored, *world.heads], entries) == []
    assert len(casts) == sum(entry.startswith(b"ballot ") for entry in entries)


async def anchored_head(world: LogWorld) -> list[SeenHead]:
    assert world.anchor is not None
    head: Head | None = await world.anchor.head("vote.example/log/shanghai-2017")
    return [] if head is None else [SeenHead(head.size, head.root)]


async def in_child(function: Callable[..., Any], *arguments: Any) -> bool:
    """Run a module's function in a process of its own; whether it came to its end."""
    child = forking().Process(target=function, args=arguments)
    child.start()
    await asyncio.to_thread(child.join, 60)
    assert child.exitcode in {0, KILLED}
    return child.exitcode == 0


KILLED = 7


def seal_until_killed(url: str, folder: Path, step: int, after: bool) -> None:
    """Seal and publish, and be gone before or after the step of this number."""
    count = 0

    def dying(method: Callable[..., Any]) -> Callable[..., Any]:
        async def wrapper(*arguments: Any) -> Any:
            nonlocal count
            count += 1
            number = count
            if number == step and not after:
                os._exit(KILLED)
            result = await method(*arguments)
            if number == step and after:
                os._exit(KILLED)
            return result

        return wrapper

    async def run() -> None:
        async with open_database(url) as database:
            world = a_world(database, folder, SetClock(MOMENT))
            for owner, name in steps(database):
                setattr(owner, name, dying(getattr(owner, name)))
            world.anchor.record = dying(world.anchor.record)  # type: ignore[method-assign, union-attr]
            await world.look()

    asyncio.run(run())


def steps(database: Database) -> list[tuple[Any, str]]:
    """Where a process may be gone: at each statement, and at each begin and commit."""
    client: Any = database.client
    transaction = type(
        client._in_transaction().connection if hasattr(client, "_lock") else client._in_transaction().client
    )
    return [(Database, "rows"), (transaction, "begin"), (transaction, "commit")]


async def test_three_sealers_at_once_with_rollbacks_lose_double_and_fork_nothing(
    fresh_url: Callable[..., str], tmp_path: Path
) -> None:
    url = fresh_url(migrated=True)
    async with open_database(url) as database:
        await prepare(database)
        world = a_world(database, tmp_path, SetClock(MOMENT))
        results = in_processes(3, cast_and_seal, url, tmp_path)
        await world.look()
        entries = await world.entries()
    casts = [each for own, _ in results for each in own]
    assert violations(casts, world.heads, entries) == []
    for _, heads in results:
        assert violations(casts, heads, entries) == []
    assert len(casts) == 900


def cast_and_seal(url: str, folder: Path) -> tuple[list[Cast], list[SeenHead]]:
    """Cast 300 ballots and seal meanwhile, with a fifth of the transactions rolled back at the last moment."""
    write = SqlSealing.write
    chance = random.Random(os.getpid())

    async def rolled_back(self: SqlSealing, *arguments: Any) -> Any:
        log = await write(self, *arguments)
        if self._database.in_transaction and chance.random() < 0.2:
            raise ConnectionError
        return log

    place = SqlSealing._write_batch

    async def failing(self: SqlSealing, *arguments: Any) -> None:
        await place(self, *arguments)
        if chance.random() < 0.2:
            raise ConnectionError

    async def run() -> tuple[list[Cast], list[SeenHead]]:
        async with open_database(url) as database:
            world = a_world(database, folder, SetClock(MOMENT))
            first, casts = 1_000_000 * (os.getpid() % 1_000_000), []
            casting = asyncio.create_task(cast_slowly(database, first, casts))
            while not casting.done():
                await world.look()
                await asyncio.sleep(0)
            await casting
            return casts, world.heads

    SqlSealing.write, SqlSealing._write_batch = rolled_back, failing  # type: ignore[method-assign]
    with suppress(ConnectionError):
        return asyncio.run(run())
    return [], []


async def cast_slowly(database: Database, first: int, casts: list[Cast]) -> None:
    for start in range(first, first + 300, 10):
        casts += await cast(database, range(start, start + 10))


@pytest.mark.parametrize("jump", [timedelta(days=-3), timedelta(days=400)])
async def test_a_clock_that_jumps_neither_loses_nor_forks(world: LogWorld, jump: timedelta) -> None:
    casts = await cast(world.database, range(5))
    await world.look()
    world.clock.now = MOMENT + jump
    casts += await cast(world.database, range(5, 9))
    await world.look()
    world.clock.now = MOMENT + timedelta(hours=1)
    casts += await cast(world.database, range(9, 12))
    await world.look()
    assert violations(casts, world.heads, await world.entries()) == []
    world.clock.now = CLOSED
    await world.look()
    assert [line for line in await world.lines() if line.startswith("closed")][-1] == "closed 12"
    assert violations(casts, world.heads, await entries_of(world.database)) == []
