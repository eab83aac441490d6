"""Who is told what goes on, so that it can be counted and traced. Nothing that is told here changes what happens."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from api.domain.violations import Violation

NOTHING: AbstractContextManager[object] = nullcontext()  # around what nobody watches


class Watch(Protocol):
    """Sees requests, their steps, commits, refreshes and refusals. Every method is quick and never raises."""

    def visiting(self, request: str) -> AbstractContextManager[object]:
        """Around one HTTP request, which is known by this id."""
        ...

    def step(self, name: str) -> AbstractContextManager[object]:
        """Around one step of a request, such as `prepare` or `execute`."""
        ...

    def answered(self, operation: str | None, status: int, seconds: float) -> None:
        """A request was answered with this HTTP status, so many seconds after it came. operation is a bounded name."""
        ...

    def erred(self, code: str) -> None:
        """An answer had an error with this code."""
        ...

    def refused(self, violations: Sequence[Violation]) -> None:
        """A ballot was not stored, for these reasons."""
        ...

    def committing(self, ballots: int) -> AbstractContextManager[object]:
        """Around one transaction that stores so many ballots; an exception out of it means that it stored none."""
        ...

    def refreshing(self) -> AbstractContextManager[object]:
        """Around the making of one snapshot; an exception out of it means that there is none."""
        ...

    def follow(self, *, waiting: Callable[[], int], age: Callable[[], float]) -> None:
        """Where to read, at any time, how many ballots wait to be stored, and the newest snapshot's age in seconds."""
        ...


class Unwatched:
    """Nobody looks."""

    def visiting(self, request: str) -> AbstractContextManager[object]:
        """Not watched."""
        return NOTHING

    def step(self, name: str) -> AbstractContextManager[object]:
        """Not watched."""
        return NOTHING

    def answered(self, operation: str | None, status: int, seconds: float) -> None:
        """Not counted."""

    def erred(self, code: str) -> None:
        """Not counted."""

    def refused(self, violations: Sequence[Violation]) -> None:
        """Not counted."""

    def committing(self, ballots: int) -> AbstractContextManager[object]:
        """Not watched."""
        return NOTHING

    def refreshing(self) -> AbstractContextManager[object]:
        """Not watched."""
        return NOTHING

    def follow(self, *, waiting: Callable[[], int], age: Callable[[], float]) -> None:
        """Not read."""


UNWATCHED = Unwatched()
