"""Do callers who share what was made of an object get what each of them would get alone?"""

import asyncio
import tracemalloc
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from random import Random
from types import SimpleNamespace
from typing import Any, Optional

import orjson
import pytest
import strawberry
from graphql import ExecutionResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.texts import Language, Text
from api.execution.compiler import sharing
from api.execution.documents import Documents
from api.execution.engines import Compiled, Engine, Reference
from api.execution.shared_parts import (
    BY_LANGUAGE,
    VARIES,
    PartKey,
    Room,
    SharedObject,
    SharedPart,
    SharedParts,
    part_key,
)
from api.http.responses import encode
from api.schema.campaigns import results_asked
from api.schema.common.texts import text
from tests.execution.generating import Asking
from tests.execution.test_equality import told
from tests.execution.test_semantics import Later
from tests.execution.worlds import context, published, token
from tests.properties import with_examples

pytestmark = pytest.mark.filterwarnings(
    "ignore:coroutine .* was never awaited", "ignore::pytest.PytestUnraisableExceptionWarning"
)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Caller:
    """Who asks: all that the context of these tests has."""

    items: list[Any]
    language: Language = Language.ZH
    name: str = ""


@strawberry.type
class Detail:
    size: int
    tags: list[str]
    moment: datetime | None

    @strawberry.field
    def doubled(self, times: int = 2) -> int:
        return self.size * min(times, 9)  # the size may be a text

    @strawberry.field
    def told(self, info: strawberry.Info[Caller, None]) -> str:
        return info.context.name


@strawberry.type
class Item(SharedObject):
    number: int
    colour: Colour
    label: str | None
    details: list[Detail]
    detail: Detail | None
    next: Optional["Item"]
    words = text(lambda item: Text("词", "words"), "In two languages.")

    @strawberry.field
    def others(self, first: int = 1) -> list["Item"]:
        return [] if self.next is None else [self.next] * min(first, 3)

    @strawberry.field
    def viewer(self, info: strawberry.Info[Caller, None]) -> str:
        return info.context.name

    @strawberry.field
    async def later(self) -> int:
        return self.number


@strawberry.type
class Query:
    @strawberry.field
    def items(self, info: strawberry.Info[Caller, None], first: int = 3) -> list[Item]:
        return info.context.items[:first]

    @strawberry.field
    def maybe(self, info: strawberry.Info[Caller, None]) -> list[Item | None]:
        return [*info.context.items, None]


SCHEMA = strawberry.Schema(Query)._schema
DOCUMENTS, COMPILED, REFERENCE = Documents(SCHEMA), Compiled(SCHEMA), Reference(SCHEMA)
SELECTION = "{ number colour label words detail { size tags moment doubled(times: 3) } others { number } }"


def kept(item: Item) -> Item:
    """With parts of its own, as a snapshot gives them."""
    item.parts = SharedParts(Room())
    return item


def an_item(number: int, next_: Item | None = None) -> Item:
    detail = Detail(size=number, tags=["a", "b"], moment=datetime(2017, 3, 22, tzinfo=UTC))
    return kept(Item(number=number, colour=Colour.RED, label=None, details=[detail], detail=detail, next=next_))


def odd_items(random: Random) -> list[Item]:
    """Some items, in which now and then a value is none that its type takes, waits, is an error or is not there at all."""
    items: list[Item] = []
    odd: list[Any] = [None, 2**40, "12", Later(1), Later(ValueError("late")), KeyError("k"), [None], object]
    for number in range(3):
        items.append(item := an_item(number, items[-1] if items else None))
        for place in (item, item.detail):
            name = random.choice(sorted(vars(place).keys() - {"parts"}))
            if random.random() < 0.3:
                setattr(place, name, random.choice(odd))
            elif random.random() < 0.1:
                delattr(place, name)
    return items


async def run(engine: Engine, asked: str, caller: Any, variables: Any = None) -> ExecutionResult:
    prepared = DOCUMENTS.prepare(asked)
    assert prepared.document is not None, prepared.errors
    result = engine.execute(prepared, caller, variables, None)
    result = result if isinstance(result, ExecutionResult) else await result
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)
    return result


@with_examples(few=50, every=200)
def test_whoever_asks_first_the_others_get_what_they_would_get_alone(runner: asyncio.Runner, examples: int) -> None:
    found: list[SharedPart] = []

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**64 - 1), size=st.integers(2, 16))
    def alike(seed: int, size: int) -> None:
        random = Random(seed)
        items, asked = odd_items(random), []
        while len(asked) < 2:
            request = Asking(SCHEMA, random, size).request()
            if request.operation_name in (None, "Asked") and DOCUMENTS.prepare(request.text).document is not None:
                asked.append(request)
        for _ in range(8):
            request = random.choice(asked)
            caller = Caller(items, random.choice(list(Language)), random.choice(["you", "me"]))
            wanted = told(runner.run(run(REFERENCE, request.text, caller, request.variables)))
            assert told(runner.run(run(COMPILED, request.text, caller, request.variables))) == wanted, request
        found.extend(part for item in items for part in item.parts.values())

    alike()
    assert len(found) > examples / 4


