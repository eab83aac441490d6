"""Do ballots of a polling place, uploaded at one server and approved at another, count once, whatever happens to a server?"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import aiohttp
import pytest

from api.domain.results.tallies import NOTHING
from api.storage.database.connection import Database, open_database
from api.storage.tallies import SqlTallies
from tests.servers import SLUG, Client, Json, Server, assert_audit_agrees, pingxuan, serving_together
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.any_engine

EVENING = "2017-03-24T20:00:00+08:00"
START = """mutation Start($input: ImportInput!) {
  startImport(input: $input) { job { id uploadUrl day } problems { code path } } }"""
APPROVE = "mutation Approve($job: ID!) { approveImport(job: $job) { job { id state } problems { code path } } }"
CANCEL = "mutation Cancel($job: ID!) { cancelJob(job: $job) { job { id } problems { code } } }"
JOB = """query Job($id: ID!) { job(id: $id) {
  state done total approvable cancellable problemCount
  problems { code message(language: EN) ... on FileProblem { line column violations } }
  result { accepted refused { code count } totals { code counted } } } }"""
RESULTS = f"""{{ campaign(slug: "{SLUG}") {{ turnout {{ ballots byChannel {{ channel ballots }} }} }} }}"""
TRAIL = f"""{{ trail(campaign: "{SLUG}", kinds: [BALLOTS_UPLOADED, BALLOTS_APPROVED, BALLOTS_COUNTED]) {{
  nodes {{ kind actor details {{ name value }} }} }} }}"""
WAITS = {"WAITING_FOR_FILE", "RUNNING"}


@dataclass
class Staff:
    """Two organizers at two servers on one database."""

    here: Client
    there: Client
    lin: str
    wang: str

    async def upload(self, sheet: str, **more: object) -> str:
        """The id of a job whose file has arrived at the first server."""
        given = {"content": "BALLOTS", "format": "CSV", "campaign": SLUG, "fileName": "票.csv", "place": "徐汇区图书馆"}
        payload = (await self.here.data(START, {"input": given | more}, self.lin))["startImport"]
        assert payload["problems"] == []
        url = self.here.server.origin + payload["job"]["uploadUrl"]
        headers = {"Authorization": f"Bearer {self.lin}"}
        async with self.here.session.put(url, data=sheet.encode(), headers=headers) as response:
            assert response.status == 202, await response.text()
        job: str = payload["job"]["id"]
        return job

    async def approve(self, job: str, token: str) -> list[str]:
        payload: Json = (await self.there.data(APPROVE, {"job": job}, token))["approveImport"]
        return [problem["code"] for problem in payload["problems"]]

    async def job(self, job: str, token: str | None = None) -> Json:
        found: Json = (await self.there.data(JOB, {"id": job}, token or self.lin))["job"]
        return found

    async def waited(self, job: str) -> Json:
        """The job once it waits for an approval, or is over."""
        return await eventually(lambda: self.job(job), lambda found: found["state"] not in WAITS)

    async def counted(self) -> Json:
        return (await self.there.data(RESULTS))["campaign"]["turnout"]


async def eventually(read: Callable[[], Awaitable[Json]], is_so: Callable[[Json], bool]) -> Json:
    """What is read once it is so."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if is_so(found := await read()):
                return found
            await asyncio.sleep(0.02)


def sheet(numbers: Iterable[int], most: int = 12) -> str:
    """Ballots for the first candidates, the later ones for other ones."""
    rows = (f"{n:05d}," + "、".join(str((n + k) % 50 + 1) for k in range(most)) for n in numbers)
    return "\n".join(["选票编号,所选项目", *rows])


async def organizer(api: Client, name: str) -> str:
    token = await api.sign_in(name)
    viewer = (await api.data("{ viewer { id } }", token=token))["viewer"]["id"]
    words = ("grant", "ORGANIZER", viewer, "--campaign", SLUG)
    done = await asyncio.to_thread(pingxuan, api.server.database_url, *words, clock=EVENING)
    assert done.returncode == 0, done.stderr
    await eventually(  # a grant is known everywhere within a second
        lambda: api.data("{ viewer { grants { role } } }", token=token), lambda seen: bool(seen["viewer"]["grants"])
    )
    return token


@asynccontextmanager
async def at_two_servers(url: str, http: aiohttp.ClientSession) -> AsyncIterator[tuple[Staff, list[Server]]]:
    with serving_together(url, 2, clocks=(EVENING,)) as servers:
        here, there = (Client(http, server) for server in servers)
        lin, wang = await organizer(here, "lin"), await organizer(there, "wang")
        yield Staff(here, there, lin, wang), servers


