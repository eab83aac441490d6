"""Do loading and casting keep out of each other's way, on both databases and from several processes?"""

import asyncio
import os
from collections.abc import Callable
from contextvars import Context
from dataclasses import replace
from datetime import time, timedelta
from itertools import count
from typing import Any

import pytest

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import ChoiceRange, Pause
from api.domain.campaigns.projects import Standing
from api.domain.campaigns.states import CampaignState
from api.domain.errors import ApiError
from api.domain.integrity.rulings import Ruling, RulingKind
from api.domain.results.irregularities import irregularities, voting_days
from api.domain.results.tallies import NOTHING
from api.domain.texts import Language
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.hours import VotingHoursRule
from api.services.campaigns import CampaignFile, FrozenCampaignError, load
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database, open_database
from api.storage.database.migrator import migrate
from api.storage.database.urls import Dialect
from api.storage.moderation import SqlRulings
from api.storage.recount import recount_stored, stray_ballots
from api.storage.tallies import SqlTallies
from tests.campaigns import CLOSES, DURING, LOADED, OPENS, SLUG, a_campaign, at, both
from tests.contracts.test_ballot_box import MOMENT, admission, prepare
from tests.databases import in_processes

FILE = CampaignFile("spring.toml", "5" * 64)
LONG_BEFORE = OPENS - timedelta(days=900)
WITHOUT_5 = tuple(project for project in a_campaign().projects if project.number != 5)


async def stored(database: Database) -> Campaign:
    return (await SqlCampaigns(database).directory()).campaigns[SLUG]


async def load_changed(database: Database, **changes: object) -> bool:
    changed = a_campaign(**changes)
    return await load(SqlCampaigns(database), changed, changed.districts, FILE, LONG_BEFORE)


@pytest.mark.parametrize("ruling", [None, RulingKind.HOLD, RulingKind.VOID])
async def test_one_ballot_of_any_status_freezes_the_campaign(database: Database, ruling: RulingKind | None) -> None:
    await prepare(database)
    assert await load_changed(database, choices=ChoiceRange(9, 30))
    assert await load_changed(database)
    result = await SqlBallotBox(database).admit(admission(1))
    assert result is not None
    if ruling is not None:
        await SqlRulings(database).rule(SLUG, [result.ballot.id], Ruling(ruling, "a reason", MOMENT, None))
    with pytest.raises(FrozenCampaignError, match=r"ballots have been cast, .* projects \(without 5\)"):
        await load_changed(database, projects=WITHOUT_5)
    assert await stored(database) == replace(
        await stored(database), projects=a_campaign().projects, choices=ChoiceRange(10, 30)
    )
    assert await load_changed(database, title=both("新标题", "A new title"))
    assert (await stored(database)).title.to(Language.EN) == "A new title"


async def test_a_ballot_whose_count_was_lost_freezes_it_too(database: Database) -> None:
    await prepare(database)
    await SqlBallotBox(database).admit(admission(1))
    await database.rows("delete from turnouts")
    with pytest.raises(FrozenCampaignError):
        await load_changed(database, projects=WITHOUT_5)


async def test_a_ballot_elsewhere_freezes_nothing_here(database: Database) -> None:
    await prepare(database)
    await SqlCampaigns(database).save(a_campaign(slug="elsewhere", projects=()), (), LOADED)
    await SqlBallotBox(database).admit(admission(1, campaign="elsewhere"))
    assert await load_changed(database, projects=WITHOUT_5)


async def waits_for_a_lock(database: Database) -> None:
    """Return once a statement waits; SQLite's own transaction keeps the others out by itself."""
    waiting = "select 1 as found from pg_stat_activity where wait_event_type = 'Lock'"
    for _ in count():
        if database.dialect is Dialect.SQLITE or await database.rows(waiting):
            return
        await asyncio.sleep(0.01)


async def test_a_ballot_that_meets_a_load_is_judged_anew(database: Database) -> None:
    await prepare(database)
    judged_by, box = await stored(database), SqlBallotBox(database)
    async with SqlCampaigns(database).locked(SLUG) as locked:
        casting = box.admit(admission(1, judged_by=judged_by))
        await Context().run(asyncio.create_task, waits_for_a_lock(database))
        await locked.save(a_campaign(projects=WITHOUT_5), (), LOADED)
    with pytest.raises(ApiError, match=r"rules or candidates have just changed\. Retry after 1 s"):
        await casting
    assert not await SqlCampaigns(database).has_ballots(SLUG)
    assert await box.admit(admission(1, judged_by=await stored(database)))


CHANGED_TERMS = [
    {"pauses": (Pause(at("2017-03-25 09:00"), None, both("核查", "Checks")),)},
    {"projects": tuple(replace(p, standing=Standing.WITHDRAWN) if p.number == 5 else p for p in a_campaign().projects)},
    {"window": Window(OPENS, CLOSES + timedelta(days=1))},
    {"rules": (VotingHoursRule(time(9), time(22)),)},
    {"quota": Quota(1, QuotaPeriod.HOUR)},
    {"state": CampaignState.ARCHIVED},
]


