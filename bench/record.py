"""What has a run found so far? Kept in a file after each part, so that a failure in one loses none of the others."""

import json
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any


class Record:
    """The results, the failures among them. complete: adds to the results what follows from them, and writes other files."""

    def __init__(self, folder: Path, complete: Callable[[dict[str, Any], Path], None]) -> None:
        self._folder, self._complete = folder, complete
        self._began = time.perf_counter()
        self.results: dict[str, Any] = {"workloads": {}, "minutes": {}, "failures": {}}

    def guard(self, name: str) -> "Guard":
        """The context of a step: its failure is recorded under this name, told, and ends that step alone."""
        return Guard(self, name)

    def part(self, name: str) -> "Part":
        """The same for a whole part, after which everything is written down."""
        return Part(self, name)

    def fail(self, name: str, error: Exception) -> None:
        """Record and tell that something went wrong."""
        self.results["failures"][name] = f"{type(error).__name__}: {error}"
        print(f"\nFAILED: {name}", flush=True)
        traceback.print_exception(error)

    def save(self) -> None:
        """Write everything down."""
        self.results["minutes"]["all"] = self._minutes_since(self._began)
        self._folder.mkdir(parents=True, exist_ok=True)
        with self.guard("summary"):
            self._complete(self.results, self._folder)
        written = json.dumps(self.results, indent=2, ensure_ascii=False) + "\n"
        (self._folder / "results.json").write_text(written, "utf-8")

    def end(self, name: str, began: float) -> None:
        """Write down that a part is over."""
        self.results["minutes"][name] = self._minutes_since(began)
        self.save()

    @staticmethod
    def _minutes_since(began: float) -> float:
        return round((time.perf_counter() - began) / 60, 2)


class Guard:
    """A step as a context that swallows errors, but not what ends the program."""

    def __init__(self, record: Record, name: str) -> None:
        self._record, self._name = record, name
        self._began = time.perf_counter()

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, Exception):
            self._record.fail(self._name, error)
            return True
        return False


class Part(Guard):
    """A part as such a context."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        swallowed = super().__exit__(kind, error, trace)
        self._record.end(self._name, self._began)
        return swallowed
