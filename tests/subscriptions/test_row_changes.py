"""Is who wants only changes sent just the rows that have changed, and a whole page wherever they could not follow otherwise?"""

from collections.abc import AsyncGenerator, Mapping
from random import Random
from typing import Any

import orjson
import pytest
import strawberry
from strawberry.types import Info

from api.domain.errors import ApiError, ErrorCode
from api.domain.rfc3339 import format_datetime
from api.domain.texts import Text
from api.execution.documents import Documents
from api.execution.subscriptions import SubscriptionExecutor
from api.instrumentation import NO_INSTRUMENTATION
from api.limits import Limits
from api.subscriptions.topics import Topic
from tests.subscriptions.test_topics import FakeSubscriber, World

Told = Mapping[str, Any]
ASKED = "onlyChanges removedIds total nodes { id votes asOf }"
TEXT = f"subscription {{ ranking {{ {ASKED} }} }}"


class Ranking(World):
    """What the best three have, as of a moment that passes with every look at it."""

    def __init__(self, *, hiding: bool = False) -> None:
        super().__init__(hiding=hiding)
        self.votes = dict.fromkeys("abcde", 0)

    @property
    def rows(self) -> list[tuple[str, int]]:
        return sorted(self.votes.items(), key=lambda row: (-row[1], row[0]))[:3]


@strawberry.type
class Row:
    id: str
    votes: int
    as_of: str


@strawberry.type
class RowEdge:
    node: Row


@strawberry.type
class Rows:
    nodes: list[Row]
    total: int
    only_changes: bool = False

    @strawberry.field
    def edges(self) -> list[RowEdge]:
        return [RowEdge(node=row) for row in self.nodes]

    @strawberry.field
    def removed_ids(self) -> list[str]:
        return []


@strawberry.type
class Query:
    nothing: int = 0


async def _once(shown: Rows) -> AsyncGenerator[Rows, None]:
    yield shown


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ranking(self, info: Info, whole: bool = False) -> AsyncGenerator[Rows, None]:
        context = info.context
        context.world.executed += 1
        if not await context.results.are_visible(None):
            raise ApiError(ErrorCode.RESULTS_HIDDEN, Text("尚未公布。", "Not shown yet."))
        rows = context.world.rows
        context.rows_shown = None if whole else [key for key, _ in rows]
        as_of = format_datetime(context.now)
        nodes = [Row(id=key, votes=votes, as_of=as_of) for key, votes in rows]
        return _once(Rows(nodes=nodes, total=sum(context.world.votes.values())))

    @strawberry.subscription
    async def mine(self, info: Info) -> AsyncGenerator[Rows, None]:
        info.context.name()
        info.context.rows_shown = [key for key, _ in info.context.world.rows]
        nodes = [Row(id=key, votes=votes, as_of="") for key, votes in info.context.world.rows]
        return _once(Rows(nodes=nodes, total=0))


SCHEMA = strawberry.Schema(Query, subscription=Subscription)._schema


class Reader(FakeSubscriber):
    """A subscriber that reads what it is sent."""

    def told(self, root: str = "ranking") -> list[Told]:
        return [orjson.loads(payload)["data"][root] for payload in self.payloads]

    @property
    def last(self) -> Told:
        return self.told()[-1]


def watched(world: World, text: str = TEXT, **variables: Any) -> Topic:
    documents = Documents(SCHEMA)
    executor = SubscriptionExecutor(SCHEMA, documents)
    subscription = executor.subscription(documents.prepare(text), variables, None)
    return Topic(executor, subscription, world.context_for, Limits(), NO_INSTRUMENTATION)


async def reading(topic: Topic, token: str | None = None) -> Reader:
    reader = Reader(token)
    await topic.join(reader)
    return reader


def rows(told: Told) -> list[tuple[str, int]]:
    return [(row["id"], row["votes"]) for row in told["nodes"]]


async def test_one_who_comes_is_sent_the_whole_page_and_then_the_rows_that_have_changed() -> None:
    world = Ranking()
    topic = watched(world)
    reader = await reading(topic)
    assert (reader.last["onlyChanges"], rows(reader.last)) == (False, [("a", 0), ("b", 0), ("c", 0)])
    world.votes["b"] += 1
    await topic.refresh()
    assert (reader.last["onlyChanges"], rows(reader.last)) == (True, [("b", 1)])
    assert (reader.last["removedIds"], reader.last["total"]) == ([], 1)
    late = await reading(topic)
    assert (late.last["onlyChanges"], rows(late.last)) == (False, [("b", 1), ("a", 0), ("c", 0)])
    world.votes["a"] += 1
    await topic.refresh()
    assert late.last == reader.last
    assert rows(late.last) == [("a", 1)]


