"""Is nothing signed that cannot be read back, that goes back or forks, or that is not kept outside the database first?"""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from api.domain.log.checkpoints import Checkpoint
from api.domain.log.merkle import verify_consistency
from api.domain.log.notes import SignedNote, VerifierKey
from api.ports.log import Head, LogBehindError, LogDamagedError, Prove, QuorumMissingError
from api.storage.database.connection import Database, open_database
from api.storage.log.requeue import requeue
from api.transparency.key_file import make_key_file
from tests.campaigns import SLUG
from tests.contracts.test_ballot_box import MOMENT, prepare
from tests.contracts.test_log_sealing import cast
from tests.databases import PostgresServer
from tests.faults.history import violations
from tests.sealing import ORIGIN, LogWorld, SetClock, a_world


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> LogWorld:
    await prepare(database)
    return a_world(database, tmp_path, SetClock(MOMENT))


class Witnessing:
    """Witnesses that see what they are shown, and prove it, or refuse."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.refusal = refusal
        self.seen: list[Checkpoint] = []

    async def cosign(self, note: str, prove: Prove) -> str:
        checkpoint = Checkpoint.parse(SignedNote.parse(note).text)
        if self.refusal is not None:
            raise self.refusal
        if self.seen:
            before = self.seen[-1]
            proof = await prove(before.size, checkpoint.size)
            assert verify_consistency(before.size, checkpoint.size, before.root, checkpoint.root, proof)
        self.seen.append(checkpoint)
        return note


async def test_a_checkpoint_is_anchored_and_witnessed_before_it_is_published(world: LogWorld) -> None:
    witnesses = world.publisher.witnesses = Witnessing()
    for start in (0, 300):
        await cast(world.database, range(start, start + 300))
        await world.look()
    log = await world.log()
    assert [seen.size for seen in witnesses.seen] == [302, 602]
    assert log.published_size == 602
    assert world.anchor is not None
    assert await world.anchor.head(ORIGIN) == Head(ORIGIN, 602, log.root)


async def test_every_host_keeps_what_others_have_published_in_its_own_anchor(world: LogWorld, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(tmp_path / "logkeys", tmp_path / "elsewhere")
    other = a_world(world.database, tmp_path / "elsewhere", SetClock(MOMENT))
    for start in (0, 5):
        await cast(world.database, range(start, start + 5))
        await world.look()
        await other.look()
        assert other.anchor is not None
        assert await other.anchor.head(ORIGIN) == (await world.log()).head
    await world.database.rows("update logs set size = 2, published_size = 2, note = null")
    with pytest.raises(LogBehindError, match="has 2 entries in the database, and its anchor 12"):
        await other.publisher.check(SLUG)


async def test_without_a_quorum_nothing_is_published_until_there_is_one(world: LogWorld, caplog) -> None:
    world.publisher.witnesses = Witnessing(QuorumMissingError("Of two witnesses none answers."))
    await cast(world.database, range(3))
    await world.look()
    assert ((await world.log()).size, (await world.log()).note) == (5, None)
    assert "Of two witnesses none answers." in caplog.text
    world.publisher.witnesses = Witnessing()
    await world.look()
    assert (await world.log()).published_size == 5


async def test_a_witness_that_has_seen_more_stops_signing_and_receipts(world: LogWorld) -> None:
    world.publisher.witnesses = Witnessing(LogBehindError("The witness has seen 100 entries.", 100))
    await cast(world.database, range(3))
    await world.look()
    assert (await world.log()).note is None
    assert world.directory.receipt_origin(SLUG) is None
    world.publisher.witnesses = Witnessing()
    await cast(world.database, range(3, 6))
    await world.look()
    assert (await world.log()).size == 5
    assert world.directory.receipt_origin(SLUG) is None


DAMAGE = {
    "an entry": ("log_bundles", "entries", "n = 1", "tile/entries/001"),
    "a leaf hash": ("log_tiles", "hashes", "level = 0 and n = 1", "tile/0/001"),
    "a hash above": ("log_tiles", "hashes", "level = 1", "tile/1/000.p/"),
}


@pytest.mark.parametrize("what", DAMAGE)
async def test_a_flipped_bit_stops_publication_and_is_located(world: LogWorld, what: str, caplog) -> None:
    table, column, where, place = DAMAGE[what]
    casts = await cast(world.database, range(300))
    await world.look()
    casts += await cast(world.database, range(300, 600))
    assert await world.sealer.seal(SLUG) is not None
    await flip(world.database, table, column, where)
    with pytest.raises(LogDamagedError, match=place):
        await world.publisher.publish(await world.log())
    before = (await world.log()).published_size
    await world.look()
    await world.look()  # nobody else has published it since
    assert (await world.log()).published_size == before == 302
    assert place in caplog.text
    await flip(world.database, table, column, where)
    await world.look()
    await world.look()
    assert (await world.log()).published_size == 602
    assert violations(casts, world.heads, await world.entries()) == []


async def test_a_flipped_bit_at_the_right_edge_stops_sealing_and_is_located(world: LogWorld, caplog) -> None:
    await cast(world.database, range(300))
    await world.look()
    await flip(world.database, "log_tiles", "hashes", "level = 0 and n = 1")
    await cast(world.database, range(300, 310))
    await world.look()
    assert (await world.log()).size == 302
    assert "is damaged in tile/0/001.p/46: hash 3 is not that of entry 259" in caplog.text


async def flip(database: Database, table: str, column: str, where: str, at: int = 100) -> None:
    [row] = await database.rows(f"select id, {column} from {table} where {where}")  # noqa: S608
    content = bytearray(row[column])
    content[at % len(content)] ^= 1
    await database.rows(f"update {table} set {column} = $1 where id = $2", bytes(content), row["id"])  # noqa: S608


@pytest.mark.parametrize("grown", [0, 400])
async def test_a_database_that_was_restored_neither_seals_nor_signs(
    fresh_url: Callable[..., str], tmp_path: Path, request: pytest.FixtureRequest, grown: int, caplog
) -> None:
    """grown: ballots that are cast after the restoration, more than were lost: the log would have forked unseen."""
    url = fresh_url(migrated=True)
    async with open_database(url) as database:
        await prepare(database)
        world = a_world(database, tmp_path, SetClock(MOMENT))
        await cast(database, range(10))
        await world.look()
    earlier = await copied(url, request)
    async with open_database(url) as database:
        world = a_world(database, tmp_path, SetClock(MOMENT))
        await cast(database, range(10, 100))
        await world.look()
        assert (await world.log()).published_size == 102
    async with open_database(earlier) as database:
        restored = a_world(database, tmp_path, SetClock(MOMENT))
        await restored.rounds.check()
        assert restored.directory.receipt_origin(SLUG) is None
        await cast(database, range(1000, 1000 + grown))
        await restored.look()
        await restored.look()
        log = await restored.log()
        assert (log.size, log.published_size) == (12, 12)
        assert "has 12 entries in the database, and its anchor 102" in caplog.text
        assert caplog.text.count("Ballots are taken and served, but nothing is signed") == 1


async def test_a_log_beside_its_anchor_is_not_signed_though_it_is_larger(world: LogWorld, tmp_path: Path) -> None:
    await cast(world.database, range(10))
    await world.look()
    for table in ("log_batches", "log_tiles", "log_bundles", "logs"):
        await world.database.rows(f"delete from {table}")  # noqa: S608
    async with world.database.transaction() as transaction:
        await requeue(transaction, SLUG)
    await cast(world.database, range(10, 12))
    elsewhere = a_world(world.database, tmp_path / "elsewhere", SetClock(MOMENT))
    await elsewhere.look()
    assert (await world.log()).size == 14
    forked = a_world(world.database, tmp_path, SetClock(MOMENT))
    with pytest.raises(LogBehindError, match="does not continue the checkpoint of size 12"):
        await forked.publisher.check(SLUG)
    await cast(world.database, range(12, 15))
    await forked.look()
    assert (await world.log()).size == 14


async def copied(url: str, request: pytest.FixtureRequest) -> str:
    """A copy of a database that nobody has open."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite://"))
        copy = file.with_name("restored.sqlite3")
        await asyncio.to_thread(shutil.copy, file, copy)
        return f"sqlite://{copy}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"{url.rsplit('/', 1)[1]}_restored"
    await asyncio.to_thread(server.run, f"CREATE DATABASE {name} TEMPLATE {url.rsplit('/', 1)[1]}")
    request.addfinalizer(lambda: server.run(f"DROP DATABASE {name} WITH (FORCE)"))
    return server.url(name)


