"""Are a log's files served as tlog-tiles has them, as far as a checkpoint goes and no further, to anybody and any cache?"""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import aiohttp
import pytest
import uvicorn
from starlette.routing import Route

from api.bootstrap.database import open_snapshots
from api.domain.campaigns.states import CampaignState, ResultsVisibility
from api.domain.log.tiles import ENTRIES, Tile, tile_path, width_at
from api.http.log_files import ROUTE, LogFilesEndpoint
from api.http.routing_errors import web_application
from api.limits import Limits
from api.middleware.edge import Edge, EdgeMiddleware, EdgePolicy
from api.ports.log_reader import PublishedKeys
from api.services.log.openings import LogOpenings
from api.services.log.published_logs import PublishedLogs
from api.services.rate_limiting import RateLimiter
from api.services.snapshots import Snapshot
from api.storage.database.connection import Database
from api.storage.log.log_reader import SqlLogReader
from tests.ballot_logs import KEYS, PREFIX, MadeLog, a_ballot, store_campaign, store_log
from tests.campaigns import CLOSES, DURING, SLUG, a_campaign, at
from tests.servers import Response

pytestmark = pytest.mark.any_engine
UNLIMITED = Limits(log_requests=0)
AFTER = at("2017-04-10 10:00")
LINES = ("rules " + "0" * 64, "window 2017-03-21T16:00:00Z 2017-03-31T04:00:00Z")
LOG = MadeLog([*LINES, *map(a_ballot, range(3, 600)), "closed 597"], 300)
WHOLE = LOG.up_to(600)
SEALED_MORE = ("tile/0/001.p/45", "tile/0/001.p/88", "tile/0/002.p/88", "tile/entries/001.p/45", "tile/1/000.p/2")
NOT_CANONICAL = (
    "tile/0/0",
    "tile/0/0000",
    "tile/00/000",
    "tile/0/x000/001.p/44",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/044",
    "tile/0/000/",
    "tile/64/000",
    "tile/entries/001.p/+4",
    "tile/ENTRIES/000",
    "tile/-1/000",
    "Checkpoint",
    "checkpoint/",
    "openings/0",
    "documents/" + "A" * 64,
    "1/checkpoint",
    "01/checkpoint",
)


@dataclass
class LogSite:
    """A server of a log's files, and a client of it. now: what its clock shows."""

    http: aiohttp.ClientSession
    origin: str
    now: datetime = DURING

    async def get(self, path: str, method: str = "GET", **headers: str) -> Response:
        given = {"Accept-Encoding": "identity"} | {name.replace("_", "-"): text for name, text in headers.items()}
        url = self.origin + (path if path.startswith("/") else f"/log/{SLUG}/{path}")
        async with self.http.request(method, url, headers=given, auto_decompress=False) as response:  # type: ignore[arg-type]
            return Response(response.status, response.headers, await response.read())

    async def body(self, path: str) -> bytes:
        response = await self.get(path)
        assert response.status == 200, (path, response)
        return response.body


@asynccontextmanager
async def served(
    database: Database, keys: PublishedKeys | None = KEYS, limits: Limits = UNLIMITED, **policy: Any
) -> AsyncIterator[LogSite]:
    """Serve what is stored now."""
    reader, snapshots = SqlLogReader(database), open_snapshots(database)

    async def published() -> tuple[Snapshot, datetime]:
        return (await snapshots.fresh(site.now)).published(site.now), site.now

    endpoint = LogFilesEndpoint(PublishedLogs(reader, keys, PREFIX), LogOpenings(reader), published)
    edge = Edge(EdgePolicy(**policy), RateLimiter(limits, lambda: 0.0, b"secret"))
    app = EdgeMiddleware(web_application([Route(ROUTE, endpoint.serve)]), edge)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, interface="asgi3", log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve([listening]))
        async with aiohttp.ClientSession() as http:
            site = LogSite(http, f"http://127.0.0.1:{listening.getsockname()[1]}")
            yield site
        server.should_exit = True
        await serving


@pytest.fixture
async def site(database: Database) -> AsyncIterator[LogSite]:
    """One of a log of 600, of which 300 are published."""
    await store_campaign(database, a_campaign())
    await store_log(database, LOG)
    async with served(database) as site:
        yield site


