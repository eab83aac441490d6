"""A decided stage as a whole: its record, what it comes to, the trace of that, and the digest that is announced."""

from dataclasses import dataclass

from api.domain.selection.canonical import canonical_record
from api.domain.selection.outcome import Outcome, outcome_of
from api.domain.selection.record import Record
from api.domain.selection.trace import digest_of, trace_of


@dataclass(frozen=True, slots=True)
class Decided:
    """What a record comes to; everything else follows from the record."""

    record: Record
    outcome: Outcome
    trace: str
    digest: str

    @property
    def record_text(self) -> str:
        """The record in canonical JSON."""
        return canonical_record(self.record)


def decide(record: Record) -> Decided:
    """Decide a stage by its record, which has to be one that `record_checks.check` accepts."""
    outcome = outcome_of(record)
    trace = trace_of(record, outcome)
    return Decided(record, outcome, trace, digest_of(trace))
