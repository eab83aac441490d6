"""Do both engines agree where the real schema has nothing: unions, nested lists, awaitables and errors in every position?"""

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine
from random import Random
from typing import Annotated, Any, Optional

import pytest
import strawberry
from graphql import ExecutionResult, GraphQLSchema, build_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.deferred import Deferred
from api.execution.documents import Documents
from api.execution.engines import Compiled, Engine, Reference
from tests.execution.test_equality import told
from tests.properties import with_examples

Steps = list[str]
settling: set[asyncio.Future[None]] = set()

# Both engines cancel coroutines that have not begun, and Python warns of each wherever it is then collected.
pytestmark = pytest.mark.filterwarnings(
    "ignore:coroutine .* was never awaited", "ignore::pytest.PytestUnraisableExceptionWarning"
)


class Later:
    """Becomes its value after so many turns of the event loop; an exception is raised then. Nobody has to await it."""

    def __init__(self, value: Any, turns: int = 1) -> None:
        self.value = value
        self.turns = turns

    def __await__(self) -> Any:
        for _ in range(self.turns):
            yield from asyncio.sleep(0).__await__()
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Cat(Named):
    lives: int
    friend: Optional["Pet"] = None

    @strawberry.field
    def echo(self, info: strawberry.Info, text: str = "miau", times: int | None = None) -> str:
        return f"{text} {times} {info.context is not None}"


@strawberry.type
class Dog(Named):
    owner: Optional["Owner"] = None

    @strawberry.field
    async def tricks(self) -> list[str]:
        return ["sit", "roll"]


@strawberry.type
class Stray:
    """In no union and no interface."""

    name: str


Pet = Annotated[Cat | Dog, strawberry.union("Pet")]


@strawberry.type
class Owner:
    pets: list[Pet]
    pet: Pet | None
    named: list[Named | None]
    must: Named
    grid: list[list[int | None]]
    strict: list[list[int]]
    loose: list[list[int] | None] | None
    word: str
    maybe: str | None
    number: int
    ratio: float | None
    flag: bool | None
    itself: Optional["Owner"]
    sure: "Owner"
    owners: list["Owner"]


class Odd:
    """No value of any type."""

    def __repr__(self) -> str:
        return "<odd>"


ODD = [1, 2**31, 1.5, float("nan"), True, "text", "7", None, None, Odd(), [1], [], ValueError("stored"), 10**400]
RIGHT = {"String": ["w", ""], "Int": [1, -7], "Float": [0.5, 2], "Boolean": [True, False]}
KINDS = {
    "Cat": {"name": "String", "lives": "Int", "friend": "Pet"},
    "Dog": {"name": "String", "owner": "Owner"},
    "Stray": {"name": "String"},
    "Owner": {
        "pets": "[Pet",
        "pet": "Pet",
        "named": "[Named",
        "must": "Named",
        "grid": "[[Int",
        "strict": "[[Int",
        "loose": "[[Int",
        "word": "String",
        "maybe": "String",
        "number": "Int",
        "ratio": "Float",
        "flag": "Boolean",
        "itself": "Owner",
        "sure": "Owner",
        "owners": "[Owner",
    },
}


class Describing:
    """Describes values of a type: mostly right, at once or later, and so many of a thousand odd or raised."""

    def __init__(self, random: Random, odd: int) -> None:
        self.random = random
        self.odd = odd / 1000

    def value(self, kind: str, depth: int = 0) -> Any:
        """A description, which each engine gets its own values from."""
        chance = self.random.random()
        if chance < self.odd:
            return self.random.choice(
                [*ODD, ("raised", None, 1), self.right("Stray", depth), self.right("Owner", depth)]
            )
        right = self.right(kind, depth)
        if chance < 0.75:
            return right
        ways = ["later", "later", "tuple", "stream", "deferred"]
        return self.random.choice(ways), right, self.random.randint(0, 3)

    def right(self, kind: str, depth: int) -> Any:
        if kind in RIGHT:
            return self.random.choice(RIGHT[kind])
        if kind.startswith("["):
            return [self.value(kind[1:], depth + 1) for _ in range(self.random.choice([0, 1, 1, 2]))]
        if kind in ("Pet", "Named"):
            kind = self.random.choice(["Cat", "Dog"])
        if depth > 3:
            return None
        return {"kind": kind, **{name: self.value(field, depth + 1) for name, field in KINDS[kind].items()}}


def living(described: Any) -> Any:
    """The value that was described."""
    if isinstance(described, list):
        return [living(item) for item in described]
    if isinstance(described, tuple):
        return timed(*described)
    return animal(described) if isinstance(described, dict) else described


