"""Do pages of results follow the order that their cursor refers to, while votes move and campaigns are edited?"""

from collections.abc import Sequence
from random import Random

import pytest

from api.domain.campaigns.filtering import ProjectFilter
from api.domain.errors import ApiError, ErrorCode
from api.domain.paging import Direction, PageArgs
from api.domain.results.ranking import ResultOrderField, Standings, standings
from api.domain.results.tallies import Counts
from api.services.kept_orders import KeptOrders
from api.services.listing import ResultList, ResultOrder
from tests.campaigns import DAYS, DURING, PUDONG, a_campaign, a_project
from tests.memory import MemoryOrders

CAMPAIGN = a_campaign()
BY_RANK = ResultOrder()


def shuffled(seed: int, projects: int = 50) -> Standings:
    """The standings after other ballots each time; many are tied."""
    votes = {number: Random(seed * 100 + number).randrange(9) for number in range(1, projects + 1)}
    return standings(CAMPAIGN, Counts({DAYS[0]: 9}, {DAYS[0]: votes}), DURING)


async def read(
    table: Standings,
    orders: KeptOrders,
    order: ResultOrder = BY_RANK,
    filter: ProjectFilter | None = None,
    **window: int | str | None,
) -> tuple[Sequence[int], Sequence[str]]:
    """The numbers on a page and their cursors, whose order is kept."""
    page_args = PageArgs(**window)  # type: ignore[arg-type]
    found, kept = await ResultList(table, filter, order).later_page(page_args, orders)
    if window.keys() <= {"first", "last"}:
        at_once, order_at_once = ResultList(table, filter, order).page(page_args)
        assert (at_once.keys, at_once.cursors, order_at_once) == (found.keys, found.cursors, kept)
    await orders.keep(kept)
    return found.keys, found.cursors


@pytest.mark.parametrize("by", ResultOrderField)
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("filter", [None, ProjectFilter(districts=(PUDONG.code,))], ids=["all", "some"])
async def test_a_walk_visits_each_once_in_the_first_order_at_ever_other_processes(
    by: ResultOrderField, direction: Direction, filter: ProjectFilter | None
) -> None:
    store, order = MemoryOrders(), ResultOrder(by, direction)
    whole, _ = await read(shuffled(0), KeptOrders(store, lambda: 0.0), order, filter, first=100)
    seen: list[int] = []
    cursor = None
    for turn in range(20):
        keys, cursors = await read(shuffled(turn), KeptOrders(store, lambda: 0.0), order, filter, first=7, after=cursor)
        seen += keys
        cursor = cursors[-1] if cursors else cursor
    assert seen == list(whole)
    assert len(set(seen)) == (50 if filter is None else 14)


async def test_ranks_and_votes_are_one_order_in_either_direction() -> None:
    store = MemoryOrders()
    orders = KeptOrders(store, lambda: 0.0)
    for by in (ResultOrderField.RANK, ResultOrderField.VOTES):
        for direction in Direction:
            await read(shuffled(1), orders, ResultOrder(by, direction))
    assert len(store.stored) == 1


async def test_an_order_that_is_gone_is_refused_with_what_to_do() -> None:
    _, cursors = await read(shuffled(1), KeptOrders(MemoryOrders(), lambda: 0.0))
    with pytest.raises(ApiError) as caught:
        await read(shuffled(2), KeptOrders(MemoryOrders(), lambda: 0.0), after=cursors[0])
    assert caught.value.code is ErrorCode.BAD_INPUT
    assert "no longer kept" in caught.value.message.en
    assert caught.value.details == {"argument": "after"}


async def test_a_forged_cursor_is_refused_before_anything_is_looked_up() -> None:
    store = MemoryOrders()
    _, cursors = await read(shuffled(1), KeptOrders(store, lambda: 0.0))
    for cursor in (cursors[3][:-1] + "A", "A" * 28, "x", cursors[3][:4] + "BBBB" + cursors[3][8:]):
        with pytest.raises(ApiError, match=r"."):
            await read(shuffled(2), KeptOrders(store, lambda: 0.0), after=cursor)
    assert store.looked_up == []


async def test_another_candidate_ends_the_orders_there_were() -> None:
    store = MemoryOrders()
    _, cursors = await read(shuffled(1), KeptOrders(store, lambda: 0.0))
    larger = a_campaign(projects=tuple(map(a_project, range(1, 52))))
    table = standings(larger, Counts({}, {}), DURING)
    with pytest.raises(ApiError) as caught:
        await read(table, KeptOrders(store, lambda: 0.0), after=cursors[0])
    assert caught.value.code is ErrorCode.BAD_INPUT
