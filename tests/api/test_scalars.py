"""Are Date and DateTime taken exactly as their specification writes them, and is a wrong one told with its place?"""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLScalarType, is_specified_scalar_type

from api.domain.people.identity import Role
from api.domain.texts import Language
from api.execution.documents import Documents
from api.execution.engines import Compiled, Engine, Reference
from api.graph import sdl
from api.http.responses import result_body
from tests.domain.test_rfc3339 import RIGHT, WRONG, WRONG_DATES
from tests.execution.worlds import context, published, token

SCHEMA = published()
ENGINES: list[Engine] = [Compiled(SCHEMA), Reference(SCHEMA)]
DOCUMENTS = Documents(SCHEMA)
ORGANIZER = token(Role.ORGANIZER)
SINCE, DAY = "trail(since: %s) { totalCount }", "results(day: %s) { totalCount }"


async def answers(query: str, **variables: Any) -> dict[str, Any]:
    """The answer, which both engines give."""
    bodies = []
    for engine in ENGINES:
        prepared = DOCUMENTS.prepare(query)
        result = engine.execute(prepared, context(ORGANIZER), variables, None)
        bodies.append(result_body(result if isinstance(result, ExecutionResult) else await result, Language.EN))
    assert bodies[0] == bodies[1]
    return bodies[0]


def literals(texts: list[str]) -> Iterator[str]:
    yield from (f'"{text}"'.replace("\n", "\\n") for text in texts)


@pytest.mark.parametrize("text", RIGHT)
async def test_a_time_may_be_written_as_rfc_3339_has_it(text: str) -> None:
    assert "errors" not in await answers(f"{{ {SINCE} }}" % f'"{text}"')
    assert "errors" not in await answers(f"query($at: DateTime) {{ {SINCE} }}" % "$at", at=text)


@pytest.mark.parametrize("literal", [*literals(WRONG), "5", "true", "NOW", "[]", "{at: 1}"])
async def test_any_other_time_is_refused_at_its_place(literal: str) -> None:
    refused = await answers(f"{{ campaign {{ slug }} {SINCE} }}" % literal)
    assert_refused(refused, "DateTime", column=34)


@pytest.mark.parametrize("literal", [*literals(WRONG_DATES), "20170322", "[]"])
async def test_any_other_date_is_refused_at_its_place(literal: str) -> None:
    assert_refused(await answers(f"{{ {DAY} }}" % literal), "Date", column=16)


def assert_refused(answer: dict[str, Any], name: str, column: int) -> None:
    assert "data" not in answer
    [error] = answer["errors"]
    assert error["locations"] == [{"line": 1, "column": column}]
    assert error["message"].startswith(f"{name} must be")
    assert error["extensions"] == {"code": "BAD_INPUT"}


@pytest.mark.parametrize("value", [*WRONG, 5, True, [], {}, 1490144400])
async def test_a_variable_with_any_other_time_is_refused_by_its_name(value: Any) -> None:
    answer = await answers(f"query($at: DateTime) {{ {SINCE} }}" % "$at", at=value)
    [error] = answer["errors"]
    assert error["message"].startswith("Variable '$at' has invalid value: DateTime must be")
    assert error["locations"] == [{"line": 1, "column": 7}]


async def test_the_default_of_a_variable_is_refused_at_its_place() -> None:
    assert_refused(await answers(f'query($day: Date = "2017-W12-3") {{ {DAY} }}' % "$day"), "Date", column=20)


def test_every_scalar_of_ours_says_where_it_is_specified() -> None:
    ours = [
        kind
        for kind in SCHEMA.type_map.values()
        if isinstance(kind, GraphQLScalarType) and not is_specified_scalar_type(kind)
    ]
    assert {kind.name for kind in ours} == {"Date", "DateTime", "Decimal", "JSON", "SafeInt"}
    for kind in ours:
        assert (kind.specified_by_url or "").startswith("https://")
        assert f'scalar {kind.name} @specifiedBy(url: "{kind.specified_by_url}")' in sdl()


async def test_introspection_says_so_too() -> None:
    answer = await answers('{ __type(name: "Date") { specifiedByURL } }')
    assert answer == {"data": {"__type": {"specifiedByURL": "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"}}}
