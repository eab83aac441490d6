"""Do ballots that are there move into partitions, each once, and is a quota refused there that would not hold?

To whoever asks for such a campaign it is a mistake with its place; a server does not start on one.
"""

from datetime import date
from pathlib import Path

import aiohttp
import asyncpg  # type: ignore[import-untyped]
import pytest

from api.domain.voting.quota import Quota, QuotaPeriod
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database, open_database
from api.storage.layouts import LayoutRefused, require_layout
from tests.api.test_organising import a_campaign, act, cast, presented
from tests.api.test_suspicions import signed_in
from tests.campaigns import LOADED
from tests.campaigns import a_campaign as stored_campaign
from tests.commands import SEED, pingxuan, succeeded
from tests.contracts.test_ballot_box import DAY, admission, prepare
from tests.databases import PostgresServer
from tests.layouts.conftest import partitioning
from tests.postgres_programs import PostgresError
from tests.servers import SECRET, Client, assert_audit_agrees, edited_campaign, serving
from tests.works import pabulib

pytestmark = pytest.mark.check
NEXT = date(2017, 3, 23)
LATER = date(2017, 5, 1)
LAID_OUT = "select tableoid::regclass::text as part, day, count(*) as n from ballots group by 1, 2 order by 2"
WHOLE = stored_campaign(quota=Quota(1, QuotaPeriod.CAMPAIGN))
RULES = {"choices": {"minimum": 1, "maximum": 2}, "quota": {"limit": 1, "period": "CAMPAIGN"}}
WOULD_NOT_HOLD = "a quota for the whole campaign would not hold: take the period DAY or HOUR, or a database without"


async def test_ballots_move_into_the_partition_of_their_day(
    postgres_server: PostgresServer, migrated_template: str
) -> None:
    with postgres_server.fresh_database(migrated_template) as url:
        async with open_database(url) as database:
            await prepare(database)
            box = SqlBallotBox(database)
            for number, day in enumerate((DAY, DAY, NEXT)):
                await box.admit(admission(number, day=day))
        postgres_server.run(partitioning(), url.rpartition("/")[2])
        async with open_database(url) as database:
            box = SqlBallotBox(database)
            await box.admit(admission(3, day=LATER))
            again = await box.admit(admission(0, day=DAY))
            assert not (again and again.is_new)
            assert [tuple(row.values()) for row in await database.rows(LAID_OUT)] == [
                ("ballots_20170322", DAY, 2),
                ("ballots_20170323", NEXT, 1),
                ("ballots_of_other_days", LATER, 1),
            ]


async def test_no_partitions_are_made_where_a_campaign_has_a_quota_for_the_whole_of_it(
    postgres_server: PostgresServer, migrated_template: str
) -> None:
    with postgres_server.fresh_database(migrated_template) as url:
        async with open_database(url) as database:
            await SqlCampaigns(database).save(WHOLE, WHOLE.districts, LOADED)
            with pytest.raises(PostgresError, match="would not hold"):
                postgres_server.run(partitioning(), url.rpartition("/")[2])


async def test_what_would_be_stored_twice_or_nowhere_is_seen_at_the_start(
    postgres_server: PostgresServer, partitioned_template: str, tmp_path: Path
) -> None:
    """As where somebody has made partitions in another way than the page says."""
    with postgres_server.fresh_database(partitioned_template) as url:
        async with open_database(url) as database:
            await require_layout(database)
            with pytest.raises(asyncpg.RaiseError, match="would not hold"):
                await store_past_the_check(database)
            await database.rows("alter table campaigns disable trigger quota_of_whole_campaigns")
            await store_past_the_check(database)
            with pytest.raises(LayoutRefused, match=r"does not hold \(shanghai-2017\): serve"):
                await require_layout(database)
            await database.rows("alter table ballots detach partition ballots_of_other_days")
            with pytest.raises(LayoutRefused, match="none takes a day"):
                await require_layout(database)
        for command in (("serve",), ("simulate", "3", "--force")):
            refused = pingxuan(tmp_path, *command, SECRET=SECRET, DATABASE_URL=url, PORT="0")
            assert refused.returncode == 2
            assert "`CREATE TABLE ballots_of_other_days PARTITION OF ballots DEFAULT`" in refused.stderr


async def store_past_the_check(database: Database) -> None:
    """Store a campaign whose quota would not hold by a statement of one's own."""
    fits = stored_campaign()
    await SqlCampaigns(database).save(fits, fits.districts, LOADED)
    await database.rows("update campaigns set quota_period = 'CAMPAIGN'")


async def test_organizers_and_staff_are_told_what_is_wrong_with_such_a_quota(
    postgres_server: PostgresServer, partitioned_template: str, tmp_path: Path
) -> None:
    with postgres_server.fresh_database(partitioned_template) as url:
        given = {"SECRET": SECRET, "DATABASE_URL": url, "CLOCK": "2017-03-01T00:00:00+08:00"}
        succeeded(tmp_path, "load", str(SEED), **given)
        quota = {"quota": 'quota = { limit = 1, period = "CAMPAIGN" }'}
        whole = edited_campaign(tmp_path, "whole-2017", quota)
        town = tmp_path / "town.pb"
        town.write_bytes(pabulib(["1,2", "2"]))
        for command, file in {"load": whole, "import": town}.items():
            refused = pingxuan(tmp_path, command, str(file), **given)
            assert refused.returncode != 0
            assert WOULD_NOT_HOLD in refused.stderr, refused
        with serving(url) as server:
            async with aiohttp.ClientSession() as session:
                await organizer_is_told(Client(session, server))
        assert_audit_agrees(url)


async def organizer_is_told(api: Client) -> None:
    """No campaign is made with it or amended to it; ballots are cast in others."""
    token = await signed_in(api, "ORGANIZER")
    refused = await act(api, token, "createCampaign", input=a_campaign(rules=RULES))
    assert (await act(api, token, "createCampaign", input=a_campaign(slug="draft")))["problems"] == []
    amended = await act(api, token, "amendCampaign", campaign="draft", input={"rules": RULES})
    for payload in (refused, amended):
        [problem] = payload["problems"]
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "rules", "quota", "period"])
        assert WOULD_NOT_HOLD in problem["message"]
    await presented(api, token)
    assert await cast(api, 1) == []
