"""Do ballots that are there move into partitions, each once, and is a quota refused there that would not hold?"""

from datetime import date

import asyncpg  # type: ignore[import-untyped]
import pytest

from api.domain.voting.quota import Quota, QuotaPeriod
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import open_database
from tests.campaigns import LOADED, a_campaign
from tests.contracts.test_ballot_box import DAY, admission, prepare
from tests.databases import PostgresServer
from tests.layouts.conftest import partitioning
from tests.postgres_programs import PostgresError

pytestmark = pytest.mark.check
NEXT = date(2017, 3, 23)
LATER = date(2017, 5, 1)
LAID_OUT = "select tableoid::regclass::text as part, day, count(*) as n from ballots group by 1, 2 order by 2"


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


@pytest.mark.parametrize("first", ["the partitions", "the campaign"])
async def test_a_quota_for_a_whole_campaign_is_refused(
    postgres_server: PostgresServer, migrated_template: str, first: str
) -> None:
    """Its ids are the same on every day, and a table that is partitioned by day cannot keep them apart."""
    with postgres_server.fresh_database(migrated_template) as url:
        async with open_database(url) as database:
            whole = a_campaign(quota=Quota(1, QuotaPeriod.CAMPAIGN))
            if first == "the campaign":
                await SqlCampaigns(database).save(whole, whole.districts, LOADED)
                with pytest.raises(PostgresError, match="would not hold"):
                    postgres_server.run(partitioning(), url.rpartition("/")[2])
            else:
                postgres_server.run(partitioning(), url.rpartition("/")[2])
                with pytest.raises(asyncpg.RaiseError, match="would not hold"):
                    await SqlCampaigns(database).save(whole, whole.districts, LOADED)
