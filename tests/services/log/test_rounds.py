"""When is a log sealed, who publishes it, and what is said when it cannot be?"""

from datetime import timedelta
from pathlib import Path

import pytest

from api.domain.campaigns.states import CampaignState
from api.domain.integrity.rulings import RulingKind
from api.services.log.rounds import REPEAT, SealingTerms
from api.storage.database.connection import Database
from api.storage.moderation import SqlRulings
from tests.campaigns import LOADED, SLUG
from tests.contracts.test_ballot_box import MOMENT, key, prepare
from tests.contracts.test_log_sealing import cast
from tests.sealing import LogWorld, SetClock, a_ruling, a_world

TERMS = SealingTerms(interval=60, minimum=64, deadline=3600, grace=timedelta(minutes=1))
AFTER_THE_CLOSE = MOMENT + timedelta(days=30)


class Seconds:
    """A clock that never goes back, which tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def world(database: Database, tmp_path: Path, seconds: Seconds) -> LogWorld:
    """After the first look, which has begun the log."""
    await prepare(database)
    world = a_world(database, tmp_path, SetClock(MOMENT), terms=TERMS, time=seconds)
    await world.look()
    assert [line.split()[0] for line in await world.lines()] == ["rules", "window"]
    return world


async def test_ballots_wait_until_there_are_enough(world: LogWorld) -> None:
    await cast(world.database, range(63))
    await world.look()
    assert ((await world.log()).ballots, world.rounds.ballots_waiting) == (0, 63)
    await cast(world.database, [63])
    await world.look()
    assert (await world.log()).ballots == 64


async def test_few_ballots_wait_for_half_the_deadline(world: LogWorld, seconds: Seconds) -> None:
    await cast(world.database, range(3))
    await world.look()
    seconds.now += 1799
    await cast(world.database, range(3, 5))
    await world.look()
    assert (await world.log()).ballots == 0
    seconds.now += 1
    await world.look()
    assert (await world.log()).published_size == 2 + 5


async def test_a_ruling_alone_waits_no_longer(world: LogWorld, seconds: Seconds) -> None:
    await cast(world.database, range(64))
    await world.look()
    await SqlRulings(world.database).rule(SLUG, [key(3)], a_ruling(RulingKind.HOLD, MOMENT))
    await world.look()
    seconds.now += 1800
    await world.look()
    assert (await world.lines())[-1].startswith("hold ")


async def test_what_a_process_meets_when_it_begins_is_sealed_at_once(world: LogWorld, tmp_path: Path) -> None:
    await cast(world.database, range(3))
    other = a_world(world.database, tmp_path, SetClock(MOMENT), terms=TERMS)
    await other.look()
    assert (await world.log()).ballots == 3


async def test_after_the_close_nothing_waits(world: LogWorld) -> None:
    world.clock.now = AFTER_THE_CLOSE  # type: ignore[attr-defined]
    await world.look()
    assert "closed 0" in await world.lines()
    await cast(world.database, [1])  # one that was under way for too long
    await world.look()
    assert [line.split()[0] for line in (await world.lines())[-3:]] == ["day", "closed", "result"]
    assert "closed 1" in await world.lines()


async def test_the_close_waits_for_ballots_that_are_under_way(world: LogWorld) -> None:
    closes_at = (await world.campaign()).window.closes_at
    world.clock.now = closes_at + timedelta(seconds=59)  # type: ignore[attr-defined]
    await world.look()
    assert not any(line.startswith("closed") for line in await world.lines())
    world.clock.now = closes_at + timedelta(seconds=60)  # type: ignore[attr-defined]
    await world.look()
    assert "closed 0" in await world.lines()


async def test_changed_rules_and_another_window_are_stated_before_further_ballots(world: LogWorld) -> None:
    await cast(world.database, range(5))
    before = await world.campaign()
    window = type(before.window)(before.window.opens_at, before.window.closes_at + timedelta(days=1))
    choices = type(before.choices)(1, 30)
    await world.change(before, type(before)(**{**vars_of(before), "window": window, "choices": choices}))
    await world.look()
    entries = [entry.split()[0] for entry in await world.entries()]
    assert entries == [b"rules", b"window", b"rules", b"window", *[b"ballot"] * 5]
    documents = await world.database.rows("select sha256 from log_documents where kind = 'rules'")
    assert {row["sha256"] for row in documents} == {line.split()[1] for line in await world.lines() if "rules" in line}


def vars_of(campaign: object) -> dict[str, object]:
    return {name: getattr(campaign, name) for name in campaign.__dataclass_fields__}  # type: ignore[attr-defined]


async def test_a_draft_has_no_log_until_it_is_presented(database: Database, tmp_path: Path) -> None:
    await prepare(database)
    world = a_world(database, tmp_path, SetClock(MOMENT))
    before = await world.campaign()
    draft = await world.change(before, type(before)(**{**vars_of(before), "state": CampaignState.DRAFT}))
    await world.look()
    assert await world.store.log(SLUG) is None
    await world.change(draft, before)
    await world.look()
    assert (await world.log()).published_size == 2


async def test_what_another_process_has_sealed_is_published_when_that_one_does_not(
    world: LogWorld, tmp_path: Path
) -> None:
    other = a_world(world.database, tmp_path, SetClock(MOMENT), terms=TERMS)
    await cast(world.database, range(64))
    assert await other.sealer.seal(SLUG) is not None  # and is gone
    await world.look()
    assert (await world.log()).published_size == 2
    await world.look()
    assert (await world.log()).published_size == 66


async def test_the_same_complaint_is_repeated_after_ten_minutes(world: LogWorld, seconds: Seconds, caplog) -> None:
    await world.database.rows("insert into log_queue (campaign_id, ballots) values ($1, $2)", SLUG, key(1))
    await world.look()
    seconds.now += 1800
    for _ in range(3):
        seconds.now += 1
        await world.look()
    assert caplog.text.count("1 of them is not stored: nothing is sealed") == 1
    seconds.now += REPEAT
    await world.look()
    assert caplog.text.count("1 of them is not stored: nothing is sealed") == 2


async def test_a_log_that_cannot_be_sealed_keeps_no_other_from_it(world: LogWorld, seconds: Seconds) -> None:
    campaign = await world.campaign()
    other = type(campaign)(**{**vars_of(campaign), "slug": "another-2017", "projects": (), "revision": 0})
    await world.campaigns.save(other, (), LOADED)
    await world.database.rows("insert into log_queue (campaign_id, ballots) values ($1, $2)", SLUG, key(1))
    seconds.now += 1800
    await world.look()
    assert (await world.log("another-2017")).published_size == 2


async def test_the_gauges_say_what_waits_and_since_when_nothing_was_published(world: LogWorld) -> None:
    await cast(world.database, range(3))
    world.clock.now = MOMENT + timedelta(seconds=90)  # type: ignore[attr-defined]
    await world.look()
    assert (world.rounds.ballots_waiting, world.rounds.published_ago) == (3, 90.0)
