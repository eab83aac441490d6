"""Do the numbers that Prometheus reads say what has happened, in every process, and nothing that callers make up?"""

import asyncio
import json
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.databases import drop_table, free_port
from tests.servers import CAST, PATIENCE, ROOT, SLUG, TEN, Client, Server, codes, project_ids, refusals, serving

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
SERVED = re.compile(r"metrics on (http://[^\s\"]+)")
ANSWERED = "pingxuan_requests_total"
Samples = Counter[tuple[str, str]]


@pytest.fixture(scope="module")
def watched(new_sqlite: Callable[[], str]) -> Iterator[Server]:
    """A server of this module's own, whose metrics are read."""
    with serving(new_sqlite(), METRICS="127.0.0.1:0") as server:
        yield server


@pytest.fixture
def api(http: aiohttp.ClientSession, watched: Server) -> Client:
    return Client(http, watched)


def served_at(server: Server, processes: int = 1) -> list[str]:
    """Where the metrics of the server are, once so many of its processes have said so."""
    deadline = time.monotonic() + PATIENCE
    while len(found := SERVED.findall(server.log)) < processes:
        assert time.monotonic() < deadline, server.log
        time.sleep(0.02)
    return found


async def text(api: Client) -> str:
    """The metrics of the client's server, from each of its processes."""
    pages = []
    for url in served_at(api.server):
        async with api.session.get(url) as response:
            assert response.status == 200
            pages.append(await response.text())
    return "".join(pages)


async def samples(api: Client) -> Samples:
    """Every number, summed over the processes, by its name and the value of its label."""
    found: Samples = Counter()
    for family in text_string_to_metric_families(await text(api)):
        for sample in family.samples:
            found[sample.name, ",".join(sample.labels.values())] += sample.value
    return found


async def test_a_ballot_is_counted_by_its_operation_its_commit_and_its_batch(api: Client) -> None:
    before = await samples(api)
    await api.cast(await api.sign_in())
    moved = await samples(api) - before
    assert moved["pingxuan_operation_seconds_count", "Cast"] == 1
    assert moved["pingxuan_operation_seconds_count", "SignIn"] == 1
    assert moved["pingxuan_requests_total", "200"] == 2
    assert moved["pingxuan_commit_seconds_count", ""] == 1
    assert moved["pingxuan_commit_ballots_sum", ""] == 1
    assert (await samples(api))["pingxuan_ballots_waiting", ""] == 0


async def test_each_violation_is_counted_by_its_code(api: Client) -> None:
    token, before = await api.sign_in(), await samples(api)
    assert refusals(await api.cast(token, [1, 1])) == ["TOO_FEW_CHOICES", "REPEATED_CHOICES"]
    await api.cast(token)
    assert refusals(await api.cast(token)) == ["QUOTA_EXHAUSTED"]
    moved = await samples(api) - before
    counted = {label: value for (name, label), value in moved.items() if name == "pingxuan_violations_total"}
    assert counted == {"TOO_FEW_CHOICES": 1, "REPEATED_CHOICES": 1, "QUOTA_EXHAUSTED": 1}


async def test_errors_are_counted_by_code_and_requests_by_status(api: Client) -> None:
    before = await samples(api)
    assert codes(await api.ask('{ node(id: "nonsense") { id } }')) == ["BAD_INPUT"]
    assert codes(await api.ask("{ viewer { id } }", token="forged")) == ["UNAUTHENTICATED"]
    assert (await api.post(b"{")).status == 400
    moved = await samples(api) - before
    assert moved["pingxuan_errors_total", "BAD_INPUT"] == 2
    assert moved["pingxuan_errors_total", "UNAUTHENTICATED"] == 1
    assert moved["pingxuan_requests_total", "400"] == 1


async def test_an_answer_that_is_given_again_is_counted_as_its_operation(api: Client) -> None:
    before = await samples(api)
    for _ in range(5):
        await api.data("query Again { campaign { title } }")
        await api.data("{ campaign { slug } }")
    moved = await samples(api) - before
    assert moved["pingxuan_operation_seconds_count", "Again"] == 5
    assert moved["pingxuan_operation_seconds_count", "anonymous"] == 5


async def test_a_job_that_is_over_is_counted_by_its_kind_and_state(api: Client) -> None:
    before, token = await samples(api), await api.sign_in()
    assert before["pingxuan_jobs_total", "IMPORT,FAILED"] == 0, "it is there from the beginning"
    started = f'mutation {{ startExport(campaign: "{SLUG}", content: PROJECTS, format: CSV) {{ job {{ id }} }} }}'
    await api.data(started, token=token)
    async with asyncio.timeout(PATIENCE):
        while not (moved := await samples(api) - before)["pingxuan_jobs_total", "EXPORT,DONE"]:
            pass
        assert moved["pingxuan_jobs_total", "EXPORT,DONE"] == 1
        while (found := await samples(api))["pingxuan_jobs_running", ""] or found["pingxuan_jobs_waiting", ""]:
            pass