def parts_of(runner: asyncio.Runner, caller: Any, *asked: str) -> list[Any]:
    """What each document makes of the first item."""
    results = [runner.run(run(COMPILED, one, caller)) for one in asked]
    assert not any(result.errors for result in results)
    return [next(iter(result.data.values()))[0] for result in results]


def test_an_object_is_completed_once_for_all_questions_that_select_the_same(runner: asyncio.Runner) -> None:
    caller = Caller([an_item(1, an_item(2)), an_item(3)])
    first, *others = parts_of(
        runner,
        caller,
        f"{{ items {SELECTION} }}",
        f"{{ items {SELECTION} }}",
        f"query Other {{ mine: items(first: 1) {SELECTION} }}",
        f"{{ items(first: 2) {{ ...Selected }} }} fragment Selected on Item {SELECTION}",
        f"{{ maybe {SELECTION} }}",
    )
    assert all(other is first for other in others)
    other_alias, other_argument, english = parts_of(
        runner,
        caller,
        f"{{ items {SELECTION.replace('label', 'name: label')} }}",
        f"{{ items {SELECTION.replace('3', '4')} }}",
        f"{{ items {SELECTION} }}",
    )
    assert other_alias is not first
    assert other_argument["detail"]["doubled"] == 4
    assert english is first
    assert parts_of(runner, Caller(caller.items, Language.EN), f"{{ items {SELECTION} }}")[0]["words"] == "words"


@pytest.mark.parametrize(
    "field", ["viewer", "later", "detail { told }", "words(language: $language)", "others(first: $first) { number }"]
)
def test_what_depends_on_the_caller_or_waits_is_made_for_everyone_anew(runner: asyncio.Runner, field: str) -> None:
    item = an_item(1, an_item(2))
    used = f"items(first: $first) {{ number {field} }} other: items {{ words(language: $language) }}"
    asked = f"query($language: Language, $first: Int! = 1) {{ {used} }}"
    for name in ("me", "you"):
        wanted = runner.run(run(REFERENCE, asked, Caller([item], name=name)))
        assert told(runner.run(run(COMPILED, asked, Caller([item], name=name)))) == told(wanted)
    assert not item.parts


def test_nothing_is_kept_where_there_are_errors_or_no_room(runner: asyncio.Runner) -> None:
    broken = an_item(1)
    broken.number = "many"  # type: ignore[assignment]
    assert runner.run(run(COMPILED, "{ maybe { number label } }", Caller([broken]))).errors
    assert not broken.parts
    small, room = [an_item(number) for number in range(9)], Room(2_000)
    for item in small:
        item.parts = SharedParts(room)
    asked = f"{{ items(first: 9) {SELECTION} }}"
    wanted = runner.run(run(REFERENCE, asked, Caller(small)))
    for _ in range(2):
        assert told(runner.run(run(COMPILED, asked, Caller(small)))) == told(wanted)
    assert 0 < sum(len(item.parts) for item in small) < 9
    bare = Item(number=1, colour=Colour.RED, label=None, details=[], detail=None, next=None)
    parts_of(runner, Caller([bare]), f"{{ items {SELECTION} }}")
    assert not SharedObject.parts, "objects that were given no parts share none"


def test_a_part_takes_about_as_much_memory_as_it_says() -> None:
    tracemalloc.start()
    try:
        parts = [SharedPart({"number": number, "label": f"label {number}"}) for number in range(1_000)]
        assert tracemalloc.get_traced_memory()[0] < 1.3 * sum(part.size for part in parts)
    finally:
        tracemalloc.stop()


