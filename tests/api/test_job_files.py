"""Does the file of a job arrive whatever happens on the way, and leave for whom it may, with all else refused by its status?"""

import asyncio
import hashlib
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.http.job_files import MAX_UPLOADS, METHODS
from api.testing.sandbox import SandboxServer
from tests.servers import PATIENCE, SLUG, Client, Json, Response, Server, pingxuan, serving

pytestmark = pytest.mark.any_engine

START = """mutation Start($input: ImportInput!) {
  startImport(input: $input) { job { id uploadUrl } problems { code message } } }"""
EXPORT = """mutation Export($campaign: String!, $content: ExportContent!, $format: FileFormat!) {
  startExport(campaign: $campaign, content: $content, format: $format) { job { id } problems { code message } } }"""
JOB = "query Job($id: ID!) { job(id: $id) { state received size sha256 url problems { code message } } }"
PAGE = "https://vote.example.cn"
FILE = "选票编号,所选项目\n1,1\n".encode()
FINAL = {"DONE", "FAILED", "CANCELLED", "WAITING_FOR_APPROVAL"}


def ballots(**more: Any) -> Json:
    """What an organizer asks for who has ballots of a polling place."""
    given = {"content": "BALLOTS", "format": "CSV", "campaign": SLUG, "fileName": "一号投票点.csv"}
    return given | {"place": "一号投票点", "day": "2017-03-22"} | more


async def started(api: Client, token: str, **more: Any) -> str:
    """The address at which a new job waits for its file."""
    payload = (await api.data(START, {"input": ballots(**more)}, token))["startImport"]
    assert payload["problems"] == []
    url: str = payload["job"]["uploadUrl"]
    return url


async def send(
    api: Client, url: str, token: str | None, body: object = FILE, content_range: str | None = None, **headers: str
) -> Response:
    """PUT a piece of a file."""
    given = {"Authorization": token and f"Bearer {token}", "Accept-Language": "en", "Content-Range": content_range}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in given.items() if value is not None}
    async with api.session.put(api.server.origin + url, data=body, headers=sent) as response:
        return Response(response.status, response.headers, await response.read())


async def arrived(api: Client, url: str, token: str) -> int:
    """How much HEAD says has arrived."""
    headers = {"Authorization": f"Bearer {token}"}
    async with api.session.head(api.server.origin + url, headers=headers) as response:
        assert response.status == 200
        return int(response.headers["Upload-Offset"])


async def job(api: Client, url: str, token: str) -> Json:
    found: Json = (await api.data(JOB, {"id": f"job/{url.split('/')[2]}"}, token))["job"]
    return found


async def exported(api: Client, token: str, content: str, format: str, slug: str = SLUG) -> Json:
    """An export that is done."""
    variables = {"campaign": slug, "content": content, "format": format}
    payload = (await api.data(EXPORT, variables, token))["startExport"]
    assert payload["problems"] == []
    async with asyncio.timeout(PATIENCE):
        while True:
            found: Json = (await api.data(JOB, {"id": payload["job"]["id"]}, token))["job"]
            if found["state"] in FINAL:
                assert found["state"] == "DONE", found
                return found
            await asyncio.sleep(0.05)


def code(response: Response) -> str:
    [error] = response.json["errors"]
    return str(error["extensions"]["code"])


@pytest.fixture
def token(pingxuan_server: SandboxServer) -> str:
    """That of the sandbox's organizer."""
    return pingxuan_server.voters["organizer"].token


async def test_a_file_is_sent_whole_and_the_job_goes_on(api: Client, token: str) -> None:
    url = await started(api, token)
    assert await arrived(api, url, token) == 0
    response = await send(api, url, token)
    assert (response.status, response.json) == (202, {"received": len(FILE), "size": len(FILE)})
    assert response.headers["Upload-Offset"] == response.headers["Upload-Length"] == str(len(FILE))
    assert response.headers["Cache-Control"] == "private, no-store"
    assert (await job(api, url, token))["sha256"] == hashlib.sha256(FILE).hexdigest()
    assert await arrived(api, url, token) == len(FILE)
    again = await send(api, url, token)
    assert (again.status, code(again)) == (409, "WRONG_STATE")


