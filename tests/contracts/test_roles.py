"""Are roles and revocations kept, on either database, whoever else is at it?"""

import asyncio

import pytest

from api.domain.audit_trail import AuditEvent, TrailFilter, TrailKind
from api.domain.people.access import Grant
from api.domain.people.identity import Role, Voter
from api.storage.audit_trail import count
from api.storage.database.connection import Database, open_database
from api.storage.roles import SqlAccessStore
from tests.campaigns import DURING
from tests.databases import in_processes

LIN, WU = "lin".ljust(26, "a"), "wu".ljust(26, "a")
EVERYWHERE, HERE = Grant(LIN, Role.ORGANIZER), Grant(LIN, Role.ORGANIZER, "spring")
GRANTED = AuditEvent(DURING, TrailKind.ROLE_GRANTED)
WITHDRAWN = AuditEvent(DURING, TrailKind.ROLE_WITHDRAWN)
REVOKED = AuditEvent(DURING, TrailKind.SESSIONS_REVOKED)


async def test_a_role_is_given_once_and_taken_once(database: Database) -> None:
    store = SqlAccessStore(database)
    assert [await store.grant(grant, GRANTED) for grant in (EVERYWHERE, HERE, HERE)] == [True, True, False]
    assert (await store.access()).granted == {LIN: {EVERYWHERE, HERE}}
    assert [await store.withdraw(HERE, WITHDRAWN), await store.withdraw(HERE, WITHDRAWN)] == [True, False]
    assert (await store.access()).granted == {LIN: {EVERYWHERE}}
    assert not await store.withdraw(Grant(WU, Role.ORGANIZER), WITHDRAWN)


async def test_revocations_have_consecutive_numbers(database: Database) -> None:
    store = SqlAccessStore(database)
    assert (await store.access()).version == 0
    for viewer in (LIN, None, WU, LIN):
        await store.revoke(viewer, REVOKED)
    access = await store.access()
    assert (access.revoked, access.everybody, access.version) == ({LIN: 4, WU: 3}, 2, 4)
    assert access.check(Voter(WU, version=3))


async def test_the_last_revocation_is_what_is_stored_now(database: Database) -> None:
    store = SqlAccessStore(database)
    numbers = [await store.last_revocation()]
    for viewer in (LIN, None):
        await store.revoke(viewer, REVOKED)
        numbers.append(await store.last_revocation())
    assert numbers == [0, 1, 2]


async def revoke_many(url: str) -> None:
    async with open_database(url) as database:
        for _ in range(25):
            await SqlAccessStore(database).revoke(LIN, REVOKED)


def revoke_in_a_loop(url: str) -> None:
    asyncio.run(revoke_many(url))


async def test_processes_that_revoke_at_once_never_share_a_number(database: Database, database_url: str) -> None:
    await asyncio.to_thread(in_processes, 4, revoke_in_a_loop, database_url)
    assert (await SqlAccessStore(database).access()).revoked == {LIN: 100}


async def recorded(database: Database, kind: TrailKind) -> int:
    return await count(database, TrailFilter(kinds=(kind,)))


async def test_what_changes_something_is_put_on_record_once(database: Database) -> None:
    store = SqlAccessStore(database)
    for _ in range(2):
        await store.grant(EVERYWHERE, GRANTED)
    assert await recorded(database, TrailKind.ROLE_GRANTED) == 1
    for _ in range(2):
        await store.withdraw(EVERYWHERE, WITHDRAWN)
    assert await recorded(database, TrailKind.ROLE_WITHDRAWN) == 1
    await store.revoke(LIN, REVOKED)
    assert await recorded(database, TrailKind.SESSIONS_REVOKED) == 1


async def test_a_change_that_cannot_be_put_on_record_is_not_made(database: Database) -> None:
    store = SqlAccessStore(database)
    await store.grant(HERE, GRANTED)
    await database.rows("drop table trail")
    for change in (store.grant(EVERYWHERE, GRANTED), store.withdraw(HERE, WITHDRAWN), store.revoke(None, REVOKED)):
        with pytest.raises(Exception, match="trail"):
            await change
    access = await store.access()
    assert (access.granted, access.version) == ({LIN: {HERE}}, 0)
