"""Is there room for what a page watches, and for no more than the process can keep up to date?"""

from collections.abc import Callable
from math import inf, isclose
from typing import Any

import pytest

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Language
from api.execution.documents import Documents
from api.execution.subscriptions import InvalidSubscription, SubscriptionExecutor
from api.graph import LIST_SIZES, schema
from api.http.requests import GraphQLParams
from api.instrumentation import NO_INSTRUMENTATION
from api.limits import Limits
from api.subscriptions import registry
from api.subscriptions.manager import MIN_UPDATE_INTERVAL
from api.subscriptions.registry import SubscriberIdentity, TopicRegistry, fair_share
from api.subscriptions.topics import Topic

ONE = "198.51.100.7"
EIGHT = "rank votes share project { number title organization level }"
RANKING = f"subscription R($after: String) {{ resultsChanged(first: 50, after: $after) {{ nodes {{ {EIGHT} }} }} }}"
SMALL = "subscription S($after: String) { resultsChanged(first: 1, after: $after) { asOf } }"
PAGED = "subscription P($n: Int) { resultsChanged(first: $n) { totalCount } }"
Find = Callable[..., Topic]


async def nobody_asks(*_: Any) -> Any:
    raise AssertionError


@pytest.fixture
def topics() -> TopicRegistry:
    published = schema()._schema
    documents = Documents(published, Limits(), LIST_SIZES)
    return TopicRegistry(SubscriptionExecutor(published, documents), nobody_asks, Limits(), NO_INSTRUMENTATION)


@pytest.fixture
def find(topics: TopicRegistry) -> Find:
    documents = Documents(schema()._schema, Limits(), LIST_SIZES)

    def find(text: str, variables: Any = None, *, language: Language = Language.EN, address: str = ONE) -> Topic:
        """Return the topic, which has a subscriber from now on."""
        params = GraphQLParams(text, variables, None, None, by_get=False)
        topic = topics.topic(documents.prepare(text), params, language, SubscriberIdentity(address))
        topic.joining += 1
        return topic

    return find


def page(number: int) -> dict[str, str]:
    """The variables of this page."""
    return {"after": f"page {number}"}


def fill(find: Find, text: str, addresses: Callable[[int], str] = lambda _: ONE) -> None:
    """Ask for one page after the other, from the address that each number has."""
    for number in range(1_000):
        find(text, page(number), address=addresses(number))


def test_variables_that_the_operation_does_not_have_make_no_other_topic(find: Find, topics: TopicRegistry) -> None:
    for extra in range(1_000):
        find(PAGED, {"n": 5, "x": extra})
    find(PAGED, {"n": 5.0})
    assert len(topics) == 1
    find(PAGED, {"n": 6})
    find(PAGED, {"n": 5}, language=Language.ZH)
    assert len(topics) == 3


def test_variables_that_do_not_fit_make_no_topic(find: Find, topics: TopicRegistry) -> None:
    with pytest.raises(InvalidSubscription) as caught:
        find(PAGED, {"n": "five"})
    assert "Int cannot represent" in caught.value.errors[0].message
    assert len(topics) == 0


def test_a_subscription_that_costs_too_much_makes_no_topic(find: Find, topics: TopicRegistry) -> None:
    with pytest.raises(ApiError) as caught:
        find("subscription { resultsChanged(first: 100) { nodes { tiedWith { id number slug: title summary } } } }")
    assert (caught.value.code, caught.value.details["limit"]) == (ErrorCode.QUERY_TOO_LARGE, "cost")
    assert len(topics) == 0


def test_one_address_has_so_much_kept_up_to_date_and_others_have_as_much(find: Find) -> None:
    with pytest.raises(ApiError) as caught:
        fill(find, RANKING)
    details = caught.value.details
    assert (caught.value.code, details["limit"], details["most"]) == (ErrorCode.QUERY_TOO_LARGE, "live_cost", 60_000)
    assert 60_000 < details["actual"] < 61_000
    find(RANKING, page(1))  # it is kept up to date already
    find(RANKING, page(-1), address="198.51.100.8")


def test_an_ipv6_subscribers_addresses_are_one(find: Find) -> None:
    with pytest.raises(ApiError) as caught:
        fill(find, RANKING, lambda number: f"2001:db8::{number:x}")
    assert caught.value.details["limit"] == "live_cost"


def test_a_topic_that_costs_next_to_nothing_takes_room_all_the_same(find: Find, topics: TopicRegistry) -> None:
    with pytest.raises(ApiError):
        fill(find, SMALL)
    assert len(topics) < 150


def test_what_nobody_watches_any_more_makes_room(find: Find, topics: TopicRegistry) -> None:
    for number in range(400):
        find(RANKING, page(number)).joining -= 1
    assert len(topics) == 1


def test_a_process_keeps_so_many_topics(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "MAX_TOPICS", 10)
    for number in range(10):
        find(PAGED, {"n": number}, address=f"198.51.100.{number}")
    with pytest.raises(ApiError) as caught:
        find(PAGED, {"n": 11})
    assert caught.value.code is ErrorCode.OVERLOADED


def test_sixteen_pages_in_two_languages_take_half_the_room_of_one_address(find: Find, topics: TopicRegistry) -> None:
    for _ in range(100):  # of thousands behind one address
        for number in range(16):
            find(RANKING, page(number), language=Language.ZH)
            find(RANKING, page(number), language=Language.EN)
    assert len(topics) == 32
    assert sum(cost for _, cost in topics._costs.values()) < Limits().live_cost / 2


@pytest.mark.parametrize(
    ("demands", "share"),
    [
        ([], inf),
        ([0.1, 0.1], inf),
        ([0.0, 0.0], inf),
        ([1.0, 1.0, 1.0], 0.1),
        ([0.05, 1.0], 0.25),
        ([0.01] * 10 + [5.0], 0.2),
    ],
)
def test_who_needs_little_gets_it_and_the_rest_is_shared(demands: list[float], share: float) -> None:
    assert isclose(fair_share(demands, 0.3), share)


def test_a_heavy_topic_is_executed_less_often_and_light_ones_are_not(find: Find, topics: TopicRegistry) -> None:
    *heavy, light = [find(PAGED, {"n": number}) for number in range(11)]
    light.cpu_seconds = 0.005
    for topic in heavy:
        topic.cpu_seconds = 0.134
    assert next(iter(topics)) is light
    interval = topics.update_interval()
    assert interval(light) < MIN_UPDATE_INTERVAL
    assert isclose(interval(heavy[0]), 0.134 * 10 / (registry.CPU_SHARE - 0.005))


def test_whoever_is_shown_drafts_shares_no_topic_with_others(topics: TopicRegistry) -> None:
    documents = Documents(schema()._schema, Limits(), LIST_SIZES)
    params = GraphQLParams(SMALL, None, None, None, by_get=False)
    found = []
    for own in (None, "one", "other", "one"):
        found.append(
            topics.topic(documents.prepare(SMALL), params, Language.EN, SubscriberIdentity(ONE, own, drafts=True))
        )
        found[-1].joining += 1
    assert len({*found}) == 3
    assert found[1] is found[3]
