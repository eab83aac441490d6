"""Does every page say truly what lies around it, and do pages fit together while ranks move between them?"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from typing import Any

import aiohttp
import pytest

from tests.servers import PATIENCE, Client, codes, serving, serving_together

PAGE = "{ totalCount edges { cursor node { %s } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
WINDOW = "$first: Int, $after: String, $last: Int, $before: String"
PASSED = "first: $first, after: $after, last: $last, before: $before"
PROJECTS = f"query P({WINDOW}) {{ page: projects({PASSED}) {PAGE % 'number'} }}"
RESULTS = f"query R({WINDOW}) {{ page: results({PASSED}) {PAGE % 'project { number } rank'} }}"
CAMPAIGNS = f"query C({WINDOW}) {{ page: campaigns({PASSED}) {PAGE % 'slug'} }}"
DISTRICT = f'query D({WINDOW}) {{ district(code: "310115") {{ page: projects({PASSED}) {PAGE % "number"} }} }}'


async def page(api: Client, query: str, **window: Any) -> dict[str, Any]:
    data = await api.data(query, window)
    found: dict[str, Any] = (data.get("district") or data)["page"]
    cursors = [edge["cursor"] for edge in found["edges"]]
    assert found["pageInfo"]["startCursor"] == (cursors[0] if cursors else None)
    assert found["pageInfo"]["endCursor"] == (cursors[-1] if cursors else None)
    return found


def numbers(found: dict[str, Any]) -> list[int]:
    nodes = [edge["node"] for edge in found["edges"]]
    return [node["number"] if "number" in node else node["project"]["number"] for node in nodes]


def around(found: dict[str, Any]) -> tuple[bool, bool]:
    return found["pageInfo"]["hasPreviousPage"], found["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize("size", [1, 7, 25, 49, 50, 100])
@pytest.mark.parametrize("query", [PROJECTS, RESULTS], ids=["projects", "results"])
async def test_pages_forwards_make_up_the_list(api: Client, query: str, size: int) -> None:
    seen: list[int] = []
    after = None
    more = True
    while more:
        found = await page(api, query, first=size, after=after)
        assert around(found)[0] == bool(seen)
        assert found["totalCount"] == 50
        assert len(found["edges"]) == min(size, 50 - len(seen))
        seen += numbers(found)
        after, more = found["pageInfo"]["endCursor"], around(found)[1]
    assert sorted(seen) == list(range(1, 51))
    assert query != PROJECTS or seen == sorted(seen)


@pytest.mark.parametrize("size", [7, 25, 50])
@pytest.mark.parametrize("query", [PROJECTS, RESULTS], ids=["projects", "results"])
async def test_pages_backwards_make_up_the_list(api: Client, query: str, size: int) -> None:
    seen: list[int] = []
    before = None
    more = True
    while more:
        found = await page(api, query, last=size, before=before, first=None)
        assert around(found)[1] == bool(seen)
        assert len(found["edges"]) == min(size, 50 - len(seen))
        seen = numbers(found) + seen
        before, more = found["pageInfo"]["startCursor"], around(found)[0]
    assert sorted(seen) == list(range(1, 51))
    assert query != PROJECTS or seen == sorted(seen)


async def test_a_page_has_twenty_items_unless_told_otherwise(api: Client) -> None:
    assert numbers(await page(api, PROJECTS)) == list(range(1, 21))


async def test_a_page_between_two_cursors(api: Client) -> None:
    cursors = [edge["cursor"] for edge in (await page(api, PROJECTS, first=50))["edges"]]
    assert len(set(cursors)) == 50
    between = await page(api, PROJECTS, after=cursors[9], before=cursors[19], first=100)
    assert numbers(between) == list(range(11, 20))
    assert around(between) == (True, True)
    assert numbers(await page(api, PROJECTS, after=cursors[9], before=cursors[19], first=3)) == [11, 12, 13]
    assert numbers(await page(api, PROJECTS, after=cursors[9], before=cursors[19], last=3)) == [17, 18, 19]
    assert numbers(await page(api, PROJECTS, after=cursors[19], before=cursors[9], first=5)) == []


async def test_a_page_of_none_still_counts_the_list(api: Client) -> None:
    for window in ({"first": 0}, {"last": 0}):
        found = await page(api, PROJECTS, **window)
        assert (numbers(found), found["totalCount"]) == ([], 50)
    assert around(await page(api, PROJECTS, first=0)) == (False, True)


async def test_behind_the_last_item_there_is_nothing(api: Client) -> None:
    last = (await page(api, PROJECTS, first=50))["pageInfo"]["endCursor"]
    found = await page(api, PROJECTS, after=last)
    assert numbers(found) == []
    assert around(found) == (True, False)


@pytest.mark.parametrize("query", [PROJECTS, RESULTS, CAMPAIGNS, DISTRICT], ids=["projects", "results", "all", "here"])
@pytest.mark.parametrize("size", [-1, 101, 2**31 - 1, -(2**31)])
@pytest.mark.parametrize("name", ["first", "last"])
async def test_an_absurd_size_is_refused_with_the_bounds(api: Client, query: str, size: int, name: str) -> None:
    answer = await api.ask(query, {name: size}, language="en")
    assert codes(answer) == ["BAD_INPUT"]
    assert answer["errors"][0]["message"] == f"{name} must be between 0 and 100; it was {size}."
    assert answer["errors"][0]["extensions"]["argument"] == name


async def test_a_cursor_of_another_list_is_refused(api: Client) -> None:
    lists = [
        "projects(first: 3{})",
        "projects(first: 3, filter: {{numbers: [1, 2, 3, 4]}}{})",
        "projects(first: 3, filter: {{numbers: [1, 2, 3, 5]}}{})",
        "projects(first: 3, orderBy: {{field: NUMBER, direction: DESC}}{})",
        "projects(first: 3, orderBy: {{field: DISTRICT}}{})",
        'projects(first: 3, campaign: "trial-2016"{})',
        "results(first: 3{})",
        "results(first: 3, orderBy: {{field: NUMBER}}{})",
        'results(first: 3, day: "2017-03-22"{})',
        'results(first: 3, campaign: "trial-2016"{})',
        "campaigns(first: 1{})",
    ]
    own = [(await api.data(f"{{ page: {one.format('')} {{ edges {{ cursor }} }} }}"))["page"] for one in lists]
    for at, here in enumerate(lists):
        for origin, found in enumerate(own):
            cursor = found["edges"][0]["cursor"]
            asked = here.format(f', after: "{cursor}"')
            answer = await api.ask(f"{{ {asked} {{ totalCount }} }}", language="en")
            assert codes(answer) == ([] if at == origin else ["BAD_INPUT"]), (here, lists[origin])
            assert at == origin or "after is no cursor of this list" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    "garbage", ["", "=", "a", "garbage", "AAAA" * 9, "A" * 100_000, "é", "\0", "中", "----", "MQ==", " ", "💥", "a\nb"]
)
@pytest.mark.parametrize("name", ["after", "before"])
async def test_garbage_is_no_cursor(api: Client, garbage: str, name: str) -> None:
    for query in (PROJECTS, RESULTS, CAMPAIGNS, DISTRICT):
        answer = await api.ask(query, {name: garbage}, language="en")
        assert codes(answer) == ["BAD_INPUT"]
        assert answer["errors"][0]["message"].startswith(f"{name} is no cursor of this list")


@pytest.mark.parametrize(
    ("first", "then", "sentence"),
    [
        ("zh", "en", "This cursor is of the list in simplified Chinese, and this is the list in English"),
        ("en", "zh", "此游标来自英文列表，而这是简体中文列表"),
        ("zh-TW", "en", "This cursor is of the list in traditional Chinese"),
    ],
)
async def test_a_cursor_of_the_other_language_says_so(api: Client, first: str, then: str, sentence: str) -> None:
    query = """query Titles($after: String) { projects(first: 3, after: $after, orderBy: {field: TITLE}) {
      pageInfo { endCursor } } }"""
    cursor = (await api.data(query, language=first))["projects"]["pageInfo"]["endCursor"]
    assert await api.data(query, {"after": cursor}, language=first)
    answer = await api.ask(query, {"after": cursor}, language=then)
    assert codes(answer) == ["BAD_INPUT"]
    assert sentence in answer["errors"][0]["message"]
    garbage = (await api.ask(query, {"after": "garbage"}, language="en"))["errors"][0]["message"]
    assert garbage.startswith("after is no cursor of this list")


async def test_a_cursor_with_one_character_changed_never_fails(api: Client) -> None:
    cursor = (await page(api, RESULTS, first=3))["pageInfo"]["endCursor"]
    for place in range(len(cursor)):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        answer = await api.ask(RESULTS, {"after": changed, "first": 100})
        assert codes(answer) in ([], ["BAD_INPUT"])


class TestWhileVotesArrive:
    """Two server processes on one database, and ballots between one page and the next."""

    @pytest.fixture
    async def both(self, new_sqlite: Callable[[], str], http: aiohttp.ClientSession) -> AsyncIterator[list[Client]]:
        with serving_together(new_sqlite(), 2) as servers:
            yield [Client(http, server) for server in servers]

    async def vote(self, at: Client, chosen: list[int], times: int) -> None:
        """Move ranks: everyone votes for the same ten."""
        tokens = await asyncio.gather(*(at.sign_in() for _ in range(times)))
        payloads = await asyncio.gather(*(at.cast(token, chosen) for token in tokens))
        assert all(payload["ballot"] for payload in payloads)

    async def ranking(self, at: Client, ballots: int) -> list[int]:
        """All projects by rank, as soon as this server has counted so many ballots."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            data = await at.data(
                "{ campaign { turnout { ballots } } results(first: 50) { nodes { project { number } } } }"
            )
            if data["campaign"]["turnout"]["ballots"] == ballots:
                return [node["project"]["number"] for node in data["results"]["nodes"]]
            await asyncio.sleep(0.05)
        raise AssertionError(f"{ballots} ballots were not seen in time")

    @pytest.mark.parametrize("forwards", [True, False])
    async def test_paging_through_results_repeats_and_skips_nothing(
        self, both: list[Client], *, forwards: bool
    ) -> None:
        await self.vote(both[0], list(range(1, 11)), 1)
        rankings = [await self.ranking(both[0], 1)]
        seen: list[int] = []
        cursor = None
        for turn in range(10):
            window = {"first": 5, "after": cursor} if forwards else {"last": 5, "before": cursor}
            found = await page(both[turn % 2], RESULTS, **window)
            seen = seen + numbers(found) if forwards else numbers(found) + seen
            cursor = found["pageInfo"]["endCursor" if forwards else "startCursor"]
            assert around(found)[1 if forwards else 0] == (turn < 9)
            await self.vote(both[turn % 2], [50 - (turn * 7 + step) % 50 for step in range(10)], turn + 1)
            if turn < 9:
                rankings.append(await self.ranking(both[(turn + 1) % 2], 1 + sum(range(turn + 2))))
        assert seen == rankings[0], "the pages show the order that the first of them had"
        assert all(earlier != later for earlier, later in pairwise(rankings)), "ranks moved"

    async def test_a_page_shows_the_votes_of_now_in_the_order_of_the_first(self, both: list[Client]) -> None:
        here, there = both
        first = await page(here, RESULTS, first=25)
        await self.vote(here, list(range(41, 51)), 1)
        await self.ranking(there, 1)
        second = await page(there, RESULTS, first=25, after=first["pageInfo"]["endCursor"])
        assert numbers(second) == list(range(26, 51))
        ranks = {edge["node"]["project"]["number"]: edge["node"]["rank"] for edge in second["edges"]}
        assert ranks[26] == 11
        assert ranks[50] == 1


async def test_a_cursor_outlives_the_server_that_gave_it(api: Client, new_sqlite: Callable[[], str]) -> None:
    first = await page(api, PROJECTS, first=5)
    with serving(new_sqlite(), clock="2017-04-01T09:00:00+08:00") as later:
        second = await page(api.at(later), PROJECTS, first=5, after=first["pageInfo"]["endCursor"])
    assert numbers(second) == [6, 7, 8, 9, 10]
