"""Are roles and revocations kept, on either database, whoever else is at it?"""

import asyncio

from api.domain.people import Role, Voter
from api.domain.roster import Grant
from api.storage.database import Database, open_database
from api.storage.people import StoredPeople
from tests.databases import in_processes

LIN, WU = "lin".ljust(26, "a"), "wu".ljust(26, "a")
EVERYWHERE, HERE = Grant(LIN, Role.ORGANIZER), Grant(LIN, Role.ORGANIZER, "spring")


async def test_a_role_is_given_once_and_taken_once(database: Database) -> None:
    people = StoredPeople(database)
    assert [await people.grant(grant) for grant in (EVERYWHERE, HERE, HERE)] == [True, True, False]
    assert (await people.roster()).granted == {LIN: {EVERYWHERE, HERE}}
    assert [await people.withdraw(HERE), await people.withdraw(HERE)] == [True, False]
    assert (await people.roster()).granted == {LIN: {EVERYWHERE}}
    assert not await people.withdraw(Grant(WU, Role.ORGANIZER))


async def test_revocations_have_consecutive_numbers(database: Database) -> None:
    people = StoredPeople(database)
    assert (await people.roster()).version == 0
    for viewer in (LIN, None, WU, LIN):
        await people.revoke(viewer)
    roster = await people.roster()
    assert (roster.revoked, roster.everybody, roster.version) == ({LIN: 4, WU: 3}, 2, 4)
    assert roster.check(Voter(WU, version=3))


async def revoke_many(url: str) -> None:
    async with open_database(url) as database:
        for _ in range(25):
            await StoredPeople(database).revoke(LIN)


def revoke_in_a_loop(url: str) -> None:
    asyncio.run(revoke_many(url))


async def test_processes_that_revoke_at_once_never_share_a_number(database: Database, database_url: str) -> None:
    await asyncio.to_thread(in_processes, 4, revoke_in_a_loop, database_url)
    assert (await StoredPeople(database).roster()).revoked == {LIN: 100}