@pytest.mark.parametrize("changed", CHANGED_TERMS, ids=lambda changed: next(iter(changed)))
async def test_a_ballot_that_was_judged_by_other_terms_is_judged_anew(
    database: Database, changed: dict[str, Any]
) -> None:
    await prepare(database)
    judged_by, box = await stored(database), SqlBallotBox(database)
    await SqlCampaigns(database).save(a_campaign(**changed), (), LOADED)
    with pytest.raises(ApiError, match="rules or candidates have just changed"):
        await box.admit(admission(1, judged_by=judged_by))
    assert await box.admit(admission(1, judged_by=await stored(database)))


def cast_until_refused(url: str) -> int:
    """One process, which goes on judging by the campaign as it was at first: how many ballots were stored in the end."""
    process = os.getpid()

    async def run() -> int:
        async with open_database(url) as database:
            judged_by = replace(await stored(database), pauses=(), revision=1)  # it may have been paused already
            box, refused, number = SqlBallotBox(database), 0, 0
            while refused < 10:
                number += 1
                try:
                    await box.admit(admission(10_000 * process + number, judged_by=judged_by))
                except ApiError:
                    refused += 1
            return number - refused

    return asyncio.run(run())


async def test_no_ballot_is_stored_after_a_pause_is_committed(fresh_url: Callable[[], str]) -> None:
    url = fresh_url()
    async with open_database(url) as database:
        await prepare(database)
        casting = asyncio.create_task(asyncio.to_thread(in_processes, 3, cast_until_refused, url))
        for _ in count():
            if await turnout(database) >= 20:
                break
            await asyncio.sleep(0.01)
        pause = Pause(DURING, None, both("核查", "Checks"))
        async with SqlCampaigns(database).locked(SLUG) as locked:
            await locked.save(a_campaign(pauses=(pause,)), (), LOADED)
        cast_before = await turnout(database)
        assert sum(await casting) == await turnout(database) == cast_before


async def turnout(database: Database) -> int:
    [row] = await database.rows("select cast(coalesce(sum(ballots), 0) as bigint) as ballots from turnouts")
    return int(row["ballots"])


async def test_new_texts_stop_no_ballot(database: Database) -> None:
    await prepare(database)
    judged_by = await stored(database)
    assert await load_changed(database, title=both("新标题", "A new title"))
    assert await SqlBallotBox(database).admit(admission(1, judged_by=judged_by))


async def test_of_a_batch_only_what_is_out_of_date_is_refused(database: Database) -> None:
    await prepare(database)
    await SqlCampaigns(database).save(a_campaign(slug="elsewhere", projects=()), (), LOADED)
    campaigns = (await SqlCampaigns(database).directory()).campaigns
    await load_changed(database, projects=WITHOUT_5)
    results = await asyncio.gather(
        *(
            SqlBallotBox(database).admit(admission(n, campaign=slug, retry_tag=f"tag {n}", judged_by=campaigns[slug]))
            for n, slug in enumerate([SLUG, "elsewhere", SLUG, "elsewhere"])
        ),
        return_exceptions=True,
    )
    assert [isinstance(result, ApiError) for result in results] == [True, False, True, False]


def load_or_cast(url: str) -> tuple[int, int]:
    """One process: load candidates without number 5, then with it, and cast; how often either was done."""

    async def run() -> tuple[int, int]:
        loads = ballots = 0
        async with open_database(url) as database:
            box, campaigns = SqlBallotBox(database), SqlCampaigns(database)
            for number in range(10):
                judged_by = (await campaigns.directory()).campaigns.get(SLUG)
                try:
                    loads += await load_changed(database, projects=WITHOUT_5 if number % 2 else a_campaign().projects)
                    if number == 8 and judged_by is not None and 5 in judged_by.by_number:
                        ballots += await box.admit(admission(1, 2, 3, judged_by=judged_by)) is not None
                except (FrozenCampaignError, ApiError):
                    pass
            return loads, ballots

    return asyncio.run(run())


async def test_processes_that_load_and_cast_at_once_leave_no_ballot_without_its_projects(
    fresh_url: Callable[[], str],
) -> None:
    url = fresh_url()
    async with open_database(url) as database:
        await migrate(database)
    done = await asyncio.to_thread(in_processes, 3, load_or_cast, url)
    async with open_database(url) as database, database.snapshot() as view:
        campaign = await stored(view)
        assert campaign.revision == sum(loads for loads, _ in done)
        recount = await recount_stored(view, SLUG)
        assert recount.counts.cast == sum(cast for _, cast in done)
        tallied = (await SqlTallies(view).counts()).get(SLUG, NOTHING)
        assert (
            irregularities(campaign, recount.by_day, await stray_ballots(view, SLUG, voting_days(campaign)), tallied)
            == ()
        )


async def test_ballots_at_a_time_that_is_not_their_days_are_strays(database: Database) -> None:
    await prepare(database)
    box, days = SqlBallotBox(database), voting_days(a_campaign())
    first = OPENS.date()
    begins, ends = days[first]
    moments = [
        begins,
        ends - timedelta(microseconds=1),
        begins - timedelta(microseconds=1),
        ends,
        ends.replace(year=2018),
    ]
    for number, moment in enumerate(moments):
        await box.admit(admission(number, day=first, cast_at=moment))
    await box.admit(admission(99, day=first.replace(year=2018)))
    async with database.snapshot() as view:
        assert await stray_ballots(view, SLUG, days) == {first: 3, first.replace(year=2018): 1}
