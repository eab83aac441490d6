"""Is every change of roles and sessions put on record with it, under a name that leads nowhere, and nothing else?"""

import pytest

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.errors import ApiError
from api.domain.people.access import Grant
from api.domain.people.identity import Role
from api.domain.voting.quota import trail_name
from api.services.roles import RoleManagement
from tests.campaigns import DURING, SLUG, a_campaign
from tests.memory import MemoryAccess, MemoryCampaigns

SECRET = b"server"
EVERYWHERE, HERE = Grant("lin", Role.ORGANIZER), Grant("lin", Role.AUDITOR, SLUG)
NAME = trail_name(SECRET, "lin")


@pytest.fixture
def store() -> MemoryAccess:
    return MemoryAccess()


@pytest.fixture
def roles(store: MemoryAccess) -> RoleManagement:
    return RoleManagement(store, MemoryCampaigns({SLUG: a_campaign()}), SECRET)


async def test_a_role_that_is_given_and_taken_is_put_on_record(roles: RoleManagement, store: MemoryAccess) -> None:
    assert [await roles.grant(grant, DURING) for grant in (EVERYWHERE, HERE)] == [True, True]
    assert store.known.granted == {"lin": {EVERYWHERE, HERE}}
    assert await roles.withdraw(HERE, DURING)
    assert store.recorded == [
        AuditEvent(DURING, TrailKind.ROLE_GRANTED, None, details={"role": "ORGANIZER", "viewer": NAME}),
        AuditEvent(DURING, TrailKind.ROLE_GRANTED, SLUG, details={"role": "AUDITOR", "viewer": NAME}),
        AuditEvent(DURING, TrailKind.ROLE_WITHDRAWN, SLUG, details={"role": "AUDITOR", "viewer": NAME}),
    ]


async def test_what_changes_nothing_is_not(roles: RoleManagement, store: MemoryAccess) -> None:
    await roles.grant(HERE, DURING)
    assert not await roles.grant(HERE, DURING)
    assert not await roles.withdraw(EVERYWHERE, DURING)
    assert [event.kind for event in store.recorded] == [TrailKind.ROLE_GRANTED]


async def test_a_role_in_an_unknown_campaign_is_refused(roles: RoleManagement, store: MemoryAccess) -> None:
    nowhere = Grant("lin", Role.AUDITOR, "nowhere")
    for change in (roles.grant(nowhere, DURING), roles.withdraw(nowhere, DURING)):
        with pytest.raises(ApiError, match=SLUG):
            await change
    assert (store.known.granted, store.recorded) == ({}, [])


@pytest.mark.parametrize(("viewer", "details"), [("lin", {"viewer": NAME}), (None, {})])
async def test_ended_sessions_are_put_on_record(
    roles: RoleManagement, store: MemoryAccess, viewer: str | None, details: dict[str, str]
) -> None:
    await roles.revoke(viewer, DURING)
    assert (store.known.everybody, store.known.revoked) == ((1, {}) if viewer is None else (0, {"lin": 1}))
    assert store.recorded == [AuditEvent(DURING, TrailKind.SESSIONS_REVOKED, details=details)]
