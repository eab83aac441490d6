"""Is the schema its own manual: every part described, in sentences, and published as it is?"""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    Undefined,
    is_introspection_type,
    is_specified_scalar_type,
)

from api.graph import schema
from tests.servers import ROOT, pingxuan

FIELDED = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)
OURS = {
    name: kind
    for name, kind in schema()._schema.type_map.items()
    if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
}


def described() -> Iterator[tuple[str, str | None]]:
    """Everything that can carry a description, by its place, such as `Query.node.id`."""
    for name, kind in OURS.items():
        yield name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", made.description) for value, made in kind.values.items())
        if isinstance(kind, FIELDED):
            for field_name, field in kind.fields.items():
                yield f"{name}.{field_name}", field.description
                arguments = getattr(field, "args", {}).items()
                yield from ((f"{name}.{field_name}({at}:)", argument.description) for at, argument in arguments)


DESCRIBED = dict(described())


def optional_inputs() -> Iterator[tuple[str, object]]:
    """Every argument and input field with its default, Undefined where it has none."""
    for name, kind in OURS.items():
        if isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{field}", made.default_value) for field, made in kind.fields.items())
        elif isinstance(kind, FIELDED):
            for field_name, field in kind.fields.items():
                yield from ((f"{name}.{field_name}({at}:)", made.default_value) for at, made in field.args.items())


def test_the_whole_schema_is_looked_at() -> None:
    assert {
        "Query.node",
        "Query.node(id:)",
        "Outcome.WINNER",
        "CastBallotInput.campaign",
        "SafeInt",
    } <= DESCRIBED.keys()


@pytest.mark.parametrize("name", OURS)
def test_every_part_is_described_in_sentences(name: str) -> None:
    ours = {place: text or "" for place, text in DESCRIBED.items() if re.split(r"\W", place)[0] == name}
    assert name in ours
    assert [place for place, text in ours.items() if len(text.split()) < 2] == []
    assert [text for text in ours.values() if not re.search(r"[.!?。]$", text)] == []


def test_nothing_is_null_by_default() -> None:
    assert [place for place, default in optional_inputs() if default is None] == []
    assert Undefined in dict(optional_inputs()).values()
    assert re.findall(r"^.*= null\b.*$", (ROOT / "schema.graphql").read_text("utf-8"), re.MULTILINE) == []


def test_the_file_is_what_the_command_prints() -> None:
    printed = pingxuan("sqlite://unused.sqlite3", "schema")
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout == (ROOT / "schema.graphql").read_text("utf-8")


def test_no_enum_goes_by_two_names() -> None:
    values = Counter(tuple(kind.values) for kind in OURS.values() if isinstance(kind, GraphQLEnumType))
    assert [names for names, times in values.items() if times > 1] == []


def test_no_input_goes_by_two_names() -> None:
    shapes = Counter(
        tuple((name, str(field.type)) for name, field in kind.fields.items())
        for kind in OURS.values()
        if isinstance(kind, GraphQLInputObjectType)
    )
    assert [shape for shape, times in shapes.items() if times > 1] == []


def test_no_two_names_differ_by_case_alone() -> None:
    assert len({name.lower() for name in OURS}) == len(OURS)


def test_no_type_is_named_after_how_it_is_made() -> None:
    """A generic type that nobody named would be published as, for example, CampaignNodeTConnection."""
    assert [name for name in OURS if not re.fullmatch(r"[A-Z][A-Za-z]+", name) or "NodeT" in name] == []
