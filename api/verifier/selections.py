"""Replay every announced selection from its record, and see that the last of each stage goes by the votes of the recount."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from api.domain.log.entries import SelectionEntry
from api.domain.selection.canonical import canonical_record
from api.domain.selection.plain_values import RecordError
from api.domain.selection.record import Record
from api.domain.selection.replay import replay
from api.domain.selection.terms import CriterionSource, InputSource
from api.verifier.findings import FindingCode, LogBroken
from api.verifier.log_files import LogFiles, read_document


@dataclass(frozen=True, slots=True)
class Recount:
    """The ballots that count, and the votes on them by number, less what organizers have voided by time."""

    ballots: int
    votes: Mapping[int, int]


def replayed(files: LogFiles, slug: str, path: str, index: int, entry: SelectionEntry) -> Record:
    """Decide a stage again from the record that an entry commits to; return the record. path: of the entry's bundle."""
    place, text = f"documents/{entry.record_sha256}", read_document(files, entry.record_sha256, index)
    try:
        decided = replay(text)
    except RecordError as error:
        should = "it should be a record as docs/selection.md states it"
        raise LogBroken(FindingCode.SELECTION_WRONG, place, str(error), should, index) from error
    record, trace = decided.record, sha256(decided.trace.encode()).hexdigest()
    if canonical_record(record) != text:
        should = "it should be canonical JSON"
        raise LogBroken(FindingCode.SELECTION_WRONG, place, "the record is written otherwise", should, index)
    if (record.campaign, record.stage) != (slug, entry.stage):
        found, should = f"the record of {record.campaign} {record.stage}", f"it should be of {slug} {entry.stage}"
        raise LogBroken(FindingCode.SELECTION_WRONG, place, found, should, index)
    if trace != entry.trace_sha256:
        found = f"“{entry.line}” announces the trace {entry.trace_sha256}"
        raise LogBroken(FindingCode.SELECTION_WRONG, path, found, f"the record comes to the trace {trace}", index)
    return record


def goes_by_votes(record: Record) -> bool:
    """Tell whether the votes of citizens take part in what a stage decides."""
    breaks_ties = any(each.source is CriterionSource.PUBLIC_VOTE for each in record.rules.further_criteria)
    return breaks_ties or record.rules.has_input(InputSource.PUBLIC_VOTE)


def check_votes(record: Record, index: int, entry: SelectionEntry, recount: Recount) -> None:
    """See that a record has the votes and ballots of the recount."""
    wrong = list[str]()
    if (said := sum(record.ballots.values())) != recount.ballots:
        wrong.append(f"it goes by {said} ballots; {recount.ballots} count")
    for candidate in record.candidates:
        number, said = candidate.number, sum(candidate.votes.values())
        if said != (counted := recount.votes.get(number, 0)):
            wrong.append(f"it goes by {said} votes for {number}; {counted} count")
    if wrong:
        place, more = f"documents/{entry.record_sha256}", f" (and {len(wrong) - 1} more)" if wrong[1:] else ""
        found, _, should = wrong[0].partition("; ")
        raise LogBroken(FindingCode.SELECTION_WRONG, place, f"{entry.stage}: {found}", f"{should}{more}", index)


def last_versions(selections: Sequence[tuple[int, SelectionEntry]]) -> Mapping[str, int]:
    """Return, by stage, the index of the last version that was announced."""
    return {entry.stage: index for index, entry in selections}
