"""Whether entries stand where they can stand: rules first, rulings after their ballots, numbers as they are by then."""

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta

from api.domain.campaigns.calendar import Calendar, Window
from api.domain.integrity.rulings import BallotStatus
from api.domain.log.entries import (
    BallotEntry,
    ClosedEntry,
    ContinuesEntry,
    DayEntry,
    EntryError,
    LogEntry,
    ResultEntry,
    RulesEntry,
    RulingEntry,
    SelectionEntry,
    UnknownEntry,
    WindowEntry,
    parse_entry,
)
from api.domain.log.rules_reader import PublishedRules
from api.verifier.ballot_states import BallotStates, DayCounts
from api.verifier.findings import FindingCode, LogBroken

BALLOT = re.compile(rb"ballot [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9a-f]{64}")
DAY, COMMITMENT, PREFIX = slice(7, 17), slice(18, 82), slice(18, 34)  # of a ballot's entry
MAX_WINDOW = timedelta(days=4000)
YEARS = (1900, 9000)  # in which voting may be: calendars end, and zones differ from UTC


@dataclass(frozen=True, slots=True)
class Result:
    """A result in the log: its place, the digest of its document, and what the ballots before it were there."""

    index: int
    digest: str
    statuses: Mapping[int, BallotStatus]
    by_day: Mapping[str, DayCounts]


