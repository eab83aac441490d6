"""Is a snapshot at most a second old, read once however many ask, and served on while the database is away?"""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from api.domain.campaigns.directory import Directory
from api.domain.campaigns.states import CampaignState, ResultsStep, ResultsVisibility
from api.domain.people.access import AccessGrants
from api.domain.results.tallies import Counts
from api.domain.voting.ballots import Admission
from api.domain.voting.judging import rules_of
from api.domain.voting.quota import ballot_ids, keyed, voter_secret
from api.services import snapshots as snapshots_module
from api.services.snapshots import Snapshot, Snapshots
from tests.ballot_logs import MadeLog
from tests.campaigns import DURING, LOADED, SLUG, a_campaign, at
from tests.memory import MemoryAccess, MemoryBallots, MemoryCampaigns

LOG = MadeLog(["rules " + "0" * 64, "closed 0"], 2)


class Counted(MemoryBallots):
    """Tallies that count how often they are read, take their time, and can be away."""

    times: int = 0
    until: int = 0
    away: bool = False
    answering: asyncio.Event | None = None
    asked: asyncio.Event | None = None

    async def counts_until(self, campaign, moment):
        self.until += 1
        return await super().counts_until(campaign, moment)

    async def counts(self):
        self.times += 1
        await asyncio.sleep(0)
        if self.asked is not None:
            self.asked.set()
        if self.answering is not None:
            await self.answering.wait()
        if self.away:
            raise ConnectionError("away")
        return await super().counts()


@pytest.fixture
async def stores():
    campaigns, tallies = MemoryCampaigns(), Counted()
    await campaigns.save(a_campaign(), a_campaign().districts, LOADED)
    return campaigns, tallies


def admission(number: int) -> Admission:
    return Admission((f"ballot {number}",), SLUG, DURING.date(), DURING, tuple(range(1, 11)))


async def test_within_a_second_nothing_is_read_again(stores) -> None:
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    first = await snapshots.fresh(DURING)
    assert await snapshots.fresh(DURING + timedelta(seconds=0.999)) is first
    assert await snapshots.fresh(DURING + timedelta(seconds=1)) is not first
    assert tallies.times == 2


async def test_a_snapshot_is_at_hand_exactly_while_nobody_has_to_wait_for_one(stores) -> None:
    snapshots = Snapshots(*stores, MemoryAccess())
    assert snapshots.at_hand(DURING) is None
    first = await snapshots.fresh(DURING)
    assert snapshots.at_hand(DURING) is snapshots.at_hand(DURING + timedelta(milliseconds=999)) is first
    for moment in (DURING + timedelta(seconds=1), DURING - timedelta(microseconds=1)):
        assert snapshots.at_hand(moment) is None


async def test_another_is_read_while_the_newest_is_still_served(stores) -> None:
    """Else every request of that moment would wait, each in a task of its own."""
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    first = await snapshots.fresh(DURING)
    assert snapshots.at_hand(DURING + timedelta(milliseconds=799)) is first
    assert not snapshots.under_way
    assert snapshots.at_hand(DURING + timedelta(milliseconds=800)) is first
    await asyncio.wait(snapshots.under_way)
    following = snapshots.at_hand(DURING + timedelta(seconds=1.5))
    assert following is not None
    assert following.as_of == DURING + timedelta(milliseconds=800)
    assert tallies.times == 2


async def test_a_hundred_readers_share_one_reading(stores) -> None:
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    found = await asyncio.gather(*(snapshots.fresh(DURING) for _ in range(100)))
    assert len({id(snapshot) for snapshot in found}) == 1
    assert tallies.times == 1


async def test_a_refresh_that_began_too_long_ago_is_followed_by_another(stores) -> None:
    """It may have read before a change that whoever asks now has to see."""
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    tallies.answering = asyncio.Event()
    asked = [asyncio.create_task(snapshots.fresh(DURING + timedelta(seconds=late))) for late in (0, 0.7, 1, 1.1)]
    await asyncio.sleep(0)
    tallies.answering.set()
    found = [snapshot.as_of - DURING for snapshot in await asyncio.gather(*asked)]
    assert [each.total_seconds() for each in found] == [0, 0, 1, 1]
    assert tallies.times == 2


