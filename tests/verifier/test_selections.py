"""Are announced selections replayed from their records, and compared with the recount?"""

from dataclasses import replace
from hashlib import sha256

from api.domain.selection.canonical import canonical_record
from api.domain.selection.decided import decide
from api.domain.selection.record import Candidate, Record
from api.domain.voting.channels import Channel
from api.verifier.findings import FindingCode, Verdict
from api.verifier.log_head import Trust
from api.verifier.report import Report
from api.verifier.verification import Verification
from tests.log_maker import SLUG, LogMaker, MemoryFiles, digest, small_log
from tests.selection_examples import decided_by, rules

VOTES = {1: 4, 2: 3, 3: 2, 4: 2, 5: 2, 6: 0}  # of small_log
STAGE = "FINAL"


def a_record(votes: dict[int, int], ballots: int = 6) -> Record:
    """A record of votes by two channels."""
    candidates = tuple(
        Candidate(number, {Channel.WEB: count - count // 2, Channel.WECHAT: count // 2})
        for number, count in votes.items()
    )
    return Record(SLUG, STAGE, rules(2), candidates, {Channel.WEB: ballots - 2, Channel.WECHAT: 2})


def announce(log: LogMaker, version: int, record: Record, trace: str | None = None) -> int:
    """Add a version of the stage to the log."""
    right = sha256(decide(record).trace.encode()).hexdigest()
    return log.selection(STAGE, version, canonical_record(record), trace or right)


def verified(log: LogMaker) -> Report:
    return Verification(MemoryFiles(log.files()), Trust()).run()


def assert_wrong(report: Report, place: str, entry: int, words: str) -> None:
    assert report.verdict is Verdict.BROKEN
    assert report.finding is not None
    assert (report.finding.code, report.finding.place, report.finding.entry) == (
        FindingCode.SELECTION_WRONG,
        place,
        entry,
    )
    assert words in str(report.finding)


def test_a_selection_by_the_votes_that_count_is_replayed() -> None:
    log = small_log()
    announce(log, 1, a_record(VOTES))
    report = verified(log)
    assert report.finding is None
    assert (report.verdict, report.selections) == (Verdict.COUNTABLE, 1)


def test_a_stale_selection_is_named_with_the_votes_that_count() -> None:
    log = small_log()
    record = a_record(VOTES)
    announce(log, 1, record)
    log.ruling("void", 2)
    log.day("2026-05-02")
    log.result()
    place = f"documents/{digest(canonical_record(record))}"
    assert_wrong(verified(log), place, 18, "FINAL: it goes by 6 ballots; 5 count (and 2 more)")
    corrected = a_record(VOTES | {1: 3, 2: 2}, ballots=5)
    announce(log, 2, corrected)
    assert verified(log).verdict is Verdict.COUNTABLE


def test_a_selection_by_votes_that_nobody_cast_is_named() -> None:
    log = small_log()
    record = a_record(VOTES | {6: 5})
    index = announce(log, 1, record)
    place = f"documents/{digest(canonical_record(record))}"
    assert_wrong(verified(log), place, index, "it goes by 5 votes for 6; 0 count")


def test_votes_that_were_voided_by_time_do_not_count_in_a_selection() -> None:
    log = small_log()
    tree = log.result_tree()
    tree["projects"][0]["voidedVotes"] = 1
    log.result(tree)
    announce(log, 1, a_record(VOTES | {1: 3}))
    report = verified(log)
    assert report.finding is None
    assert any("voided by time" in each for each in report.unchecked)


def test_another_trace_than_the_record_comes_to_is_named() -> None:
    log = small_log()
    index = announce(log, 1, a_record(VOTES), digest("another trace"))
    assert_wrong(verified(log), "tile/entries/000.p/19", index, digest(decide(a_record(VOTES)).trace))


def test_a_record_of_another_stage_or_written_otherwise_is_named() -> None:
    for record, text in (
        (replace(a_record(VOTES), campaign="elsewhere"), None),
        (a_record(VOTES), canonical_record(a_record(VOTES)).replace(",", ", ", 1)),
        (a_record(VOTES), "{}"),
    ):
        log, written = small_log(), text or canonical_record(record)
        index = log.selection(STAGE, 1, written, sha256(decide(record).trace.encode()).hexdigest())
        assert_wrong(verified(log), f"documents/{digest(written)}", index, "should be")


def test_a_stage_that_does_not_go_by_votes_need_not_have_them() -> None:
    log = small_log()
    announce(log, 1, replace(decided_by([1, 2]), campaign=SLUG, stage=STAGE))
    assert verified(log).finding is None
