"""Is a kept order the order that sorting gives, and never taken for another list's?"""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.domain.paging import Direction, sort
from api.domain.results.kept_order import KeptOrder

values = st.dictionaries(st.integers(1, 9999), st.none() | st.integers(0, 9), max_size=60)


@given(values=values, direction=st.sampled_from(Direction))
def test_it_lists_what_sorting_lists(values: dict[int, Any], direction: Direction) -> None:
    order = KeptOrder.of("campaign VOTES", values.items())
    sorted_numbers = sort(values, [(lambda number: values[number], direction)], lambda number: number)
    assert order.sorted(direction) == sorted_numbers
    assert replace(order, places=bytes(order.places)).sorted(direction) == sorted_numbers


def test_it_takes_two_bytes_a_project() -> None:
    assert len(KeptOrder.of("campaign VOTES", ((n, n % 700) for n in range(1, 5001))).places) == 10_000


def test_equal_orders_of_other_campaigns_fields_days_or_projects_have_other_digests() -> None:
    votes = {1: 5, 2: 7, 3: 7}
    one = KeptOrder.of("campaign VOTES", votes.items())
    assert one.digest == KeptOrder.of("campaign VOTES", {1: 50, 2: 99, 3: 99}.items()).digest, "it is the same order"
    assert one.digest != KeptOrder.of("another VOTES", votes.items()).digest
    assert one.digest != KeptOrder.of("campaign VOTES", {1: 5, 2: 7, 4: 7}.items()).digest
    assert one.digest != KeptOrder.of("campaign VOTES", {1: 5, 2: 7, 3: 8}.items()).digest
