"""Do the health checks tell a process that lives from one that can do its work?"""

import asyncio
import json

import aiohttp
import pytest

from tests.databases import PostgresServer
from tests.servers import CAST, TEN, Client, Json, Response, codes, project_ids, serving

pytestmark = pytest.mark.any_engine

TURNOUT = "{ campaign { slug turnout { ballots } } }"


async def test_a_server_with_its_database_is_well_and_ready(api: Client) -> None:
    assert (await api.get("/healthz")).status == 200
    ready = await api.get("/readyz")
    assert ready.status == 200
    assert ready.json["status"] == "ready"
    assert ready.json["database"] == "answers"
    assert 0 <= ready.json["snapshotAge"] < 5


async def eventually(api: Client, status: int, seconds: float = 15) -> Response:
    """The readiness once it has this status."""
    for _ in range(int(seconds * 10)):
        response = await api.get("/readyz")
        assert response.status in (200, 503), response
        if response.status == status:
            return response
        await asyncio.sleep(0.1)
    raise AssertionError(f"readyz is not {status} after {seconds} seconds: {response}")


async def test_a_server_without_its_database_is_well_but_not_ready_and_recovers(
    http: aiohttp.ClientSession, own_postgres: PostgresServer
) -> None:
    with serving(own_postgres.url("postgres"), noisy=True) as server:
        api = Client(http, server)
        token = await api.sign_in("patient")
        assert (await eventually(api, 200)).json["status"] == "ready"
        await asyncio.to_thread(own_postgres.stop)
        try:
            meanwhile = asyncio.create_task(cast(api, token))
            await assert_not_ready(api)
        finally:
            await asyncio.to_thread(own_postgres.start)
        assert (await eventually(api, 200)).json["database"] == "answers"
        answer = await meanwhile
        assert codes(answer) in ([], ["OVERLOADED"])
        assert "postgres" not in json.dumps(answer).lower()
        payload = (await cast(api, token))["data"]["castBallot"]
        assert payload["ballot"], "the retry finds the ballot, or casts it"
        assert len(payload["viewer"]["ballots"]) == 1


async def cast(api: Client, token: str) -> Json:
    """The answer to a ballot that may be sent again and again."""
    given = {"input": {"projectIds": project_ids(TEN), "idempotencyKey": "cast meanwhile"}}
    response = await api.post({"query": CAST, "variables": given}, Authorization=f"Bearer {token}")
    answer: Json = response.json
    return answer


async def assert_not_ready(api: Client) -> None:
    told = await eventually(api, 503)
    assert told.json["status"] == "not ready"
    assert told.json["database"] == "does not answer"
    assert (await api.get("/healthz")).status == 200
    data = await api.data(TURNOUT)
    assert data["campaign"]["slug"] == "shanghai-2017", "the last snapshot is served on"


async def test_a_server_that_has_never_read_anything_is_not_ready_without_its_database(
    http: aiohttp.ClientSession, own_postgres: PostgresServer
) -> None:
    with serving(own_postgres.url("postgres"), noisy=True) as server:
        api = Client(http, server)
        await asyncio.to_thread(own_postgres.stop)
        try:
            assert (await eventually(api, 503)).json["status"] == "not ready"
            assert (await api.get("/healthz")).status == 200
            response = await api.post({"query": TURNOUT})
            assert codes(response.json) == ["OVERLOADED"]
        finally:
            await asyncio.to_thread(own_postgres.start)
        assert (await eventually(api, 200)).json["status"] == "ready"
        assert (await api.data(TURNOUT))["campaign"]["slug"] == "shanghai-2017"


def test_a_server_stops_well_while_its_database_is_away(own_postgres: PostgresServer) -> None:
    with serving(own_postgres.url("postgres"), noisy=True) as server:
        own_postgres.stop()
        try:
            server.stop()  # which asserts that it ends with exit code 0
        finally:
            own_postgres.start()