async def test_those_who_wait_for_a_refresh_that_fails_are_served_the_last_snapshot_without_another(stores) -> None:
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    last = await snapshots.fresh(DURING)
    tallies.answering = asyncio.Event()
    asked = [asyncio.create_task(snapshots.fresh(DURING + timedelta(seconds=late))) for late in (2, 4)]
    await asyncio.sleep(0)
    tallies.away = True
    tallies.answering.set()
    assert await asyncio.gather(*asked) == [last, last]
    assert tallies.times == 2


async def test_a_refresh_that_ends_late_does_not_hide_what_another_has_read_meanwhile(stores) -> None:
    """In a sandbox several are under way at once."""
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    await snapshots.refresh(DURING)
    tallies.answering, tallies.asked = asyncio.Event(), asyncio.Event()
    late = asyncio.create_task(snapshots.refresh(DURING))
    await tallies.asked.wait()
    answering, tallies.answering = tallies.answering, None
    await campaigns.save(replace(a_campaign(), revision=2), a_campaign().districts, LOADED)
    await snapshots.refresh(DURING)
    answering.set()
    await late
    assert (await snapshots.refresh(DURING)).directory.campaigns[SLUG].revision == 2


async def test_a_reader_that_gives_up_does_not_stop_the_others(stores) -> None:
    snapshots = Snapshots(*stores, MemoryAccess())
    impatient = asyncio.create_task(snapshots.fresh(DURING))
    patient = asyncio.create_task(snapshots.fresh(DURING))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).as_of == DURING


async def test_a_vote_shows_after_a_second_and_old_snapshots_never_change(stores) -> None:
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    before = await snapshots.fresh(DURING)
    await tallies.admit(admission(1))
    after = await snapshots.fresh(DURING + timedelta(seconds=1))
    campaign = after.directory.campaigns[SLUG]
    assert after.standings(campaign).by_number[1].votes == 1
    assert before.standings(campaign).by_number[1].votes == 0
    assert after.standings(campaign) is after.standings(campaign)


async def test_the_directory_is_read_again_only_when_a_campaign_has_changed(stores) -> None:
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    for second in range(5):
        await snapshots.fresh(DURING + timedelta(seconds=second))
    assert campaigns.directories_read == 1
    await campaigns.save(a_campaign(edition=4), (), LOADED)
    snapshot = await snapshots.fresh(DURING + timedelta(seconds=9))
    assert snapshot.directory.campaigns[SLUG].edition == 4


async def test_while_the_database_is_away_the_last_snapshot_is_served(stores, caplog) -> None:
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    tallies.away = True
    with pytest.raises(ConnectionError):
        await snapshots.fresh(DURING)
    tallies.away = False
    last = await snapshots.fresh(DURING)
    tallies.away = True
    assert await snapshots.fresh(DURING + timedelta(minutes=1)) is last
    assert "served on" in caplog.text
    tallies.away = False
    assert (await snapshots.fresh(DURING + timedelta(minutes=1))).as_of > last.as_of


async def test_what_is_derived_from_a_snapshot_is_made_once_and_anew_for_the_next(stores) -> None:
    snapshots = Snapshots(*stores, MemoryAccess())
    first = await snapshots.fresh(DURING)
    assert first.cached("key", object) is first.cached("key", object)
    assert first.cached("another key", object) is not first.cached("key", object)
    second = await snapshots.fresh(DURING + timedelta(seconds=2))
    assert second.cached("key", object) is not first.cached("key", object)


