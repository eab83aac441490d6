"""Does tests/contracts/test_ballot_box.py hold on every layout?"""

from collections.abc import AsyncIterator

import pytest

from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import open_database
from api.storage.tallies import SqlTallies
from tests.contracts.test_ballot_box import *  # noqa: F403 - each of its tests runs once more
from tests.contracts.test_ballot_box import Boxes, prepare

pytestmark = pytest.mark.check


@pytest.fixture
async def boxes(database_url: str) -> AsyncIterator[Boxes]:
    """What is in memory has no layout."""
    async with open_database(database_url) as database:
        await prepare(database)
        yield Boxes(SqlBallotBox(database, shard=3), SqlTallies(database))
