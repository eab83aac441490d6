"""Do ballots leave in an order that says nothing, as many as count, from either database, while others are cast?"""

from collections import Counter
from datetime import timedelta
from itertools import permutations

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.integrity.rulings import Ruling, RulingKind
from api.domain.voting.channels import Channel
from api.ports.exchange import ExportedBallot
from api.storage.audit_trail import write
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import Database
from api.storage.exports import AT_ONCE, SqlExportSource
from api.storage.moderation import SqlRulings
from api.storage.shuffled_file import BUFFERED, ShuffledFile
from tests.campaigns import SLUG, a_campaign
from tests.contracts.test_ballot_box import DAY, MOMENT, admission, key, prepare
from tests.contracts.test_withdrawals import cast, stored, void


async def nothing(_: int) -> None:
    """What whoever waits makes of progress."""


async def exported(database: Database, until=None) -> tuple[list[ExportedBallot], Counter[int], int]:
    """The ballots, the votes on them, and how many there are said to be."""
    async with SqlExportSource(database).shuffled(a_campaign(), until, nothing) as found:
        ballots = [ballot async for chunk in found.chunks() for ballot in chunk]
        return ballots, Counter(found.votes), found.count


async def test_all_ballots_that_count_leave_with_day_channel_and_projects_alone(database: Database) -> None:
    await prepare(database)
    box = SqlBallotBox(database)
    for number in range(6):
        await box.admit(admission(number, positions=frozenset({number + 1, 50}), channel=Channel.PAPER))
    kinds = ((0, RulingKind.HOLD), (1, RulingKind.VOID), (2, RulingKind.HOLD), (2, RulingKind.RELEASE))
    for step, (number, kind) in enumerate(kinds, 1):
        await SqlRulings(database).rule(SLUG, [key(number)], Ruling(kind, "why", MOMENT + timedelta(hours=step), None))
    ballots, votes, count = await exported(database)
    assert sorted(ballots) == [ExportedBallot(DAY, Channel.PAPER, (number + 1, 50)) for number in range(2, 6)]
    assert votes == Counter({3: 1, 4: 1, 5: 1, 6: 1, 50: 4})
    assert count == 4


async def test_votes_that_are_voided_are_on_no_ballot(database: Database) -> None:
    await prepare(database)
    await cast(database, 1, at=1)
    await cast(database, 2, at=5)
    await cast(database, 3, at=5, positions=frozenset({2}))
    await void(database, 2, start=4)
    ballots, votes, count = await exported(database)
    assert sorted(ballot.positions for ballot in ballots) == [(), (1,), (1, 2)]
    assert (votes, count) == (Counter({1: 2, 2: 1}), 3)
    async with SqlExportSource(database).shuffled(a_campaign(), None, nothing) as found:
        assert found.empty == 1
    assert (await stored(database)).voided_votes


async def test_only_what_was_cast_before_a_moment_is_in_standings_of_that_moment(database: Database) -> None:
    await prepare(database)
    for number in range(4):
        await SqlBallotBox(database).admit(admission(number, cast_at=MOMENT + timedelta(minutes=number)))
    until = MOMENT + timedelta(minutes=2)
    assert len((await exported(database, until))[0]) == 2
    turnout = await SqlExportSource(database).turnout(SLUG, until)
    minute = MOMENT.replace(second=0, microsecond=0)
    assert turnout == {(minute, Channel.WEB): 1, (minute + timedelta(minutes=1), Channel.WEB): 1}
    assert sum((await SqlExportSource(database).turnout(SLUG, None)).values()) == 4


async def test_an_export_is_of_one_moment_whatever_is_cast_meanwhile(database: Database) -> None:
    await prepare(database)
    box = SqlBallotBox(database)
    for number in range(3):
        await box.admit(admission(number))

    async with SqlExportSource(database).shuffled(a_campaign(), None, nothing) as found:
        await box.admit(admission(3))
        again, votes, count = await exported(database)
        first = [ballot async for chunk in found.chunks() for ballot in chunk]
    assert (len(first), found.count, found.votes[1]) == (3, 3, 3)
    assert (len(again), count, votes[1]) == (4, 4, 4)


async def test_no_ballot_is_an_export_without_rows(database: Database) -> None:
    await prepare(database)
    assert await exported(database) == ([], Counter(), 0)
    assert await SqlExportSource(database).turnout(SLUG, None) == {}


async def test_the_trail_of_a_campaign_comes_from_its_beginning(database: Database) -> None:
    await prepare(database)
    events = [AuditEvent(MOMENT, TrailKind.VOTING_PAUSED, SLUG, details={"reason": str(n)}) for n in range(AT_ONCE + 1)]
    await write(database, [*events, AuditEvent(MOMENT, TrailKind.SIGN_IN_FAILED)])
    pages = [page async for page in SqlExportSource(database).trail(SLUG)]
    assert [len(page) for page in pages] == [AT_ONCE, 2]  # with that of its loading
    numbers = [entry.number for page in pages for entry in page]
    assert numbers == sorted(numbers)
    assert pages[-1][-1].event.details == {"reason": str(AT_ONCE)}


def test_every_order_is_as_likely_as_any_other() -> None:
    """Chi-squared with five degrees of freedom: above 30 once in 80,000 runs."""
    runs, seen = 3_000, Counter[tuple[bytes, ...]]()
    for _ in range(runs):
        with ShuffledFile() as file:
            file.add([b"a", b"b"])
            file.add([b"c"])
            seen[tuple(record for part in file.parts() for record in part)] += 1
    expected = runs / 6
    orders = permutations([b"a", b"b", b"c"])
    assert sum((seen[order] - expected) ** 2 / expected for order in orders) < 30


def test_what_is_on_disk_comes_back_whole() -> None:
    records = [number.to_bytes(3) * (number % 7) for number in range(1, 400_000)]
    with ShuffledFile() as file:
        for start in range(0, len(records), 10_000):
            file.add(records[start : start + 10_000])
        assert all(len(waiting) < BUFFERED for waiting in file._waiting)
        shuffled = [record for part in file.parts() for record in part]
    assert shuffled != records
    assert sorted(shuffled) == sorted(records)