async def test_while_nothing_changes_nothing_is_ranked_again_but_a_new_day_is_seen(stores) -> None:
    snapshots = Snapshots(*stores, MemoryAccess())
    await snapshots._tallies.admit(admission(1))
    first = await snapshots.fresh(DURING)
    campaign = first.directory.campaigns[SLUG]
    ranked = first.standings(campaign)
    second = (await snapshots.fresh(DURING + timedelta(seconds=2))).standings(campaign)
    assert second.ranked is ranked.ranked
    assert second.as_of == ranked.as_of + timedelta(seconds=2)
    in_two_days = (await snapshots.fresh(DURING + timedelta(days=2))).standings(campaign)
    assert len(in_two_days.by_number[1].by_day) == len(ranked.by_number[1].by_day) + 2
    assert (ranked.by_number[1].gain, in_two_days.by_number[1].gain) == (1, 0)


async def test_the_roster_is_as_new_as_the_rest(stores) -> None:
    people = MemoryAccess()
    snapshots = Snapshots(*stores, people)
    first = await snapshots.fresh(DURING)
    people.known = AccessGrants(everybody=1)
    assert (await snapshots.fresh(DURING + timedelta(seconds=0.5))).access is first.access
    assert (await snapshots.fresh(DURING + timedelta(seconds=1))).access is people.known


async def test_what_a_forgotten_campaign_led_to_is_not_remembered(stores) -> None:
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    campaign = (await snapshots.fresh(DURING)).directory.campaigns[SLUG]
    ballot_ids(voter_secret(b"server", SLUG, campaign.voter_salt), "voter", "campaign", (0,))
    rules_of(campaign)
    campaigns.campaigns[SLUG] = replace(campaign, voter_salt=None, revision=campaign.revision + 1)
    assert (await snapshots.fresh(DURING + timedelta(seconds=1))).directory.campaigns[SLUG].anonymised
    assert {cached.cache_info().currsize for cached in (voter_secret, keyed, rules_of)} == {0}


def test_a_ruling_makes_another_version_even_where_no_vote_moves() -> None:
    directory = Directory({SLUG: a_campaign()}, {})

    def version(counts: Counts) -> str:
        return Snapshot(directory, {SLUG: counts}, DURING).version(DURING)

    day = DURING.date()
    held, voided = Counts({day: 5}, {}, {day: 1}), Counts({day: 5}, {}, {}, {day: 1})
    assert len({version(counts) for counts in (Counts({day: 5}, {}), held, voided)}) == 3
    assert version(held) == version(Counts({day: 5}, {}, {day: 1}))


async def test_a_checkpoint_makes_another_version_of_the_logs_and_of_nothing_else(stores) -> None:
    published = {SLUG: (LOG.up_to(1).shown(),)}

    async def read_logs():
        return dict(published)

    snapshots = Snapshots(*stores, MemoryAccess(), read_logs=read_logs)
    first = await snapshots.fresh(DURING)
    published[SLUG] = (LOG.shown(),)
    second = await snapshots.fresh(DURING + timedelta(seconds=1))
    assert [each.logs[SLUG][0].size for each in (first, second)] == [1, 2]
    assert first.logs_version != second.logs_version
    assert first.version(DURING) == second.version(DURING)
    unseen = replace(second, logs={**second.logs, "draft": (LOG.shown(7),)})
    assert unseen.logs_version == second.logs_version


async def test_while_the_database_hangs_the_last_snapshot_is_served_and_the_next_comes_when_it_answers(
    stores, monkeypatch
) -> None:
    monkeypatch.setattr(snapshots_module, "REFRESH_TIMEOUT", 0.05)
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    last = await snapshots.fresh(DURING)
    tallies.answering = asyncio.Event()
    later = DURING + timedelta(seconds=5)
    assert [await snapshots.fresh(later) for _ in range(3)] == [last] * 3
    assert tallies.times == 2
    tallies.answering.set()
    await asyncio.wait_for(snapshots._refreshing, 5)
    assert (await snapshots.fresh(later)).as_of == later