async def test_every_file_of_the_published_tree_is_served_and_none_beyond(site: LogSite) -> None:
    assert (await site.body("checkpoint")).decode() == LOG.note
    published = LOG.up_to(300)
    tree = MadeLog(published.entries[:300], 300)
    for (level, n), hashes in tree.tiles.items():
        full = width_at(level, n, 300)
        for width in {1, full // 2 or 1, full}:
            assert await site.body(tile_path(Tile(level, n, width))) == hashes[: 32 * width]
    for n, bundle in tree.bundles.items():
        assert await site.body(tile_path(Tile(ENTRIES, n, width_at(ENTRIES, n, 300)))) == bundle.entries
    first = await site.body("tile/entries/000.p/2")
    assert first == b"".join(len(line).to_bytes(2, "big") + line.encode() for line in LINES)
    for path in (*SEALED_MORE, *NOT_CANONICAL, "tile/2/000.p/1", "tile/0/999", "tile/0/001", "tile/entries/001"):
        response = await site.get(path)
        assert response.status == 404, path
        assert response.headers["Cache-Control"] == "no-store"


async def test_the_headers_are_those_of_tlog_tiles(site: LogSite) -> None:
    checkpoint, tile = await site.get("checkpoint"), await site.get("tile/0/000")
    assert checkpoint.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert checkpoint.headers["Cache-Control"] == "public, max-age=2"
    assert tile.headers["Content-Type"] == "application/octet-stream"
    assert tile.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for each in (checkpoint, tile, await site.get("tile/0/999")):
        assert each.headers["Access-Control-Allow-Origin"] == "*"
        assert each.headers.getall("Access-Control-Allow-Origin") == ["*"]  # type: ignore[attr-defined]
    head = await site.get("tile/0/000", "HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", "8192")
    known = await site.get("tile/0/000", If_None_Match=tile.headers["ETag"])
    assert (known.status, known.body) == (304, b"")
    known = await site.get("checkpoint", If_None_Match=checkpoint.headers["ETag"])
    assert known.status == 304


async def test_entries_are_compressed_for_whoever_takes_that_and_hashes_never(site: LogSite) -> None:
    plain = await site.body("tile/entries/000")
    packed = await site.get("tile/entries/000", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain
    assert len(packed.body) < len(plain) * 0.7
    assert (await site.get("tile/entries/000", If_None_Match=packed.headers["ETag"])).status == 304
    assert "Content-Encoding" not in (await site.get("tile/0/000", Accept_Encoding="gzip")).headers
    assert packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "so far 44 are in there: ask for"), ("zh", "至今只有44个：请取")]
)
async def test_a_refusal_says_what_would_be_right(site: LogSite, language: str, words: str) -> None:
    for path, right in {"tile/0/001": "tile/0/001.p/44", "tile/entries/001.p/99": "tile/entries/001.p/44"}.items():
        [error] = (await site.get(path, Accept_Language=language)).json["errors"]
        assert error["extensions"] == {"code": "NOT_FOUND", "size": 300}
        assert words in error["message"]
        assert right in error["message"]


async def test_what_another_process_has_published_since_is_served_at_once(site: LogSite, database: Database) -> None:
    assert (await site.get("tile/0/002.p/88")).status == 404
    await database.rows("update logs set published_size = 600, note = $1", WHOLE.note)
    assert (await site.body("checkpoint")).decode() == WHOLE.note
    assert await site.body("tile/0/002.p/88") == WHOLE.tiles[0, 2]
    assert await site.body("tile/1/000.p/2") == WHOLE.tiles[1, 0]


async def test_openings_come_with_the_checkpoint_that_says_closed_whichever_process_published_it(
    database: Database,
) -> None:
    await store_campaign(database, a_campaign())
    await store_log(database, LOG)
    async with served(database) as site:
        site.now = AFTER
        assert (await site.get("openings/000")).status == 404
        await database.rows("update logs set published_size = 600, note = $1", WHOLE.note)
        assert (await site.body("checkpoint")).decode() == WHOLE.note
        assert (await site.body("openings/000")).count(b"\n") == 256


