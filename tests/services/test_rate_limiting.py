"""Is a caller held to so many requests a minute, in bounded memory, and over several processes?"""

import pytest

from api.limits import Limits
from api.services import rate_limiting
from api.services.rate_limiting import RateLimiter
from tests.memory import MemorySpendings

SIXTY = Limits(requests=60, requests_per_voter=6, sign_ins=0)


class Hands:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


def rate_limiter(clock: Hands, limits: Limits = SIXTY) -> RateLimiter:
    return RateLimiter(limits, clock, b"a secret of tests")


def admitted(buckets: RateLimiter, times: int, caller: str = "a", bucket: str = "address") -> int:
    taken = [buckets.take(bucket, caller) for _ in range(times)]
    return sum(one is not None and one.wait == 0 for one in taken)


def test_a_full_bucket_admits_a_minutes_worth_at_once_and_then_one_a_second(clock: Hands) -> None:
    buckets = rate_limiter(clock)
    assert admitted(buckets, 100) == 60
    clock.now += 3.5
    assert admitted(buckets, 100) == 3
    clock.now += 3600
    assert admitted(buckets, 100) == 60


def test_what_is_left_and_when_to_come_again_is_said(clock: Hands) -> None:
    buckets = rate_limiter(clock)
    first = buckets.take("address", "a")
    assert first is not None
    assert (first.quota, first.left, first.wait) == (60, 59, 0)
    admitted(buckets, 59)
    refused = buckets.take("address", "a")
    assert refused is not None
    assert (refused.left, refused.retry_after) == (0, 1)
    clock.now += refused.retry_after
    assert admitted(buckets, 1) == 1


def test_callers_and_buckets_are_apart(clock: Hands) -> None:
    buckets = rate_limiter(clock)
    admitted(buckets, 60)
    assert admitted(buckets, 60, caller="b") == 60
    assert admitted(buckets, 60, bucket="voter") == 6


def test_an_operation_counts_as_a_request_more_for_every_thousand_units(clock: Hands) -> None:
    buckets = rate_limiter(clock)
    for cost, left in ((999, 59), (1_000, 57), (20_000, 36)):
        admitted(buckets, 1)
        buckets.take_cost("address", "a", cost)
        looked_at = buckets.take("address", "a")
        assert looked_at is not None
        assert looked_at.left == left - 1
        clock.now += 1.0  # which gives it back


def test_what_a_bucket_can_never_hold_is_asked_of_a_full_one(clock: Hands) -> None:
    buckets = rate_limiter(clock, Limits(requests=5))
    admitted(buckets, 2)
    short = buckets.take_cost("address", "a", 20_000)
    assert short is not None
    assert (short.left, short.retry_after) == (3, 24)
    clock.now += short.retry_after
    assert admitted(buckets, 1) == 1, "a refusal took nothing"
    enough = buckets.take_cost("address", "a", 20_000)
    assert enough is not None
    assert (enough.wait, enough.left) == (0, 0)
    assert rate_limiter(clock, Limits(requests=1)).take_cost("address", "a", 20_000) is None


async def test_what_an_operation_costs_is_told_to_other_processes(clock: Hands) -> None:
    one, other, shared = rate_limiter(clock), rate_limiter(clock), MemorySpendings()
    one.take_cost("address", "a", 40_000)
    await one.exchange(shared)
    assert admitted(other, 2) == 2
    await other.exchange(shared)
    assert admitted(other, 60) == 18


def test_a_limit_of_zero_is_none(clock: Hands) -> None:
    assert rate_limiter(clock).take("sign-in", "a") is None
    assert rate_limiter(clock).take_cost("sign-in", "a", 20_000) is None


def test_a_refusal_takes_nothing(clock: Hands) -> None:
    buckets = rate_limiter(clock)
    admitted(buckets, 10_000)
    clock.now += 1.001
    assert admitted(buckets, 1) == 1


def test_a_clock_set_back_locks_nobody_out_for_longer_than_a_minute(clock: Hands) -> None:
    buckets = rate_limiter(clock)
    admitted(buckets, 60)
    clock.now -= 3600
    assert admitted(buckets, 1) == 0
    clock.now += 1.001
    assert admitted(buckets, 2) == 1, "the bucket fills up from then on"


def test_the_buckets_are_bounded(clock: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limiting, "MAX_BUCKETS", 10)
    buckets = rate_limiter(clock)
    for number in range(1000):
        buckets.take("address", str(number))
    assert len(buckets._full_at) == 10
    assert len(buckets._used) == 10


async def test_two_processes_are_one_bucket_within_a_second(clock: Hands) -> None:
    one, other, shared = rate_limiter(clock), rate_limiter(clock), MemorySpendings()
    assert admitted(one, 40) == 40
    await one.exchange(shared)
    assert admitted(other, 5) == 5
    await other.exchange(shared)
    assert admitted(other, 60) == 15, "40 there and 5 here are gone"


async def test_what_was_told_before_is_not_taken_twice(clock: Hands) -> None:
    one, other, shared = rate_limiter(clock), rate_limiter(clock), MemorySpendings()
    for _ in range(3):
        assert admitted(one, 5) == 5
        assert admitted(other, 5) == 5
        await one.exchange(shared)
        await other.exchange(shared)
    await one.exchange(shared)
    assert admitted(one, 1) == 1
    await one.exchange(shared)
    assert admitted(one, 60) == 60 - 31


async def test_the_shared_store_is_told_keys_that_name_nobody_and_change_soon(clock: Hands) -> None:
    buckets, shared = rate_limiter(clock), MemorySpendings()
    for _ in range(2):
        admitted(buckets, 5, caller="203.0.113.7")
        await buckets.exchange(shared)
        clock.now += rate_limiting.PERIOD
    assert len(shared.spent) == 2
    assert "203" not in "".join(shared.spent)


async def test_nobody_asks_nothing_is_told(clock: Hands) -> None:
    shared = MemorySpendings()
    await rate_limiter(clock).exchange(shared)
    assert shared.spent == {}
