"""Does anything that a generator makes of the published schema bring the server down, or an answer off the schema?

Schemathesis reads the schema from the running server, as anybody may, and makes documents for each of its root fields. They
are sent by an organizer, to whom every field is open.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

import pytest
import schemathesis
from graphql import build_schema, parse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.graphql import nodes

from tests.api.test_roles import A_SECOND
from tests.conformity import departures
from tests.servers import MORNING, ROOT, SIGN_IN, Server, assert_audit_agrees, pingxuan, serving

CASES = 40  # of each root field; there are 60 or more, so that is more than 2,000
FEWEST = 2_000
LAST_DAY = "2017-03-31"
ENDS = ("0001-01-01T00:00:00", "9999-12-31T23:59:59")
EDGES = [f"{end}{offset}" for end in ENDS for offset in ("Z", "+14:00", "-14:00")]

pytestmark = pytest.mark.check


@pytest.fixture(scope="module", autouse=True)
def scalars() -> None:
    """What the generator is to write for scalars of ours: mostly what means something, and sometimes not."""
    days = st.dates().map(str) | st.sampled_from(["2017-03-22", LAST_DAY, "2017-02-30"])
    schemathesis.graphql.scalar("Date", days.map(nodes.String))
    instants = st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat) | st.sampled_from([MORNING, *EDGES])
    schemathesis.graphql.scalar("DateTime", instants.map(nodes.String))
    schemathesis.graphql.scalar(
        "Decimal", st.decimals(allow_nan=False, allow_infinity=False).map("{:f}".format).map(nodes.String)
    )
    schemathesis.graphql.scalar("SafeInt", st.integers(-(2**60), 2**60).map(nodes.Int))


class Fuzzed:
    """A server under fire, by one connection, and what came back."""

    def __init__(self, server: Server) -> None:
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=180)
        self.statuses: Counter[int] = Counter()
        self.begun = 0
        self.schema = build_schema((ROOT / "schema.graphql").read_text("utf-8"))
        self.published = schemathesis.graphql.from_url(server.url)
        session = self.ask(SIGN_IN, {"name": "fuzz"})
        self._token = session["data"]["signIn"]["token"]
        viewer = self.ask("{ viewer { id } }")["data"]["viewer"]["id"]
        self.close()  # it would be idle for too long; the next request opens it again
        done = pingxuan(server.database_url, "grant", "ORGANIZER", viewer)
        assert done.returncode == 0, done.stderr
        time.sleep(A_SECOND)
        assert "errors" not in self.ask("{ trail { totalCount } }"), "it does what every role may"

    _token = ""

    def ask(self, query: str, variables: Any = None) -> Any:
        body = json.dumps({"query": query, "variables": variables})
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        headers = headers if self._token else {"Content-Type": "application/json"}
        self._connection.request("POST", "/graphql", body.encode("utf-8", "surrogatepass"), headers)
        response = self._connection.getresponse()
        self.statuses[response.status] += 1
        return json.loads(response.read())

    def close(self) -> None:
        self._connection.close()

    def check(self, query: str) -> None:
        """Ask, and hold the answer against the schema."""
        answer = self.ask(query)
        assert answer.keys() <= {"data", "errors", "extensions"}
        for error in answer.get("errors", ()):
            assert error["message"]
            assert error["extensions"]["code"] != "INTERNAL", (query, error)
        if "data" in answer:
            self.begun += 1
            assert departures(self.schema, parse(query), answer) == [], query
        else:
            assert answer["errors"]


@pytest.fixture(scope="module")
def fuzzed(new_sqlite: Callable[[], str]) -> Iterator[Fuzzed]:
    with serving(new_sqlite()) as server:
        fuzzed = Fuzzed(server)
        try:
            yield fuzzed
        finally:
            fuzzed.close()
    assert_audit_agrees(server.database_url)


def test_generated_documents_bring_no_failure_and_nothing_off_the_schema(fuzzed: Fuzzed) -> None:
    for found in fuzzed.published.get_all_operations():
        fire(fuzzed, found.ok())
    asked = fuzzed.statuses.total()
    assert asked >= FEWEST, fuzzed.statuses
    assert max(fuzzed.statuses) < 500, fuzzed.statuses
    assert fuzzed.begun > asked / 3, "a generator whose documents are all refused shows little"


def fire(fuzzed: Fuzzed, operation: Any) -> None:
    @settings(
        max_examples=CASES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def at(case: Any) -> None:
        fuzzed.check(case.body)

    at()