def test_a_selection_is_told_by_few_bytes_however_long_its_names_are(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept of it for all callers: they choose the names of fields and the arguments, as long as a request may be."""
    told_by: list[Any] = []

    def key(*what: object) -> PartKey:
        told_by.append(what)
        return part_key(*what)

    monkeypatch.setattr(sharing, "part_key", key)
    for name in ("x" * 20_000, "y" * 20_000):
        parts_of(runner, Caller([an_item(1)]), f"{{ items {{ {name}: label words }} }}")
    assert len({*told_by}) == 2
    assert max(len(repr(each)) for each in told_by) < 1_000


def test_the_json_of_a_shared_part_is_that_of_any_object(runner: asyncio.Runner) -> None:
    caller = Caller([an_item(1, an_item(2)), an_item(3)])
    for _ in range(2):
        result = runner.run(run(COMPILED, f"{{ items {SELECTION} }}", caller))
        assert encode({"data": result.data}) == orjson.dumps({"data": result.data})
    assert isinstance(result.data["items"][0], SharedPart)
    assert encode({"a": type("Text", (str,), {})("é")}) == orjson.dumps({"a": "é"})


def test_a_field_that_varies_by_language_asks_the_context_for_nothing_else(runner: asyncio.Runner) -> None:
    """Of every such field of the real schema; another attribute of the context is not there."""
    schema, found = published(), 0
    documents, compiled = Documents(schema), Compiled(schema)
    asked = "{ projects(first: 50) { nodes { __typename %s } } }"
    varying = [
        name
        for name, field in schema.type_map["Project"].fields.items()  # type: ignore[attr-defined]
        if field.extensions["strawberry-definition"].metadata.get(VARIES) == BY_LANGUAGE[VARIES]
    ]
    assert {"title", "organization", "descriptionHtml"} <= set(varying)
    for name in varying:
        prepared = documents.prepare(asked % name)
        result: Any = compiled.execute(prepared, context(None), None, None)
        found += isinstance(result.data["projects"]["nodes"][0], SharedPart)
        field = schema.type_map["Project"].fields[name]  # type: ignore[attr-defined]
        function = field.extensions["strawberry-definition"].base_resolver.wrapped_func
        for project in context(None).snapshot.directory.campaigns["shanghai-2017"].projects[:3]:
            info = SimpleNamespace(context=SimpleNamespace(language=Language.EN))
            function(SimpleNamespace(value=project), info)
    assert found == len(varying)


def test_a_page_of_results_is_made_once_for_all_who_ask_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = published()
    documents, compiled = Documents(schema), Compiled(schema)
    snapshot = replace(context(None).snapshot, _cache={})

    def page(arguments: str, caller: str | None = None) -> Any:
        asked = documents.prepare(
            f"query Q {{ mine: results({arguments}) {{ totalCount turnout {{ ballots }} nodes {{ rank }} }} }}"
        )
        asking = context(caller)
        asking.snapshot = snapshot
        result: Any = compiled.execute(asked, asking, None, None)
        assert not result.errors
        return result.data["mine"]

    first = page("first: 7")
    assert first is page("first: 7, last: null", token()), "in another document, by somebody else"
    for other in (
        "first: 8",
        "first: 7, orderBy: {field: NUMBER}",
        "first: 7, thenBy: [{field: NUMBER}]",
        'day: "2017-03-22"',
    ):
        assert page(other) is not first
    assert page("first: 7, filter: {}") is not page("first: 7, filter: {}"), "of which there may be any number"
    monkeypatch.setattr(results_asked, "MAX_SHARED_PAGES", 6)
    assert page("first: 9") is page("first: 9")
    assert page("first: 10") is not page("first: 10")
    assert page("first: 7") is first


@with_examples(few=40, every=120)
def test_questions_about_results_in_any_language_by_anybody(runner: asyncio.Runner, examples: int) -> None:
    """Over the real schema, whose snapshot all examples share."""
    schema = published()
    documents, compiled, reference = Documents(schema), Compiled(schema), Reference(schema)
    root = schema.type_map["Result"]

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**64 - 1), size=st.integers(1, 12))
    def alike(seed: int, size: int) -> None:
        random = Random(seed)
        asking = Asking(schema, random, size, constants_only=True)
        body, page = asking.selection(root, 1), asking.selection(schema.type_map["ResultConnection"], 1)
        slug = random.choice(["shanghai-2017", "damaged"])
        for _ in range(4):
            first, caller = random.randint(0, 12), random.choice([None, token(), "not a token"])
            language = random.choice(list(Language))
            heads = [f'results(first: {first}, campaign: "{slug}") {{ nodes {body} }}']
            heads.append(f'project(id: "project/{slug}/{first}") {{ result {body} }}')
            heads.append(f'results(first: {first}, campaign: "{slug}") {page}')
            asked = f"{{ {random.choice(heads)} }}" + "".join(asking.fragments.values())
            prepared = documents.prepare(asked)
            if prepared.document is None:
                return
            answers = [
                told(runner.run(waited(engine.execute(prepared, context(caller, language), None, None))))
                for engine in (reference, compiled, compiled)
            ]
            assert answers[1] == answers[0], asked
            assert answers[2] == answers[0], asked

    alike()


async def waited(result: Any) -> ExecutionResult:
    return result if isinstance(result, ExecutionResult) else await result