async def test_what_has_changed_is_found_once_for_thousands() -> None:
    world = Ranking()
    topic = watched(world)
    readers = [await reading(topic) for _ in range(2_000)]
    world.votes["b"] += 1
    await topic.refresh()
    assert world.executed == 2
    assert {id(reader.payloads[1]) for reader in readers} == {id(readers[0].payloads[1])}
    assert rows(readers[0].last) == [("b", 1)]


async def test_rows_come_and_go() -> None:
    world = Ranking()
    topic = watched(world)
    reader = await reading(topic)
    world.votes["e"] += 1
    await topic.refresh()
    assert (rows(reader.last), reader.last["removedIds"]) == ([("e", 1)], ["c"])


async def test_what_lies_beside_the_rows_is_sent_though_no_row_has_changed() -> None:
    world = Ranking()
    topic = watched(world)
    reader = await reading(topic)
    world.votes |= {"a": 2, "b": 2, "c": 2}
    await topic.refresh()
    assert not reader.last["onlyChanges"], "every row has changed, so it is whole"
    world.votes["e"] += 1
    await topic.refresh()
    assert (reader.last["onlyChanges"], rows(reader.last), reader.last["total"]) == (True, [], 7)
    await topic.refresh()
    assert len(reader.payloads) == 3, "time alone changes nothing"


async def test_one_who_was_not_sent_the_answer_before_is_sent_a_whole_one() -> None:
    world = Ranking()
    topic = watched(world)
    reader, other = await reading(topic), await reading(topic)
    group = topic.groups[None]
    older = group.subscribers[reader]
    world.votes["b"] += 1
    await topic.refresh()
    group.subscribers[reader] = older  # as where a round had no look-up left for it
    world.votes["a"] += 1
    await topic.refresh()
    assert (reader.last["onlyChanges"], rows(reader.last)) == (False, [("a", 1), ("b", 1), ("c", 0)])
    assert (other.last["onlyChanges"], rows(other.last)) == (True, [("a", 1)])


async def test_what_was_hidden_is_whole_once_it_is_seen_and_those_who_see_follow_the_changes_meanwhile() -> None:
    world = Ranking(hiding=True)
    world.cast = {"saw"}
    topic = watched(world)
    saw, sees = await reading(topic, "saw"), await reading(topic, "sees")
    assert b"RESULTS_HIDDEN" in sees.payloads.pop()
    world.cast.add("sees")
    world.votes["b"] += 1
    await topic.refresh()
    assert (saw.last["onlyChanges"], rows(saw.last)) == (True, [("b", 1)])
    assert (sees.last["onlyChanges"], len(rows(sees.last))) == (False, 3)
    world.votes["a"] += 1
    await topic.refresh()
    assert saw.last == sees.last
    assert rows(sees.last) == [("a", 1)]


async def test_what_is_shown_to_one_viewer_alone_is_always_whole() -> None:
    world = Ranking()
    topic = watched(world, f"subscription {{ mine {{ {ASKED} }} }}")
    reader = await reading(topic, "somebody")
    world.votes["b"] += 1
    await topic.refresh()
    assert [told["onlyChanges"] for told in reader.told("mine")] == [False, False]


async def test_who_did_not_ask_for_it_is_always_sent_all() -> None:
    world = Ranking()
    topic = watched(world, f"subscription {{ ranking(whole: true) {{ {ASKED} }} }}")
    reader = await reading(topic)
    world.votes["b"] += 1
    await topic.refresh()
    assert (reader.last["onlyChanges"], len(rows(reader.last))) == (False, 3)


async def test_it_is_found_under_other_names_in_fragments_and_edges_and_without_what_is_skipped() -> None:
    world = Ranking()
    text = """subscription($no: Boolean!) { live: ranking { ...A } ...B }
      fragment A on Rows { ... on Rows { few: nodes { id } changed: onlyChanges } nodes @skip(if: $no) { id } }
      fragment B on Subscription { live: ranking { edges { node { votes } } gone: removedIds } }"""
    topic = watched(world, text, no=True)
    reader = await reading(topic)
    world.votes["e"] += 1
    await topic.refresh()
    [_, told] = reader.told("live")
    assert told == {"few": [{"id": "e"}], "changed": True, "edges": [{"node": {"votes": 1}}], "gone": ["c"]}


@pytest.mark.parametrize("seed", range(20))
async def test_who_puts_changes_together_has_what_a_whole_page_shows(seed: int) -> None:
    world, random = Ranking(), Random(seed)
    topic = watched(world)
    reader = await reading(topic)
    held: dict[str, int] = {}
    for _ in range(30):
        for key in random.sample("abcde", random.randint(0, 2)):
            world.votes[key] += random.choice((1, 1, 2, -1))
        await topic.refresh()
        for told in reader.told():
            changes = dict(rows(told))
            held = {**held, **changes} if told["onlyChanges"] else changes
            for key in told["removedIds"]:
                del held[key]
        reader.payloads.clear()
        assert sorted(held.items(), key=lambda row: (-row[1], row[0])) == world.rows
