"""Does a ballot, and a question for the results, walk through the floors in the documented order and never back?"""

import json
import sys
from pathlib import Path
from types import FrameType

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
    "api/resolvers/ballots.py": "resolvers",
    "api/resolvers/results.py": "resolvers",
    "api/services/casting.py": "services",
    "api/domain/voting/rules.py": "rules",
    "api/domain/results/ranking.py": "ranking",
    "api/domain/paging.py": "paging",
    "api/storage/ballots/ballot_box.py": "ballot box",
    "api/schema/ballots.py": "schema",
    "api/schema/campaigns.py": "schema",
}
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
        yield application(services, settings)


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


class Walk:
    """Which stops were called for the first time, in order."""

    def __init__(self) -> None:
        self.stops: list[str] = []

    def __enter__(self) -> "Walk":
        sys.setprofile(self._called)
        return self

    def __exit__(self, *failure: object) -> None:
        sys.setprofile(None)

    def _called(self, frame: FrameType, event: str, argument: object) -> None:
        stop = next((name for file, name in STOPS.items() if frame.f_code.co_filename.endswith(file)), None)
        if event == "call" and stop is not None and stop not in self.stops:
            self.stops.append(stop)


async def test_a_ballot_makes_seven_stops_and_never_turns_back(app) -> None:
    token = (await ask(app, SIGN_IN))["signIn"]["token"]
    with Walk() as walk:
        data = await ask(app, CAST, {"ids": project_ids(*range(1, 11))}, token)
    assert data["castBallot"]["violations"] == []
    # The schema is met twice: on the way in, where the input becomes a draft, and on the way out.
    assert [stop for stop in walk.stops if stop != "schema"] == ["http", "resolvers", "services", "rules", "ballot box"]


async def test_results_are_ranked_in_memory_and_ask_no_ballot(app) -> None:
    with Walk() as walk:
        await ask(app, RESULTS)
    order = [stop for stop in walk.stops if stop != "schema"]
    assert order == ["http", "resolvers", "ranking", "paging"]
    assert "ballot box" not in walk.stops
