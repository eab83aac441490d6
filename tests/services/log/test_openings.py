"""Do openings open what the log commits to, and none that is not published?"""

from api.domain.log.entries import BallotEntry, parse_entry
from api.domain.log.openings import parse_openings
from api.domain.log.tiles import ENTRIES, Tile
from api.services.log.openings import LogOpenings
from api.storage.database.connection import Database
from api.storage.log.log_reader import SqlLogReader
from tests.ballot_logs import MadeLog, a_ballot, store_campaign, store_log
from tests.campaigns import SLUG, a_campaign

LOG = MadeLog(["rules " + "0" * 64, *map(a_ballot, range(1, 300)), "closed 299"], 300)


async def test_each_opening_is_equal_to_its_commitment(database: Database) -> None:
    campaign = a_campaign()
    await store_campaign(database, campaign)
    await store_log(database, LOG)
    reader = SqlLogReader(database)
    [shown] = (await reader.logs())[SLUG]
    openings = LogOpenings(reader)
    whole = await openings.bundle(shown, campaign, Tile(ENTRIES, 0, 256))
    partial = await openings.bundle(shown, campaign, Tile(ENTRIES, 1, 44))
    assert whole is not None
    assert partial is not None
    opened = [*parse_openings(whole), *parse_openings(partial)]
    assert [opening is None for opening in opened] == [isinstance(each, str) for each in LOG.entries[:300]]
    for line, opening in zip(LOG.lines, opened, strict=False):
        if opening is not None:
            assert parse_entry(line) == BallotEntry(
                campaign.calendar.days[3], opening.commitment(SLUG, campaign.calendar.days[3])
            )
    assert await openings.bundle(shown, campaign, Tile(ENTRIES, 1, 45)) is None
    assert await openings.bundle(shown, campaign, Tile(ENTRIES, 0, 3)) == "".join(whole.splitlines(keepends=True)[:3])