async def test_commitments_stay_shut_until_voting_is_over_the_log_says_so_and_everybody_may_see_the_results(
    database: Database,
) -> None:
    campaign = a_campaign(visibility=ResultsVisibility.AFTER_PUBLICATION, published_at=AFTER)
    await store_campaign(database, campaign)
    await store_log(database, LOG)
    async with served(database) as site:
        for now in (DURING, CLOSES, AFTER):
            site.now = now
            refused = await site.get("openings/000", Accept_Language="en")
            assert (refused.status, "not opened yet" in refused.json["errors"][0]["message"]) == (404, True)
        await database.rows("update logs set published_size = 600, note = $1", WHOLE.note)
    async with served(database) as site:
        for now in (DURING, CLOSES):
            site.now = now
            assert (await site.get("openings/000")).status == 404
        site.now = AFTER
        opened = await site.get("openings/000", Accept_Encoding="gzip")
        assert opened.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert gzip.decompress(opened.body).count(b"\n") == 256
        assert (await site.body("openings/002.p/88")).endswith(b"\n-\n")
        assert (await site.get("openings/002")).status == 404


async def test_a_first_generation_keeps_its_address_and_a_later_one_has_its_own(database: Database) -> None:
    await store_campaign(database, a_campaign())
    await store_log(database, LOG)
    second = MadeLog([f"continues {LOG.origin} 300 {LOG.root(300).hex()}", *map(a_ballot, range(1000, 1003))], 4, 2)
    await store_log(database, second)
    async with served(database) as site:
        assert (await site.body("checkpoint")).decode() == LOG.note
        assert (await site.body("2/checkpoint")).decode() == second.note
        assert await site.body("2/tile/0/000.p/4") == second.tiles[0, 0]
        assert (await site.get("3/checkpoint")).status == 404


async def test_documents_keys_and_policy_are_beside_the_log(site: LogSite, database: Database) -> None:
    digest = "ab" * 32
    await database.rows(
        "insert into log_documents (campaign_id, sha256, kind, content) values ($1, $2, 'rules', $3)",
        SLUG,
        digest,
        b'{"rules":1}',
    )
    document = await site.get(f"documents/{digest}")
    assert (document.body, document.headers["Content-Type"]) == (b'{"rules":1}', "application/json")
    assert (await site.get(f"documents/{'cd' * 32}")).status == 404
    keys = (await site.body("keys")).decode().splitlines()
    assert keys == [*KEYS.verifier_keys(LOG.origin), *KEYS.receipt_keys(LOG.origin)]
    assert keys[0].startswith(f"{LOG.origin}+")
    assert (await site.body("policy")).decode() == f"log {keys[0]}\nquorum none\n"


async def test_there_is_no_log_of_what_nobody_sees(database: Database) -> None:
    await store_campaign(database, a_campaign())
    await store_campaign(database, replace(a_campaign(), slug="draft", state=CampaignState.DRAFT, projects=()))
    await store_log(database, LOG)
    async with served(database, keys=None) as site:
        assert (await site.get("checkpoint")).status == 404
    async with served(database) as site:
        bodies = set()
        for slug in ("draft", "nowhere"):
            for path in ("checkpoint", "keys", "policy", "tile/0/000", "openings/000", f"documents/{'0' * 64}"):
                response = await site.get(f"/log/{slug}/{path}")
                assert response.status == 404
                bodies.add(response.body)
        assert len(bodies) == 1
        await database.rows("update campaigns set importing = $1", "j" * 26)
    async with served(database) as site:
        assert (await site.get("checkpoint")).status == 404


async def test_before_anything_is_published_there_are_keys_and_no_checkpoint(database: Database) -> None:
    await store_campaign(database, a_campaign())
    async with served(database) as site:
        for path in ("checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"):
            assert (await site.get(path)).status == 404
        assert (await site.body("keys")).decode().startswith(LOG.origin)


async def test_files_of_logs_are_counted_by_themselves_and_shared_with_every_page(database: Database) -> None:
    await store_campaign(database, a_campaign())
    await store_log(database, LOG)
    async with served(database, limits=Limits(requests=1, log_requests=3), origins=("https://one.example",)) as site:
        asked = {"Origin": "https://other.example", "Access_Control_Request_Method": "GET"}
        preflight = await site.get("tile/0/000", "OPTIONS", **asked)
        assert (preflight.status, preflight.headers["Access-Control-Allow-Origin"]) == (204, "*")
        statuses = [(await site.get("tile/0/000", **asked)).status for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert (await site.get("tile/0/000")).json["errors"][0]["extensions"]["limit"] == "log"
