"""The trace of a decision: plain text that says every input, every step and the outcome, line by line.

docs/selection.md states its form exactly; the digest of a selection is the SHA-256 of its bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from hashlib import sha256

from api.domain.exact import plain
from api.domain.selection.canonical import canonical_record
from api.domain.selection.input_values import RawValues
from api.domain.selection.outcome import Outcome, OutcomeRow, basis_of, sum_of
from api.domain.selection.quorum import effective_quorum, quorum_shortfalls
from api.domain.selection.record import Record
from api.domain.selection.terms import InputSource, StageKind
from api.domain.selection.ties import Tie, TieDetail
from api.domain.selection.trace_inputs import input_lines
from api.domain.selection.trace_reviews import review_lines

FORMAT = "pingxuan-selection-trace/1"


def trace_of(record: Record, outcome: Outcome) -> str:
    """Write the trace of what the record comes to; each line ends with a line feed."""
    return "".join(f"{line}\n" for line in _lines(record, outcome))


def digest_of(trace: str) -> str:
    """Return the digest of a selection: the SHA-256 of its trace in UTF-8, in hexadecimal digits."""
    return sha256(trace.encode()).hexdigest()


def _lines(record: Record, outcome: Outcome) -> Iterator[str]:
    yield FORMAT
    yield f"record {sha256(canonical_record(record).encode()).hexdigest()}"
    yield from input_lines(record)
    values = RawValues(record)
    yield from review_lines(record, values)
    yield from _quorum_lines(record)
    rows = sorted(outcome.rows, key=lambda row: row.number)
    yield from _value_lines(values, rows)
    if record.rules.kind is not StageKind.DECISION:
        for row in rows:
            yield f"score {row.number} sum {plain(sum_of(row.inputs))} score {_number(row.score)}"
    for tie in outcome.ties:
        yield from _tie_lines(tie)
    yield from _outcome_lines(record, outcome)


def _quorum_lines(record: Record) -> Iterator[str]:
    if record.rules.quorum is None:
        return
    yield f"quorum {effective_quorum(record.rules.quorum, record.dropped)}"
    for shortfall in quorum_shortfalls(record):
        what = "ballots" if shortfall.project is None else f"{shortfall.project} reviews"
        yield f"short {what} {shortfall.actual}"


def _value_lines(values: RawValues, rows: Sequence[OutcomeRow]) -> Iterator[str]:
    for place, stage_input in enumerate(values.record.rules.inputs):
        basis = basis_of(values, stage_input)
        bounds = f"highest {plain(basis.highest)} lowest {plain(basis.lowest)} ballots {_number(basis.ballots)}"
        yield f"input {place + 1} {stage_input.source.name} {bounds}"
        for row in rows:
            own = row.inputs[place]
            numbers = f"value {plain(own.value)} normalised {plain(own.normalised)} weighted {plain(own.weighted)}"
            yield f"value {place + 1} {row.number} {numbers}"


def _tie_lines(tie: Tie) -> Iterator[str]:
    cut = "seats" if tie.award is None else f"award {tie.award}"
    yield f"tie {cut} free {tie.free} equal {_numbers(tie.numbers)}"
    for detail in tie.details:
        yield _step_line(detail)
    yield "open" if tie.step is None else f"settled {tie.step.name}"


def _step_line(detail: TieDetail) -> str:
    name = detail.step.name
    if detail.further is not None:
        name += f" {detail.further.source.name} {detail.further.criterion or '-'}"
    if detail.is_missing:
        name += " missing"
    equal = " ".join(f"{number}={text}" for number, text in detail.values) or _numbers(detail.equal)
    return f"step {name} free {detail.free} equal {equal}"


def _outcome_lines(record: Record, outcome: Outcome) -> Iterator[str]:
    for row in outcome.rows:
        rank = "none" if row.rank is None else row.rank
        yield f"result {row.number} rank {rank} score {_number(row.score)} {_what_became_of(row)}"
    yield f"vacant seats {outcome.vacant}"
    for code, vacant in outcome.vacant_awards.items():
        yield f"vacant award {code} {vacant}"
    if record.rules.has_input(InputSource.EXPERT_SCORES):
        yield f"unreviewed {_numbers(outcome.unreviewed) or 'none'}"
    yield f"unused {len(outcome.unused)}"
    yield "outcome open" if outcome.unresolved else "outcome settled"


def _what_became_of(row: OutcomeRow) -> str:
    if row.selected:
        return "selected" if row.award is None else f"selected award {row.award}"
    return "vacates" if row.vacates else "passed-over"


def _number(value: Decimal | None) -> str:
    return "none" if value is None else plain(value)


def _numbers(numbers: Iterable[int]) -> str:
    return " ".join(map(str, sorted(numbers)))
