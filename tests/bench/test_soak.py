"""Does the soak find a ballot that is lost, doubled or a phantom among millions, and send what a real selection sends?"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from typing import NamedTuple

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types
import pytest

from api.domain.voting.ballots import bitmap
from bench.soak import schedule
from bench.soak.choices import ALL, Choices
from bench.soak.filling import fill
from bench.soak.judgement import Tree, read_all, wrong
from bench.soak.told import ACKNOWLEDGED, LIMITS, REFUSED, UNKNOWN, Hour, Told
from bench.soak.voters import Connection
from tests.commands import SEED
from tests.databases import PostgresServer
from tests.log_maker import sha, tree_hash
from tests.servers import prepare

BALLOTS, STORED = 400, 300
CHOICES = Choices(7)
LOSE = "delete from ballots where id = (select min(id) from ballots)"
COPY = """
    insert into ballots (id, campaign_id, day, cast_at, channel, choices)
    select repeat('a', 26), campaign_id, day, cast_at, channel, {} from ballots order by id limit 1
"""
RENAME = "update ballots set id = repeat('a', 26) where id = (select min(id) from ballots)"
HEAD = r"""
    insert into logs (campaign_id, generation, origin, size, root, ballots, state, published_size)
    select campaign_id, 1, 'log.example', 1, '\x00', 0, '{}', 0 from ballots limit 1
