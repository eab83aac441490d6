"""Does committing ballots in groups keep every promise that committing them one by one would?"""

import asyncio
import sqlite3
from datetime import date

import pytest

from api.domain.errors import ApiError, ErrorCode
from api.domain.results.tallies import differences
from api.storage.ballots import ballot_box
from api.storage.ballots.ballot_batch import CLAIM
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database import urls
from api.storage.database.connection import Database, open_database
from api.storage.recount import recount_stored
from api.storage.tallies import SqlTallies
from tests.campaigns import SLUG
from tests.contracts.test_ballot_box import DAY, admission, cast, key, prepare
from tests.databases import DURABLE, running_postgres
from tests.stored import wait_for_the_log_once


@pytest.fixture
async def prepared(database: Database) -> Database:
    await prepare(database)
    return database


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the batches that are committed."""
    sizes: list[int] = []
    commit = ballot_box.admit_all

    async def noted(database, attempt):
        sizes.append(len(attempt.admissions))
        return await commit(database, attempt)

    monkeypatch.setattr(ballot_box, "admit_all", noted)
    return sizes


async def agrees(database: Database) -> bool:
    async with database.snapshot() as view:
        tallied = await SqlTallies(view).counts()
        counted = differences(tallied[SLUG], (await recount_stored(view, SLUG))[0]) == ()
        return counted and await wait_for_the_log_once(view)


async def test_what_waits_while_one_transaction_commits_goes_into_the_next(prepared, transactions) -> None:
    box = SqlBallotBox(prepared)
    results = await asyncio.gather(*(box.admit(admission(number)) for number in range(1000)))
    assert None not in results
    assert sum(transactions) == 1000
    assert len(transactions) <= 6
    assert await agrees(prepared)


async def test_ballots_with_keys_of_their_own_are_stored_together(prepared, monkeypatch) -> None:
    statements: list[str] = []
    write = Database.write_rows

    async def noted(database, statement, types, rows, **where):
        statements.append(statement)
        return await write(database, statement, types, rows, **where)

    monkeypatch.setattr(Database, "write_rows", noted)
    box = SqlBallotBox(prepared)
    await asyncio.gather(*(box.admit(admission(number, retry_tag=f"key {number}")) for number in range(100)))
    assert statements == []  # all in one step
    await box.admit(admission(1))
    await asyncio.gather(*(box.admit(admission(number, retry_tag=f"key {number}")) for number in range(100, 200)))
    assert 1 <= statements.count(CLAIM) <= 3
    assert await agrees(prepared)


async def test_a_batch_may_hold_the_same_id_and_the_same_tag_many_times(prepared, transactions) -> None:
    box = SqlBallotBox(prepared)
    await box.admit(admission(99))
    wanted = [admission(1), admission(1), admission(1, retry_tag="a"), admission(2, retry_tag="b")]
    wanted += [admission(2, retry_tag="b"), admission(3, day=date(2017, 3, 23), retry_tag="b"), admission(99)]
    ids = [ballot and ballot.id for ballot in await asyncio.gather(*(cast(box, one) for one in wanted))]
    assert ids == [key(1), None, None, key(2), key(2), key(2), None]
    assert transactions == [1, 7]
    assert await agrees(prepared)


async def test_slots_of_one_voter_in_one_batch_are_filled_one_by_one(prepared) -> None:
    box = SqlBallotBox(prepared)
    ballots = await asyncio.gather(*(cast(box, admission(1, 2, 3)) for _ in range(5)))
    assert [ballot and ballot.id for ballot in ballots] == [key(1), key(2), key(3), None, None]
    assert await agrees(prepared)


async def test_a_ballot_that_cannot_be_stored_does_not_keep_its_neighbours_out(prepared) -> None:
    box = SqlBallotBox(prepared)
    wanted = [admission(number) for number in range(20)]
    wanted[7] = admission(7, campaign="nowhere")
    answers = await asyncio.gather(*(cast(box, one) for one in wanted), return_exceptions=True)
    assert isinstance(answers[7], Exception)
    assert [ballot.id for place, ballot in enumerate(answers) if place != 7] == [key(n) for n in range(20) if n != 7]
    assert await agrees(prepared)


async def test_a_full_box_refuses_at_once_and_serves_the_rest(prepared, monkeypatch) -> None:
    monkeypatch.setattr(ballot_box, "MAX_QUEUE", 50)
    box = SqlBallotBox(prepared)
    answers = await asyncio.gather(*(box.admit(admission(n)) for n in range(80)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, ApiError)]
    assert len(refused) == 30
    assert {fault.code for fault in refused} == {ErrorCode.OVERLOADED}
    assert refused[0].details == {"retryAfter": 1}
    assert await box.admit(admission(999)) is not None
    assert (await SqlTallies(prepared).counts())[SLUG].ballots == {DAY: 51}


async def test_a_caller_that_stops_waiting_leaves_its_ballot_in_the_box(prepared) -> None:
    box = SqlBallotBox(prepared)
    tasks = [asyncio.ensure_future(box.admit(admission(number))) for number in range(40)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(isinstance(answer, asyncio.CancelledError) for answer in answers) == 20
    await box.drain()
    assert (await SqlTallies(prepared).counts())[SLUG].ballots == {DAY: 40}
    assert await agrees(prepared)


async def test_a_batch_is_answered_in_plain_calls_and_large_ones_let_others_have_their_turn(prepared) -> None:
    box, seen = SqlBallotBox(prepared), []
    loop, tasks = asyncio.get_running_loop(), asyncio.all_tasks()

    def answered(number: int) -> None:
        if not number:
            loop.call_soon(seen.append, "another's turn")
        seen.append(number)

    answers = [box.admit(admission(number)).then(lambda _, n=number: answered(n)) for number in range(200)]
    writer = asyncio.all_tasks() - tasks
    await answers[-1]
    assert [number for number in seen if isinstance(number, int)] == [*range(200)]
    assert seen.index("another's turn") == ballot_box.MAX_AT_ONCE
    assert len(writer) == 1, "one task serves all"


async def test_the_next_batch_is_on_its_way_before_the_one_before_it_is_answered(prepared, monkeypatch) -> None:
    monkeypatch.setattr(ballot_box, "MAX_BATCH", 20)
    commit, seen = ballot_box.admit_all, []

    async def noted(database, attempt):
        seen.append("sent")
        results = await commit(database, attempt)
        seen.append("stored")
        return results

    monkeypatch.setattr(ballot_box, "admit_all", noted)
    box = SqlBallotBox(prepared)
    await asyncio.gather(
        *(box.admit(admission(number)).then(lambda _: seen.append("answered")) for number in range(60))
    )
    batch = ["answered"] * 20
    assert seen == ["sent", "stored", "sent", *batch, "stored", "sent", *batch, "stored", *batch]


async def test_what_goes_wrong_with_one_ballots_answer_harms_no_other(prepared) -> None:
    box = SqlBallotBox(prepared)

    def fails(result: object) -> None:
        raise RuntimeError

    def cancelled(result: object) -> None:
        raise asyncio.CancelledError

    answers = [box.admit(admission(number)) for number in range(20)]
    answers[3].then(fails)
    answers[4].then(cancelled)
    told = await asyncio.gather(*answers, box.admit(admission(20)), return_exceptions=True)
    assert [number for number, answer in enumerate(told) if isinstance(answer, BaseException)] == [3, 4]
    assert await box.admit(admission(21)) is not None
    assert (await SqlTallies(prepared).counts())[SLUG].ballots == {DAY: 22}


async def test_draining_waits_for_every_ballot(prepared) -> None:
    box = SqlBallotBox(prepared)
    tasks = [asyncio.ensure_future(box.admit(admission(number))) for number in range(600)]
    await asyncio.sleep(0)
    await box.drain()
    await asyncio.sleep(0)
    assert all(task.done() for task in tasks)


async def test_an_answer_lost_with_its_connection_is_found_again_and_not_refused(prepared, monkeypatch) -> None:
    """The transaction is committed, but the connection breaks before anybody hears of it."""
    commit, lost = ballot_box.admit_all, []

    async def breaks_once(database, attempt):
        outcome = await commit(database, attempt)
        if not lost:
            lost.append(attempt)
            raise ConnectionResetError("the answer is lost")
        return outcome

    monkeypatch.setattr(ballot_box, "admit_all", breaks_once)
    box = SqlBallotBox(prepared)
    wanted = [admission(1), admission(1, positions=frozenset({5, 6})), admission(2, retry_tag="tag")]
    results = await asyncio.gather(*(box.admit(one) for one in wanted))
    assert [result and result.ballot.id for result in results] == [key(1), None, key(2)]
    assert [result and result.is_new for result in results] == [True, None, True]
    assert (await SqlTallies(prepared).counts())[SLUG].ballots == {DAY: 2}
    assert await agrees(prepared)


@pytest.mark.parametrize("quota", [1, 2])
async def test_what_was_stored_unheard_is_found_again_also_one_by_one(prepared, monkeypatch, quota) -> None:
    """The batch is committed, its answer is lost, and the next attempt fails for a reason that is taken for a ballot's."""
    commit, attempts = ballot_box.admit_all, []

    async def breaks_twice(database, attempt):
        attempts.append(attempt)
        if len(attempts) == 2:
            raise RuntimeError("something else")
        outcome = await commit(database, attempt)
        if len(attempts) == 1:
            raise ConnectionResetError("the answer is lost")
        return outcome

    monkeypatch.setattr(ballot_box, "admit_all", breaks_twice)
    box = SqlBallotBox(prepared)
    wanted = [admission(*range(10 * voter, 10 * voter + quota)) for voter in (1, 2, 3)]
    results = await asyncio.gather(*(box.admit(one) for one in wanted))
    assert [result and result.ballot.id for result in results] == [key(10), key(20), key(30)]
    assert [result and result.is_new for result in results] == [True] * 3
    assert (await SqlTallies(prepared).counts())[SLUG].ballots == {DAY: 3}
    assert await agrees(prepared)