def timed(how: str, described: Any, turns: int) -> Any:
    if how in ("deferred", "rejected", "chained"):
        return deferred(how, described, turns)
    if how == "raised":
        return Later(ValueError(f"after {turns}"), turns)
    if how == "stream" and isinstance(described, list):
        return stream([living(item) for item in described], turns)
    value = living(described)
    if how == "tuple":
        return tuple(value) if isinstance(value, list) else value
    return value if isinstance(value, Later | Deferred) else Later(value, turns)


def deferred(how: str, described: Any, turns: int) -> Deferred[Any]:
    """Settled after so many turns, at once for none; `chained`: it takes a coroutine more until its value has come."""
    value, made = living(described), Deferred[Any]()

    async def settle() -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        made.reject(ValueError(f"rejected after {turns}")) if how == "rejected" else made.resolve(value)

    if how == "chained":
        made.then(slowly)
    if turns:
        settling.add(task := asyncio.ensure_future(settle()))
        task.add_done_callback(settling.discard)
    else:
        made.reject(ValueError("rejected at once")) if how == "rejected" else made.resolve(value)
    return made


async def slowly(value: Any) -> Any:
    await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


async def stream(items: list[Any], turns: int) -> AsyncIterator[Any]:
    for item in items:
        for _ in range(turns):
            await asyncio.sleep(0)
        yield item


def animal(described: dict[str, Any]) -> Any:
    made = {"Cat": Cat, "Dog": Dog, "Stray": Stray, "Owner": Owner}[described["kind"]]
    return made(**{name: living(value) for name, value in described.items() if name != "kind"})


@strawberry.type
class Query:
    @strawberry.field
    def owner(self, info: strawberry.Info) -> Owner | None:
        return living(info.context["owner"])

    @strawberry.field
    async def must(self, info: strawberry.Info) -> Owner:
        return living(info.context["owner"])

    @strawberry.field
    def pet(self, info: strawberry.Info) -> Pet | None:
        return living(info.context["pet"])

    @strawberry.field
    def told(self, numbers: list[int | None] | None = None) -> str:
        return repr(numbers)


@strawberry.type
class Mutation:
    @strawberry.mutation(graphql_type=Owner | None)
    def owner(self, info: strawberry.Info) -> Any:
        return living(info.context["owner"])

    @strawberry.mutation(graphql_type=Owner)
    def must(self, info: strawberry.Info) -> Any:
        return living(info.context["owner"])

    @strawberry.mutation(graphql_type=list[Pet] | None)
    def pets(self, info: strawberry.Info) -> Any:
        return living(info.context["pets"])

    @strawberry.mutation(graphql_type=str)
    def word(self, info: strawberry.Info) -> Any:
        return living(info.context["word"])

    @strawberry.mutation
    async def slow(self, info: strawberry.Info, step: str) -> str:
        info.context["steps"].append(f"{step} begins")
        await asyncio.sleep(0)
        info.context["steps"].append(f"{step} ends")
        return step

    @strawberry.mutation
    def fast(self, info: strawberry.Info, step: str) -> str | None:
        info.context["steps"].append(step)
        return step

    @strawberry.mutation
    def fails(self, info: strawberry.Info, step: str) -> str:
        info.context["steps"].append(step)
        raise ValueError(step)


SELECTED = """
fragment Animal on Named { __typename name ... on Cat { lives echo(times: $times) friend { ...Any } } ...Trained }
fragment Trained on Dog { tricks owner { word maybe } }
fragment Any on Pet { ... on Named { name } ... on Cat { lives } ...Trained __typename }
fragment Person on Owner {
  word @include(if: $words) maybe number ratio flag grid strict loose again: number
  pets { ...Any } pet { ...Any ... on Cat { friend { ...Any } } } named { ...Animal } must { ...Animal }
}
"""
QUERY = """query($times: Int, $words: Boolean = true, $deep: Boolean!) {
  owner { ...Person itself { ...Person } sure @include(if: $deep) { maybe number } owners { ...Person owners { strict } } }
  must @include(if: $deep) { maybe itself { named { name } } owners { maybe pet { __typename } } ...Person }
  pet { ...Any }
}"""


async def answer(engine: Engine, documents: Documents, text: str, context: Any, **variables: Any) -> dict[str, Any]:
    """What an engine answers, when all that it has left running has ended."""
    prepared = documents.prepare(text)
    assert prepared.document is not None, prepared.errors
    result = engine.execute(prepared, context, variables, None)
    answered = told(result if isinstance(result, ExecutionResult) else await result)
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)
    return answered


