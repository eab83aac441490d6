"""Are strange hosts, pages and proxies kept out, callers slowed down who ask too often, and browsers told what holds?"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import count, cycle
from typing import Any

import aiohttp
import pytest

from tests.servers import CAST, SIGN_IN, TEN, Client, Response, Server, codes, project_ids, serving, serving_together

pytestmark = pytest.mark.any_engine

NAME = '{ district(code: "310115") { name } }'
GRAPHQL = "application/graphql-response+json"
PAGE = "https://vote.example.cn"


@pytest.fixture(scope="module")
def guarded(new_sqlite: Callable[[], str]) -> Iterator[Server]:
    """A server as it would stand in the open, with small buckets and a proxy on this machine."""
    with serving(
        new_sqlite(),
        HOSTS="127.0.0.1,*.example.cn",
        ORIGINS=f"{PAGE},http://localhost:5173",
        PROXIES="127.0.0.0/8",
        HSTS="31536000",
        LIMIT_REQUESTS="20",
        LIMIT_REQUESTS_PER_VOTER="5",
        LIMIT_SIGN_INS="3",
    ) as server:
        yield server


@pytest.fixture
async def api(http: aiohttp.ClientSession, guarded: Server) -> Client:
    return Client(http, guarded)


def from_address(last: int) -> dict[str, str]:
    return {"X-Forwarded-For": f"198.51.100.{last}"}


async def ask(api: Client, query: str = NAME, variables: Any = None, **headers: str) -> Response:
    return await api.post({"query": query, "variables": variables}, **headers)


async def until_refused(request: Callable[[], Awaitable[Response]], limit: int = 20) -> list[Response]:
    """The answers up to the first refusal: as many as the limit, and those for which there was time meanwhile."""
    answers = [await request()]
    while answers[-1].status != 429:
        answers.append(await request())
        assert len(answers) < 20 * limit
    assert len(answers) > limit
    return answers


async def test_an_address_is_held_to_its_limit_and_told_when_to_come_again(api: Client) -> None:
    answers = await until_refused(lambda: ask(api, **from_address(1)))
    assert {answer.status for answer in answers[:-1]} == {200}
    refused = answers[-1]
    assert refused.status == 429
    assert codes(refused.json) == ["RATE_LIMITED"]
    told = refused.json["errors"][0]["extensions"]
    assert (told["limit"], told["most"]) == ("address", 20)
    assert int(refused.headers["Retry-After"]) == told["retryAfter"] >= 1
    assert refused.headers["RateLimit-Policy"] == '"address";q=20;w=60'
    assert refused.headers["RateLimit"].startswith('"address";r=0;t=')
    assert answers[0].headers["RateLimit"].startswith('"address";r=19;t=')
    assert (await ask(api, **from_address(2))).status == 200, "another address is another caller"


async def test_a_refusal_has_the_form_and_the_language_that_were_asked_for(api: Client) -> None:
    headers = {**from_address(3), "Accept": GRAPHQL, "Accept-Language": "en"}
    answers = await until_refused(lambda: ask(api, **headers))
    assert answers[-1].headers["Content-Type"] == f"{GRAPHQL}; charset=utf-8"
    assert "Too many" in answers[-1].json["errors"][0]["message"]


async def test_one_subscribers_ipv6_addresses_are_one_caller(api: Client) -> None:
    numbers = count()
    await until_refused(lambda: ask(api, **{"X-Forwarded-For": f"2001:db8::{next(numbers):x}"}))


async def test_a_caller_does_not_change_address_by_a_line_above_the_proxys(api: Client) -> None:
    numbers = count()

    def lines() -> list[tuple[str, str]]:
        return [("X-Forwarded-For", f"192.0.2.{next(numbers) % 256}"), ("X-Forwarded-For", "198.51.100.50")]

    await until_refused(lambda: api.get("/", headers=lines()))


async def test_sign_in_has_a_bucket_of_its_own(api: Client) -> None:
    found = [codes((await ask(api, SIGN_IN, {"name": f"n{n}"}, **from_address(4))).json) for n in range(4)]
    assert found == [[], [], [], ["RATE_LIMITED"]]
    many = (
        "mutation { "
        + " ".join(f'a{n}: signIn(with: {{guest: {{name: "x{n}"}}}}) {{ token }}' for n in range(4))
        + " }"
    )
    assert codes((await ask(api, many, **from_address(5))).json) == ["RATE_LIMITED"], "aliases do not get around it"


async def test_a_voter_is_held_to_a_limit_from_whatever_address(api: Client) -> None:
    signed_in = await ask(api, SIGN_IN, {"name": "busy"}, **from_address(6))
    token = signed_in.json["data"]["signIn"]["token"]
    by = {"Authorization": f"Bearer {token}"}
    addresses = cycle(range(10, 30))
    answers = await until_refused(lambda: ask(api, "{ viewer { id } }", **by, **from_address(next(addresses))), 5)
    assert {answer.status for answer in answers[:-1]} == {200}
    assert answers[-1].json["errors"][0]["extensions"]["limit"] == "voter"
    assert '"voter";r=0' in ",".join(answers[-1].headers.getall("RateLimit"))  # type: ignore[attr-defined]
    assert '"voter";r=4' in ",".join(answers[0].headers.getall("RateLimit"))  # type: ignore[attr-defined]
    assert (await ask(api, "{ __typename }", Authorization="Bearer x", **from_address(7))).status == 200


async def test_those_who_watch_over_the_server_are_not_counted(api: Client) -> None:
    for _ in range(30):
        assert (await api.get("/healthz", headers=from_address(8))).status == 200
        assert (await api.get("/assets/x/y.js", headers=from_address(8))).status == 404


async def test_those_who_watch_over_the_server_ask_it_by_any_address(api: Client) -> None:
    for path in ("/healthz", "/readyz"):
        assert (await api.get(path, headers={"Host": "10.1.2.3:8000"})).status == 200


@pytest.mark.parametrize(("place", "path"), [(60, "/healthz/more"), (61, "/readyzz"), (62, "/metrics")])
async def test_what_only_begins_like_their_paths_is_counted(api: Client, place: int, path: str) -> None:
    answers = await until_refused(lambda: api.get(path, headers=from_address(place)))
    assert {answer.status for answer in answers[:-1]} == {404}


async def test_refused_hosts_and_preflights_are_counted(api: Client) -> None:
    answers = await until_refused(lambda: ask(api, Host="evil.example", **from_address(63)))
    assert {answer.status for answer in answers[:-1]} == {421}

    async def preflight() -> Response:
        headers = {"Origin": PAGE, "Access-Control-Request-Method": "POST", **from_address(64)}
        async with api.session.options(api.server.url, headers=headers) as response:
            return Response(response.status, response.headers, await response.read())

    answers = await until_refused(preflight)
    assert {answer.status for answer in answers[:-1]} == {204}


async def test_two_processes_hold_a_caller_to_one_limit(http: aiohttp.ClientSession, seeded_url: str) -> None:
    with serving_together(seeded_url, 2, LIMIT_REQUESTS="60", PROXIES="127.0.0.0/8") as servers:
        one, other = (Client(http, server) for server in servers)
        # Usage is exchanged for periods of ten seconds: where one ends in between, another caller has a try.
        tries = [await admitted_after(one, other, 1)]
        while tries[-1] == 60 and len(tries) < 8:
            tries.append(await admitted_after(one, other, 1 + len(tries)))
        assert tries[-1] < 60, "it has a bucket of its own"


async def admitted_after(one: Client, other: Client, address: int) -> int:
    """How many requests a process answers, up to sixty, of a caller who has used up another process's bucket of as many."""
    await until_refused(lambda: ask(one, **from_address(address)), 60)
    admitted = 0
    while admitted < 60 and (await ask(other, **from_address(address))).status == 200:
        admitted += 1
        await asyncio.sleep(0.1)  # it is told within two seconds, of the sixty that filling a bucket takes
    return admitted


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "example.cn.evil",
        "",
        "xexample.cn",
        "127.0.0.1.evil:80",
        "127.0.0.1:evil.example",
        "a.example.cn:80@evil",
    ],
)
async def test_a_strange_host_is_refused(api: Client, host: str) -> None:
    response = await ask(api, Host=host, **from_address(9))
    assert response.status in (400, 421)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:1", "a.example.cn", "A.B.Example.CN:443", "a.example.cn:"])