@dataclass(slots=True)
class History:
    """All that a log's entries have said. path: of the bundle with an entry. rules_of: reads what an entry commits to."""

    path: Callable[[int], str]
    rules_of: Callable[[RulesEntry, int, Window], PublishedRules]
    states: BallotStates = field(default_factory=BallotStates)
    prefixes: "array[int]" = field(default_factory=lambda: array("Q"))  # of each ballot's commitment
    rules: list[tuple[int, RulesEntry]] = field(default_factory=list)
    published: list[tuple[int, PublishedRules]] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    days: dict[str, tuple[int, DayEntry]] = field(default_factory=dict)
    closed: tuple[int, ClosedEntry] | None = None
    results: list[tuple[int, ResultEntry]] = field(default_factory=list)
    result: Result | None = None
    selections: list[tuple[int, SelectionEntry]] = field(default_factory=list)
    continues: ContinuesEntry | None = None
    unknown: list[int] = field(default_factory=list)
    late_rules: list[int] = field(default_factory=list)
    _codes: dict[bytes, int] = field(default_factory=dict)
    _voting_days: set[str] = field(default_factory=set)

    def take(self, first: int, entries: Sequence[bytes]) -> None:
        """Go through the entries of a bundle, of which the first has this index."""
        codes, states, prefixes = self._codes, self.states, self.prefixes
        for index, entry in enumerate(entries, first):
            if BALLOT.fullmatch(entry):
                states.add(codes.get(entry[DAY]) or self._new_day(index, entry))
                prefixes.append(int(entry[PREFIX], 16))
            else:
                self._take(index, self._parse(index, entry))
                states.add(0)

    def _parse(self, index: int, entry: bytes) -> LogEntry:
        try:
            return parse_entry(entry)
        except EntryError as error:
            should = "every entry is written as its kind is"
            raise LogBroken(FindingCode.ENTRY_UNREADABLE, self.path(index), str(error), should, index) from error

    def _new_day(self, index: int, entry: bytes) -> int:
        """Return the code of a day of which this is the first ballot; voting has to have been announced for it."""
        read = self._parse(index, entry)
        if not self.published:
            raise self._misplaced(index, "a ballot", "it should come after the rules and the window of the vote")
        if not isinstance(read, BallotEntry) or str(read.day) not in self._voting_days:
            days = sorted(self._voting_days)
            should = f"voting days are {days[0]} to {days[-1]}"
            raise LogBroken(
                FindingCode.DAY_WRONG, self.path(index), f"a ballot of {entry[DAY].decode()}", should, index
            )
        code = self._codes[entry[DAY]] = self.states.day_code(str(read.day))
        return code

    def _take(self, index: int, entry: LogEntry) -> None:
        if not self.rules and not isinstance(entry, RulesEntry | ContinuesEntry | UnknownEntry):
            raise self._misplaced(index, f"“{entry.line[:80]}”", "a log begins with its rules")
        match entry:
            case RulesEntry():
                self._take_rules(index, entry)
            case WindowEntry():
                self._take_window(index, entry)
            case RulingEntry():
                self._take_ruling(index, entry)
            case DayEntry():
                self._take_day(index, entry)
            case ClosedEntry():
                self._count(index, "the ballots before it", entry.ballots, self.states.ballots)
                self.closed = (index, entry)
            case ResultEntry():
                self._take_result(index, entry)
            case SelectionEntry():
                self._take_selection(index, entry)
            case ContinuesEntry():
                if index:
                    raise self._misplaced(index, "“continues”", "it should be the first entry of a log")
                self.continues = entry
            case _:
                self.unknown.append(index)

    def _take_rules(self, index: int, entry: RulesEntry) -> None:
        self.rules.append((index, entry))
        if self.states.ballots:
            self.late_rules.append(index)
        if self.windows:
            self._publish(index, entry)

    def _take_window(self, index: int, entry: WindowEntry) -> None:
        is_within = YEARS[0] <= entry.opens_at.year and entry.closes_at.year <= YEARS[1]
        if not is_within or not timedelta() < entry.closes_at - entry.opens_at <= MAX_WINDOW:
            should = (
                f"voting closes after it opens, within {MAX_WINDOW.days} days and the years {YEARS[0]} to {YEARS[1]}"
            )
            raise LogBroken(FindingCode.DAY_WRONG, self.path(index), f"“{entry.line}”", should, index)
        self.windows.append(Window(entry.opens_at, entry.closes_at))
        self._publish(index, self.rules[-1][1])

    def _publish(self, index: int, entry: RulesEntry) -> None:
        """Take rules and window together as those by which the following ballots are judged."""
        rules = self.rules_of(entry, self.rules[-1][0], self.windows[-1])
        self.published.append((index, rules))
        self._voting_days.update(map(str, Calendar(rules.zone, self.windows[-1]).days))

    def _take_ruling(self, index: int, entry: RulingEntry) -> None:
        if (why := self.states.rule(entry.kind, entry.index)) is not None:
            found = f"“{entry.kind.name.lower()} {entry.index}”: {why}"
            should = "a ballot that counts can be held or voided, one that is held released or voided"
            raise LogBroken(FindingCode.RULING_WRONG, self.path(index), found, should, index)

    def _take_day(self, index: int, entry: DayEntry) -> None:
        counts, day = self.states.of_day(str(entry.day)), str(entry.day)
        if day not in self._voting_days:
            raise LogBroken(FindingCode.DAY_WRONG, self.path(index), f"numbers of {day}", "it is no voting day", index)
        self._count(index, f"the ballots of {day}", entry.cast, counts.cast)
        self._count(index, f"the held ballots of {day}", entry.held, counts.held)
        self._count(index, f"the voided ballots of {day}", entry.voided, counts.voided)
        self.days[day] = (index, entry)

    def _take_result(self, index: int, entry: ResultEntry) -> None:
        if self.closed is None or self.closed[1].ballots != self.states.ballots:
            raise self._misplaced(index, "a result", "it should come after “closed” with the number of all ballots")
        self.results.append((index, entry))
        self.result = Result(index, entry.sha256, dict(self.states.statuses), deepcopy(self.states.by_day()))

    def _take_selection(self, index: int, entry: SelectionEntry) -> None:
        before = [each.version for _, each in self.selections if each.stage == entry.stage]
        if before and entry.version <= before[-1]:
            found = f"version {entry.version} of {entry.stage} after version {before[-1]}"
            raise self._misplaced(index, found, "versions only go up")
        self.selections.append((index, entry))

    def _count(self, index: int, what: str, said: int, found: int) -> None:
        if said != found:
            words = f"it says that {what} are {said}"
            raise LogBroken(FindingCode.COUNT_WRONG, self.path(index), words, f"they are {found} by then", index)

    def _misplaced(self, index: int, what: str, should: str) -> LogBroken:
        return LogBroken(FindingCode.OUT_OF_ORDER, self.path(index), f"{what} stands there", should, index)
