"""What a verifier can find wrong with a log: each with a stable code, the place, what is there, and what should be."""

from dataclasses import dataclass
from enum import Enum

from api.domain.errors import OperatorError


class Verdict(Enum):
    """What a log was found to be."""

    COUNTABLE = "Sound and countable: every ballot is open, and the recount is the published result."
    NOT_YET_COUNTABLE = "Sound, not yet countable: nothing is wrong, and not everything is published yet."
    BROKEN = "Broken: something is there that an honest log never has."


class FindingCode(Enum):
    """Kinds of findings, in the order in which they are looked for."""

    FILE_MISSING = "A file that belongs to a log of this size, or that an entry commits to, is not there."
    KEYS_UNREADABLE = "The published keys are no keys."
    POLICY_UNREADABLE = "The witness policy is none."
    CHECKPOINT_UNREADABLE = "A checkpoint is no signed note of this log in the form that it has to have."
    SIGNATURE_WRONG = "A signature of a known key does not hold."
    SIGNATURE_MISSING = "None of the keys that are trusted has signed."
    WITNESSES_MISSING = "Fewer witnesses have cosigned the checkpoint than the policy asks for."
    BUNDLE_UNREADABLE = "A bundle of entries does not consist of exactly the entries that it should have."
    TILE_SIZE_WRONG = "A tile has more bytes or fewer than its hashes take."
    TILE_WRONG = "A hash in a tile is not that of what lies below it, which does lead to the signed root."
    ENTRY_CHANGED = "An entry is not the one whose hash leads to the signed root."
    ROOT_WRONG = "The entries do not come to the root that was signed."
    SHRUNK = "The log has fewer entries than a checkpoint that it signed before."
    FORKED = "The log does not begin with the entries of a checkpoint that it signed before."
    ENTRY_UNREADABLE = "An entry is not written as its kind is."
    OUT_OF_ORDER = "An entry stands where it cannot stand."
    DAY_WRONG = "A day is none of the campaign's voting days."
    RULING_WRONG = "A ruling is on what is no ballot before it, or on a ballot whose state does not allow it."
    COUNT_WRONG = "A number of ballots is not the number that there are in the log by then."
    BALLOT_DOUBLED = "A ballot is in the log twice."
    DOCUMENT_WRONG = "A document is not the one that an entry commits to, or cannot be read."
    OPENINGS_UNREADABLE = "A file of openings does not have one line for each entry, in the form that it should have."
    OPENING_WRONG = "An opening is not what the ballot committed to."
    RULE_BROKEN = "A ballot breaks the published rules."
    RESULT_WRONG = "The published result is not what the ballots come to."
    SELECTION_WRONG = "What a stage has decided is not what its record comes to, or the record goes by other votes."
    PROMISE_BROKEN = "A receipt promises that its ballot is in the log by now, and it is not."
    RECEIPT_WRONG = "A receipt is not what was signed, or not of this ballot."


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong. place: the path of a file below the log. entry: the index in the log, where it is about one."""

    code: FindingCode
    place: str
    found: str
    expected: str
    entry: int | None = None

    def tree(self) -> dict[str, str | int | None]:
        """Return it as plain values."""
        return {
            "code": self.code.name,
            "place": self.place,
            "entry": self.entry,
            "found": self.found,
            "expected": self.expected,
        }

    def __str__(self) -> str:
        entry = "" if self.entry is None else f", entry {self.entry}"
        return f"{self.place}{entry}: {self.found}; {self.expected}"


class LogBroken(Exception):
    """A log is broken, and this is the first finding."""

    def __init__(self, code: FindingCode, place: str, found: str, expected: str, entry: int | None = None) -> None:
        self.finding = Finding(code, place, found, expected, entry)
        super().__init__(str(self.finding))

    @classmethod
    def of(cls, finding: Finding) -> "LogBroken":
        """Return the error of a finding."""
        return cls(finding.code, finding.place, finding.found, finding.expected, finding.entry)


class UnreadableLog(OperatorError):
    """There is no log to verify; the message says what is missing and what would be right."""