async def test_the_snapshot_has_an_age(api: Client) -> None:
    asked_at = time.monotonic()
    await api.data("{ campaign { serverTime } }")
    found = await samples(api)
    assert 0 <= found["pingxuan_snapshot_age_seconds", ""] <= 1 + time.monotonic() - asked_at
    assert found["pingxuan_refresh_seconds_count", ""] >= 1


async def test_names_that_callers_make_up_are_bounded(http: aiohttp.ClientSession, new_sqlite) -> None:
    with serving(new_sqlite(), METRICS="127.0.0.1:0") as server:
        api = Client(http, server)
        await api.ask("query Broken { nothing }")
        await api.ask(f"query {'Long' * 40} {{ campaign {{ slug }} }}")
        for number in range(150):
            await api.data(f"query Made{number} {{ campaign {{ slug }} }}")
        page = await text(api)
        found = await samples(api)
    counted = {label: value for (name, label), value in found.items() if name == "pingxuan_operation_seconds_count"}
    assert len(counted) == 101
    assert counted["other"] == 51
    assert sum(counted.values()) == 151
    assert "LongLong" not in page
    assert "Broken" not in page


async def test_the_numbers_of_two_workers_add_up(http: aiohttp.ClientSession, new_sqlite) -> None:
    with serving(new_sqlite(), METRICS="127.0.0.1:0", WORKERS="2") as server:
        urls = await asyncio.to_thread(served_at, server, 2)
        ballots = 0
        async with asyncio.timeout(PATIENCE):
            while min(shares := [await requests(http, url) for url in urls]) == 0:  # one may be starting still
                async with aiohttp.ClientSession() as session:  # a connection of its own, which either worker may get
                    own = Client(session, server)
                    await own.cast(await own.sign_in())
                ballots += 1
        found = await samples(Client(http, server))
    assert found["pingxuan_operation_seconds_count", "Cast"] == ballots
    assert found["pingxuan_commit_ballots_sum", ""] == ballots
    assert found["pingxuan_requests_total", "200"] == sum(shares) == 2 * ballots


async def requests(http: aiohttp.ClientSession, url: str) -> float:
    """How many requests a worker has answered well, whose metrics are at this URL."""
    async with http.get(url) as response:
        families = text_string_to_metric_families(await response.text())
        return sum(sample.value for family in families for sample in family.samples if sample.name == ANSWERED)


async def test_workers_take_one_port_after_the_other(http: aiohttp.ClientSession, new_sqlite) -> None:
    first = free_port(in_a_row=2)
    with serving(new_sqlite(), METRICS=f"127.0.0.1:{first}", WORKERS="2") as server:
        expected = {f"http://127.0.0.1:{port}/metrics" for port in (first, first + 1)}
        assert set(await asyncio.to_thread(served_at, server, 2)) == expected
        second = next(line for line in server.log.splitlines() if f":{first + 1}/" in line)
        os.kill(json.loads(second)["process"], signal.SIGKILL)
        urls = await asyncio.to_thread(served_at, server, 3)
        assert urls[2] == f"http://127.0.0.1:{first + 1}/metrics", "whoever replaces a worker takes its port"
        async with http.get(urls[2]) as response:
            assert response.status == 200


async def test_what_fails_is_counted(http: aiohttp.ClientSession, new_sqlite) -> None:
    url = new_sqlite()
    with serving(url, METRICS="127.0.0.1:0", noisy=True) as server:
        api = Client(http, server)
        token = await api.sign_in()
        drop_table(url, "tallies")
        given = {"input": {"projectIds": project_ids(TEN)}}
        response = await api.post({"query": CAST, "variables": given}, Authorization=f"Bearer {token}")
        assert codes(response.json) == ["INTERNAL"]
        found = await samples(api)
    assert found["pingxuan_failures_total", "commit"] == 1
    assert found["pingxuan_errors_total", "INTERNAL"] == 1
    assert found["pingxuan_commit_seconds_count", ""] == 0


async def test_the_api_s_own_port_serves_no_metrics(api: Client) -> None:
    assert (await api.get("/metrics")).status == 404


async def test_the_page_for_operators_names_every_metric_and_no_other(api: Client) -> None:
    served = {
        family.name for family in text_string_to_metric_families(await text(api)) if family.name.startswith("pingxuan_")
    }
    table = {name.removesuffix("_total") for name in re.findall(r"^\| `(pingxuan_\w+)`", PAGE, re.MULTILINE)}
    assert table == served