async def test_an_anchor_that_cannot_be_read_stops_signing(world: LogWorld, tmp_path: Path, caplog) -> None:
    await cast(world.database, range(3))
    await world.look()
    [file] = [file for file in (tmp_path / "anchor").rglob("*") if file.is_file() and "lock" not in file.name]
    file.write_text("damaged")
    await cast(world.database, range(3, 6))
    await world.look()
    assert (await world.log()).size == 5
    assert "Nothing is signed until it is whole" in caplog.text


async def test_after_a_rotation_the_newest_checkpoint_is_signed_anew_although_nothing_is_added(
    world: LogWorld, tmp_path: Path
) -> None:
    """A reader takes the newest key, and the log of a vote that is over may never grow again."""
    await cast(world.database, range(3))
    await world.look()
    before = await world.log()
    old, file = tmp_path / "logkeys", tmp_path / "new" / "logkeys"
    file.parent.mkdir()
    make_key_file(file)
    retired = [f"retired {line}" for line in old.read_text().splitlines() if not line.startswith("#")]
    file.write_text("\n".join([file.read_text(), *retired]))
    renewed = a_world(world.database, file.parent, world.clock, anchor=world.anchor)
    for _ in range(2):
        await renewed.look()
        after = await renewed.log()
        assert (after.size, after.root, after.published_size) == (before.size, before.root, before.size)
        [vkey], note = renewed.keys.verifier_keys(ORIGIN), SignedNote.parse(after.note or "")
        assert [key.key_id for key in note.signatures] == [VerifierKey.parse(vkey).key_id]
    await world.rounds.check()
    assert ORIGIN not in world.directory.behind
