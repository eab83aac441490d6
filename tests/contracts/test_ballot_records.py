"""Do the stored ballots say when they were cast, and does a recount find what is wrong, on either database?"""

from datetime import timedelta

from api.domain.integrity.rulings import Ruling, RulingKind
from api.storage.ballot_records import SqlBallotRecords
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import Database
from api.storage.electors import set_electors
from api.storage.moderation import SqlRulings
from tests.campaigns import SLUG, a_campaign
from tests.contracts.test_ballot_box import MOMENT, admission, key, prepare

MINUTE = MOMENT.replace(second=0, microsecond=0)


async def vote(database: Database) -> None:
    """Three ballots in one minute, of which one is held and one voided, and one ballot in the next."""
    await prepare(database)
    box = SqlBallotBox(database)
    for number in range(3):
        await box.admit(admission(number, cast_at=MOMENT + timedelta(seconds=number)))
    await box.admit(admission(3, cast_at=MOMENT + timedelta(minutes=1)))
    for number, kind in enumerate((RulingKind.HOLD, RulingKind.VOID)):
        await SqlRulings(database).rule(SLUG, [key(number)], Ruling(kind, "why", MOMENT + timedelta(hours=1), None))


async def test_ballots_that_count_are_counted_by_the_minute(database: Database) -> None:
    await vote(database)
    found = await SqlBallotRecords(database).minutes(SLUG)
    assert found == {MINUTE: 1, MINUTE + timedelta(minutes=1): 1}


async def test_a_recount_agrees_or_says_what_is_wrong(database: Database) -> None:
    await vote(database)
    records = SqlBallotRecords(database)
    recounted = await records.recount(a_campaign())
    assert (recounted.cast, recounted.held, recounted.voided, recounted.counted, recounted.wrong) == (4, 1, 1, 2, ())
    await database.rows("update turnouts set ballots = ballots + 1 where campaign_id = $1", SLUG)
    recounted = await records.recount(a_campaign())
    assert recounted.cast == 4
    assert recounted.wrong == ("2017-03-22: ballots: the tallies say 3, the ballots 2",)


async def test_people_on_a_list_of_voters_are_counted(database: Database) -> None:
    await prepare(database)
    records = SqlBallotRecords(database)
    assert await records.electors(SLUG) is None
    async with database.transaction() as transaction:
        await set_electors(transaction, SLUG, ["lin", "wang"])
    assert await records.electors(SLUG) == 2
