"""Is what a job may be given decided by what its requester may see now?"""

import pytest

from api.domain.campaigns.states import CampaignState
from api.domain.errors import ApiError
from api.domain.people.access import AccessGrants, Grant
from api.domain.people.identity import Role
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect
from tests.campaigns import SLUG, a_campaign
from tests.job_worlds import JobWorld
from tests.jobs import REQUESTER, an_export


@pytest.fixture
def world() -> JobWorld:
    """One with a draft."""
    return JobWorld(Database(Dialect.SQLITE, None), a_campaign(state=CampaignState.DRAFT))  # type: ignore[arg-type]


async def test_a_requester_has_the_roles_of_their_session_and_those_that_they_are_granted_now(world: JobWorld) -> None:
    voter, auditor = an_export(session_roles=(Role.VOTER,)), an_export()
    assert (await world.views.of_requester(auditor)).campaign(SLUG) is not None
    assert (await world.views.of_requester(voter)).campaign(SLUG) is None
    world.access.known = AccessGrants({REQUESTER: frozenset({Grant(REQUESTER, Role.ORGANIZER, SLUG)})})
    view = await world.views.of_requester(voter)
    campaign = view.campaign(SLUG)
    assert campaign is not None
    assert view.oversees(campaign)


async def test_a_session_that_was_revoked_counts_for_nothing(world: JobWorld) -> None:
    world.access.known = AccessGrants(everybody=8)
    view = await world.views.of_requester(an_export())
    assert view.campaign(SLUG) is None
    with pytest.raises(ApiError):
        _ = view.viewer.signed_in


async def test_an_operator_sees_everything_whatever_was_revoked(world: JobWorld) -> None:
    world.access.known = AccessGrants(everybody=8)
    for view in (await world.views.of_operator(), await world.views.of_requester(an_export(requested_by=None))):
        campaign = view.campaign(SLUG)
        assert campaign is not None
        assert view.oversees(campaign)
        assert view.campaign(None) is view.campaign("another") is None