"""


def stored_as(ballot: int) -> bytes:
    """The choices of a ballot as a database has them."""
    return bitmap([project + 1 for project in CHOICES.of(ballot)], 7)


def literal(ballot: int) -> str:
    """The same in SQL."""
    return rf"'\x{stored_as(ballot).hex()}'"


def test_choices_say_whose_they_are() -> None:
    ballots = [*range(50), 9_999_999]
    assert [CHOICES.whose(stored_as(ballot)) for ballot in ballots] == ballots
    assert {len(set(CHOICES.of(ballot))) for ballot in ballots} == {20}
    strangers = [
        b"",
        b"\xff" * 7,
        bitmap(range(1, 22), 7),
        bitmap(range(1, 20), 7),
        bitmap(range(40, 60), 8),
        b"\x01" * 60,
    ]
    assert {CHOICES.whose(choices) for choices in strangers} == {ALL}


def test_the_load_is_that_of_a_real_selection() -> None:
    assert sum(schedule.WEIGHTS) == pytest.approx(schedule.HOURS)
    hours = [schedule.due(10**7, hour / schedule.HOURS) for hour in range(schedule.HOURS + 1)]
    mean = 10**7 / schedule.HOURS
    assert hours[2] / 2 == pytest.approx(14 * mean, rel=1e-3)
    assert hours[-1] - hours[-2] == pytest.approx(4.5 * mean, rel=1e-3)
    assert hours[4] - hours[3] == pytest.approx(0.05 * mean, rel=1e-2)
    assert hours[-1] == 10**7
    assert [schedule.due_at(count / 10**7) * schedule.HOURS for count in hours[1:-1]] == pytest.approx(
        range(1, schedule.HOURS), abs=1e-3
    )


def test_kills_are_planned_in_their_order_and_spare_a_server_for_three_days() -> None:
    planned = schedule.kills(200, 2017)
    assert len(planned) == 200
    assert sorted(planned) == planned
    assert {kill.what for kill in planned} == set(schedule.KINDS)
    assert {kill.what for kill in planned if kill.spare} == {"worker", "connection", "postgres"}


def test_a_kill_is_over_when_all_who_waited_were_answered_and_a_later_ballot_was() -> None:
    told = Told(3)
    told.begin(0, 10, 1.0)
    told.begin(1, 11, 1.5)
    told.interrupt("worker", 2.0)
    told.acknowledge(0, "a", 10, 1.0, 3.0)
    [kill] = told.interruptions
    assert (kill.resumed, kill.settled) == (None, None)
    told.begin(2, 10, 3.0)
    told.acknowledge(2, "c", 10, 3.5, 4.0)
    assert (kill.resumed, kill.settled) == (2.0, None)
    assert told.acknowledge(1, "b", 11, 5.0, 6.0) == 4.5
    assert (kill.resumed, kill.settled) == (2.0, 4.0)


async def test_an_answer_in_pieces_is_read_whole_and_a_lost_connection_is_made_anew() -> None:
    ended = asyncio.Semaphore(0)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(7)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Le")
        await writer.drain()
        writer.write(b"ngth: 3\r\n\r\none")
        with suppress(ConnectionError):
            await reader.read(7)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        ended.release()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port, connection = server.sockets[0].getsockname()[1], Connection()
        assert [await connection.post(port, b"request") for _ in range(3)] == [b"one", b"", b"one"]
        connection.close()
        for _ in range(2):
            await ended.acquire()


def test_a_percentile_is_the_limit_of_its_class() -> None:
    hour = Hour(latencies=[90, 8, *[0] * (len(LIMITS) - 2), 2])
    assert [hour.within(share) for share in (0.5, 0.98, 0.99)] == [LIMITS[0], LIMITS[1], None]


def test_the_root_of_a_log_is_that_of_the_definition() -> None:
    entries = [b"entry %d" % number for number in range(11)]
    tree = Tree()
    assert tree.head() == (0, b"")
    for size, entry in enumerate(entries, 1):
        tree.add(len(entry).to_bytes(2) + entry)
        assert tree.head() == (size, tree_hash([sha(b"\x00" + each) for each in entries[:size]]))


class Filled(NamedTuple):
    """A database with ballots, and what was told of them."""

    url: str
    told: Told


@pytest.fixture(scope="module")
def filled(postgres_server: PostgresServer) -> Iterator[Filled]:
    told = Told(BALLOTS)
    with postgres_server.fresh_database() as url:
        prepare(url, SEED)
        asyncio.run(fill(url, told, CHOICES, STORED))
        told.outcomes[STORED] = UNKNOWN
        yield Filled(url.replace("postgres://", "postgresql://"), told)


async def judged(filled: Filled, sql: str, told: Told | None = None) -> dict[str, int]:
    """What is found wrong when this was done to the database; it is undone afterwards."""
    connection = await asyncpg.connect(filled.url)
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(sql)
        found = wrong(told or filled.told, await read_all(connection, CHOICES, told or filled.told))
        await transaction.rollback()
    finally:
        await connection.close()
    return {kind: count for kind, count in found.items() if count}


@pytest.mark.parametrize(
    ("sql", "kinds"),
    [
        ("select 1", {}),
        (LOSE, {"lost": 1, "miscounted": 21, "unlogged": 1}),
        (COPY.format("choices"), {"doubled": 1, "under another id": 1, "miscounted": 21, "unlogged": 1}),
        (COPY.format(literal(STORED + 1)), {"phantom": 1, "miscounted": 21, "unlogged": 1}),
        (COPY.format(r"'\x07'"), {"phantom": 1, "miscounted": 4, "unlogged": 1}),
        (RENAME, {"under another id": 1, "unlogged": 1}),
        ("update tallies set votes = votes + 1 where project = 7", {"miscounted": 1}),
        ("update turnouts set ballots = ballots - 1", {"miscounted": 1}),
        ("update log_queue set ballots = left(ballots, -26)", {"unlogged": 1}),
        (
            "insert into log_queue (campaign_id, ballots) select campaign_id, left(ballots, 26) from log_queue",
            {"unlogged": 1},
        ),
        (HEAD, {"another root": 1}),
    ],
)
async def test_what_is_done_to_a_database_is_found(filled: Filled, sql: str, kinds: dict[str, int]) -> None:
    assert await judged(filled, sql) == kinds


async def test_a_ballot_of_which_nothing_is_known_may_be_there_and_a_refused_one_may_not(filled: Filled) -> None:
    there = COPY.format(literal(STORED))
    assert not (await judged(filled, there)).keys() & {"phantom", "lost", "doubled"}
    told = deepcopy(filled.told)
    told.outcomes[STORED] = REFUSED
    found = await judged(filled, there, told)
    assert (found["phantom"], found["refused"]) == (1, 1)
    told.outcomes[STORED] = ACKNOWLEDGED
    assert await judged(filled, "select 1", told) == {"lost": 1}
