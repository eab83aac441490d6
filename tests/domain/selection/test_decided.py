"""Is a decided stage its record, what it comes to, the trace of that and the digest?"""

from hashlib import sha256

from api.domain.selection.canonical import canonical_record
from api.domain.selection.decided import decide
from api.domain.selection.outcome import outcome_of
from api.domain.selection.trace import trace_of
from tests.selection_examples import rich_record


def test_everything_follows_from_the_record() -> None:
    record = rich_record()
    decided = decide(record)
    assert decided.record_text == canonical_record(record)
    assert decided.outcome == outcome_of(record)
    assert decided.trace == trace_of(record, decided.outcome)
    assert decided.digest == sha256(decided.trace.encode()).hexdigest()
