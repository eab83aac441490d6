"""Does a revoked session end on every server within a second, and does changing the key end none?"""

import asyncio
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest

from api.storage.database.connection import open_database
from tests.api.test_roles import A_SECOND, VIEWER, staff, viewer
from tests.servers import CAST, TEN, Client, codes, pingxuan, project_ids, serving, serving_together

pytestmark = pytest.mark.any_engine

SECRETS = "an old secret of thirty-two characters", "a new secret of thirty-two characters!"


@pytest.fixture
async def two(http: aiohttp.ClientSession, seeded_url: str) -> AsyncIterator[tuple[Client, Client]]:
    """Clients of two server processes on one database."""
    with serving_together(seeded_url, 2) as servers:
        first, second = (Client(http, server) for server in servers)
        yield first, second


async def signed_in(api: Client, token: str) -> bool:
    answer = await api.ask(VIEWER, token=token, language="en")
    if answer["data"]["viewer"] is None:
        assert codes(answer) == ["UNAUTHENTICATED"]
        assert "revoked" in answer["errors"][0]["message"]
    return answer["data"]["viewer"] is not None


async def test_a_viewers_sessions_end_everywhere_and_nobody_elses(two: tuple[Client, Client]) -> None:
    lin, again, wu = [await two[0].sign_in(name) for name in ("Lin", "Lin", "Wu")]
    for server in two:
        assert [await signed_in(server, token) for token in (lin, again, wu)] == [True] * 3
    await staff(two[0], "revoke", (await viewer(two[0], lin))["id"])
    for server in two:
        assert [await signed_in(server, token) for token in (lin, again, wu)] == [False, False, True]
        cast = await server.ask(CAST, {"input": {"projectIds": project_ids(TEN)}}, lin)
        assert (codes(cast), cast["data"]) == (["UNAUTHENTICATED"], {"castBallot": None})
    back = await two[1].sign_in("Lin")
    assert [await signed_in(server, back) for server in two] == [True, True]


@pytest.mark.parametrize("everybody", [False, True])
async def test_a_session_that_begins_right_after_the_revocation_stays(
    two: tuple[Client, Client], everybody: bool
) -> None:
    """No server needs to know of the revocation yet; the session that began right before it ends."""
    old = await two[1].sign_in("Lin")
    name = "--everybody" if everybody else (await viewer(two[1], old))["id"]
    for _ in range(3):
        old = await two[1].sign_in("Lin")
        done = await asyncio.to_thread(pingxuan, two[0].server.database_url, "revoke", name)
        assert done.returncode == 0, done.stderr
        new = [await server.sign_in("Lin") for server in two]
        assert [await signed_in(server, token) for server in two for token in new] == [True] * 4
        await asyncio.sleep(A_SECOND)
        assert [await signed_in(server, token) for server in two for token in (old, *new)] == [False, True, True] * 2


async def test_a_printed_token_is_no_older_than_the_revocation_before_it(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    with serving(new_sqlite()) as server:
        api = Client(http, server)
        for _ in range(2):
            printed = (await asyncio.to_thread(pingxuan, server.database_url, "token")).stdout.strip()
            assert await signed_in(api, printed)
            await staff(api, "revoke", "--everybody")
            assert not await signed_in(api, printed)


async def test_a_revoked_token_leaves_its_owners_bucket_alone(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    with serving(new_sqlite(), LIMIT_REQUESTS_PER_VOTER="6") as server:
        api = Client(http, server)
        old = await api.sign_in("Lin")
        await staff(api, "revoke", (await viewer(api, old))["id"])
        back = await api.sign_in("Lin")
        for _ in range(20):
            await api.ask("{ __typename }", token=old)
        assert (await viewer(api, back))["roles"] == ["VOTER"]


async def test_everybodys_sessions_end_everywhere(two: tuple[Client, Client]) -> None:
    tokens = [await server.sign_in(name) for server in two for name in ("Lin", "Wu")]
    await staff(two[0], "revoke", "--everybody")
    assert not any([await signed_in(server, token) for server in two for token in tokens])
    back = await two[0].sign_in("Lin")
    assert [await signed_in(server, back) for server in two] == [True, True]


async def test_a_role_is_known_to_every_server(two: tuple[Client, Client]) -> None:
    token = await two[0].sign_in("Lin")
    name = (await viewer(two[0], token))["id"]
    for word, roles in (("grant", ["VOTER", "AUDITOR"]), ("withdraw", ["VOTER"])):
        await staff(two[0], word, "AUDITOR", name)
        assert [(await viewer(server, token))["roles"] for server in two] == [roles, roles]


async def test_changing_the_key_signs_nobody_out(http: aiohttp.ClientSession, new_sqlite: Callable[[], str]) -> None:
    (old, new), url = SECRETS, new_sqlite()
    rounds = ["PINGXUAN_SECRET", f"PINGXUAN_SECRET,{old}", f"{old},PINGXUAN_SECRET", f"{old},{new}", f"{new},{old}"]
    tokens: list[str] = []
    names = set()
    for keys in rounds:
        with serving(url, TOKEN_KEYS=keys) as server:
            api = Client(http, server)
            tokens = [*tokens[-1:], await api.sign_in("Lin")]
            names.update([(await viewer(api, token))["id"] for token in tokens])
    assert len(names) == 1, "the key of tokens makes no pseudonym"
    with serving(url, TOKEN_KEYS=new) as server:
        assert codes(await Client(http, server).ask(VIEWER, token=tokens[0])) == ["UNAUTHENTICATED"]
        assert (await viewer(Client(http, server), tokens[1]))["id"] in names


async def test_while_revocations_cannot_be_read_nobody_is_recognised(
    http: aiohttp.ClientSession, seeded_url: str
) -> None:
    """The table is taken away rather than the database, so that everything else goes on."""
    with serving(seeded_url, noisy=True) as server:
        api = Client(http, server)
        token = await api.sign_in("Lin")
        assert (await viewer(api, token))["id"]
        await rename(seeded_url, "revocations", "elsewhere")
        await asyncio.sleep(5 + A_SECOND)
        answer = await api.ask(VIEWER, token=token)
        assert (codes(answer), answer["errors"][0]["extensions"]["retryAfter"]) == (["OVERLOADED"], 1)
        assert (await api.data("{ campaign { slug } }"))["campaign"]
        await rename(seeded_url, "elsewhere", "revocations")
        await asyncio.sleep(A_SECOND)
        assert (await viewer(api, token))["id"]


async def rename(url: str, table: str, name: str) -> None:
    async with open_database(url) as database:
        await database.rows(f"alter table {table} rename to {name}")