async def test_whoever_has_changed_something_waits_for_as_long_as_it_takes_to_be_shown_that(
    stores, monkeypatch
) -> None:
    monkeypatch.setattr(snapshots_module, "REFRESH_TIMEOUT", 0.0)
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    before = await snapshots.fresh(DURING)
    await campaigns.save(replace(a_campaign(), revision=2), (), LOADED)
    tallies.answering, tallies.asked = asyncio.Event(), asyncio.Event()
    changed = asyncio.create_task(snapshots.after_change(DURING))
    await tallies.asked.wait()
    assert await snapshots.fresh(DURING + timedelta(seconds=5)) is before, "others are served meanwhile"
    tallies.answering.set()
    assert (await changed).directory.campaigns[SLUG].revision == 2


async def test_ballots_of_a_day_to_come_count_when_it_has_begun(stores) -> None:
    campaigns, tallies = stores
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    tomorrow = replace(admission(1), day=DURING.date() + timedelta(days=1))
    await tallies.admit(tomorrow)
    today = await snapshots.fresh(DURING)
    campaign = today.directory.campaigns[SLUG]
    assert (today.standings(campaign).ballots, today.standings(campaign).by_number[1].votes) == (0, 0)
    next_day = await snapshots.fresh(DURING + timedelta(days=1))
    assert (next_day.standings(campaign).ballots, next_day.standings(campaign).by_number[1].votes) == (1, 1)


def test_where_only_the_day_has_changed_since_a_snapshot_its_version_is_another() -> None:
    directory, midnight = Directory({SLUG: a_campaign()}, {}), datetime(2017, 3, 23, 0, 0, tzinfo=DURING.tzinfo)
    before, after = (
        Snapshot(directory, {}, midnight + timedelta(seconds=seconds)).version(midnight + timedelta(seconds=5))
        for seconds in (-0.4, 4)
    )
    assert before != after


async def test_standings_and_turnout_are_as_of_the_last_step_and_read_once_for_it(stores) -> None:
    campaigns, tallies = stores
    await campaigns.save(a_campaign(results_step=ResultsStep.HOUR), (), LOADED)
    snapshots = Snapshots(campaigns, tallies, MemoryAccess())
    await tallies.admit(replace(admission(1), cast_at=at("2017-03-25 08:59:59")))
    await tallies.admit(replace(admission(2), cast_at=at("2017-03-25 09:00:00")))
    seen = await snapshots.fresh(DURING)
    later = await snapshots.fresh(DURING + timedelta(minutes=29))
    for snapshot in (seen, later):
        standings = snapshot.standings(snapshot.directory.campaigns[SLUG])
        assert (standings.as_of, standings.by_number[1].votes, standings.ballots) == (at("2017-03-25 09:00"), 1, 1)
    assert tallies.until == 1
    assert seen.version(DURING) == later.version(DURING)
    next_hour = await snapshots.fresh(DURING + timedelta(minutes=30))
    assert next_hour.standings(next_hour.directory.campaigns[SLUG]).ballots == 2
    assert next_hour.version(DURING) != seen.version(DURING)


def test_what_only_some_see_makes_no_other_public_version() -> None:
    hidden = a_campaign(visibility=ResultsVisibility.AFTER_CLOSE)
    draft = a_campaign(slug="draft", state=CampaignState.DRAFT)

    def versions(directory: Directory, votes: dict[int, int]) -> tuple[str, str]:
        snapshot = Snapshot(directory, {SLUG: Counts({DURING.date(): 1}, {DURING.date(): votes})}, DURING)
        return snapshot.published(DURING).public_version(DURING), snapshot.version(DURING)

    with_draft, without = Directory({SLUG: hidden, "draft": draft}, {}), Directory({SLUG: hidden}, {})
    one, another, more = versions(without, {1: 1}), versions(without, {2: 1}), versions(without, {1: 1, 2: 1})
    assert (
        one[0] == another[0] == versions(with_draft, {1: 1})[0] != more[0]
    )  # turnout tells how many choices there are
    assert one[1] != another[1]
    assert (
        versions(Directory({SLUG: a_campaign()}, {}), {1: 1})[0]
        != versions(Directory({SLUG: a_campaign()}, {}), {2: 1})[0]
    )
