"""Jobs: imports and exports that run in the background of any server process, and survive its death.

A job lives by the clock of the machines, whatever clock the campaigns go by: leases and expiry have to be real.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple

from api.domain.campaigns.problems import ErrorPolicy
from api.domain.exchange.formats import ExportContent, FileFormat, ImportContent
from api.domain.exchange.problems import FileProblem
from api.domain.people.identity import Role
from api.domain.texts import Language
from api.domain.voting.channels import Channel


class JobKind(Enum):
    """Which way a job goes."""

    EXPORT = "It writes a file, to be fetched from `url`."
    IMPORT = "It reads a file, which is sent to `uploadUrl` first."


class JobState(Enum):
    """How far a job is."""

    WAITING_FOR_FILE = "The file has not arrived, or not all of it. Send it to `uploadUrl`."
    WAITING_FOR_APPROVAL = "The file is in order. Another organizer has to approve it, with `approveImport`."
    RUNNING = "It is under way, or next in line. `done` and `total` tell how far."
    DONE = "It is done. An export's file is at `url` until `expiresAt`."
    FAILED = "It could not be done, and nothing of it is kept. `problems` say why."
    CANCELLED = "It was cancelled, and nothing of it is kept."

    @property
    def is_final(self) -> bool:
        """Whether it is over."""
        return self in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


@dataclass(frozen=True, slots=True)
class ExportTerms:
    """What is exported."""

    content: ExportContent
    format: FileFormat


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """What is imported. place, day, channel: where, when and how ballots were cast, for BALLOTS.

    slug_chosen: whether whoever asked has named the campaign that is made; otherwise another slug is found where it is in use.
    """

    content: ImportContent
    format: FileFormat
    file_name: str
    place: str | None = None
    day: date | None = None
    channel: Channel = Channel.PAPER
    policy: ErrorPolicy = ErrorPolicy.ALL_OR_NOTHING
    slug_chosen: bool = False


class TallyDifference(NamedTuple):
    """A project, by its code, that has another number of votes in the file's own totals than in the count of its ballots."""

    code: str
    official: int
    counted: int


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of an import: projects, and ballots accepted, and refused by the code of a violation.

    A ballot that breaks several rules is counted under its first violation. counted, official: votes by the project's code.
    """

    projects: int
    accepted: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    official: Mapping[str, int] | None = None
    counted: Mapping[str, int] = field(default_factory=dict)

    @property
    def differences(self) -> tuple[TallyDifference, ...]:
        """Where official and counted votes differ, in the order of the file."""
        stated = self.official or {}
        return tuple(
            TallyDifference(code, votes, self.counted.get(code, 0))
            for code, votes in stated.items()
            if votes != self.counted.get(code, 0)
        )


class JobMark(NamedTuple):
    """What of a job changes while it goes on, and is shown. Two equal ones show the same job."""

    state: JobState
    received: int
    size: int | None
    done: int
    total: int | None
    problem_count: int
    campaign: str | None
    cancel_requested: bool


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it is stored.

    campaign: its slug; None for an import that has not made one yet. requested_by: a pseudonym; None for an operator at the
    command line. received: bytes of the file so far, of an import as they arrive, of an export as they are written; size: of
    the whole file, where that is known. sha256: of the file once it is whole. done, total: rows. problems: at most
    MAX_KEPT_PROBLEMS of problem_count. checkpoint: how far the work is, for whoever takes it up. approved_by, cancelled_by:
    pseudonyms. session_roles, session_version: of the session in which it was requested.
    """

    id: str
    kind: JobKind
    state: JobState
    campaign: str | None
    terms: ExportTerms | ImportTerms
    requested_by: str | None
    language: Language
    created_at: datetime
    expires_at: datetime
    received: int = 0
    size: int | None = None
    sha256: str | None = None
    done: int = 0
    total: int | None = None
    problems: tuple[FileProblem, ...] = ()
    problem_count: int = 0
    result: ImportResult | None = None
    checkpoint: str | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    cancel_requested: bool = False
    cancelled_by: str | None = None
    attempts: int = 0
    session_roles: tuple[Role, ...] = ()
    session_version: int = 0

    @property
    def mark(self) -> JobMark:
        """By which it is known whether it has changed."""
        return JobMark(
            self.state,
            self.received,
            self.size,
            self.done,
            self.total,
            self.problem_count,
            self.campaign,
            self.cancel_requested,
        )

    @property
    def is_approved(self) -> bool:
        """Whether ballots are being counted: that is done whole, and neither cancelled nor given up half-way."""
        return self.approved_by is not None

    @property
    def format(self) -> FileFormat:
        """The format of its file."""
        return self.terms.format
