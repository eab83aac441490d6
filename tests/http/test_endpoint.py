"""Is a ballot answered without a task of its own, and what becomes of one whose answer comes too late?"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap.services import Services, open_services
from api.bootstrap.sign_in import session_tokens
from api.domain.deferred import Deferred
from api.domain.people.identity import Voter
from api.domain.texts import Language
from api.execution.documents import Documents
from api.execution.engines import Compiled
from api.graph import schema
from api.http.endpoint import GraphQLEndpoint
from api.http.executor import OperationExecutor
from api.http.request import Request
from api.http.responses import HttpResponse
from api.limits import Limits
from api.settings import read_settings
from api.storage.ballots import ballot_box
from tests.campaigns import project_ids
from tests.servers import MORNING

pytestmark = pytest.mark.any_engine
CAST = """mutation Cast($ids: [ID!]!) {
  castBallot(input: {projectIds: $ids}) { ballot { id } violations { code } viewer { allowance { remaining } } }
}"""


class World:
    """An endpoint on a database of its own, with one voter."""

    def __init__(self, services: Services, token: str, seconds: float) -> None:
        published = schema()._schema
        limits = replace(Limits(), seconds=seconds)  # type: ignore[arg-type]  # less than a second does as well
        executor = OperationExecutor(Documents(published, limits), Compiled(published), limits)
        self.services = services
        self.endpoint = GraphQLEndpoint(services.context, services.context_now, executor, limits)
        self._headers = [(b"authorization", f"Bearer {token}".encode()), (b"accept-language", b"en")]

    def respond(self, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        return self.endpoint.respond(Request("POST", "/graphql", self._headers, "192.0.2.1"), body)


@pytest.fixture
async def world(seeded_2017: Path, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    file = shutil.copy(seeded_2017, tmp_path / "vote.sqlite3")
    settings = read_settings({}, DATABASE_URL=f"sqlite://{file}", SECRET="a secret", CLOCK=MORNING)
    moment = settings.clock()()
    token = session_tokens(settings).issue(Voter("lin", signed_in_at=int(moment.timestamp())), "guest", moment).token
    async with open_services(settings, lambda: moment) as services:
        await services.snapshots.fresh(moment)
        yield World(services, token, getattr(request, "param", 30))


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """The event that the database waits for before it stores a batch."""
    commit, free = ballot_box.admit_all, asyncio.Event()

    async def waits(*batch: Any) -> Any:
        await free.wait()
        return await commit(*batch)

    monkeypatch.setattr(ballot_box, "admit_all", waits)
    return free


def told(response: HttpResponse) -> Any:
    return json.loads(response.body)


async def test_a_ballot_is_answered_by_steps_with_no_task_but_the_boxs(world: World) -> None:
    tasks, seen = asyncio.all_tasks(), list[HttpResponse]()
    responding = [world.respond(CAST, ids=project_ids(*range(1, 11))), world.respond("{ campaign { slug } }")]
    assert isinstance(responding[1], HttpResponse), "it is there at once"
    assert isinstance(responding[0], Deferred)
    responding[0].then(seen.append)
    assert len(asyncio.all_tasks() - tasks) == 1, "the ballot box's"
    await responding[0]
    assert told(seen[0])["data"]["castBallot"]["violations"] == []


async def test_what_has_to_be_read_is_answered_in_a_task(world: World) -> None:
    await world.respond(CAST, ids=project_ids(*range(1, 11)))
    refused = world.respond(CAST, ids=project_ids(*range(1, 11)))
    assert isinstance(refused, Deferred), "that it is a second one, the box alone can say"
    assert [one["code"] for one in told(await refused)["data"]["castBallot"]["violations"]] == ["QUOTA_EXHAUSTED"]
    too_few = world.respond(CAST, ids=project_ids(1))
    assert not isinstance(too_few, Deferred)
    codes = [one["code"] for one in told(await too_few)["data"]["castBallot"]["violations"]]
    assert codes == ["TOO_FEW_CHOICES", "QUOTA_EXHAUSTED"]
    once = "castBallot(input: {projectIds: $ids}) { violations { code } }"
    twice = world.respond(f"mutation($ids: [ID!]!) {{ a: {once} b: {once} }}", ids=project_ids(*range(1, 11)))
    assert not isinstance(twice, Deferred)
    exhausted = {"violations": [{"code": "QUOTA_EXHAUSTED"}]}
    assert told(await twice)["data"] == {"a": exhausted, "b": exhausted}


@pytest.mark.parametrize("world", [0.05], indirect=True)
async def test_a_ballot_that_is_late_is_told_so_and_is_stored_all_the_same(world: World, stuck: asyncio.Event) -> None:
    noted, casting = asyncio.Event(), world.services.casting
    world.services.suspicion_detector.note = lambda *ballot: noted.set()  # type: ignore[method-assign]
    response = await world.respond(CAST, ids=project_ids(*range(1, 11)))
    [error] = told(response)["errors"]
    assert (response.status, error["extensions"]["code"]) == (503, "TIMEOUT")
    assert not noted.is_set()
    stuck.set()
    await noted.wait()  # it is looked at as any other
    directory = (await world.services.context(Language.EN, None, "")).snapshot.directory
    assert len(await casting.ballots_of(directory.campaigns["shanghai-2017"], "lin")) == 1
