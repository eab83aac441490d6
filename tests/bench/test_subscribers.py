"""Does the benchmark of live subscribers promise no more than it found, and say what it had no room for?"""

import json
from typing import Any

import pytest

from bench.goals import judged
from bench.subscribers import HERE, PARTS, kept, told


@pytest.fixture
def found() -> dict[str, Any]:
    """What was found when it last ran."""
    found: dict[str, Any] = json.loads((HERE / "subscribers.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("part", PARTS)
def test_one_who_is_told_late_or_never_breaks_the_promise(found: dict[str, Any], part: str) -> None:
    found["kib_each"] = 1.0
    for each in PARTS:
        found[each] |= {"missed": 0, "slowest_seconds": 0.5}
    assert kept(found)
    for broken in ({"missed": 1}, {"slowest_seconds": 1.1}):
        assert not kept(found | {part: found[part] | broken})
    assert not kept(found | {"kib_each": 12.1})


def test_missing_descriptors_are_told(found: dict[str, Any]) -> None:
    assert "no room for 41 more" in told(found | {"descriptors_missing": 41})
    assert "no room" not in told(found | {"descriptors_missing": 0})
    [goal] = [goal for goal in judged({"live": found | {"descriptors_missing": 41}}) if "live" in goal["goal"]][:1]
    assert "41 file descriptors too few" in goal["remark"]