SCHEMA = strawberry.Schema(Query, Mutation, types=[Stray])._schema
DOCUMENTS, COMPILED, REFERENCE = Documents(SCHEMA), Compiled(SCHEMA), Reference(SCHEMA)


def unaddressed(answered: dict[str, Any]) -> str:
    """All of it but the addresses of objects, which Python writes into texts about them."""
    return re.sub("0x[0-9a-f]+", "", repr(answered))


@with_examples(few=50, every=150)
def test_any_value_in_any_position(runner: asyncio.Runner, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**64 - 1), odd=st.integers(0, 60), words=st.booleans(), deep=st.booleans())
    def alike(seed: int, odd: int, words: bool, deep: bool) -> None:
        describing = Describing(Random(seed), odd)
        context = {"owner": describing.right("Owner", 0), "pet": describing.value("Pet")}
        variables = {"words": words, "deep": deep, "times": 3}
        wanted = runner.run(answer(REFERENCE, DOCUMENTS, QUERY + SELECTED, context, **variables))
        found = runner.run(answer(COMPILED, DOCUMENTS, QUERY + SELECTED, context, **variables))
        assert unaddressed(found) == unaddressed(wanted)

    alike()


@with_examples(few=50, every=150)
def test_a_mutation_whose_values_are_deferred(runner: asyncio.Runner, examples: int) -> None:
    selected = {"owner": "{ ...Person }", "must": "{ ...Person }", "pets": "{ ...Any }", "word": ""}
    kinds = {"owner": "Owner", "pets": "[Pet", "word": "String"}

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        seed=st.integers(0, 2**64 - 1),
        odd=st.integers(0, 60),
        names=st.sets(st.sampled_from(list(selected)), min_size=1, max_size=3),
        how=st.sampled_from(("deferred", "deferred", "chained", "rejected")),
        turns=st.integers(0, 2),
    )
    def alike(seed: int, odd: int, names: set[str], how: str, turns: int) -> None:
        describing = Describing(Random(seed), odd)
        context = {name: (how, describing.value(kind), turns) for name, kind in kinds.items()}
        fields = (f"{n} @include(if: {'true' if n in names else 'false'}) {below}" for n, below in selected.items())
        text = f"mutation($times: Int, $words: Boolean!) {{ {' '.join(fields)} }}" + SELECTED
        variables = {"words": True, "times": 3}
        wanted = runner.run(answer(REFERENCE, DOCUMENTS, text, context, **variables))
        found = runner.run(answer(COMPILED, DOCUMENTS, text, context, **variables))
        assert unaddressed(found) == unaddressed(wanted)

    alike()


async def test_a_mutation_with_one_deferred_value_is_finished_in_plain_calls() -> None:
    value, seen = Deferred[str](), []
    prepared = DOCUMENTS.prepare('mutation { fast(step: "a") }')
    assert isinstance(COMPILED.execute(prepared, {"steps": []}, {}, None), ExecutionResult)
    prepared = DOCUMENTS.prepare("mutation { word }")
    result = COMPILED.execute(prepared, {"word": value}, {}, None)
    assert isinstance(result, Deferred)
    result.then(seen.append)
    value.resolve("now")
    assert [told(result) for result in seen] == [{"data": '{"word": "now"}', "errors": []}]
    assert isinstance(
        COMPILED.execute(DOCUMENTS.prepare("mutation { a: word b: word }"), {"word": value}, {}, None), Coroutine
    )


@pytest.mark.parametrize(
    "body",
    [
        'a: slow(step: "1") b: fast(step: "2") c: slow(step: "3")',
        'a: fast(step: "1") b: fails(step: "2") c: fast(step: "3")',
        'a: slow(step: "1") b: fast(step: $maybe) c: slow(step: "3")',
    ],
)
def test_mutations_run_one_after_the_other(runner: asyncio.Runner, body: str) -> None:
    text = f'mutation($maybe: String = "") {{ {body} z: fast(step: $maybe) }}'
    ours: Steps = []
    theirs: Steps = []
    wanted = runner.run(answer(REFERENCE, DOCUMENTS, text, {"steps": theirs}, maybe=None))
    assert runner.run(answer(COMPILED, DOCUMENTS, text, {"steps": ours}, maybe=None)) == wanted
    assert ours == theirs


