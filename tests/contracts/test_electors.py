"""Is whoever is on a campaign's list on it, and nobody else, whenever the list is replaced?"""

import pytest

from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.electors import SqlElectors
from tests.campaigns import LOADED, SLUG, a_campaign
from tests.contracts.test_ballot_box import prepare

LIN, WANG = "l" * 26, "w" * 26


async def on_list(database: Database, slug: str = SLUG) -> list[bool]:
    electors = SqlElectors(database)
    return [await electors.listed(slug, viewer) for viewer in (LIN, WANG)]


async def test_a_list_is_replaced_as_a_whole_and_is_its_campaigns_alone(database: Database) -> None:
    await prepare(database)
    campaigns = SqlCampaigns(database)
    await campaigns.save(a_campaign(slug="elsewhere", projects=()), (), LOADED)
    assert await on_list(database) == [False, False]
    await campaigns.set_electors(SLUG, [LIN, LIN])
    assert (await on_list(database), await on_list(database, "elsewhere")) == ([True, False], [False, False])
    await campaigns.set_electors(SLUG, [WANG])
    assert await on_list(database) == [False, True]
    await campaigns.set_electors(SLUG, [])
    assert await on_list(database) == [False, False]


async def test_a_list_is_stored_with_its_campaign_or_not_at_all(database: Database) -> None:
    await prepare(database)
    with pytest.raises(ZeroDivisionError):
        await load_and_fail(database)
    assert await on_list(database) == [False, False]
    async with SqlCampaigns(database).locked(SLUG) as locked:
        await locked.save(a_campaign(), (), LOADED)
        await locked.set_electors(SLUG, [LIN, WANG])
    assert await on_list(database) == [True, True]


async def load_and_fail(database: Database) -> None:
    async with SqlCampaigns(database).locked(SLUG) as locked:
        await locked.set_electors(SLUG, [LIN])
        raise ZeroDivisionError
