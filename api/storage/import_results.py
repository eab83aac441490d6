"""What came of imports, in JSON columns: votes as pairs, since JSON objects of PostgreSQL keep no order."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from api.domain.exchange.jobs import ImportResult


def result_tree(result: ImportResult) -> dict[str, object]:
    """The plain values of a result."""
    return {
        "projects": result.projects,
        "accepted": result.accepted,
        "refused": _pairs(result.refused),
        "official": None if result.official is None else _pairs(result.official),
        "counted": _pairs(result.counted),
    }


def result_of(stored: Any) -> ImportResult:
    """The result of plain values, or of their JSON."""
    tree: Mapping[str, Any] = json.loads(stored) if isinstance(stored, str) else stored
    official = None if tree["official"] is None else _numbers(tree["official"])
    return ImportResult(
        tree["projects"], tree["accepted"], _numbers(tree["refused"]), official, _numbers(tree["counted"])
    )


def _pairs(numbers: Mapping[str, int]) -> list[list[object]]:
    return [[code, number] for code, number in numbers.items()]


def _numbers(pairs: Sequence[tuple[str, int]]) -> dict[str, int]:
    return dict(pairs)
