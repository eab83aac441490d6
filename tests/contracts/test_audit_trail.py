"""Is the trail kept for good, and written without anybody waiting for it or a flood filling the disk?"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from api.domain.audit_trail import AuditEvent, TrailFilter, TrailKind
from api.storage import background_writer
from api.storage.audit_trail import MAX_BURST, SqlAuditTrail, count, read, write
from api.storage.database.connection import Database
from tests.campaigns import DURING

EVERYTHING = TrailFilter()


def refusal(number: int = 0, at: datetime = DURING) -> AuditEvent:
    return AuditEvent(at, TrailKind.BALLOT_REFUSED, "spring", f"actor {number}", {"codes": ["QUOTA_EXHAUSTED"]})


async def written(database: Database, wanted: TrailFilter = EVERYTHING) -> list[AuditEvent]:
    return [recorded.event for recorded in await read(database, wanted, None)][::-1]


async def test_what_is_written_is_read_newest_first(database: Database) -> None:
    entries = [refusal(number, DURING + timedelta(seconds=number)) for number in range(5)]
    await write(database, entries)
    found = await read(database, EVERYTHING, 3)
    assert [recorded.event for recorded in found] == entries[:1:-1]
    rest = await read(database, EVERYTHING, 3, before=found[-1].number)
    assert [recorded.event for recorded in rest] == entries[1::-1]


async def test_only_what_is_wanted_is_read(database: Database) -> None:
    loaded = AuditEvent(DURING, TrailKind.CAMPAIGN_LOADED, "autumn", details={"file": "秋.toml"})
    revoked = AuditEvent(DURING + timedelta(hours=1), TrailKind.SESSIONS_REVOKED)
    await write(database, [refusal(), loaded, revoked])
    for wanted, entries in {
        TrailFilter(kinds=(TrailKind.CAMPAIGN_LOADED, TrailKind.SESSIONS_REVOKED)): [loaded, revoked],
        TrailFilter(campaign="spring"): [refusal()],
        TrailFilter(since=revoked.at): [revoked],
        TrailFilter((TrailKind.BALLOT_REFUSED,), "autumn", DURING): [],
    }.items():
        assert await written(database, wanted) == entries
        assert await count(database, wanted) == len(entries)


@pytest.mark.parametrize(
    "change", ["update trail set actor = 'nobody'", "delete from trail", "delete from trail where 1 = 1"]
)
async def test_the_database_itself_refuses_to_change_it(database: Database, change: str) -> None:
    await write(database, [refusal()])
    with pytest.raises(Exception, match="append-only"):
        await database.rows(change)
    assert await written(database) == [refusal()]


async def change_that_fails(database: Database) -> None:
    async with database.transaction() as change:
        await write(change, [refusal()])
        assert 1 / 0


async def test_an_entry_goes_with_the_change_it_records_or_not_at_all(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await change_that_fails(database)
    assert await written(database) == []


class Moving:
    """A clock that stands until it is moved."""

    now = DURING

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Moving:
    return Moving()


async def until(true: Callable[[], object]) -> None:
    """Wait for it, at most a minute."""
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 - what is waited for is not of our making
            await asyncio.sleep(0.01)


async def test_noted_entries_are_written_without_being_waited_for(database: Database, clock: Moving) -> None:
    trail = SqlAuditTrail(database, clock)
    for number in range(20):
        trail.note(refusal(number))
    assert await trail.count(EVERYTHING) == 0
    await until(lambda: not trail._writer.waiting)
    assert await written(database) == [refusal(number) for number in range(20)]


async def test_a_stopping_process_writes_what_waits(database: Database, clock: Moving) -> None:
    trail = SqlAuditTrail(database, clock)
    trail.note(refusal())
    await trail.drain()
    assert await written(database) == [refusal()]


async def test_a_flood_is_counted_and_leaves_room_for_other_kinds(database: Database, clock: Moving) -> None:
    trail = SqlAuditTrail(database, clock)
    for number in range(10_000):
        trail.note(refusal(number))
    trail.note(AuditEvent(DURING, TrailKind.ACCESS_DENIED))
    clock.move(10)
    for number in range(100):
        trail.note(refusal(number))
    await trail.drain()
    entries = await written(database)
    singly = [entry for entry in entries if entry.actor]
    omitted = sum(int(str(entry.details["omitted"])) for entry in entries if "omitted" in entry.details)
    assert len(singly) == MAX_BURST + 10
    assert omitted == 10_100 - len(singly)
    assert [entry.kind for entry in entries].count(TrailKind.ACCESS_DENIED) == 1


async def test_while_a_flood_lasts_its_count_is_written_once_a_minute(
    database: Database, clock: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_writer, "WRITE_INTERVAL", 0.01)
    trail = SqlAuditTrail(database, clock)
    for _ in range(180):
        for number in range(20):
            trail.note(refusal(number))
        clock.move(1)
        await asyncio.sleep(0)
    await trail.drain()
    omissions = [entry for entry in await written(database) if "omitted" in entry.details]
    assert 1 <= len(omissions) <= 4
    assert sum(int(str(entry.details["omitted"])) for entry in omissions) + await count(database, EVERYTHING) == (
        180 * 20 + len(omissions)
    )


class Away:
    """A database that is out of reach until told otherwise."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.error: Exception | None = ConnectionError("away")
        self.tried = 0

    async def write_rows(self, *arguments: object) -> object:
        self.tried += 1
        if self.error is not None:
            raise self.error
        return await self._database.write_rows(*arguments)


async def test_while_the_database_is_away_entries_wait(
    database: Database, clock: Moving, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background_writer, "WRITE_INTERVAL", 0.01)
    away = Away(database)
    trail = SqlAuditTrail(away, clock)
    for number in range(MAX_BURST * 3):
        trail.note(refusal(number))
    await until(lambda: away.tried > 2)
    assert trail._writer.waiting <= MAX_BURST + 1
    away.error = None
    await until(lambda: not trail._writer.waiting)
    assert sum(1 for entry in await written(database) if entry.actor) == MAX_BURST
    assert "the database is lost with" in caplog.text


async def test_entries_that_no_database_takes_do_not_stand_in_the_way(
    database: Database, clock: Moving, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background_writer, "WRITE_INTERVAL", 0.01)
    broken = Away(database)
    broken.error = ValueError("no such value")
    trail = SqlAuditTrail(broken, clock)
    trail.note(refusal(1))
    await until(lambda: not trail._writer.waiting)
    assert "1 entries of the trail could not be written" in caplog.text
    broken.error = None
    trail.note(refusal(2))
    await trail.drain()
    assert await written(database) == [refusal(2)]
