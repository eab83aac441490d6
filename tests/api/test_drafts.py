"""Is a draft its organizer's alone where answers are cached and subscriptions shared, and everybody's once presented?"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import open_database
from tests.campaigns import LOADED
from tests.leak_campaigns import DRAFT, draft
from tests.servers import Client, Server, codes, pingxuan, serving
from tests.sockets import Talk, talk

LIST = "{ campaigns { nodes { slug } } }"
WATCH = 'subscription { resultsChanged(campaign: "draft", first: 1) { totalCount } }'
PATIENCE = 180.0  # seconds until a grant is known everywhere


@dataclass(frozen=True)
class Prepared:
    """A server with a draft, whose organizer has signed in."""

    client: Client
    server: Server
    organizer: str
    guest: str

    async def slugs(self, token: str | None) -> list[str]:
        found = (await self.client.data(LIST, token=token))["campaigns"]["nodes"]
        return [campaign["slug"] for campaign in found]


@pytest.fixture
async def prepared(new_sqlite: Callable[[], str], http: aiohttp.ClientSession) -> AsyncIterator[Prepared]:
    url = new_sqlite()
    async with open_database(url) as database:
        await SqlCampaigns(database).save(draft(), (), LOADED)
    with serving(url) as server:
        client = Client(http, server)
        organizer, guest = await client.sign_in("organizer"), await client.sign_in("guest")
        viewer = (await client.data("{ viewer { id } }", token=organizer))["viewer"]["id"]
        granted = await asyncio.to_thread(pingxuan, url, "grant", "ORGANIZER", viewer, "--campaign", DRAFT)
        assert granted.returncode == 0, granted.stderr
        found = Prepared(client, server, organizer, guest)
        await until_shown(found, organizer)
        yield found


async def until_shown(prepared: Prepared, token: str | None) -> None:
    async with asyncio.timeout(PATIENCE):
        while DRAFT not in await prepared.slugs(token):
            pass  # each question takes its time, and a snapshot is a second old at most


async def test_answers_are_shared_with_whoever_sees_no_draft_and_with_nobody_who_does(prepared: Prepared) -> None:
    for _ in range(10):
        assert DRAFT in await prepared.slugs(prepared.organizer)
        assert DRAFT not in await prepared.slugs(None)
        assert DRAFT not in await prepared.slugs(prepared.guest)
    headers = {}
    for name, token in (("organizer", prepared.organizer), ("guest", prepared.guest), ("nobody", None)):
        given = {"Authorization": f"Bearer {token}"} if token else {}
        response = await prepared.client.get(f"/graphql?query={LIST}", headers=given)
        headers[name] = {key: response.headers.get(key) for key in ("Cache-Control", "ETag")}
    assert headers["guest"] == headers["nobody"]
    assert headers["nobody"]["Cache-Control"].startswith("public")
    assert headers["organizer"] == {"Cache-Control": "private, no-store", "ETag": None}


async def watch(talk: Talk, token: str | None) -> object:
    await talk.greet(**({"Authorization": f"Bearer {token}"} if token else {}))
    await talk.begin("1", WATCH)
    return (await talk.hear())["payload"]


async def test_a_subscription_to_a_draft_is_no_one_elses(prepared: Prepared) -> None:
    server = prepared.server
    async with talk(server) as first, talk(server) as organizer, talk(server) as guest:
        assert codes({"errors": await watch(first, None)}) == ["NOT_FOUND"]
        assert await watch(organizer, prepared.organizer) == {"data": {"resultsChanged": {"totalCount": 299}}}
        assert codes({"errors": await watch(guest, prepared.guest)}) == ["NOT_FOUND"]


async def test_what_is_presented_is_seen_by_everybody(prepared: Prepared) -> None:
    path = Path(prepared.server.database_url.removeprefix("sqlite://"))
    with sqlite3.connect(path) as database:
        database.execute("update campaigns set state = 'PRESENTED', revision = revision + 1 where slug = ?", (DRAFT,))
    await until_shown(prepared, None)
