"""Open every ballot: what each says has to be what it committed to, and to obey the rules; then count the votes."""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain

from api.domain.integrity.rulings import BallotStatus
from api.domain.log.rules_reader import PublishedRules
from api.domain.log.tiles import TILE_WIDTH, width_at
from api.verifier.findings import FindingCode, LogBroken
from api.verifier.history import COMMITMENT, DAY
from api.verifier.log_files import LogFiles, bundles, openings_of, read

LINE = re.compile(rb"[0-9a-f]{64} (?:-|[0-9a-f]{64}) ([1-9][0-9]{0,5}(?:,[1-9][0-9]{0,5})*)")
NO_BALLOT = b"-"
FORM = "it should have a line NONCE TAG N,N,N for each ballot, its numbers ascending, and “-” for any other entry"


@dataclass(slots=True)
class Votes:
    """Votes by the number of the project, as digits: of ballots that count, and of those that are held or voided."""

    cast: "Counter[bytes]" = field(default_factory=Counter)
    withdrawn: "Counter[bytes]" = field(default_factory=Counter)

    def counting(self) -> dict[int, int]:
        """Return the votes of ballots that count, by number."""
        return {int(number): votes - self.withdrawn[number] for number, votes in self.cast.items()}


class BallotBounds:
    """Rules, and what of them can be said of most ballots at once."""

    def __init__(self, rules: PublishedRules) -> None:
        self.rules = rules
        self._numbers = {b"%d" % number: number for number in rules.campaign.by_number}
        self._fewest, self._most = rules.bounds

    def surely_allow(self, numbers: Sequence[bytes]) -> bool:
        """Tell whether numbers are of candidates, ascending, and as many as they have to be, where no more is asked."""
        if self.rules.judged_one_by_one or not self._fewest <= len(numbers) <= self._most:
            return False
        try:
            chosen = [self._numbers[number] for number in numbers]
        except KeyError:
            return False
        return chosen == sorted({*chosen})