async def test_two_organizers_bring_a_box_into_the_count(seeded_url: str, http: aiohttp.ClientSession) -> None:
    async with at_two_servers(seeded_url, http) as (staff, _):
        job = await staff.upload(sheet(range(1, 41)))
        checked = await staff.waited(job)
        assert (checked["state"], checked["result"]["accepted"]) == ("WAITING_FOR_APPROVAL", 40)
        assert (checked["approvable"], (await staff.job(job, staff.wang))["approvable"]) == (False, True)
        assert await staff.approve(job, staff.lin) == ["SECOND_ORGANIZER"]
        stranger = await staff.there.sign_in()
        refused = await staff.there.ask(APPROVE, {"job": job}, stranger)
        assert refused["errors"][0]["extensions"]["code"] in {"NOT_FOUND", "FORBIDDEN"}
        assert await staff.approve(job, staff.wang) == []
        counted = await staff.waited(job)
        assert (counted["state"], counted["result"]) == ("DONE", checked["result"])
        assert await staff.approve(job, staff.wang) == ["WRONG_STATE"]
        turnout = await eventually(staff.counted, lambda seen: seen["ballots"] == 40)  # at most a second old
        assert {"channel": "PAPER", "ballots": 40} in turnout["byChannel"]
        events = (await staff.here.data(TRAIL, token=staff.lin))["trail"]["nodes"]
        assert [event["kind"] for event in events] == ["BALLOTS_COUNTED", "BALLOTS_APPROVED", "BALLOTS_UPLOADED"]
        told = [{each["name"]: each["value"] for each in event["details"]} for event in events]
        assert {each["place"] for each in told} == {"徐汇区图书馆"}
        assert (told[0]["day"], told[0]["channel"], told[0]["accepted"]) == ("2017-03-24", "PAPER", "40")
        assert events[1]["actor"] != events[2]["actor"]
        again = await staff.waited(await staff.upload(sheet(reversed(range(1, 41))), place="another"))
        assert [problem["code"] for problem in again["problems"]] == ["BATCH_KNOWN"]
        wrong = await staff.waited(await staff.upload(sheet(range(40, 43), 9)))
        assert [(each["line"], each["violations"]) for each in wrong["problems"]] == [
            (2, ["QUOTA_EXHAUSTED", "TOO_FEW_CHOICES"]),
            (3, ["TOO_FEW_CHOICES"]),
            (4, ["TOO_FEW_CHOICES"]),
        ]
    assert_audit_agrees(seeded_url, 40)


async def test_of_two_approvals_at_two_servers_one_counts(seeded_url: str, http: aiohttp.ClientSession) -> None:
    async with at_two_servers(seeded_url, http) as (staff, _):
        job = await staff.upload(sheet(range(1, 11)))
        await staff.waited(job)
        variables = {"job": job}
        found = await asyncio.gather(
            *(client.data(APPROVE, variables, staff.wang) for client in (staff.here, staff.there) for _ in range(3))
        )
        assert sorted(len(each["approveImport"]["problems"]) for each in found) == [0, 1, 1, 1, 1, 1]
        assert (await staff.waited(job))["state"] == "DONE"
        cancelled = (await staff.there.data(CANCEL, variables, staff.lin))["cancelJob"]
        assert [problem["code"] for problem in cancelled["problems"]] == ["WRONG_STATE"]
    assert_audit_agrees(seeded_url, 10)


async def are_stored(database: Database, ballots: int) -> bool:
    counts = (await SqlTallies(database).counts()).get(SLUG, NOTHING)
    return sum(counts.ballots.values()) >= ballots


@pytest.mark.check
async def test_killed_in_the_middle_counting_is_taken_up_elsewhere(
    seeded_url: str, http: aiohttp.ClientSession
) -> None:
    async with at_two_servers(seeded_url, http) as (staff, servers):
        job = await staff.upload(sheet(range(1, 12_001)))
        assert (await staff.waited(job))["result"]["accepted"] == 12_000
        payload = (await staff.here.data(APPROVE, {"job": job}, staff.wang))["approveImport"]
        assert payload["problems"] == []
        async with open_database(seeded_url) as database:
            await until(partial(are_stored, database, 1))
            servers[0].kill()
            assert not await are_stored(database, 12_000), "it was in the middle of that"
        over = await staff.waited(job)
        assert (over["state"], over["result"]["accepted"], over["problemCount"]) == ("DONE", 12_000, 0)
    assert_audit_agrees(seeded_url, 12_000)
