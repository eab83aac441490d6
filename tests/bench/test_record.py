"""Is everything that was found before a failure kept, and everything that comes after it still run?"""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.record import Record


def kept(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "results.json").read_text("utf-8"))
    return found


def test_a_part_that_fails_is_named_and_costs_no_other(tmp_path: Path) -> None:
    record = Record(tmp_path, lambda results, folder: None)
    with record.part("first"):
        record.results["first"] = 1
    with record.part("second"):
        record.results["second"] = 2
        raise RuntimeError("wrk failed")
    assert kept(tmp_path)["failures"] == {"second": "RuntimeError: wrk failed"}
    with record.part("third"), record.guard("a step"):
        raise LookupError
    found = kept(tmp_path)
    assert (found["first"], found["second"]) == (1, 2)
    assert found["failures"].keys() == {"second", "a step"}
    assert found["minutes"].keys() == {"first", "second", "third", "all"}


def test_a_summary_that_fails_is_kept_as_a_failure(tmp_path: Path) -> None:
    def complete(results: dict[str, Any], folder: Path) -> None:
        raise ZeroDivisionError("no chart")

    with Record(tmp_path, complete).part("first"):
        pass
    assert kept(tmp_path)["failures"] == {"summary": "ZeroDivisionError: no chart"}


def test_whoever_stops_the_run_stops_it(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Record(tmp_path, lambda results, folder: None).part("first"):
        raise KeyboardInterrupt
    assert kept(tmp_path)["minutes"].keys() == {"first", "all"}