class OpenBallots:
    """The openings of a log's ballots. rules: from which index on which hold. lines: of the indexes that were wanted."""

    def __init__(self, files: LogFiles, size: int, slug: str, rules: Sequence[tuple[int, PublishedRules]]) -> None:
        self._files, self._size, self._slug = files, size, slug
        self._rules = rules
        self._hashed_before: dict[bytes, bytes] = {}  # by day: what is hashed before the opening
        self.nonces: array[int] = array("Q")  # the first 64 bits of each
        self.lines: dict[int, bytes] = {}

    @property
    def are_published(self) -> bool:
        """Whether there are openings."""
        return self._files.find(openings_of(0, self._size)) is not None

    def count(self, statuses: Mapping[int, BallotStatus], until: int, wanted: Sequence[int] = ()) -> Votes:
        """Check every opening, and return the votes of the ballots before `until`, which have these states."""
        votes, withdrawn = Votes(), defaultdict[int, list[int]](list)
        for index, status in statuses.items():
            if status is not BallotStatus.COUNTED and index < until:
                withdrawn[index // TILE_WIDTH].append(index % TILE_WIDTH)
        for first, _, entries in bundles(self._files, self._size):
            lines = self._lines(first // TILE_WIDTH, len(entries))
            opened = self._open(first, entries, lines)
            votes.cast.update(chain.from_iterable(opened[: max(until - first, 0)]))
            for place in withdrawn.get(first // TILE_WIDTH, ()):
                votes.withdrawn.update(opened[place])
            self.lines |= {index: lines[index - first] for index in wanted if 0 <= index - first < len(lines)}
        self._check_nonces()
        return votes

    def _lines(self, n: int, width: int) -> Sequence[bytes]:
        path = openings_of(n, self._size)
        lines = read(self._files, path, "the openings of other ballots are published").split(b"\n")
        if lines.pop() or len(lines) != width:
            ends = "the last does not end" if len(lines) == width else "no more and no fewer"
            found = f"it has {len(lines)} whole lines"
            raise LogBroken(
                FindingCode.OPENINGS_UNREADABLE, path, found, f"there should be {width}, one an entry: {ends}"
            )
        return lines

    def _open(self, first: int, entries: Sequence[bytes], lines: Sequence[bytes]) -> list[Sequence[bytes]]:
        """Return the numbers on each ballot of a bundle; none for what is no ballot."""
        opened: list[Sequence[bytes]] = []
        rules, until = self._rules_at(first)
        for index, (entry, line) in enumerate(zip(entries, lines, strict=True), first):
            if index >= until:
                rules, until = self._rules_at(index)
            if entry.startswith(b"ballot "):
                opened.append(self._numbers(index, entry, line, rules))
            elif line == NO_BALLOT:
                opened.append(())
            else:
                raise self._unreadable(index, line)
        return opened

    def _numbers(self, index: int, entry: bytes, line: bytes, rules: BallotBounds) -> Sequence[bytes]:
        """Return the numbers on a ballot, which has to be the one that was committed to, and to obey the rules."""
        match = LINE.fullmatch(line)
        if match is None:
            raise self._unreadable(index, line)
        hashed = self._prefix(entry[DAY]) + line.replace(b" ", b"\n") + b"\n"
        if sha256(hashed).hexdigest().encode() != entry[COMMITMENT]:
            raise self._wrong(index, entry, hashed)
        self.nonces.append(int(line[:16], 16))
        numbers = match[1].split(b",")
        if not rules.surely_allow(numbers):
            chosen = list(map(int, numbers))
            self._judge(index, rules.rules, chosen)
            if chosen != sorted({*chosen}):
                raise self._unreadable(index, line)
        return numbers

    def _check_nonces(self) -> None:
        """See that no two ballots have one nonce, and so the same id; only what begins alike is compared as a whole."""
        if len(set(self.nonces)) == len(self.nonces):
            return
        alike = {b"%016x" % nonce for nonce, times in Counter(self.nonces).items() if times > 1}
        seen: dict[bytes, int] = {}
        for n in range(-(-self._size // TILE_WIDTH)):
            lines = self._lines(n, width_at(0, n, self._size))
            for index, line in enumerate(lines, n * TILE_WIDTH):
                if line[:16] in alike and (other := seen.setdefault(line[:64], index)) != index:
                    found, should = f"its nonce is that of entry {other}", "no two ballots have the same id"
                    raise LogBroken(FindingCode.BALLOT_DOUBLED, self._path(index), found, should, index)

    def _rules_at(self, index: int) -> tuple[BallotBounds, int]:
        """Return the rules that hold at an index, and from which one on others do."""
        first = self._rules[0]
        rules = [rules for start, rules in self._rules if start <= index or start == first[0]][-1]
        return BallotBounds(rules), next((start for start, _ in self._rules if start > index), self._size)

    def _prefix(self, day: bytes) -> bytes:
        if day not in self._hashed_before:
            self._hashed_before[day] = f"pingxuan/ballot/v1\n{self._slug}\n".encode() + day + b"\n"
        return self._hashed_before[day]

    def _judge(self, index: int, rules: PublishedRules, numbers: Sequence[int]) -> None:
        violations = list(rules.judge(numbers))
        if violations:
            found = f"a ballot for {', '.join(map(str, numbers))} breaks {violations[0].rule}"
            should = violations[0].message.en
            raise LogBroken(FindingCode.RULE_BROKEN, self._path(index), found, should, index)

    def _unreadable(self, index: int, line: bytes) -> LogBroken:
        found = f"line {index % TILE_WIDTH + 1} is {line.decode(errors='backslashreplace')[:200]!r}"
        return LogBroken(FindingCode.OPENINGS_UNREADABLE, self._path(index), found, FORM, index)

    def _wrong(self, index: int, entry: bytes, hashed: bytes) -> LogBroken:
        found = f"line {index % TILE_WIDTH + 1} opens {sha256(hashed).hexdigest()}"
        should = f"the ballot committed to {entry[COMMITMENT].decode()}"
        return LogBroken(FindingCode.OPENING_WRONG, self._path(index), found, should, index)

    def _path(self, index: int) -> str:
        return openings_of(index // TILE_WIDTH, self._size)
