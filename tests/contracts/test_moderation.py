"""Do rulings move the count exactly, on either database, whoever rules and casts at the same time?"""

import asyncio
import json
import os
from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.integrity.rulings import BallotStatus, Ruling, RulingKind, RulingProblemCode, problem
from api.domain.results.tallies import Counts, differences
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.ballots.lookup import find
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database, open_database
from api.storage.moderation import SqlRulings
from api.storage.recount import recount_stored
from api.storage.tallies import SqlTallies
from tests.campaigns import LOADED, SLUG, a_campaign
from tests.contracts.test_ballot_box import DAY, MOMENT, admission, key, prepare
from tests.databases import in_processes
from tests.properties import with_examples
from tests.stored import wait_for_the_log_once

HOLD, RELEASE, VOID = RulingKind.HOLD, RulingKind.RELEASE, RulingKind.VOID
OTHER_DAY = date(2017, 3, 23)


def ruling(kind: RulingKind, by: str = "an organizer") -> Ruling:
    return Ruling(kind, "Cast by a machine, it seems.", MOMENT, by)


async def checked(database: Database) -> Counts:
    """What is tallied, which is what a recount finds."""
    async with database.snapshot() as view:
        tallied = (await SqlTallies(view).counts())[SLUG]
        assert differences(tallied, (await recount_stored(view, SLUG))[0]) == ()
        assert await wait_for_the_log_once(view)
    return tallied


@pytest.fixture
async def rulings(database: Database) -> SqlRulings:
    """On a database with ten ballots: 0 to 6 of one day for 1, 2, 3, and 7 to 9 of the next for 3 and 40."""
    await prepare(database)
    box = SqlBallotBox(database, shard=5)
    for number in range(10):
        late = number > 6
        numbers, day = (frozenset({3, 40}), OTHER_DAY) if late else (frozenset({1, 2, 3}), DAY)
        await box.admit(admission(number, positions=numbers, day=day))
    return SqlRulings(database)


async def test_a_held_ballot_does_not_count_until_it_is_released(database: Database, rulings: SqlRulings) -> None:
    before = await checked(database)
    verdict = await rulings.rule(SLUG, [key(8), key(1)], ruling(HOLD))
    assert (verdict.ruled, verdict.problems) == ((key(8), key(1)), ())
    held = await checked(database)
    assert held.ballots == {DAY: 6, OTHER_DAY: 2}
    assert held.votes == {DAY: {1: 6, 2: 6, 3: 6}, OTHER_DAY: {3: 2, 40: 2}}
    assert (held.held, held.voided, held.cast) == ({DAY: 1, OTHER_DAY: 1}, {DAY: 0, OTHER_DAY: 0}, 10)
    await rulings.rule(SLUG, [key(8), key(1)], ruling(RELEASE))
    assert differences(before, await checked(database)) == ()


async def test_a_ruling_waits_for_the_log_with_the_ballots_it_was_made_on(
    database: Database, rulings: SqlRulings
) -> None:
    await rulings.rule(SLUG, [key(8), key(99), key(1)], ruling(HOLD))
    await rulings.rule(SLUG, [key(8)], ruling(HOLD))
    await rulings.rule(SLUG, [key(8)], ruling(VOID))
    rows = await database.rows(
        "select campaign_id, ballots, ruling from log_queue where ruling is not null order by id"
    )
    digest = sha256(ruling(HOLD).reason.encode()).hexdigest()
    said = [json.loads(row["ruling"]) if isinstance(row["ruling"], str) else row["ruling"] for row in rows]
    assert said == [{"kind": kind, "reason_sha256": digest} for kind in ("HOLD", "VOID")]
    assert [(row["campaign_id"], row["ballots"]) for row in rows] == [(SLUG, key(8) + key(1)), (SLUG, key(8))]


async def test_a_voided_ballot_stays_stored_and_never_counts_again(database: Database, rulings: SqlRulings) -> None:
    await rulings.rule(SLUG, [key(0), key(1)], ruling(HOLD))
    await rulings.rule(SLUG, [key(1), key(2)], ruling(VOID))
    counts = await checked(database)
    assert (counts.ballots[DAY], counts.held[DAY], counts.voided[DAY], counts.cast) == (4, 1, 2, 10)
    again = await rulings.rule(SLUG, [key(1)], ruling(RELEASE))
    assert again.problems == ((key(1), RulingProblemCode.ALREADY_VOIDED),)
    [ballot] = await find(database, [key(1)])
    assert ballot.status is BallotStatus.VOIDED
    assert ballot.ruling == ruling(VOID)
    assert ballot.positions == (1, 2, 3)
    assert await SqlBallotBox(database).admit(admission(1)) is None, "the quota stays spent"


async def test_every_ruling_stays_and_what_stood_in_its_way_is_said(database: Database, rulings: SqlRulings) -> None:
    ids = [key(0), key(99), key(0), key(3)]
    verdict = await rulings.rule(SLUG, ids, ruling(HOLD, "one"))
    assert verdict.ruled == (key(0), key(3))
    assert verdict.problems == ((key(99), RulingProblemCode.NO_SUCH_BALLOT),)
    assert (await rulings.rule(SLUG, [key(4)], ruling(RELEASE))).problems == ((key(4), RulingProblemCode.NOT_HELD),)
    await rulings.rule(SLUG, [key(0)], ruling(RELEASE, "two"))
    await rulings.rule(SLUG, [key(0)], ruling(HOLD, "three"))
    rows = await database.rows("select step, kind, ruled_by from rulings where ballot_id = $1 order by step", key(0))
    assert [tuple(row.values()) for row in rows] == [(1, "HOLD", "one"), (2, "RELEASE", "two"), (3, "HOLD", "three")]
    assert (await checked(database)).held[DAY] == 2


