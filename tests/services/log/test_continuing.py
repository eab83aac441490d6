"""Does a later generation commit to the head before it, and have every ballot and ruling again?"""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from api.domain.integrity.rulings import RulingKind
from api.services.log.continuing import LogContinuation
from api.storage.database.connection import Database
from api.storage.log.log_reader import SqlLogReader
from api.storage.moderation import SqlRulings
from tests.campaigns import SLUG
from tests.contracts.test_ballot_box import DAY, MOMENT, key, prepare
from tests.contracts.test_log_sealing import NUMBERS, cast
from tests.faults.history import violations
from tests.sealing import ORIGIN, LogWorld, SetClock, a_ruling, a_world, entry_of


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> LogWorld:
    await prepare(database)
    return a_world(database, tmp_path, SetClock(MOMENT))


def continuation(world: LogWorld) -> LogContinuation:
    return LogContinuation(world.store, world.anchor, world.directory)


async def test_it_begins_with_the_head_before_and_has_everything_again(world: LogWorld) -> None:
    casts = await cast(world.database, range(300))
    await world.look()
    await SqlRulings(world.database).rule(SLUG, [key(7)], a_ruling(RulingKind.HOLD, MOMENT))
    await world.look()
    casts += await cast(world.database, range(300, 310))  # which wait
    before = await world.log()
    await continuation(world).continue_log(SLUG)
    world.heads.clear()
    await world.look()
    await world.look()
    log, entries = await world.log(), await world.entries()
    assert (log.origin, log.generation, log.published_size) == (f"{ORIGIN}/2", 2, log.size)
    assert entries[0] == f"continues {ORIGIN} {before.size} {before.root.hex()}".encode()
    assert violations(casts, world.heads, entries) == []
    found = await SqlLogReader(world.database).place(key(7))
    assert found is not None
    assert (found.log, entries[found.place]) == (log.id, entry_of(key(7), DAY, NUMBERS))
    assert entries[-1].startswith(f"hold {found.place} ".encode())


async def test_it_goes_on_from_the_anchor_where_the_database_has_lost_what_was_published(
    world: LogWorld, tmp_path: Path
) -> None:
    await cast(world.database, range(10))
    await world.look()
    published = await world.log()
    await world.database.rows(
        "update logs set size = 2, published_size = 2, ballots = 0, state = $1", json.dumps(dict(published.state))
    )
    world.clock.now = MOMENT + timedelta(hours=1)  # type: ignore[attr-defined]
    await world.look()
    assert world.directory.receipt_origin(SLUG) is None
    await continuation(world).continue_log(SLUG)
    await world.look()
    assert (await world.entries())[0] == f"continues {ORIGIN} 12 {published.root.hex()}".encode()
    assert (await world.log()).ballots == 10
    assert world.directory.receipt_origin(SLUG) == f"{ORIGIN}/2"


async def test_what_was_sealed_and_never_signed_is_no_head(world: LogWorld) -> None:
    await cast(world.database, range(10))
    await world.look()
    published = await world.log()
    await cast(world.database, range(10, 20))
    await world.sealer.seal(SLUG)  # and then the process ends, or a witness is down
    assert (await world.log()).size == 22
    await LogContinuation(world.store, None, world.directory).continue_log(SLUG)
    await world.look()
    await world.look()
    assert (await world.entries())[0] == f"continues {ORIGIN} 12 {published.root.hex()}".encode()
    assert (await world.log()).ballots == 20


async def test_a_database_that_knows_of_no_log_goes_on_from_the_anchor(world: LogWorld) -> None:
    """As one that was made anew beside the anchor of another, or restored to before the first ballot."""
    await cast(world.database, range(10))
    await world.look()
    published = await world.log()
    for statement in (
        "delete from log_batches",
        "delete from log_bundles",
        "delete from log_tiles",
        "delete from logs",
    ):
        await world.database.rows(statement)
    world.directory.logs = {}
    await world.look()
    assert world.directory.receipt_origin(SLUG) is None
    await continuation(world).continue_log(SLUG)
    await world.look()
    await world.look()
    assert (await world.entries())[0] == f"continues {ORIGIN} 12 {published.root.hex()}".encode()
    log = await world.log()
    assert (log.origin, log.ballots, log.published_size) == (f"{ORIGIN}/2", 10, log.size)


async def test_there_has_to_be_a_log(world: LogWorld) -> None:
    with pytest.raises(LookupError):
        await continuation(world).continue_log(SLUG)
