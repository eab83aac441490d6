"""Is what an operation costs known before it is executed, and do its pages, lists and arguments count as what they cause?"""

from typing import Any

import pytest
from graphql import GraphQLSchema, is_list_type
from graphql.type import GraphQLInterfaceType, GraphQLObjectType, get_nullable_type

from api.domain.errors import ApiError, ErrorCode
from api.execution.documents import Documents
from api.execution.limits.cost import PAGE_COST
from api.graph import CHOICES, LIST_SIZES, TEXT_COSTS
from api.limits import Limits
from tests.execution.worlds import published as schema

LIMITS = Limits()


@pytest.fixture(scope="module")
def published() -> GraphQLSchema:
    return schema()


FILTERED = "query($f: ProjectFilter) { projects(filter: $f) { totalCount } }"
PRICES: list[tuple[str, dict[str, Any], int]] = [
    ("{ __typename }", {}, 1),
    ("{ campaign { title slug } }", {}, 3),
    ("{ projects { totalCount nodes { id } } }", {}, 1 + PAGE_COST + 1 + 1 + 20),
    ("{ projects(first: 7) { edges { node { id } } } }", {}, 1 + PAGE_COST + 1 + 7 * 2),
    ("{ projects(first: 7, last: 3) { nodes { id } } }", {}, 1 + PAGE_COST + 1 + 3),
    ("{ projects(first: null) { nodes { id } } }", {}, 1 + PAGE_COST + 1 + 100),
    ("query($n: Int) { projects(first: $n) { nodes { id } } }", {}, 1 + PAGE_COST + 1 + 20),
    ("query($n: Int) { projects(first: $n) { nodes { id } } }", {"n": None}, 1 + PAGE_COST + 1 + 100),
    ("query($n: Int) { projects(first: $n) { nodes { id } } }", {"n": 9}, 1 + PAGE_COST + 1 + 9),
    ("query($n: Int = 4) { projects(first: $n) { nodes { id } } }", {}, 1 + PAGE_COST + 1 + 4),
    ("query($n: Int) { projects(first: $n) { nodes { id } } }", {"n": -9}, 1 + PAGE_COST + 1),
    ("query($n: Int) { projects(first: $n) { nodes { id } } }", {"n": "x"}, 1 + PAGE_COST + 1 + 100),
    ("query($n: Int) { projects(first: $n) { nodes { id } } }", {"n": 10**15}, 1 + PAGE_COST + 1 + 100),
    ("{ projects(first: 2147483647) { nodes { id } } }", {}, 1 + PAGE_COST + 1 + 100),
    ("{ nodes(ids: [1, 2, 3]) { id } }", {}, 1 + 3 + 3),
    ("query($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a", "b"]}, 1 + 2 + 2),
    ("query($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": "a"}, 1 + 1 + 1),
    ("{ districts { name } }", {}, 1 + 20),
    (
        "{ ...F } fragment F on Query { projects(first: 2) { ...G } } fragment G on ProjectConnection { nodes { id } }",
        {},
        1 + PAGE_COST + 1 + 2,
    ),
    ("{ __schema { types { name } } }", {}, 500),
    (
        "{ projects(filter: {numbers: [1, 2], not: {numbers: 3, themes: []}}) { totalCount } }",
        {},
        1 + PAGE_COST + 3 + 1,
    ),
    ("query($n: [Int!]) { projects(filter: {numbers: $n}) { totalCount } }", {"n": [1, 2, 3]}, 1 + PAGE_COST + 3 + 1),
    ("query($n: [Int!] = [7, 8]) { projects(filter: {numbers: $n}) { totalCount } }", {}, 1 + PAGE_COST + 2 + 1),
    ("query($n: [Int!] = [7, 8]) { projects(filter: {numbers: $n}) { totalCount } }", {"n": None}, 1 + PAGE_COST + 1),
    (
        FILTERED,
        {"f": {"numbers": [1, 2], "not": {"districts": ["x"], "not": {"levels": "CITY"}}}},
        1 + PAGE_COST + 4 + 1,
    ),
    (FILTERED, {"f": {"numbers": {"not": "a list"}, "not": [1, 2]}}, 1 + PAGE_COST + 1 + 1),
    (FILTERED, {"f": 7}, 1 + PAGE_COST + 1),
    (
        "mutation($b: CastBallotInput!) { castBallot(input: $b) { ballot { id } } }",
        {"b": {"projectIds": ["a"] * 12}},
        15,
    ),
]


@pytest.mark.parametrize(("query", "variables", "cost"), PRICES)
def test_the_cost_is_known_before_execution(
    published: GraphQLSchema, query: str, variables: dict[str, Any], cost: int
) -> None:
    documents = Documents(published, LIMITS, LIST_SIZES)
    assert documents.cost(documents.prepare(query), variables, None) == cost


def test_the_length_of_every_list_of_objects_is_declared(published: GraphQLSchema) -> None:
    lists = {
        f"{kind.name}.{name}"
        for kind in published.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if is_list_type(get_nullable_type(field.type))
        if not (kind.name.endswith("Connection") and name in {"edges", "nodes"})  # a page is as long as was asked for
        if "first" not in field.args  # that says how long it is
        if hasattr(get_nullable_type(get_nullable_type(field.type).of_type), "fields")
        or hasattr(get_nullable_type(get_nullable_type(field.type).of_type), "types")
    }
    assert lists == set(LIST_SIZES)


