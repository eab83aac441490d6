"""Can an organizer upload a picture, does everybody see it under one name for good, and is everything else refused?"""

import asyncio
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest

from api.domain.campaigns.states import CampaignState
from api.domain.images import MAX_SIDE, PATH
from api.http.images import MAX_UPLOADS
from api.limits import Limits
from api.testing.sandbox import SandboxServer
from tests.api.test_edge import until_refused
from tests.campaigns import a_campaign
from tests.conftest import TRIAL
from tests.pictures import a_picture, decoded
from tests.servers import PATIENCE, SLUG, Client, Response, pingxuan, serving
from tests.stored import store

pytestmark = pytest.mark.any_engine

TRAIL = """{ trail(campaign: "shanghai-2017", kinds: [IMAGE_UPLOADED]) {
  nodes { kind campaign actor details { name value } } } }"""
A_SECOND = 1.1  # what is granted is known by then
LARGEST = Limits().image
FOREVER = "public, max-age=31536000, immutable"
PAGE = "https://vote.example.cn"


async def upload(
    api: Client, token: str | None, body: object = None, campaign: str | None = SLUG, **headers: str | None
) -> Response:
    """Send a picture, or what is given in its place; headers by their names, None for none."""
    given = {"Content-Type": "image/png", "Authorization": token and f"Bearer {token}", "Accept-Language": "en"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in given.items() if value is not None}
    url = api.server.origin + "/images" + (f"?campaign={campaign}" if campaign else "")
    async with api.session.post(
        url, data=a_picture() if body is None else body, headers=sent, skip_auto_headers=["Content-Type"]
    ) as response:
        return Response(response.status, response.headers, await response.read())


async def organizer(api: Client, *more: str) -> str:
    """The token of an organizer."""
    token = await api.sign_in("organizer")
    viewer = (await api.data("{ viewer { id } }", token=token))["viewer"]["id"]
    done = await asyncio.to_thread(pingxuan, api.server.database_url, "grant", "ORGANIZER", viewer, *more)
    assert done.returncode == 0, done.stderr
    await asyncio.sleep(A_SECOND)
    return token


@pytest.fixture
def token(pingxuan_server: SandboxServer) -> str:
    """That of the sandbox's organizer."""
    return pingxuan_server.voters["organizer"].token


@pytest.fixture
async def own(http: aiohttp.ClientSession, new_sqlite: Callable[[], str]) -> AsyncIterator[Client]:
    """A client of a server with a database of its own."""
    with serving(new_sqlite(), ORIGINS=PAGE) as server:
        yield Client(http, server)


async def test_what_an_organizer_uploads_everybody_sees_on_either_database(
    http: aiohttp.ClientSession, seeded_url: str
) -> None:
    with serving(seeded_url) as server, serving(seeded_url) as other:
        api = Client(http, server)
        token = await organizer(api, "--campaign", SLUG)
        response = await upload(api, token, a_picture(2 * MAX_SIDE, MAX_SIDE))
        assert response.status == 201
        told = response.json
        assert (told["width"], told["height"]) == (1600, 800)
        assert PATH.fullmatch(told["url"])
        assert response.headers["Location"] == told["url"]
        for client in (api, api.at(other)):
            image = await client.get(told["url"])
            assert (image.status, image.headers["Content-Type"]) == (200, "image/jpeg")
            assert image.headers["Cache-Control"] == FOREVER
            assert image.headers["X-Content-Type-Options"] == "nosniff"
            assert image.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert decoded(image.body).size == (1600, 800)
            again = await client.get(told["url"], headers={"If-None-Match": image.headers["ETag"]})
            assert (again.status, again.body, again.headers["Cache-Control"]) == (304, b"", FOREVER)
            small = await client.get(told["url"].replace(".jpg", "-640.jpg"))
            assert decoded(small.body).size == (640, 320)
            assert small.headers["Cache-Control"] == FOREVER
            assert small.headers["ETag"] != image.headers["ETag"]
        [entry] = (await api.data(TRAIL, token=token))["trail"]["nodes"]
        assert (entry["kind"], entry["campaign"]) == ("IMAGE_UPLOADED", SLUG)
        assert entry["details"] == [{"name": "url", "value": told["url"]}]
        assert entry["actor"]


async def test_the_same_picture_again_is_the_same_image(api: Client, token: str) -> None:
    first, second = [await upload(api, token) for _ in range(2)]
    assert first.json == second.json
    assert len((await api.data(TRAIL, token=token))["trail"]["nodes"]) == 1


async def test_a_reset_of_the_sandbox_forgets_it(api: Client, token: str, pingxuan_server: SandboxServer) -> None:
    url = (await upload(api, token)).json["url"]
    assert (await api.get(url)).status == 200
    await asyncio.to_thread(pingxuan_server.reset)
    assert (await api.get(url)).status == 404


