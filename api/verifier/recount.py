"""Count a log as far as it can be counted, and compare with the result and the selections in it."""

from collections.abc import Mapping, Sequence

from api.domain.integrity.rulings import BallotStatus
from api.domain.selection.record import Record
from api.verifier.ballot_states import DayCounts
from api.verifier.findings import FindingCode, LogBroken, Verdict
from api.verifier.history import History
from api.verifier.log_files import LogFiles, entry_path, openings_of, read_document
from api.verifier.openings import OpenBallots
from api.verifier.report import EARLIER_RESULTS, VOIDED_BY_TIME, Report
from api.verifier.results import ResultCheck
from api.verifier.selections import Recount, check_votes, goes_by_votes, last_versions, replayed


class CountCheck:
    """The count of one log, of which the entries are known to be sound."""

    def __init__(self, files: LogFiles, slug: str, history: History, openings: OpenBallots, report: Report) -> None:
        self._files, self._slug = files, slug
        self._history, self._openings, self._report = history, openings, report
        self._size = report.size or 0

    def run(self, wanted: Sequence[int] = ()) -> None:
        """Count, compare, and set the verdict. wanted: indexes of ballots whose openings are kept."""
        waiting_for = list(self._waiting_for())
        records = self._replayed()
        votes = self._votes(wanted)
        if votes is None:
            waiting_for.append("the openings of the ballots")
        else:
            self._report.votes = {number: votes.get(number, 0) for number in {*votes, *self._candidates()}}
            self._compare(votes, records, is_last=not waiting_for)
        self._report.waiting_for = tuple(waiting_for)
        self._report.verdict = Verdict.NOT_YET_COUNTABLE if waiting_for else Verdict.COUNTABLE

    def _waiting_for(self) -> Sequence[str]:
        """Return what is not published yet, in words."""
        history, result = self._history, self._history.result
        stale = [
            day
            for day, (_, entry) in history.days.items()
            if (counts := history.states.of_day(day))
            and (entry.cast, entry.held, entry.voided) != (counts.cast, counts.held, counts.voided)
        ]
        waiting = [f"the new numbers of {day}" for day in sorted(stale)]
        if history.closed is None:
            waiting.append("the close of the vote")
        elif history.closed[1].ballots != history.states.ballots:
            waiting.append("a close that has the ballots which came after the last one")
        else:
            waiting += [f"the numbers of {day}" for day in sorted({*history.states.days} - history.days.keys())]
        if result is None:
            waiting.append("the result")
        elif result.statuses != history.states.statuses or _cast(result.by_day) != history.states.ballots:
            waiting.append(f"a result that has what came after the last one, at entry {result.index}")
        return waiting

    def _votes(self, wanted: Sequence[int]) -> Mapping[int, int] | None:
        """Return the votes that count where the ballots are open, as of the result where there is one."""
        history, result = self._history, self._history.result
        if not self._openings.are_published or not history.published:
            if result is not None:
                found, should = (
                    "the file is not there",
                    f"ballots are open once there is a result, at entry {result.index}",
                )
                raise LogBroken(FindingCode.FILE_MISSING, openings_of(0, self._size), found, should)
            return None
        statuses: Mapping[int, BallotStatus] = history.states.statuses if result is None else result.statuses
        until = self._size if result is None else result.index
        return self._openings.count(statuses, until, wanted).counting()

    def _candidates(self) -> Sequence[int]:
        return list(self._history.published[-1][1].campaign.by_number)

    def _compare(self, votes: Mapping[int, int], records: Mapping[int, Record], *, is_last: bool) -> None:
        """Compare with the result; is_last: and, as nothing has come after it, with the last version of each stage."""
        result = self._history.result
        if result is None:
            return
        voided = self._report.voided_votes = ResultCheck(self._files, self._slug, result, votes).check()
        if any(voided.values()):
            self._report.unchecked.append(VOIDED_BY_TIME)
        ballots = sum(day.counted for day in result.by_day.values())
        recount = Recount(ballots, {number: count - voided.get(number, 0) for number, count in votes.items()})
        entries = dict(self._history.selections)
        for index in last_versions(self._history.selections).values() if is_last else ():
            if goes_by_votes(records[index]):
                check_votes(records[index], index, entries[index], recount)

    def _replayed(self) -> Mapping[int, Record]:
        """Replay every announced version, and read every document of results; return the records by the entries' indexes."""
        for index, entry in self._history.results:
            read_document(self._files, entry.sha256, index)
        if earlier := [index for index, _ in self._history.results[:-1]]:
            self._report.unchecked.append(f"{EARLIER_RESULTS} (at entry {earlier[-1]})")
        records = {
            index: replayed(self._files, self._slug, entry_path(index, self._size), index, entry)
            for index, entry in self._history.selections
        }
        self._report.selections = len(records)
        return records


def _cast(by_day: Mapping[str, DayCounts]) -> int:
    return sum(day.cast for day in by_day.values())
