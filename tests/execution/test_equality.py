"""Do both engines give the same answer to every document over the real schema?"""

import asyncio
import json
from collections import Counter
from random import Random
from typing import Any

import pytest
from graphql import ExecutionResult, parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.people.identity import Role
from api.domain.texts import Language
from api.execution.documents import Documents, Prepared
from api.execution.engines import Compiled, Engine, Reference
from tests.execution.generating import Asking, Request
from tests.execution.worlds import context, published, token
from tests.properties import with_examples

DOCUMENTS = 600
SIZES = st.integers(1, 6) | st.integers(1, 25)  # fields; what differs usually needs few, and the time is the parser's
FEWEST_ANSWERED = 0.55  # of the documents; the others are answered with nothing but errors
MOST_LEFT = 0.4  # of the executions, to graphql-core
ORGANIZER = token(Role.ORGANIZER)
CALLERS = (None, token(), ORGANIZER, ORGANIZER, ORGANIZER, ORGANIZER, "not a token")

# Both engines cancel coroutines that have not begun, and Python warns of each wherever it is then collected.
pytestmark = pytest.mark.filterwarnings(
    "ignore:coroutine .* was never awaited", "ignore::pytest.PytestUnraisableExceptionWarning"
)


def told(result: ExecutionResult) -> dict[str, Any]:
    """Everything in a result that a caller, or whoever presents its errors, can see. The order of keys matters."""
    errors = [
        {**error.formatted, "cause": type(error.original_error).__name__, "said": str(error.original_error)}
        for error in result.errors or ()
    ]
    return {"data": json.dumps(result.data, ensure_ascii=False), "errors": errors}


async def answer(engine: Engine, prepared: Prepared, asked: Request, caller: str | None) -> dict[str, Any]:
    """What an engine answers, in a world of its own; what it raises, if it does."""
    try:
        result = engine.execute(prepared, context(caller, Language.EN), asked.variables, asked.operation_name)
        return told(result if isinstance(result, ExecutionResult) else await result)
    except Exception as error:
        return {"raised": repr(error)}


def valid(seed: int, size: int, cursors: list[str], documents: Documents) -> tuple[Request, Prepared]:
    """The first valid document that this seed leads to."""
    random = Random(seed)
    while True:
        asked = Asking(published(), random, size, cursors).request()
        prepared = documents.prepare(asked.text)
        if prepared.document is not None:
            return asked, prepared


def cursors_of(runner: asyncio.Runner, reference: Reference) -> list[str]:
    """Cursors that some lists really have."""
    text = "{ projects(first: 3) { edges { cursor } } results(first: 3) { edges { cursor } } }"
    result = runner.run(reference.execute(Prepared(parse(text)), context(None), None, None))
    return [edge["cursor"] for page in result.data.values() for edge in page["edges"]]


class Counted(Reference):
    """Counts what the compiled engine leaves to it."""

    executed = 0

    def execute(self, *asked: Any) -> Any:
        self.executed += 1
        return super().execute(*asked)


@with_examples(few=150, every=DOCUMENTS)
def test_both_engines_answer_alike(runner: asyncio.Runner, examples: int) -> None:
    schema, seen = published(), Counter[str]()
    documents, compiled, reference = Documents(schema), Compiled(schema), Reference(schema)
    compiled._reference = left = Counted(schema)
    cursors = cursors_of(runner, reference)

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**64 - 1), size=SIZES, caller=st.sampled_from(CALLERS))
    def alike(seed: int, size: int, caller: str | None) -> None:
        asked, prepared = valid(seed, size, cursors, documents)
        wanted = runner.run(answer(reference, prepared, asked, caller))
        for _ in range(2):  # with what the first time has made, and without it
            assert runner.run(answer(compiled, prepared, asked, caller)) == wanted, asked
        seen[kind(wanted)] += 1

    alike()
    assert sum(seen.values()) >= examples
    assert left.executed < MOST_LEFT * 2 * sum(seen.values())
    if examples == DOCUMENTS:  # among a few the share varies too much
        assert seen["data"] + seen["data and errors"] > FEWEST_ANSWERED * examples


def kind(answered: dict[str, Any]) -> str:
    if "raised" in answered:
        return "raised"
    if not answered["errors"]:
        return "data"
    return "errors" if answered["data"] == "null" else "data and errors"