async def test_a_file_of_unknown_length_is_whole_when_its_body_ends(api: Client, token: str) -> None:

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(FILE), 5):
            yield FILE[start : start + 5]

    for size in (None, len(FILE)):
        url = await started(api, token, size=size)
        response = await send(api, url, token, chunks())
        assert (response.status, response.json) == (202, {"received": len(FILE), "size": len(FILE)})
        assert (await job(api, url, token))["sha256"] == hashlib.sha256(FILE).hexdigest()


async def test_an_empty_file_is_a_file(api: Client, token: str) -> None:
    url = await started(api, token)
    assert (await send(api, url, token, b"")).status == 202
    assert (await job(api, url, token))["sha256"] == hashlib.sha256(b"").hexdigest()


async def test_pieces_are_put_together_and_the_end_may_be_told_last(api: Client, token: str) -> None:
    url, half = await started(api, token), len(FILE) // 2
    first = await send(api, url, token, FILE[:half], f"bytes 0-{half - 1}/*")
    assert (first.status, first.json) == (200, {"received": half, "size": None})
    assert await arrived(api, url, token) == half
    second = await send(api, url, token, FILE[half:], f"bytes {half}-{len(FILE) - 1}/*")
    assert (second.status, second.json["received"]) == (200, len(FILE))
    last = await send(api, url, token, b"", f"bytes */{len(FILE)}")
    assert (last.status, last.json) == (202, {"received": len(FILE), "size": len(FILE)})
    assert (await job(api, url, token))["sha256"] == hashlib.sha256(FILE).hexdigest()


async def test_bytes_that_are_not_next_are_told_where_to_go_on(api: Client, token: str) -> None:
    url = await started(api, token)
    await send(api, url, token, FILE[:4], f"bytes 0-3/{len(FILE)}")
    for content_range, body in (
        (None, FILE),
        (f"bytes 0-3/{len(FILE)}", FILE[:4]),
        (f"bytes 5-8/{len(FILE)}", FILE[5:9]),
    ):
        response = await send(api, url, token, body, content_range)
        assert (response.status, response.headers["Upload-Offset"]) == (409, "4")
        assert "4 bytes of this file have arrived: go on from there" in response.json["errors"][0]["message"]
    rest = await send(api, url, token, FILE[4:], f"bytes 4-{len(FILE) - 1}/{len(FILE)}")
    assert rest.status == 202


async def test_of_two_uploads_at_once_one_goes_on(api: Client, token: str) -> None:
    url, go_on = await started(api, token), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield FILE[:3]
        await go_on.wait()
        yield FILE[3:]

    slow = asyncio.create_task(send(api, url, token, slowly()))
    await asyncio.sleep(0)
    fast = await send(api, url, token)
    assert fast.status == 202
    go_on.set()
    assert (await slow).status == 409
    assert (await job(api, url, token))["sha256"] == hashlib.sha256(FILE).hexdigest()


