"""Are roles and revocations kept, on either database, whoever else is at it?"""

import asyncio

from api.domain.people.access import Grant
from api.domain.people.identity import Role, Voter
from api.storage.database.connection import Database, open_database
from api.storage.roles import SqlAccessStore
from tests.databases import in_processes

LIN, WU = "lin".ljust(26, "a"), "wu".ljust(26, "a")
EVERYWHERE, HERE = Grant(LIN, Role.ORGANIZER), Grant(LIN, Role.ORGANIZER, "spring")


async def test_a_role_is_given_once_and_taken_once(database: Database) -> None:
    people = SqlAccessStore(database)
    assert [await people.grant(grant) for grant in (EVERYWHERE, HERE, HERE)] == [True, True, False]
    assert (await people.access()).granted == {LIN: {EVERYWHERE, HERE}}
    assert [await people.withdraw(HERE), await people.withdraw(HERE)] == [True, False]
    assert (await people.access()).granted == {LIN: {EVERYWHERE}}
    assert not await people.withdraw(Grant(WU, Role.ORGANIZER))


async def test_revocations_have_consecutive_numbers(database: Database) -> None:
    people = SqlAccessStore(database)
    assert (await people.access()).version == 0
    for viewer in (LIN, None, WU, LIN):
        await people.revoke(viewer)
    access = await people.access()
    assert (access.revoked, access.everybody, access.version) == ({LIN: 4, WU: 3}, 2, 4)
    assert access.check(Voter(WU, version=3))


async def revoke_many(url: str) -> None:
    async with open_database(url) as database:
        for _ in range(25):
            await SqlAccessStore(database).revoke(LIN)


def revoke_in_a_loop(url: str) -> None:
    asyncio.run(revoke_many(url))


async def test_processes_that_revoke_at_once_never_share_a_number(database: Database, database_url: str) -> None:
    await asyncio.to_thread(in_processes, 4, revoke_in_a_loop, database_url)
    assert (await SqlAccessStore(database).access()).revoked == {LIN: 100}
