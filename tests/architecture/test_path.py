"""Does a ballot, and a question for the results, walk through the floors in the documented order and never back?"""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType, FunctionType
from typing import NamedTuple

import pytest

from api.bootstrap.app import application, open_services
from api.cli.database import load_file
from api.settings import read_settings
from api.settings.parsers import OPENING_MORNING
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate
from tests.campaigns import project_ids
from tests.commands import SEED

STOPS = {
    "api/http/endpoint.py": "http",
    "api/resolvers/cast_ballot.py": "resolvers",
    "api/resolvers/results.py": "resolvers",
    "api/schema/ballots.py": "schema",
    "api/schema/campaigns/campaign_types.py": "schema",
    "api/schema/campaigns/results_asked.py": "schema",
    "api/schema/campaigns/result_types.py": "schema",
    "api/services/casting.py": "services",
    "api/storage/ballots/ballot_box.py": "ballot box",
    "api/domain/voting/judging.py": "rules",
    "api/domain/results/ranking.py": "ranking",
    "api/domain/paging.py": "paging",
}
OUTSIDE = "event loop"  # what calls the first stop, and the task that commits batches
STEP = "step of a deferred value"  # it was left there by a stop that has returned
STEPS = "api/domain/deferred.py"
FLOORS = (
    (OUTSIDE, STEP),
    ("http",),
    ("resolvers",),
    ("schema",),
    ("services",),
    ("ballot box",),
    ("rules", "ranking", "paging"),
)
SIGN_IN = 'mutation { signIn(with: {guest: {name: "lin"}}) { token } }'
CAST = "mutation Cast($ids: [ID!]!) { castBallot(input: {projectIds: $ids}) { ballot { id } violations { code } } }"
RESULTS = "{ results { nodes { votes } } }"


@pytest.fixture
async def app(tmp_path: Path):
    settings = read_settings(
        {}, DATABASE_URL=f"sqlite://{tmp_path}/path.sqlite3", SECRET="a secret", GUESTS="on", CLOCK=OPENING_MORNING
    )
    async with open_database(settings.database_url) as database:
        await migrate(database)
        await load_file(database, SEED, settings.clock()())
    async with open_services(settings, settings.clock()) as services:
        yield application(services, settings).asgi


async def ask(app, query: str, variables=None, token: str = "") -> dict:
    """Call the application as a server would."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = [(b"content-type", b"application/json")]
    headers += [(b"authorization", f"Bearer {token}".encode())] if token else []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "headers": headers,
        "query_string": b"",
        "root_path": "",
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    answer = json.loads(b"".join(message.get("body", b"") for message in sent))
    assert "errors" not in answer, answer
    return answer["data"]


class Call(NamedTuple):
    """A call out of one stop into another, of which the first may have been made through files that are no stops."""

    caller: str
    callee: str

    @property
    def turns_back(self) -> bool:
        return floor(self.callee) < floor(self.caller)


def floor(stop: str) -> int:
    return next(number for number, stops in enumerate(FLOORS) if stop in stops)


class Walk:
    """All calls out of one stop into another, in order; repeats in a row are one.

    Whatever returns, or goes on after it has waited, makes no call: what it calls next has it for its caller again. So it is
    with the steps that it leaves with a deferred value: whoever has the value runs them, and does not call them.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._frames: set[FrameType] = set()

    def __enter__(self) -> "Walk":
        sys.setprofile(self._profile)
        return self

    def __exit__(self, *failure: object) -> None:
        sys.setprofile(None)

    def _profile(self, frame: FrameType, event: str, argument: object) -> None:
        callee = stop_of(frame)
        if event != "call" or callee is None or frame in self._frames:  # a known frame goes on after it has waited
            return
        self._frames.add(frame)
        call = Call(caller_of(frame), callee)
        if call.caller != call.callee and self.calls[-1:] != [call]:
            self.calls.append(call)


def stop_of(frame: FrameType) -> str | None:
    return next((name for file, name in STOPS.items() if frame.f_code.co_filename.endswith(file)), None)


def caller_of(frame: FrameType) -> str:
    """The nearest stop among those that wait for this frame."""
    back = frame.f_back
    while back is not None:
        if (stop := stop_of(back)) is not None:
            return stop
        if back.f_code.co_filename.endswith(STEPS):
            return STEP
        back = back.f_back
    return OUTSIDE


async def test_a_ballot_makes_seven_stops_and_never_turns_back(app) -> None:
    token = (await ask(app, SIGN_IN))["signIn"]["token"]
    with Walk() as walk:
        data = await ask(app, CAST, {"ids": project_ids(*range(1, 11))}, token)
    assert data["castBallot"]["violations"] == []
    assert walk.calls == [
        (OUTSIDE, "http"),
        ("http", "resolvers"),
        ("resolvers", "schema"),  # the input becomes a draft
        ("resolvers", "services"),
        ("services", "rules"),
        ("services", "ballot box"),
        (OUTSIDE, "ballot box"),  # the batch is committed
        (STEP, "services"),  # they have the ballot
        (STEP, "schema"),  # it is shown
        (STEP, "http"),  # and sent
    ]
    assert not any(call.turns_back for call in walk.calls)


async def test_results_are_ranked_in_memory_and_ask_no_ballot(app) -> None:
    with Walk() as walk:
        await ask(app, RESULTS)
    assert walk.calls == [
        (OUTSIDE, "http"),
        ("http", "resolvers"),
        ("resolvers", "schema"),
        ("schema", "ranking"),  # the order
        ("schema", "paging"),
        ("schema", "ranking"),
    ]
    assert not any(call.turns_back for call in walk.calls)


def enter(*others: Callable[[], None]) -> None:
    for other in others:
        other()


def function_in(file: str) -> Callable[..., None]:
    """A function that stands in this file, as far as can be seen, and calls what it is given."""
    return FunctionType(enter.__code__.replace(co_filename=f"/somewhere/{file}"), {})


def test_a_path_that_turns_back_is_seen() -> None:
    resolver, casting = function_in("api/resolvers/cast_ballot.py"), function_in("api/services/casting.py")
    rules, box = function_in("api/domain/voting/judging.py"), function_in("api/storage/ballots/ballot_box.py")
    with Walk() as walk:
        resolver(partial(casting, rules, rules, box), partial(casting, partial(rules, resolver)))
    there, back = walk.calls[:4], walk.calls[4:]
    assert there == [
        (OUTSIDE, "resolvers"),
        ("resolvers", "services"),
        ("services", "rules"),
        ("services", "ballot box"),
    ]
    assert back == [("resolvers", "services"), ("services", "rules"), ("rules", "resolvers")]
    assert [call for call in walk.calls if call.turns_back] == [("rules", "resolvers")]
