"""Do the failures that others had with votes, when something was slow or away, happen here?"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial

import aiohttp
import pytest

from api.domain.campaigns.problems import ActFailed
from api.domain.errors import ApiError, ErrorCode
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import Database
from tests.contracts.test_ballot_box import admission
from tests.faults.contents import read_stored
from tests.faults.proxy import Proxy
from tests.selecting import prepared, problems, selected_campaign
from tests.servers import CAST, TEN, Client, Server, project_ids, refusals, serving_together
from tests.waiting import until

pytestmark = [pytest.mark.check, pytest.mark.any_engine]

TURNOUT = "{ campaign { turnout { ballots } } }"
OTHERS = range(11, 21)


@pytest.fixture(scope="module")
def servers(seeded_2017, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Two processes on one database."""
    file = tmp_path_factory.mktemp("peers") / "vote.sqlite3"
    file.write_bytes(seeded_2017.read_bytes())
    with serving_together(f"sqlite://{file}", 2) as both:
        yield both


@pytest.fixture
async def clients(servers: list[Server]) -> AsyncIterator[list[Client]]:
    async with aiohttp.ClientSession() as http:
        yield [Client(http, server) for server in servers]


async def ballots_of(servers: list[Server]) -> int:
    return len((await read_stored(servers[0].database_url)).ballots)


async def stores(servers: list[Server], ballots: int) -> bool:
    return await ballots_of(servers) == ballots


async def shows(client: Client, ballots: int) -> bool:
    shown: int = (await client.data(TURNOUT))["campaign"]["turnout"]["ballots"]
    return shown >= ballots


async def test_a_ballot_whose_answer_was_lost_is_answered_again_and_not_called_a_second_one(clients, servers) -> None:
    """BetterVoting #1369: stored, and then the voter was told that they had voted already."""
    token, before = await clients[0].sign_in(), await ballots_of(servers)
    proxy = Proxy(servers[0].port)
    given = {"input": {"projectIds": project_ids(TEN), "idempotencyKey": "sent once"}}
    try:
        proxy.hold_answers()
        asked = clients[0].session.post(
            f"http://127.0.0.1:{proxy.port}/graphql",
            json={"query": CAST, "variables": given},
            headers={"Authorization": f"Bearer {token}"},
        )
        sending = asyncio.ensure_future(asked)
        await until(lambda: stores(servers, before + 1))
        proxy.cut()
        with pytest.raises(aiohttp.ClientError):
            await sending
    finally:
        proxy.close()
    for client in clients:
        payload = await client.cast(token, idempotencyKey="sent once")
        assert refusals(payload) == []
        assert [ballot["id"] for ballot in payload["viewer"]["ballots"]] == [payload["ballot"]["id"]]
    assert await ballots_of(servers) == before + 1


async def test_of_ballots_at_one_moment_one_is_stored(clients, servers) -> None:
    """siv #318, CONSUL #2415: whether somebody had voted was looked up, and then stored."""
    token, before = await clients[0].sign_in(), await ballots_of(servers)
    casting = [clients[number % 2].cast(token, range(1 + number, 11 + number)) for number in range(12)]
    payloads = await asyncio.gather(*casting)
    assert sorted(map(refusals, payloads)) == [[], *[["QUOTA_EXHAUSTED"]] * 11]
    assert await ballots_of(servers) == before + 1


async def test_what_was_refused_or_sent_twice_is_shown_in_no_turnout(clients, servers) -> None:
    """politeia #881: what the journal had refused was counted in what everybody was shown."""
    token = await clients[0].sign_in()
    stored = (await clients[0].cast(token, idempotencyKey="the only one"))["ballot"]["id"]
    for client in clients:
        assert (await client.cast(token, idempotencyKey="the only one"))["ballot"]["id"] == stored
        assert refusals(await client.cast(token, OTHERS)) == ["QUOTA_EXHAUSTED"]
        assert refusals(await client.cast(await client.sign_in(), range(1, 4))) == ["TOO_FEW_CHOICES"]
    there = await ballots_of(servers)
    for client in clients:
        await until(lambda client=client: shows(client, there))
        assert (await client.data(TURNOUT))["campaign"]["turnout"]["ballots"] == there


async def test_no_ballot_that_was_under_way_is_left_out_of_an_outcome(database: Database) -> None:
    """Helios #153: what was tallied left out ballots that were still queued. Here they were handed in before the close."""
    selector = await prepared(database, selected_campaign(), {1: 9, 2: 8, 3: 7, 4: 1})
    box, judged_by = SqlBallotBox(database), await selector.campaign()
    queued = partial(admission, positions=frozenset({4}), judged_by=judged_by)
    await selector.commit()
    assert await box.admit(queued(101))
    with pytest.raises(ActFailed) as stale:
        await selector.announce()
    assert problems(stale.value) == [("STALE_PLAN", ("stage",))]
    await selector.commit()
    await selector.announce()
    announced = (await selector.campaign()).selections[0].current.digest
    with pytest.raises(ApiError) as refused:
        await box.admit(queued(102))
    assert refused.value.code is ErrorCode.OVERLOADED, "it is judged anew when it is sent again, after the close"
    assert await selector.digest() == announced
