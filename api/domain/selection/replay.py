"""Decide a stage again from its record, and compare with what is known of the first time, to the byte."""

from dataclasses import dataclass, replace
from itertools import zip_longest

from api.domain.selection.canonical import canonical_record
from api.domain.selection.decided import Decided, decide
from api.domain.selection.outcome import Outcome
from api.domain.selection.record_reader import read_record

END = "(the end)"


@dataclass(frozen=True, slots=True)
class LineDifference:
    """The first line, from 1 on, in which two texts differ; END where one of them has ended."""

    line: int
    stored: str
    replayed: str

    def __str__(self) -> str:
        return f"line {self.line} differs\n  stored:   {self.stored}\n  replayed: {self.replayed}"


@dataclass(frozen=True, slots=True)
class Replay:
    """What a record comes to, and what differs from the first time, in sentences; none where all is the same."""

    decided: Decided
    wrong: tuple[str, ...]


def replay(record_text: str) -> Decided:
    """Decide a stage from its record in JSON. Raises RecordError."""
    return decide(read_record(record_text))


def compare(decided: Decided, digest: str | None = None, trace: str | None = None) -> tuple[str, ...]:
    """Return what differs from the digest and the trace of the first time, as far as they are given."""
    wrong = []
    if digest is not None and digest != decided.digest:
        wrong.append(f"the digest differs\n  stored:   {digest}\n  replayed: {decided.digest}")
    if trace is not None and (difference := first_difference(trace, decided.trace)):
        wrong.append(f"the trace: {difference}")
    return tuple(wrong)


def replay_version(record_text: str, digest: str, trace: str) -> Replay:
    """Replay what is stored, where the record has to be in canonical form, too. Raises RecordError."""
    decided = replay(record_text)
    wrong = compare(decided, digest, trace)
    if canonical_record(decided.record) != record_text:
        wrong = (*wrong, "the record: it is not stored in its canonical form")
    return Replay(decided, wrong)


def is_same_outcome(one: Outcome, other: Outcome) -> bool:
    """Return whether two outcomes are shown alike, whatever the order of languages and channels in what they refer to."""
    return _shown(one) == _shown(other)


def first_difference(stored: str, replayed: str) -> LineDifference | None:
    """Return where two texts first differ, or None where they are the same."""
    if stored == replayed:
        return None
    pairs = zip_longest(stored.split("\n"), replayed.split("\n"), fillvalue=END)
    return next(LineDifference(line, old, new) for line, (old, new) in enumerate(pairs, 1) if old != new)


def _shown(outcome: Outcome) -> tuple[object, ...]:
    rows = [
        (replace(row, inputs=()), [(each.value, each.normalised, each.weighted) for each in row.inputs])
        for row in outcome.rows
    ]
    ties = [replace(tie, used=()) for tie in outcome.ties]
    counts = (outcome.vacant, dict(outcome.vacant_awards), outcome.unreviewed, len(outcome.unused), outcome.unresolved)
    reason = outcome.decision_reason
    return (rows, ties, *counts, None if reason is None else dict(reason.translations))