async def test_a_database_that_stays_away_gives_its_ballots_back(prepared, monkeypatch) -> None:
    async def away(database, attempt):
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(ballot_box, "admit_all", away)
    monkeypatch.setattr(ballot_box, "RECONNECT_TIMEOUT", 0.3)
    box = SqlBallotBox(prepared)
    answers = await asyncio.gather(*(box.admit(admission(n)) for n in range(3)), return_exceptions=True)
    assert [answer.code for answer in answers] == [ErrorCode.OVERLOADED] * 3
    assert {"may have been cast" in answer.message.en for answer in answers} == {True}


async def test_who_waits_behind_ballots_that_are_given_back_is_given_back_at_once(prepared, monkeypatch) -> None:
    attempts = []

    async def away(database, attempt):
        attempts.append(len(attempt.admissions))
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(ballot_box, "admit_all", away)
    monkeypatch.setattr(ballot_box, "RECONNECT_TIMEOUT", 0.0)
    box = SqlBallotBox(prepared)
    answers = await asyncio.gather(*(box.admit(admission(n)) for n in range(700)), return_exceptions=True)
    assert {answer.code for answer in answers} == {ErrorCode.OVERLOADED}
    assert attempts == [256]
    assert sum("may have been cast" in answer.message.en for answer in answers) == 256