async def test_what_cannot_be_taken_is_refused_with_its_status_and_changes_nothing(api: Client, token: str) -> None:
    url, announced = await started(api, token), await started(api, token, size=5)
    nobodys = f"/jobs/{'a' * 26}/file"
    for response, status, expected, words in (
        (await send(api, url, token, FILE, "bytes 0-1/2/3"), 400, "BAD_INPUT", "bytes 0-1023/4096"),
        (
            await send(api, url, token, FILE, "bytes 0-1/2"),
            400,
            "BAD_INPUT",
            f"says 2 bytes, and the body has {len(FILE)}",
        ),
        (await send(api, url, token, FILE, Content_Encoding="gzip"), 415, "BAD_INPUT", "none with Content-Encoding"),
        (await send(api, url, token, b"x", "bytes 0-0/300000000"), 413, "QUERY_TOO_LARGE", "at most 268435456"),
        (await send(api, announced, token, FILE), 422, "INVALID_INPUT", "5 bytes"),
        (await send(api, url, None), 401, "UNAUTHENTICATED", "Sign in"),
        (await send(api, url, "forged"), 401, "UNAUTHENTICATED", ""),
        (await send(api, url, await api.sign_in()), 404, "NOT_FOUND", ""),
        (await send(api, nobodys, token), 404, "NOT_FOUND", ""),
        (await send(api, "/jobs/x/file", token), 404, "NOT_FOUND", "no such job"),
    ):
        assert (response.status, code(response)) == (status, expected), response
        assert words in response.json["errors"][0]["message"]
        assert (response.headers.get("WWW-Authenticate") == "Bearer") == (status == 401)
    chinese = await send(api, url, token, FILE, "bytes", Accept_Language="zh")
    assert "Content-Range须形如" in chinese.json["errors"][0]["message"]
    assert await arrived(api, url, token) == 0
    async with api.session.post(api.server.origin + url) as response:
        assert response.status == 405
        assert set(response.headers["Allow"].split(", ")) == set(METHODS)


async def test_a_body_of_another_length_than_its_range_keeps_what_has_arrived(api: Client, token: str) -> None:

    async def chunks(length: int) -> AsyncIterator[bytes]:
        yield b"x" * length

    short = await started(api, token)
    response = await send(api, short, token, chunks(3), "bytes 0-9/20")
    assert (response.status, response.headers["Upload-Offset"]) == (400, "3")
    assert await arrived(api, short, token) == 3
    long = await started(api, token)
    response = await send(api, long, token, chunks(30), "bytes 0-9/20")
    assert (response.status, int(response.headers["Upload-Offset"])) == (400, await arrived(api, long, token))


@pytest.fixture(scope="module")
def strict(new_sqlite: Callable[[], str]) -> Iterator[Server]:
    """A server that takes little, and says whatever it can in its log."""
    with serving(
        new_sqlite(), LIMIT_FILE="100000", LIMIT_JOBS="4", ORIGINS=PAGE, ACCESS_LOG="address", LOG_FORMAT="json"
    ) as server:
        yield server


@pytest.fixture
async def strict_token(http: aiohttp.ClientSession, strict: Server) -> str:
    """That of its organizer, who has no job that is not over."""
    api = Client(http, strict)
    token = await api.sign_in("organizer")
    viewer = (await api.data("{ viewer { id } }", token=token))["viewer"]["id"]
    done = await asyncio.to_thread(pingxuan, strict.database_url, "grant", "ORGANIZER", viewer)
    assert done.returncode in (0, 1), done.stderr  # the second time it is so already
    async with asyncio.timeout(PATIENCE):
        while not await may_list(api, token):
            pass
    for node in (await api.data(OPEN_JOBS, {}, token))["jobs"]["nodes"]:
        await api.data("mutation Cancel($id: ID!) { cancelJob(job: $id) { job { id } } }", {"id": node["id"]}, token)
    return token


OPEN_JOBS = "{ jobs(states: [WAITING_FOR_FILE, RUNNING]) { nodes { id } } }"


async def may_list(api: Client, token: str) -> bool:
    """Whether the role is known by now."""
    return "errors" not in await api.ask(f'{{ jobs(campaign: "{SLUG}") {{ totalCount }} }}', token=token)


