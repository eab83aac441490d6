"""Are signals found as suspicions, whoever wrote them and when, and are they gone when their time is over?"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from api.bootstrap.background import background_tasks
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.integrity.rulings import Ruling, RulingKind
from api.domain.integrity.signals import Signal
from api.domain.integrity.suspicions import SuspicionKind, parse_detection_config
from api.services.moderation import MAX_RULED_AT_ONCE, BallotModeration
from api.storage import background_writer, suspicions
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import Database, open_database
from api.storage.erasure import SqlVoterSalts
from api.storage.moderation import SqlRulings
from api.storage.signals import DELETE_BATCH, UNSUSPICIOUS_TTL, delete_expired, suspect, write
from api.storage.suspicions import SqlSignals
from tests.campaigns import SLUG
from tests.contracts.test_ballot_box import MOMENT, admission, key, prepare
from tests.databases import in_processes

ADDRESS, EQUAL, HASTE = SuspicionKind.ONE_ADDRESS, SuspicionKind.EQUAL_BALLOTS, SuspicionKind.HASTE
STRICT = parse_detection_config("ONE_ADDRESS=5/10 EQUAL_BALLOTS=8/10 ONE_NETWORK=off HASTE=off DAYS=7")
KEPT = timedelta(days=7)
HERE = "h" * 26
FORGOTTEN = AuditEvent(MOMENT, TrailKind.CAMPAIGN_FORGOTTEN)


def signal(number: int, at: float = 0, shared: str = HERE, kind: SuspicionKind = ADDRESS) -> Signal:
    """That a ballot shares something, cast so many minutes after the first."""
    return Signal(shared, kind, SLUG, key(number), MOMENT + timedelta(minutes=at))


@asynccontextmanager
async def watching(database: Database, now: datetime = MOMENT) -> AsyncIterator[SqlSignals]:
    """The signals of one process, which writes what waits when it ends."""
    signals = SqlSignals(database, lambda: now, STRICT)
    try:
        async with background_tasks(signals.keep_tidy()):
            yield signals
    finally:
        await signals.drain()


async def ballots(database: Database, count: int) -> SqlBallotBox:
    await prepare(database)
    box = SqlBallotBox(database)
    await asyncio.gather(*(box.admit(admission(number)) for number in range(count)))
    return box


async def noted(database: Database, *signals: Signal) -> SqlSignals:
    """What a process sees that has noted these signals, one batch after the other."""
    async with watching(database) as kept:
        for one in signals:
            kept.note([one])
    return kept


@pytest.fixture
async def voted(database: Database) -> Database:
    """A database with thirty ballots."""
    await ballots(database, 30)
    return database


async def test_enough_ballots_from_one_place_in_a_short_time_are_a_suspicion(voted: Database) -> None:
    kept = await noted(voted, *(signal(number, at=number) for number in range(5)))
    [found] = await kept.suspicions(SLUG, (), 10)
    assert (found.key, found.kind, found.ballots, found.held, found.voided) == (HERE, ADDRESS, 5, 0, 0)
    assert (found.first_at, found.last_at) == (MOMENT, MOMENT + timedelta(minutes=4))
    assert await kept.suspicion(SLUG, HERE) == found
    assert await kept.suspicion("elsewhere", HERE) is None
    assert await kept.count(SLUG, [ADDRESS]) == 1
    assert await kept.count(SLUG, [EQUAL]) == 0 == len(await kept.suspicions(SLUG, [EQUAL], 10))


async def test_too_few_or_too_slow_are_none(voted: Database) -> None:
    few = [signal(number) for number in range(4)]
    slow = [signal(number, at=3 * number, shared="s" * 26) for number in range(4, 12)]
    equal = [signal(number, shared="e" * 26, kind=EQUAL) for number in range(7)]
    kept = await noted(voted, *few, *slow, *equal)
    assert await kept.suspicions(SLUG, (), 10) == ()


async def test_a_suspicion_grows_with_its_burst_and_leaves_out_what_came_before_and_after(voted: Database) -> None:
    at = [
        -30,
        *(n / 2 for n in range(6)),
        12,
        13,
        40,
    ]  # the two after twelve minutes have company enough, the others not
    kept = await noted(voted, *(signal(number, at=minutes) for number, minutes in enumerate(at)))
    [found] = await kept.suspicions(SLUG, (), 10)
    assert found.ballots == 6
    async with watching(voted) as kept:
        kept.note([signal(20 + n, at=11 + n) for n in range(3)])
    [found] = await kept.suspicions(SLUG, (), 10)
    assert (found.first_at, found.last_at) == (MOMENT, MOMENT + timedelta(minutes=13))
    assert found.ballots == 11
    assert await kept.ballot_ids(found, None, 2) == (key(1), key(2))


async def test_a_signal_that_is_noted_twice_counts_once(voted: Database) -> None:
    kept = await noted(voted, *(signal(number) for number in (1, 2, 3, 4, 4, 4, 1)))
    assert await kept.suspicions(SLUG, (), 10) == ()


async def test_the_newest_suspicion_leads_and_pages_go_on_where_they_were(voted: Database) -> None:
    names = ["a" * 26, "b" * 26, "c" * 26]
    for name in names:
        await noted(voted, *(signal(number, shared=name) for number in range(5)))
    async with watching(voted) as kept:
        found = await kept.suspicions(SLUG, (), 2)
        assert [one.key for one in found] == names[:0:-1]
        assert [one.key for one in await kept.suspicions(SLUG, (), 2, found[-1].number)] == names[:1]


def note_in_a_process(url: str) -> None:
    """Two ballots of one address from each of several processes, none of which sees a burst by itself."""

    async def run() -> None:
        async with open_database(url) as database, watching(database) as kept:
            kept.note([signal(2 * (os.getpid() % 1000) + n) for n in range(2)])

    asyncio.run(run())


async def test_what_no_process_sees_alone_they_see_together(fresh_url: Callable[[], str]) -> None:
    url = fresh_url()
    async with open_database(url) as database:
        await ballots(database, 2000)
    await asyncio.to_thread(in_processes, 4, note_in_a_process, url)
    async with open_database(url) as database, watching(database) as kept:
        [found] = await kept.suspicions(SLUG, (), 10)
    assert found.ballots == 8


async def test_a_ruling_on_a_suspicion_is_made_on_what_is_open_to_it(voted: Database) -> None:
    kept = await noted(voted, *(signal(number) for number in range(10)))
    [found] = await kept.suspicions(SLUG, (), 10)
    rulings = SqlRulings(voted)

    def ruling(kind: RulingKind) -> Ruling:
        return Ruling(kind, "All from one place.", MOMENT, None)

    await rulings.rule(SLUG, [key(0), key(1)], ruling(RulingKind.VOID))
    decision = await BallotModeration(rulings, kept).rule_on(found, ruling(RulingKind.HOLD))
    assert sorted(decision.ballots) == sorted(key(n) for n in range(2, 10))
    assert (decision.problems, decision.more) == ((), False)
    [found] = await kept.suspicions(SLUG, (), 10)
    assert (found.ballots, found.held, found.voided) == (10, 8, 2)
    assert (await BallotModeration(rulings, kept).rule_on(found, ruling(RulingKind.HOLD))).ballots == ()
    assert len((await BallotModeration(rulings, kept).rule_on(found, ruling(RulingKind.RELEASE))).ballots) == 8


async def test_a_large_suspicion_is_ruled_on_call_by_call(database: Database) -> None:
    count = MAX_RULED_AT_ONCE + 250
    await ballots(database, count)
    kept = await noted(database, *(signal(number) for number in range(count)))
    [found] = await kept.suspicions(SLUG, (), 10)
    moderation, ruling = (
        BallotModeration(SqlRulings(database), kept),
        Ruling(RulingKind.HOLD, "All from one place.", MOMENT, None),
    )
    first = await moderation.rule_on(found, ruling)
    second = await moderation.rule_on(found, ruling)
    assert [(len(one.ballots), one.more) for one in (first, second)] == [(MAX_RULED_AT_ONCE, True), (250, False)]
    assert len({*first.ballots, *second.ballots}) == count


async def remaining(database: Database) -> set[int]:
    rows = await database.rows("select ballot_key from signals")
    return {next(n for n in range(30) if key(n) == row["ballot_key"]) for row in rows}


async def until(database: Database, left: set[int]) -> None:
    """Wait until these ballots' signals remain, and no others."""
    async with asyncio.timeout(60):
        while await remaining(database) != left:  # noqa: ASYNC110 - another task writes to the database
            await asyncio.sleep(0.02)