async def test_a_draft_has_pictures_before_anybody_sees_it(http: aiohttp.ClientSession, tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/drafts.sqlite3"
    store(url, a_campaign(), a_campaign(slug="draft", state=CampaignState.DRAFT, projects=()))
    with serving(url) as server:
        api = Client(http, server)
        response = await upload(api, await organizer(api, "--campaign", "draft"), campaign="draft")
        assert response.status == 201
        assert (await api.get(response.json["url"])).status == 200, "to whoever knows its name"
        assert (await upload(api, await api.sign_in(), campaign="draft")).status == 403


async def test_without_the_role_nothing_is_taken(own: Client) -> None:
    for token, status, code in (
        (None, 401, "UNAUTHENTICATED"),
        ("forged", 401, "UNAUTHENTICATED"),
        (await own.sign_in(), 403, "FORBIDDEN"),
    ):
        response = await upload(own, token)
        assert response.status == status
        [error] = response.json["errors"]
        assert error["extensions"]["code"] == code
        assert (response.headers.get("WWW-Authenticate") == "Bearer") == (status == 401)
    of_another = await organizer(own, "--campaign", TRIAL)
    assert (await upload(own, of_another, campaign=TRIAL)).status == 201
    assert (await upload(own, of_another)).status == 403
    assert (await upload(own, of_another, campaign="nowhere")).status == 403, "what there is, is not told"


async def test_a_wrong_upload_is_refused_with_its_status_and_in_either_language(api: Client, token: str) -> None:
    huge = BytesIO(b"x" * (LARGEST + 1))

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * (LARGEST // 10)

    for response, status, words in (
        (await upload(api, token, campaign=None), 400, "Name the campaign"),
        (await upload(api, token, campaign="nowhere"), 404, "There is no campaign “nowhere”"),
        (await upload(api, token, Content_Type=None), 415, "image/jpeg, image/png"),
        (await upload(api, token, Content_Type="image/svg+xml"), 415, "image/jpeg, image/png"),
        (await upload(api, token, Content_Encoding="gzip"), 415, "without Content-Encoding"),
        (await upload(api, token, huge), 413, f"{LARGEST + 1} bytes of an image; at most {LARGEST}"),
        (await upload(api, token, chunks()), 413, f"bytes of an image; at most {LARGEST}"),
        (await upload(api, token, b"<svg/>"), 422, "Send a JPEG, PNG, WebP or GIF file"),
        (await upload(api, token, a_picture()[:60]), 422, "broken or cut off"),
        (
            await upload(api, token, a_picture(), Accept_Language="zh", Content_Type="text/html"),
            415,
            "请求体须为图片文件",
        ),
        (await upload(api, token, b"", Accept_Language="zh"), 422, "这不是可用的图片"),
    ):
        assert response.status == status
        assert words in response.json["errors"][0]["message"]
    method = await api.get(f"/images?campaign={SLUG}")
    assert (method.status, method.headers["Allow"]) == (405, "POST")


async def test_too_many_uploads_are_refused_and_the_voter_is_told_when_to_retry(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    with serving(new_sqlite(), LIMIT_REQUESTS_PER_VOTER="12", LIMIT_IMAGES="0") as server:
        api = Client(http, server)
        token = await organizer(api)
        statuses = [(await upload(api, token)).status for _ in range(3)]
        assert statuses == [413, 429, 429], "there is no room for the first"
        response = await upload(api, token)
        assert int(response.headers["Retry-After"]) > 0
        assert response.json["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_of_many_uploads_at_once_so_many_wait_and_the_others_are_told_to_retry(api: Client, token: str) -> None:
    go_on = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield a_picture()[:20]
        await go_on.wait()
        yield a_picture()[20:]

    uploads = [asyncio.create_task(upload(api, token, slowly())) for _ in range(MAX_UPLOADS + 1)]
    refused, waiting = await asyncio.wait(uploads, return_when=asyncio.FIRST_COMPLETED)
    assert [(one.result().status, one.result().headers["Retry-After"]) for one in refused] == [(503, "1")]
    go_on.set()
    assert {response.status for response in await asyncio.gather(*waiting)} == {201}
    assert (await upload(api, token)).status == 201


async def test_a_client_that_goes_away_takes_no_place_for_good(api: Client, token: str) -> None:

    async def never() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    for _ in range(MAX_UPLOADS + 1):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(upload(api, token, never()), 0.1)
    async with asyncio.timeout(PATIENCE):
        while (await upload(api, token)).status == 503:
            pass


@pytest.mark.parametrize(
    "name", [f"{'0' * 64}.jpg", f"{'0' * 64}-640.jpg", f"{'0' * 64}.svg", "0" * 64, "x.jpg", "..%2f..%2fgraphql", "%00"]
)
async def test_a_name_that_nothing_has_is_not_found(api: Client, name: str) -> None:
    response = await api.get(f"/images/{name}")
    assert (response.status, response.headers["Cache-Control"]) == (404, "no-store")
    assert response.json["errors"][0]["extensions"]["code"] == "BAD_INPUT"


async def test_a_page_of_a_listed_origin_may_upload(own: Client) -> None:
    asked = {"Origin": PAGE, "Access-Control-Request-Method": "POST"}
    async with own.session.options(f"{own.server.origin}/images", headers=asked) as preflight:
        assert preflight.status == 204
        assert preflight.headers["Access-Control-Allow-Origin"] == PAGE
        assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    token = await organizer(own)
    assert (await upload(own, token, Origin=PAGE)).headers["Access-Control-Allow-Origin"] == PAGE


async def test_fetching_images_takes_nothing_from_the_requests_of_an_address(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    with serving(new_sqlite(), LIMIT_REQUESTS="3", LIMIT_IMAGE_REQUESTS="20") as server:
        api = Client(http, server)
        answers = await until_refused(lambda: api.get(f"/images/{'0' * 64}.jpg"))
        assert {answer.status for answer in answers[:-1]} == {404}
        assert (await api.get("/graphql?query={__typename}")).status == 200