async def test_a_file_that_is_too_long_is_refused_whether_it_says_so_or_not(
    http: aiohttp.ClientSession, strict: Server, strict_token: str
) -> None:

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 10_000

    api = Client(http, strict)
    url = await started(api, strict_token)
    for response in (
        await send(api, url, strict_token, b"x" * 100_001),
        await send(api, url, strict_token, chunks()),
        await send(api, url, strict_token, b"x", "bytes 0-0/100001"),
        await send(api, url, strict_token, b"x", "bytes 100000-100000/*"),
    ):
        assert (response.status, code(response)) == (413, "QUERY_TOO_LARGE")
        assert response.json["errors"][0]["extensions"]["most"] == 100_000
    assert await arrived(api, url, strict_token) == 0
    assert (await send(api, url, strict_token, b"x" * 100_000)).status == 202


async def test_a_viewer_has_so_many_jobs(http: aiohttp.ClientSession, strict: Server, strict_token: str) -> None:
    api = Client(http, strict)
    for _ in range(4):
        await started(api, strict_token)
    payload = (await api.data(START, {"input": ballots()}, strict_token))["startImport"]
    assert [problem["code"] for problem in payload["problems"]] == ["TOO_MANY_JOBS"]


async def test_of_many_uploads_at_once_so_many_are_taken(
    http: aiohttp.ClientSession, strict: Server, strict_token: str
) -> None:
    api, go_on = Client(http, strict), asyncio.Event()
    url = await started(api, strict_token)

    async def slowly() -> AsyncIterator[bytes]:
        yield b"x"
        await go_on.wait()

    uploads = [
        asyncio.create_task(send(api, url, strict_token, slowly(), "bytes 0-0/*")) for _ in range(MAX_UPLOADS + 1)
    ]
    refused, waiting = await asyncio.wait(uploads, return_when=asyncio.FIRST_COMPLETED)
    assert [(one.result().status, one.result().headers["Retry-After"]) for one in refused] == [(503, "5")]
    go_on.set()
    assert sorted(response.status for response in await asyncio.gather(*waiting)) == [200, *[409] * (MAX_UPLOADS - 1)]


async def test_the_key_of_a_file_is_in_no_log(http: aiohttp.ClientSession, strict: Server, strict_token: str) -> None:
    api = Client(http, strict)
    url = (await exported(api, strict_token, "PROJECTS", "CSV"))["url"]
    assert (await api.get(url)).status == 200
    path, _, key = url.partition("?key=")
    assert (await api.get(f"{path}?key=wrong{key[5:]}")).status == 404
    assert path in strict.log
    assert key not in strict.log
    assert key[5:] not in strict.log


def sent(server: SandboxServer, url: str, token: str, head: str, body: bytes) -> None:
    """Send this much of a request, and break the connection."""
    lines = f"PUT {url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{head}\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", int(server.origin.rpartition(":")[2])))) as connection:
        connection.sendall(lines.encode() + body)


PIECES = st.lists(st.tuples(st.integers(1, 600_000), st.none() | st.integers(0, 600_000)), max_size=5)


@settings(max_examples=12)
@given(size=st.integers(1, 1_000_000), pieces=PIECES)
def test_however_a_file_is_cut_and_wherever_connections_break_it_arrives_as_it_was(
    pingxuan_sandbox: SandboxServer, size: int, pieces: list[tuple[int, int | None]]
) -> None:
    """kept: after how many bytes of a piece its connection breaks, None for never."""
    token, content = pingxuan_sandbox.voters["organizer"].token, hashlib.shake_128(b"file").digest(size)

    async def upload() -> Json:
        async with aiohttp.ClientSession() as session:
            api, at = Client(session, pingxuan_sandbox), 0
            url = await started(api, token)
            for length, kept in (*pieces, *[(size, None)] * 5):  # a broken one may still overtake the next
                if at == size:
                    break
                piece = content[at : at + length]
                span = f"bytes {at}-{at + len(piece) - 1}/{size}"
                if kept is not None and kept < len(piece):
                    head = f"Content-Range: {span}\r\nContent-Length: {len(piece)}"
                    sent(pingxuan_sandbox, url, token, head, piece[:kept])
                else:
                    assert (await send(api, url, token, piece, span)).status in (200, 202, 409)
                at = await arrived(api, url, token)
            return await job(api, url, token)

    found = asyncio.run(upload())
    assert (found["size"], found["sha256"]) == (size, hashlib.sha256(content).hexdigest())


