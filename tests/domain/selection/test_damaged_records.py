"""Is a record that somebody has damaged refused with a sentence, or else decided by both implementations alike?"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.selection.decided import decide
from api.domain.selection.plain_values import RecordError
from api.domain.selection.record_reader import read_record
from tests.properties import with_examples
from tests.second_selection import canonical, recompute
from tests.second_selection.canonical import Json
from tests.selection_records import records

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
OTHERS: tuple[Any, ...] = (
    *(None, True, False, 0, 1, 2, -1, 13, 1.5, 10**16, 10**400),
    *(
        "",
        "0",
        "1",
        "-1",
        "1.50",
        "01",
        "+1",
        "1e3",
        "-0",
        ".5",
        "NaN",
        "Infinity",
        "١",
        "1" * 30,
        "1 2",
        "a\nb",
        "\ud800",
    ),
    *("LOT", "WEB", "MEAN", "DECISION", "EXPERT_SCORES", "PUBLIC_VOTE", "CRITERION", "benefit", "0" * 64),
    *([], {}, [1], [1, 1], [[]], {"a": 1}, {"WEB": 0}, {"WEB": 1}, {"benefit": "1"}),
)


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in the tree: what it is in, and its key or index."""
    if isinstance(tree, dict | list):
        for key, value in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
            yield tree, key
            yield from places(value)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    record: Json = draw(records())
    holder, key = draw(st.sampled_from(list(places(record))))
    act = draw(st.sampled_from(("replace", "replace", "remove", "repeat")))
    if act == "replace":
        holder[key] = draw(st.sampled_from(OTHERS))
    elif act == "remove":
        del holder[key]
    elif isinstance(holder, list):
        holder.append(holder[key])
    else:
        holder["more"] = holder[key]
    return canonical.text(record)


@with_examples(few=50, every=150)
def test_a_damaged_record_is_refused_or_decided_alike(examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=SLOW, deadline=None)
    @given(damaged())
    def compare(text: str) -> None:
        with suppress(RecordError):
            assert decide(read_record(text)).trace.encode() == recompute(text).trace

    compare()


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "1", '"a"', "{}", "NaN", '{"a": NaN}', "\ufeff{}", "[" * 100_000),
        '{"format": "pingxuan-selection/1", "format": "pingxuan-selection/1"}',
        '{"dropped": ' + "9" * 5_000 + "}",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_what_is_no_record_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(RecordError, match=r"\w+ \w+"):
        read_record(text)