async def test_a_ballot_of_another_campaign_is_out_of_reach(database: Database, rulings: SqlRulings) -> None:
    await SqlCampaigns(database).save(a_campaign(slug="elsewhere", projects=()), (), LOADED)
    verdict = await rulings.rule("elsewhere", [key(0)], ruling(VOID))
    assert verdict.problems == ((key(0), RulingProblemCode.NO_SUCH_BALLOT),)
    assert (await checked(database)).voided == {}


async def test_a_ruling_that_fails_midway_leaves_nothing(database: Database, rulings: SqlRulings) -> None:
    await database.rows("drop table withdrawals")
    with pytest.raises(Exception, match="withdrawals"):
        await rulings.rule(SLUG, [key(0)], ruling(VOID))
    assert await database.rows("select id from rulings") == []


@with_examples(few=6, every=25)
def test_any_sequence_of_rulings_counts_what_a_plain_model_counts(fresh_url: Callable[[], str], examples: int) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(
        asked=st.lists(
            st.tuples(st.sampled_from(RulingKind), st.lists(st.integers(0, 10), min_size=1, max_size=6)), max_size=8
        )
    )
    def counts(asked: list[tuple[RulingKind, list[int]]]) -> None:
        asyncio.run(replay(asked, fresh_url()))

    counts()


async def replay(asked: list[tuple[RulingKind, list[int]]], url: str) -> None:
    stands = dict.fromkeys(range(10), BallotStatus.COUNTED)
    async with open_database(url) as database:
        await prepare(database)
        box, kept = SqlBallotBox(database), SqlRulings(database)
        for number in stands:
            await box.admit(admission(number, positions=frozenset({number + 1, 50})))
        for kind, numbers in asked:
            verdict = await kept.rule(SLUG, [key(number) for number in numbers], ruling(kind))
            expected = [n for n in dict.fromkeys(numbers) if n in stands and problem(stands[n], kind) is None]
            assert verdict.ruled == tuple(map(key, expected))
            stands |= dict.fromkeys(expected, {HOLD: BallotStatus.HELD, VOID: BallotStatus.VOIDED}.get(kind))
            stands = {n: status or BallotStatus.COUNTED for n, status in stands.items()}
        counts = await checked(database)
        counted = [number for number, status in stands.items() if status is BallotStatus.COUNTED]
        assert counts.ballots.get(DAY, 0) == counts.votes[DAY].get(50, 0) == len(counted)
        assert [n for n in stands if counts.votes[DAY].get(n + 1, 0)] == counted


def rule_and_cast(url: str) -> list[tuple[str, ...]]:
    """One process: casts, and rules on the same forty ballots as every other process, in an order of its own."""
    process = os.getpid()

    async def run() -> list[tuple[str, ...]]:
        async with open_database(url) as database:
            box, kept = SqlBallotBox(database, shard=process % 3), SqlRulings(database)
            casting = asyncio.gather(*(box.admit(admission(10_000 * process + n)) for n in range(100)))
            ids = [key(number) for number in range(40)][:: 1 if process % 2 else -1]
            verdicts = [await kept.rule(SLUG, ids[n : n + 10], ruling(HOLD, str(process))) for n in range(0, 40, 10)]
            verdicts += [await kept.rule(SLUG, ids[n : n + 8], ruling(VOID, str(process))) for n in range(0, 40, 8)]
            assert None not in await casting
            return [verdict.ruled for verdict in verdicts]

    return asyncio.run(run())


async def test_organizers_who_rule_on_the_same_ballots_at_once_rule_once(fresh_url: Callable[[], str]) -> None:
    url = fresh_url()
    async with open_database(url) as database:
        await prepare(database)
        box = SqlBallotBox(database)
        for number in range(40):
            assert await box.admit(admission(number)) is not None
    done = await asyncio.to_thread(in_processes, 4, rule_and_cast, url)
    async with open_database(url) as database:
        counts = await checked(database)
        assert (sum(counts.ballots.values()), counts.held, counts.voided) == (400, {DAY: 0}, {DAY: 40})
        steps = await database.rows("select ballot_id, step, kind from rulings order by ballot_id, step")
    ruled = [name for verdicts in done for verdict in verdicts for name in verdict]
    assert len(ruled) == len(steps)
    voids = [step["ballot_id"] for step in steps if step["kind"] == "VOID"]
    assert voids == sorted(map(key, range(40)))


async def test_a_recount_in_one_view_agrees_while_ballots_are_cast_and_ruled_on(
    database: Database, rulings: SqlRulings
) -> None:
    box = SqlBallotBox(database, shard=1)

    async def cast() -> None:
        for start in range(0, 400, 20):
            await asyncio.gather(*(box.admit(admission(1000 + start + n)) for n in range(20)))

    async def rule() -> None:
        for start in range(0, 400, 10):
            ids = [key(1000 + start + n) for n in range(10)]
            await rulings.rule(SLUG, ids, ruling(HOLD))
            await rulings.rule(SLUG, ids[::2], ruling((VOID, RELEASE)[start // 10 % 2]))
            if start % 100 == 0:
                looked.clear()
                await looked.wait()

    looked = asyncio.Event()
    busy = [asyncio.create_task(cast()), asyncio.create_task(rule())]
    while not all(task.done() for task in busy):
        await checked(database)
        looked.set()
    await asyncio.gather(*busy)
    await checked(database)
