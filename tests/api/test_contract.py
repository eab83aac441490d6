"""Does the schema still offer everything that clients were promised?"""

from pathlib import Path
from typing import cast

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    find_dangerous_changes,
    print_ast,
)

from api.graph import sdl
from tests.deprecations import made_nullable

PAGE = (Path(__file__).parents[2] / "docs" / "deprecations.md").read_text("utf-8")
PROMISED = build_schema(Path(__file__).with_name("contract.graphql").read_text("utf-8"))
CLOSED_ENUMS = ("Language", "OrderDirection", "QuotaPeriod", "Standing", "Grouping", "ErrorPolicy", "Replacement")


@pytest.fixture(scope="module")
def offered() -> GraphQLSchema:
    return build_schema(sdl())


def inputs(built: GraphQLSchema) -> dict[str, GraphQLInputObjectType]:
    return {name: kind for name, kind in built.type_map.items() if isinstance(kind, GraphQLInputObjectType)}


def defaults(built: GraphQLSchema) -> dict[str, str | None]:
    """Every input field as Type.field, with what it is when left out."""
    fields = {
        f"{name}.{field}": made.ast_node for name, kind in inputs(built).items() for field, made in kind.fields.items()
    }
    return {name: node and node.default_value and print_ast(node.default_value) for name, node in fields.items()}


def test_nothing_that_was_promised_is_missing_or_changed(offered: GraphQLSchema) -> None:
    changes = [change.description for change in find_breaking_changes(PROMISED, offered)]
    assert [change for change in changes if not made_nullable(PAGE, change)] == []


def test_arguments_left_out_mean_what_was_promised(offered: GraphQLSchema) -> None:
    changes = find_dangerous_changes(PROMISED, offered)
    assert [change.description for change in changes if change.type.name == "ARG_DEFAULT_VALUE_CHANGE"] == []


def test_input_fields_left_out_mean_what_was_promised(offered: GraphQLSchema) -> None:
    assert defaults(PROMISED).items() <= defaults(offered).items()


def test_a_credential_is_exactly_one_of_its_fields(offered: GraphQLSchema) -> None:
    assert inputs(offered)["Credential"].is_one_of


@pytest.mark.parametrize("name", CLOSED_ENUMS)
def test_a_closed_set_has_exactly_its_values(offered: GraphQLSchema, name: str) -> None:
    promised, built = (cast("GraphQLEnumType", s.type_map[name]) for s in (PROMISED, offered))
    assert list(built.values) == list(promised.values)