async def test_an_export_is_fetched_by_its_address_alone_and_by_whoever_asked_for_it(api: Client, token: str) -> None:
    found = await exported(api, token, "PROJECTS", "CSV")
    url = found["url"]
    assert re.fullmatch(r"/jobs/[a-z2-7]{26}/file\?key=\w+", url)
    by_address = await api.get(url)
    by_token = await api.get(url.partition("?")[0], headers={"Authorization": f"Bearer {token}"})
    for response in (by_address, by_token):
        assert response.status == 200
        assert hashlib.sha256(response.body).hexdigest() == found["sha256"]
        assert int(response.headers["Content-Length"]) == len(response.body) == found["size"]
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, no-store"
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith("attachment; filename=\"shanghai-2017-projects.csv\"; filename*=UTF-8''%")
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    async with api.session.head(api.server.origin + url) as head:
        assert (head.status, head.headers["Content-Length"]) == (200, str(found["size"]))


async def test_a_download_that_broke_goes_on(api: Client, token: str) -> None:
    found = await exported(api, token, "PROJECTS", "JSON_LINES")
    whole = (await api.get(found["url"])).body
    tag = f'"{found["sha256"]}"'
    rest = await api.get(found["url"], headers={"Range": "bytes=100-", "If-Range": tag})
    assert (rest.status, rest.body) == (206, whole[100:])
    assert rest.headers["Content-Range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
    part = await api.get(found["url"], headers={"Range": "bytes=5-9"})
    assert (part.status, part.body) == (206, whole[5:10])
    other = await api.get(found["url"], headers={"Range": "bytes=100-", "If-Range": '"another"'})
    assert (other.status, other.body) == (200, whole)
    behind = await api.get(found["url"], headers={"Range": f"bytes={len(whole)}-"})
    assert (behind.status, behind.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")


async def test_nobody_else_gets_it(api: Client, token: str) -> None:
    url = (await exported(api, token, "PROJECTS", "CSV"))["url"]
    path, _, key = url.partition("?key=")
    other = (await exported(api, token, "PROJECTS", "CSV"))["url"].partition("?key=")[2]
    for headers, query, status in (
        ({}, "", 401),
        ({"Authorization": "Bearer forged"}, "", 401),
        ({"Authorization": f"Bearer {await api.sign_in()}"}, "", 404),
        ({}, f"?key={key[:-1]}", 404),
        ({}, f"?key={other}", 404),
        ({}, "?key=", 404),
    ):
        response = await api.get(path + query, headers=headers)
        assert response.status == status, query
        assert response.headers["Cache-Control"] == "no-store"


async def test_a_report_runs_nothing(api: Client, token: str, pingxuan_server: SandboxServer) -> None:
    found = await exported(api, token, "RESULTS", "REPORT", "trial-2016")
    report = await api.get(found["url"])
    assert report.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = report.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    assert report.headers["Content-Disposition"].startswith("attachment")


async def test_a_page_of_a_listed_origin_may_send_and_read_it(http: aiohttp.ClientSession, strict: Server) -> None:
    api, url = Client(http, strict), f"/jobs/{'a' * 26}/file"
    asked = {"Origin": PAGE, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-range"}
    async with http.options(strict.origin + url, headers=asked) as preflight:
        assert preflight.status == 204
        assert "PUT" in preflight.headers["Access-Control-Allow-Methods"]
    response = await send(api, url, None, Origin=PAGE)
    assert response.headers["Access-Control-Allow-Origin"] == PAGE
    assert {"Upload-Offset", "Content-Disposition"} <= set(
        response.headers["Access-Control-Expose-Headers"].split(", ")
    )