async def test_a_locked_sqlite_is_waited_for(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(urls.SQLITE_PRAGMAS, "busy_timeout", 0)
    async with open_database(f"sqlite://{tmp_path}/locked.sqlite3") as database:
        await prepare(database)
        box, other = SqlBallotBox(database), sqlite3.connect(tmp_path / "locked.sqlite3")
        other.execute("begin immediate")
        casting = asyncio.gather(*(cast(box, admission(number)) for number in range(3)))
        await asyncio.sleep(0.3)
        assert not casting.done()
        other.rollback()
        other.close()
        assert [ballot.id for ballot in await casting] == [key(number) for number in range(3)]


async def test_a_postgresql_that_crashes_under_load_loses_nothing_and_stores_nothing_twice(caplog, monkeypatch) -> None:
    monkeypatch.setattr(ballot_box, "RECONNECT_TIMEOUT", 120.0)  # however long it takes to recover
    with running_postgres(DURABLE) as server, server.fresh_database() as url:
        async with open_database(url) as database:
            await prepare(database)
            box, enough = SqlBallotBox(database), asyncio.Event()
            voters = [asyncio.create_task(voter(box, number, enough)) for number in range(20)]
            await asyncio.sleep(0.3)
            server.stop()
            await asyncio.sleep(2)
            server.start()
            await asyncio.sleep(1)
            enough.set()
            acknowledged = [ballot for ballots in await asyncio.gather(*voters) for ballot in ballots]
            assert "the database is lost" in caplog.text
            assert await box.find([ballot.id for ballot in acknowledged]) == tuple(acknowledged)
            assert (await SqlTallies(database).counts())[SLUG].ballots == {DAY: len(acknowledged)}
            assert await agrees(database)


async def voter(box: SqlBallotBox, number: int, enough: asyncio.Event) -> list:
    """One of many: casts ballot after ballot, each under an id of its own, until it is enough."""
    ballots = []
    while not enough.is_set():
        ballot = await cast(box, admission(1_000_000 * number + len(ballots)))
        assert ballot is not None
        ballots.append(ballot)
    return ballots