async def test_ordinary_signals_go_within_hours_and_suspicious_ones_within_days(voted: Database) -> None:
    burst = [signal(number) for number in range(5)]
    ordinary = [signal(10, shared="o" * 26), signal(11, at=200, shared="o" * 26), signal(12, at=30)]
    for one in (burst, ordinary):
        await write(voted, one)
        await suspect(voted, one, STRICT.thresholds)
    assert await delete_expired(voted, MOMENT + UNSUSPICIOUS_TTL + timedelta(minutes=31), KEPT) is False
    assert await remaining(voted) == {0, 1, 2, 3, 4, 11}
    await delete_expired(voted, MOMENT + KEPT - timedelta(minutes=1), KEPT)
    assert await remaining(voted) == {0, 1, 2, 3, 4}
    await delete_expired(voted, MOMENT + KEPT + timedelta(minutes=1), KEPT)
    assert await remaining(voted) == set()
    assert await voted.rows("select number from suspicions") == []


async def test_a_campaign_that_is_forgotten_leaves_no_signal(voted: Database) -> None:
    kept = await noted(voted, *(signal(number) for number in range(6)), signal(20, shared="o" * 26))
    salts = SqlVoterSalts(voted)
    await salts.destroy("elsewhere", FORGOTTEN)
    assert len(await remaining(voted)) == 7
    await salts.destroy(SLUG, FORGOTTEN)
    assert await remaining(voted) == set()
    assert await kept.count(SLUG, ()) == 0


