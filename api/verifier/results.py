"""Compare the published result with what the ballots come to."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.domain.log.documents import parse_document
from api.domain.log.results_document import FORMAT
from api.domain.selection.plain_values import Plain, RecordError
from api.verifier.ballot_states import DayCounts
from api.verifier.findings import FindingCode, LogBroken
from api.verifier.history import Result
from api.verifier.log_files import LogFiles, read_document

COUNTS = ("cast", "counted", "held", "voided")


class ResultCheck:
    """The document of a result, and what it should say."""

    def __init__(self, files: LogFiles, slug: str, result: Result, votes: Mapping[int, int]) -> None:
        self._result, self._slug, self._votes = result, slug, votes
        self._place = f"documents/{result.digest}"
        self._text = read_document(files, result.digest, result.index)

    def check(self) -> Mapping[int, int]:
        """Compare, and return by number the votes that organizers have voided by time, which cannot be recounted."""
        try:
            parts = Plain(parse_document(self._text)).fields("format", "campaign", "ballots", "days", "projects")
            self._same("format", parts["format"].value, FORMAT)
            self._same("campaign", parts["campaign"].value, self._slug)
            self._check_counts(parts["ballots"], self._total())
            self._check_days(parts["days"].items())
            return self._check_projects(parts["projects"].items())
        except RecordError as error:
            should = "it should be a result as docs/ballot-log.md states it"
            raise LogBroken(FindingCode.DOCUMENT_WRONG, self._place, str(error), should, self._result.index) from error

    def _total(self) -> DayCounts:
        days = self._result.by_day.values()
        return DayCounts(*(sum(getattr(day, name) for day in days) for name in ("cast", "held", "voided")))

    def _check_counts(self, plain: Plain, counts: DayCounts, *others: str) -> None:
        parts = plain.fields(*COUNTS, *others)
        for name in COUNTS:
            self._same(f"{plain.path}.{name}", parts[name].whole(), getattr(counts, name))

    def _check_days(self, days: Sequence[Plain]) -> None:
        given = {plain.entries()["day"].text(): plain for plain in days if "day" in plain.entries()}
        self._same("days", sorted(given), sorted(given.keys() | self._result.by_day.keys()))
        self._same("the number of days", len(days), len(given))
        for day, plain in given.items():
            self._check_counts(plain, self._result.by_day.get(day, DayCounts()), "day")

    def _check_projects(self, projects: Sequence[Plain]) -> Mapping[int, int]:
        voided: dict[int, int] = {}
        for plain in projects:
            parts = plain.fields("number", "votes", "voidedVotes")
            number, votes = parts["number"].whole(1), parts["votes"].whole()
            self._same(f"the votes for {number}", votes, self._votes.get(number, 0))
            self._same(f"how often {number} is there", 2 if number in voided else 1, 1)
            voided[number] = parts["voidedVotes"].whole(0, votes)
        voted = sorted(number for number, votes in self._votes.items() if votes)
        self._same("projects with votes", [number for number in voted if number in voided], voted)
        return voided

    def _same(self, what: str, found: Any, expected: Any) -> None:
        if found != expected:
            words, should = f"{what}: {found}", f"the ballots come to {expected}"
            raise LogBroken(FindingCode.RESULT_WRONG, self._place, words, should, self._result.index)