async def test_a_host_of_ours_is_served(api: Client, host: str) -> None:
    assert (await ask(api, Host=host, **from_address(30))).status == 200


async def test_a_listed_page_may_read_answers_and_another_may_not(api: Client) -> None:
    ours = await ask(api, Origin=PAGE, **from_address(31))
    assert ours.headers["Access-Control-Allow-Origin"] == PAGE
    assert "Retry-After" in ours.headers["Access-Control-Expose-Headers"]
    for origin in ("https://evil.example", "null", PAGE + ".evil", "http://vote.example.cn"):
        response = await ask(api, Origin=origin, **from_address(31))
        assert "Access-Control-Allow-Origin" not in response.headers
        assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Origin" in ours.headers["Vary"]


async def test_a_preflight_is_answered_for_listed_pages(api: Client) -> None:
    for origin, allowed in ((PAGE, PAGE), ("https://evil.example", None)):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST", **from_address(32)}
        async with api.session.options(api.server.url, headers=headers) as response:
            assert response.status == 204
            assert response.headers.get("Access-Control-Allow-Origin") == allowed
            assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
            assert {"PUT", "DELETE"} <= set(response.headers["Access-Control-Allow-Methods"].split(", "))


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "text/plain,application/json",
    ],
)
async def test_what_a_page_may_send_without_a_preflight_changes_nothing(api: Client, kind: str) -> None:
    """A form or a simple request needs nobody's leave, so none of them is taken."""
    token = (await ask(api, SIGN_IN, {"name": f"csrf {kind}"}, **from_address(170 + len(kind)))).json["data"]["signIn"][
        "token"
    ]
    by = {"Authorization": f"Bearer {token}", **from_address(33)}
    variables = {"input": {"projectIds": project_ids(TEN)}}
    response = await ask(api, CAST, variables, **by, **{"Content-Type": kind})
    assert response.status == 415
    data = (await ask(api, "{ viewer { ballots { id } } }", **by)).json["data"]
    assert data == {"viewer": {"ballots": []}}


