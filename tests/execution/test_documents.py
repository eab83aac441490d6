"""Is what is remembered of documents bounded, whoever sends them?"""

import pytest
from graphql import build_schema

from api.execution import documents
from api.execution.compiler.program import MAX_PLANS
from api.execution.documents import Documents
from api.execution.engines import Compiled

SCHEMA = build_schema("type Query { a: Int, b: Int, c: Int, d: Int }")


def test_a_document_is_prepared_once_and_compiled_once() -> None:
    remembered, engine = Documents(SCHEMA), Compiled(SCHEMA)
    prepared = remembered.prepare("{ a }")
    engine.execute(prepared, None, None, None)
    program = prepared.operations[None].program
    engine.execute(remembered.prepare("{ a }"), None, None, None)
    assert remembered.prepare("{ a }").operations[None].program is program


@pytest.mark.parametrize(
    ("name", "most"), [("MAX_CACHED_DOCUMENTS", 3), ("MAX_CACHED_CHARACTERS", 3 * len("{ a0: a }"))]
)
def test_the_document_asked_for_longest_ago_is_forgotten_first(
    monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(documents, name, most)
    remembered = Documents(SCHEMA)
    first, second = remembered.prepare("{ a0: a }"), remembered.prepare("{ a1: a }")
    assert remembered.prepare("{ a0: a }") is first
    for number in (2, 3):
        remembered.prepare(f"{{ a{number}: a }}")
    assert remembered.prepare("{ a0: a }") is first
    assert remembered.prepare("{ a1: a }") is not second


def test_invalid_and_very_long_documents_are_not_remembered() -> None:
    remembered = Documents(SCHEMA)
    for text in ("{ z }", "{", "{ a }" + " " * documents.MAX_CACHED_LENGTH):
        assert remembered.prepare(text) is not remembered.prepare(text)


def test_made_up_operation_names_and_conditions_add_nothing() -> None:
    prepared, engine = Documents(SCHEMA).prepare(conditional(5)), Compiled(SCHEMA)
    for number in range(32):
        engine.execute(prepared, None, {f"v{bit}": bool(number >> bit & 1) for bit in range(5)}, None)
        engine.execute(prepared, None, None, f"Name{number}")
    assert set(prepared.operations) == {None}
    assert len(prepared.operations[None].program._plans) == MAX_PLANS


def conditional(variables: int) -> str:
    """A document whose selection depends on so many variables."""
    head = ", ".join(f"$v{n}: Boolean!" for n in range(variables))
    return f"query({head}) {{ " + " ".join(f"a{n}: a @include(if: $v{n})" for n in range(variables)) + " }"