async def test_much_is_forgotten_in_bounded_steps(voted: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.storage.signals.DELETE_BATCH", 12)
    await write(voted, [signal(number, shared="o" * 26) for number in range(30)])
    later = MOMENT + UNSUSPICIOUS_TTL + timedelta(hours=1)
    assert [await delete_expired(voted, later, KEPT) for _ in range(3)] == [True, True, False]
    assert await remaining(voted) == set()
    assert DELETE_BATCH == 5_000


async def test_a_server_that_starts_tidies_up_what_an_earlier_one_left(voted: Database) -> None:
    await write(voted, [signal(number) for number in range(30)])
    async with watching(voted, MOMENT + timedelta(days=30)):
        await until(voted, set())


async def test_a_flood_is_dropped_and_counted_rather_than_kept(voted: Database, monkeypatch, caplog) -> None:
    monkeypatch.setattr(suspicions, "MAX_QUEUE", 6)
    async with watching(voted) as kept:
        for number in range(20):
            kept.note([signal(number), signal(number, shared="o" * 26)])
    assert await remaining(voted) == {0, 1, 2}
    assert "34 signals were dropped" in caplog.text


async def test_signals_wait_while_the_database_is_away(voted: Database, monkeypatch, caplog) -> None:
    away, stored = [ConnectionRefusedError("nobody there")], suspicions.write

    async def sometimes(database, signals):
        if away:
            raise away.pop()
        await stored(database, signals)

    monkeypatch.setattr(suspicions, "write", sometimes)
    monkeypatch.setattr(background_writer, "WRITE_INTERVAL", 0.05)
    async with watching(voted) as kept:
        kept.note([signal(1)])
        await until(voted, {1})
    assert "the database is lost with 1 signals waiting" in caplog.text


async def test_signals_that_can_never_be_written_keep_no_others_out(voted: Database, monkeypatch, caplog) -> None:
    stored = suspicions.write

    async def particular(database, signals):
        if signals[0].ballot_id == key(1):
            raise ValueError("nobody knows how to write this")
        await stored(database, signals)

    monkeypatch.setattr(background_writer, "MAX_BATCH", 1)
    monkeypatch.setattr(suspicions, "write", particular)
    await noted(voted, signal(1), signal(3))
    assert await remaining(voted) == {3}
    assert "1 signals could not be written" in caplog.text
