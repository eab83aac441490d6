"""Can anybody compute a number that is withheld from those that are shown?"""

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.exchange.suppression import Flow, withheld

THRESHOLD = 10
Table = list[list[int]]
NUMBERS = st.one_of(st.just(0), st.integers(1, 9), st.integers(1, 2), st.integers(10, 400))
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=6)
)


def flows_of(table: Table) -> list[Flow]:
    """A table with the totals of its rows and columns and the whole."""
    width, cells = len(table[0]), [(r, c) for r, row in enumerate(table) for c in range(len(row))]
    return [
        Flow("columns", "rows", sum(map(sum, table)), 10**9),
        *(Flow("rows", ("row", r), sum(row), 10**6) for r, row in enumerate(table)),
        *(Flow(("column", c), "columns", sum(row[c] for row in table), 10**6) for c in range(width)),
        *(Flow(("row", r), ("column", c), table[r][c], table[r][c]) for r, c in cells),
    ]


def computable(flows: list[Flow], hidden: frozenset[int]) -> set[int]:
    """What of the hidden numbers the equations determine: Gauss and Jordan over the fractions."""
    unknown = sorted(hidden)
    nodes = {node for flow in flows for node in (flow.tail, flow.head)}
    rows = [
        [Fraction((flows[u].head == node) - (flows[u].tail == node)) for u in unknown]
        for node in sorted(nodes, key=str)
    ]
    reduced: list[list[Fraction]] = []
    for column in range(len(unknown)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows, reduced = (
            [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in each] for each in (rows, reduced)
        )
        reduced.append(pivot)
    alone = (row for row in reduced if sum(map(bool, row)) == 1)
    return {unknown[next(place for place, value in enumerate(row) if value)] for row in alone}


@given(TABLES)
def test_whoever_solves_all_equations_learns_no_number_that_is_withheld(table: Table) -> None:
    flows = flows_of(table)
    hidden = withheld(flows, THRESHOLD)
    assert {place for place, flow in enumerate(flows) if 0 < flow.value < THRESHOLD} <= hidden
    assert all(flows[place].value for place in hidden)
    assert computable(flows, hidden) == set()


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=2, max_size=2))
def test_nor_does_who_also_knows_that_none_of_them_is_zero(table: Table) -> None:
    flows = flows_of(table)
    hidden = sorted(withheld(flows, threshold=3))
    top = sum(map(sum, table)) + 2
    nodes = {node for flow in flows for node in (flow.tail, flow.head)}
    possible: list[set[int]] = [set() for _ in hidden]
    cells = [place for place in hidden if isinstance(flows[place].tail, tuple) and flows[place].tail[0] == "row"]
    totals = [place for place in hidden if place not in cells]
    for values in product(range(1, top + 1), repeat=len(cells)):
        found = {**{place: flow.value for place, flow in enumerate(flows)}, **dict(zip(cells, values, strict=True))}
        settle(flows, found, totals)
        balanced = all(
            sum(found[p] for p, f in enumerate(flows) if f.head == node)
            == sum(found[p] for p, f in enumerate(flows) if f.tail == node)
            for node in nodes
        )
        if balanced and all(found[place] > 0 for place in totals):
            for place, seen in zip(hidden, possible, strict=True):
                seen.add(found[place])
    assert all(len(seen) > 1 for seen in possible)


def settle(flows: list[Flow], found: dict[int, int], totals: list[int]) -> None:
    """Give hidden totals the values that these cells ask for: of rows and columns first, then of the whole."""
    for place in sorted(totals, key=lambda total: flows[total].tail == "columns"):
        tail, head = flows[place].tail, flows[place].head
        if tail == "rows":
            found[place] = sum(found[p] for p, flow in enumerate(flows) if flow.tail == head)
        elif head == "columns":
            found[place] = sum(found[p] for p, flow in enumerate(flows) if flow.head == tail)
        else:
            found[place] = sum(found[p] for p, flow in enumerate(flows) if flow.tail == "rows")


def test_where_nothing_is_small_nothing_is_withheld() -> None:
    assert withheld(flows_of([[10, 0, 300], [40, 0, 12]]), THRESHOLD) == frozenset()


def test_totals_are_withheld_only_where_cells_do_not_do() -> None:
    flows = flows_of([[3, 20], [30, 40], [50, 60]])
    assert {flows[place].value for place in withheld(flows, THRESHOLD)} == {3, 20, 30, 40}
    alone = flows_of([[3, 0], [30, 40]])
    assert {alone[place].value for place in withheld(alone, THRESHOLD)} > {3}