def test_long_texts_cost_so_much_that_few_are_asked_for_at_once(published: GraphQLSchema) -> None:
    documents = Documents(published, LIMITS, {**LIST_SIZES, **TEXT_COSTS})
    texts = documents.prepare("{ campaign { report stages { selection { digest trace record } } } }")
    assert documents.cost(texts, None, None) == 1 + 1_001 + 1 + 5 * (1 + 1 + 1_001 + 1_001)
    pages = documents.prepare("{ campaigns(first: 100) { nodes { report } } }")
    with pytest.raises(ApiError):
        documents.cost(pages, None, None)


def test_made_up_operation_names_add_no_prices(published: GraphQLSchema) -> None:
    documents = Documents(published)
    prepared = documents.prepare("query A { __typename }")
    for number in range(50):
        assert documents.cost(prepared, None, f"Name{number}") == 0
    assert prepared.operations == {}


TOO_LONG = [1] * 201
LONG_LISTS: list[tuple[str, dict[str, Any]]] = [
    ("{ projects(filter: {numbers: [" + "1 " * 201 + "]}) { totalCount } }", {}),
    ("query($n: [Int!] = [" + "1 " * 201 + "]) { projects(filter: {numbers: $n}) { totalCount } }", {}),
    ("query($n: [Int!]) { projects(filter: {numbers: $n}) { totalCount } }", {"n": TOO_LONG}),
    ("query($n: [Int!]) { projects(filter: {not: {not: {numbers: $n}}}) { totalCount } }", {"n": TOO_LONG}),
    (FILTERED, {"f": {"not": {"themes": TOO_LONG}}}),
    ("query($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": TOO_LONG}),
    ("mutation($b: CastBallotInput!) { castBallot(input: $b) { ballot { id } } }", {"b": {"projectIds": TOO_LONG}}),
]


@pytest.mark.parametrize(("query", "variables"), LONG_LISTS)
def test_a_list_in_the_arguments_has_a_most_wherever_it_stands(
    published: GraphQLSchema, query: str, variables: dict[str, Any]
) -> None:
    documents = Documents(published, LIMITS, LIST_SIZES)
    with pytest.raises(ApiError) as caught:
        documents.cost(documents.prepare(query), variables, None)
    assert (caught.value.code, caught.value.details) == (
        ErrorCode.QUERY_TOO_LARGE,
        {"limit": "items", "most": 200, "actual": 201},
    )
    roomier = Documents(published, Limits(items=201), LIST_SIZES)
    assert roomier.cost(roomier.prepare(query), variables, None) > 201


CASTING = "mutation($b: CastBallotInput!) { castBallot(input: $b) { ballot { id } } }"
CHOSEN: list[tuple[str, dict[str, Any]]] = [
    ("{ checkBallot(input: {projectIds: [" + '"x" ' * 300 + "]}) { code } }", {}),
    (CASTING, {"b": {"projectIds": ["x"] * 300}}),
    ("query($i: [ID!]!) { checkBallot(input: {projectIds: $i}) { code } }", {"i": ["x"] * 300}),
    ("query($i: [ID!] = [" + '"x" ' * 300 + "]) { checkBallot(input: {projectIds: $i}) { code } }", {}),
    ("query($b: CastBallotInput = {projectIds: [" + '"x" ' * 300 + "]}) { checkBallot(input: $b) { code } }", {}),
]


@pytest.mark.parametrize(("query", "variables"), CHOSEN)
def test_a_list_may_have_a_maximum_of_its_own_wherever_it_stands(
    published: GraphQLSchema, query: str, variables: dict[str, Any]
) -> None:
    most = 299
    documents = Documents(published, LIMITS, LIST_SIZES, maxima={CHOICES: lambda: most})
    with pytest.raises(ApiError) as caught:
        documents.cost(documents.prepare(query), variables, None)
    assert caught.value.details == {"limit": "items", "most": 299, "actual": 300}
    most = 300
    assert documents.cost(documents.prepare(query), variables, None) > 300


@pytest.mark.parametrize(("query", "variables"), LONG_LISTS[:-1])
def test_other_lists_keep_to_the_limit(published: GraphQLSchema, query: str, variables: dict[str, Any]) -> None:
    documents = Documents(published, LIMITS, LIST_SIZES, maxima={CHOICES: lambda: 5_000})
    with pytest.raises(ApiError, match="201 items in a list"):
        documents.cost(documents.prepare(query), variables, None)


def test_the_list_with_its_own_maximum_exists(published: GraphQLSchema) -> None:
    type_name, _, field = CHOICES.partition(".")
    assert field in published.type_map[type_name].fields


COSTLY = [
    "query($n: [Int!]) { projects(first: 100) { nodes { campaign { projects(filter: {numbers: $n}) { totalCount } } } } }",
    "{ projects(first: 100) { nodes { campaign { "
    + "a: results { asOf } b: results { asOf } c: results { asOf } " * 2
    + "} } } }",
    "{ results(first: 100) { nodes { tiedWith { id number title level } } } }",
]


@pytest.mark.parametrize("query", COSTLY)
def test_what_is_long_to_find_or_long_to_tell_is_refused(published: GraphQLSchema, query: str) -> None:
    documents = Documents(published, LIMITS, LIST_SIZES)
    with pytest.raises(ApiError) as caught:
        documents.cost(documents.prepare(query), {"n": [1] * 200}, None)
    assert caught.value.details["limit"] == "cost"


def test_variables_too_deep_to_go_through_are_too_large(published: GraphQLSchema) -> None:
    documents, deep = Documents(published, LIMITS), {}
    for _ in range(5_000):
        deep = {"not": deep}
    with pytest.raises(ApiError) as caught:
        documents.cost(documents.prepare(FILTERED), {"f": deep}, None)
    assert (caught.value.code, caught.value.details["limit"]) == (ErrorCode.QUERY_TOO_LARGE, "nesting")