async def test_every_answer_tells_browsers_what_holds(api: Client) -> None:
    answers = [
        await ask(api, **from_address(34)),
        await ask(api, "{", **from_address(34)),
        await api.get("/nothing", headers=from_address(34)),
        await api.get("/healthz", headers=from_address(34)),
        await ask(api, Host="evil.example", **from_address(34)),
        await ask(api, **from_address(1)),
    ]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "Server" not in answer.headers


async def test_a_trusted_proxy_names_requests_and_nobody_else_does(api: Client, seeded_url: str) -> None:
    named = await ask(api, **from_address(36), X_Request_Id="from-the-proxy.17")
    assert named.headers["X-Request-Id"] == "from-the-proxy.17"
    with serving(seeded_url) as server:
        stranger = await ask(api.at(server), X_Request_Id="from-a-stranger")
        assert stranger.headers["X-Request-Id"] != "from-a-stranger"


async def test_what_the_operation_costs_is_told(api: Client) -> None:
    answer = await ask(api, "{ projects(first: 7) { nodes { id } } }", **from_address(35))
    assert answer.whole["extensions"] == {"cost": {"requested": 59, "limit": 20_000}}
    much = "{ campaigns(first: 100) { nodes { projects(first: 100) { nodes { id title } } } } }"
    answer = await ask(api, much, **from_address(35))
    [error] = answer.whole["errors"]
    told = error["extensions"]
    assert (told["code"], told["limit"], told["actual"]) == ("QUERY_TOO_LARGE", "cost", 25_252)
    assert "data" not in answer.whole
    answer = await ask(api, "{ projects(first: 70000) { nodes { id } } }", **from_address(35))
    told = answer.whole["errors"][0]["extensions"]
    assert (told["limit"], told["most"], told["actual"]) == ("page", 100, 70_000)


async def test_a_hundred_operations_in_a_batch_are_refused_with_one_error(api: Client) -> None:
    response = await api.post([{"query": NAME}] * 100, **from_address(36))
    assert response.status == 400
    [error] = response.json["errors"]
    assert error["extensions"] == {"code": "BAD_INPUT", "limit": "batch", "most": 1, "actual": 100}