@pytest.mark.parametrize("variables", [{}, {"n": None}, {"n": 7}])
def test_a_missing_variable_in_a_list_is_null(runner: asyncio.Runner, variables: dict[str, Any]) -> None:
    text = "query($n: Int) { a: told(numbers: [$n, 2]) b: told(numbers: 1) c: told }"
    wanted = runner.run(answer(REFERENCE, DOCUMENTS, text, {}, **variables))
    assert runner.run(answer(COMPILED, DOCUMENTS, text, {}, **variables)) == wanted


def test_what_is_selected_twice_is_merged_and_stands_where_it_came_first(runner: asyncio.Runner) -> None:
    owner = Describing(Random(1), 0).right("Owner", 3)
    text = (
        "query($a: Boolean!) { owner { maybe @skip(if: $a) number maybe word } owner { itself { word } again: word } }"
    )
    for skipped in (True, False):
        wanted = runner.run(answer(REFERENCE, DOCUMENTS, text, {"owner": owner}, a=skipped))
        assert runner.run(answer(COMPILED, DOCUMENTS, text, {"owner": owner}, a=skipped)) == wanted
        assert (wanted["data"].index('"maybe"') > wanted["data"].index('"number"')) == skipped


PLAIN = build_schema(
    """
    type Query { thing(word: String = "w", list: [Int!] = [1], filter: Filter): Thing  things: [Thing] }
    input Filter { one: Int = 1, some: [Int], more: [Filter!], which: Which }
    input Which @oneOf { a: Int, b: String }
    enum Colour { RED GREEN }
    interface Thing { colour: Colour, path: String }
    type Apple implements Thing { colour: Colour, path: String, args: String }
    type Pear implements Thing { colour: Colour, path: String }
    """
)


class Leaf:
    """A value whose fields are methods, as graphql-core's default resolver calls them."""

    def __init__(self, typename: object, said: str = "") -> None:
        self._Leaf__typename = typename
        self.args = said

    def path(self, info: Any) -> str:
        return "/".join(map(str, info.path.as_list())) + f" {info.field_name} {info.parent_type}"

    def colour(self, info: Any) -> str:
        return "BLUE" if self.args == "" else "RED"


def plain_schema() -> GraphQLSchema:
    def thing(source: Any, info: Any, **given: Any) -> Any:
        return Leaf("Apple", f"{given} {info.variable_values.coerced}")

    def things(source: Any, info: Any) -> Any:
        return [Leaf("Apple"), Leaf("Pear", "x"), Leaf("Query"), Leaf("Nothing"), Leaf(None), None, Leaf("Thing")]

    assert PLAIN.query_type is not None
    PLAIN.query_type.fields["thing"].resolve = thing
    PLAIN.query_type.fields["things"].resolve = things
    return PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "{ things { __typename colour path ... on Apple { args } } }",
        "{ thing { ... on Apple { args } path } }",
        "query($w: String, $l: [Int!], $f: Filter) { thing(word: $w, list: $l, filter: $f) { ... on Apple { args } } }",
        "{ thing(filter: {more: [{one: 2}, {}], which: {a: 1}}) { ... on Apple { args } } }",
        "query($l: Int!) { thing(list: [$l, 2], filter: {which: {a: $l}}) { ... on Apple { args } } }",
        "query($l: Int) { thing(filter: {some: [$l, 2], one: $l}) { ... on Apple { args } } }",
        "{ __schema { queryType { name } } thing { colour } }",
        "query A { thing { path } } query B { things { path } }",
    ],
)
@pytest.mark.parametrize(
    "variables",
    [{}, {"l": 5}, {"l": [1, None]}, {"f": {"which": {"a": 1, "b": ""}}}, {"f": {"more": {"more": [{}]}}, "w": None}],
)
def test_a_schema_without_strawberry(runner: asyncio.Runner, text: str, variables: dict[str, Any]) -> None:
    plain = plain_schema()
    documents = Documents(plain)
    wanted = runner.run(answer(Reference(plain), documents, text, None, **variables))
    assert runner.run(answer(Compiled(plain), documents, text, None, **variables)) == wanted


@pytest.mark.parametrize("depth", [10, 99, 101, 120, 201, 1500])
def test_input_that_nests_deep(runner: asyncio.Runner, depth: int) -> None:
    plain, nested = plain_schema(), {}
    for _ in range(depth):
        nested = {"more": [nested]}
    documents, text = Documents(plain), "query($f: Filter) { thing(filter: $f) { path } }"
    wanted = runner.run(answer(Reference(plain), documents, text, None, f=nested))
    assert runner.run(answer(Compiled(plain), documents, text, None, f=nested)) == wanted
