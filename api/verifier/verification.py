"""Verify a log as a whole, from its head to the selections, and say how far it can be counted."""

from collections import Counter
from collections.abc import Sequence

from api.domain.campaigns.calendar import Window
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.entries import ContinuesEntry, RulesEntry
from api.domain.log.rules_reader import PublishedRules, read_rules_document
from api.domain.selection.plain_values import RecordError
from api.verifier.ballot_states import DayCounts
from api.verifier.figures import figures_notes
from api.verifier.findings import FindingCode, LogBroken, Verdict
from api.verifier.hash_tree import HashTree
from api.verifier.history import COMMITMENT, History
from api.verifier.log_files import LogFiles, bundles, entry_path, read_document
from api.verifier.log_head import Head, Trust, check_growth, read_head
from api.verifier.openings import OpenBallots
from api.verifier.recount import CountCheck
from api.verifier.report import DayFigures, Report
from api.verifier.stored_files import check_other_files


class Verification:
    """One verification. wanted: leaf hashes of ballots to look out for. After `run` everything known is in `report`."""

    def __init__(self, files: LogFiles, trust: Trust, wanted: Sequence[bytes] = ()) -> None:
        self._files, self._trust = files, trust
        self._wanted = wanted
        self.report = Report()
        self.head: Head | None = None
        self.tree: HashTree | None = None
        self.history: History | None = None
        self.openings: OpenBallots | None = None

    def run(self) -> Report:
        """Check everything up to the first finding. Raises UnreadableLog where there is no log."""
        try:
            self._check()
        except LogBroken as broken:
            self.report.verdict, self.report.finding = Verdict.BROKEN, broken.finding
        return self.report

    def _check(self) -> None:
        head = self.head = read_head(self._files, self._trust, self.report)
        checkpoint = head.checkpoint
        tree = self.tree = HashTree(self._files, checkpoint.size, self._wanted)
        history = self._read(tree, checkpoint)
        check_growth(head, tree)
        self._check_doubles(history, checkpoint.size)
        self._tell(history)
        slug = slug_of(checkpoint.origin, history.continues)
        self.openings = OpenBallots(self._files, checkpoint.size, slug, history.published)
        CountCheck(self._files, slug, history, self.openings, self.report).run(list(tree.found.values()))
        is_open = self.openings.are_published
        if strange := check_other_files(self._files, checkpoint.size, tree, is_open=is_open):
            self.report.notes.append(f"{len(strange)} files are not of this log at this size, such as {strange[0]}")

    def _read(self, tree: HashTree, checkpoint: Checkpoint) -> History:
        """Hash the entries and read them in one go; what is wrong with the tree goes before what an entry says."""
        history = self.history = History(
            lambda index: entry_path(index, checkpoint.size),
            lambda entry, index, window: self._rules(entry, index, window, checkpoint.origin),
        )
        broken: LogBroken | None = None
        for first, entries in tree.entries():
            try:
                if broken is None:
                    history.take(first, entries)
            except LogBroken as error:
                broken = error
        tree.check(checkpoint)
        if broken is not None:
            raise broken
        return history

    def _rules(self, entry: RulesEntry, index: int, window: Window, origin: str) -> PublishedRules:
        slug = origin.rpartition("/")[2]  # it only appears in sentences
        text = read_document(self._files, entry.sha256, index)
        try:
            return read_rules_document(text, slug, window)
        except RecordError as error:
            place, should = f"documents/{entry.sha256}", "it should be the rules of a campaign"
            raise LogBroken(FindingCode.DOCUMENT_WRONG, place, str(error), should, index) from error

    def _check_doubles(self, history: History, size: int) -> None:
        """See that no two ballots have the same commitment; only what begins alike is compared as a whole."""
        if len(set(history.prefixes)) == len(history.prefixes):
            return
        alike = {prefix for prefix, times in Counter(history.prefixes).items() if times > 1}
        seen: dict[bytes, int] = {}
        for first, path, entries in bundles(self._files, size):
            for index, entry in enumerate(entries, first):
                if not entry.startswith(b"ballot ") or int(entry[COMMITMENT][:16], 16) not in alike:
                    continue
                if (other := seen.setdefault(entry[COMMITMENT], index)) != index:
                    found = f"its commitment is that of entry {other}"
                    should = "no two ballots have the same"
                    raise LogBroken(FindingCode.BALLOT_DOUBLED, path, found, should, index)

    def _tell(self, history: History) -> None:
        """Put the figures into the report."""
        report = self.report
        report.total = history.states.total
        said = {day: entry.sign_ins for day, (_, entry) in history.days.items()}
        counts = history.states.by_day()
        report.days = {day: DayFigures(counts.get(day, DayCounts()), said.get(day)) for day in sorted({*counts, *said})}
        report.notes += figures_notes(report.days)
        if history.late_rules:
            report.notes.append(f"the rules changed after the first ballot, at entry {history.late_rules[0]}")
        if history.unknown:
            kinds = (
                f"{len(history.unknown)} entries, from {history.unknown[0]} on, are of kinds that are not known here"
            )
            report.unchecked.append(kinds)
        if history.published and (codes := history.published[-1][1].unjudged):
            report.unchecked.append(f"rules that no opening shows to be kept: {', '.join(codes)}")
        if (before := history.continues) is not None:
            report.unchecked.append(
                f"the log that this one continues: {before.origin}, with {before.size} entries and the root {before.root.hex()}"
            )


def slug_of(origin: str, continues: ContinuesEntry | None) -> str:
    """Return the slug of the campaign whose log this is: the last part of the origin, before the number of its generation."""
    parts = origin.split("/")
    return parts[-2] if continues is not None and len(parts) > 1 and parts[-1].isdigit() else parts[-1]
