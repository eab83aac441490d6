"""What the services ask of storage and formats about what comes in as files."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from api.domain.audit_trail import AuditEvent
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import District
from api.domain.exchange.ballot_files import BallotFile, FileBallot, PaperBallot
from api.domain.exchange.formats import FileFormat
from api.domain.exchange.jobs import ImportResult
from api.domain.exchange.problems import FileProblem
from api.domain.exchange.project_rows import ProjectRow
from api.domain.people.access import Grant
from api.domain.voting.channels import Channel


class BallotFileParser(Protocol):
    """Reads a file of ballots that comes in pieces.

    feed and close return the ballots that became known; a whole file is read once to learn its head, and again for its ballots.
    All raise FileRefused with what is wrong, at most so many problems as are kept.
    """

    def feed(self, piece: bytes) -> Sequence[FileBallot]:
        """Read on."""
        ...

    def close(self) -> Sequence[FileBallot]:
        """Take the file as ended."""
        ...

    def file(self) -> BallotFile:
        """All that it says besides its ballots. After close."""
        ...


class PaperBallotReader(Protocol):
    """Reads a CSV of ballots of a polling place."""

    def __call__(self, content: bytes, campaign: Campaign) -> tuple[Sequence[PaperBallot], Sequence[FileProblem]]:
        """Return the ballots of the rows that are in order, and what is wrong with the others.

        Raises FileRefused where no row can be read, as when a heading is missing.
        """
        ...


class ProjectSheetReader(Protocol):
    """Reads a CSV of projects."""

    def __call__(
        self, content: bytes, campaign: Campaign, districts: Mapping[str, District]
    ) -> tuple[Sequence[ProjectRow], Sequence[FileProblem]]:
        """Return the projects of the rows that can be read, and what is wrong with the others.

        districts: of the shared gazetteer, by code. Raises FileRefused where no row can be read.
        """
        ...


class PaperBatch(NamedTuple):
    """Ballots of a polling place that were approved, by the digest of what they say. approved_by: a pseudonym.

    counted_at: when all of them were counted; None until then.
    """

    campaign: str
    digest: str
    place: str
    day: date
    channel: Channel
    job: str
    approved_by: str
    approved_at: datetime
    ballots: int
    counted_at: datetime | None = None


class PaperBatches(Protocol):
    """The approved batches of ballots of polling places. What changes them does so only when the campaigns are locked."""

    async def batch(self, campaign: str, digest: str) -> PaperBatch | None:
        """The batch of a campaign with this digest."""
        ...

    async def of_job(self, campaign: str, job: str) -> PaperBatch | None:
        """The batch of a job."""
        ...

    async def uncounted(self, campaign: str) -> tuple[PaperBatch, ...]:
        """Those of a campaign that are not wholly counted."""
        ...

    async def approve(self, batch: PaperBatch, at: datetime) -> bool:
        """Store a batch and have its job go on; False, and nothing of it, where the job was not waiting for that.

        at: what time it is by the machines' clock, which jobs live by.
        """
        ...

    async def drop(self, campaign: str, job: str) -> None:
        """Delete the batch of a job that will not be counted; nothing where there is none."""
        ...


class ImportedFile(NamedTuple):
    """A file that a campaign was made from, the job that did, and what came of it.

    extras: what the file says that campaigns have no place for.
    """

    campaign: str
    job: str
    format: FileFormat
    name: str
    sha256: str
    extras: Mapping[str, Any]
    result: ImportResult


class ImportStore(Protocol):
    """What imports store besides ballots. A campaign that is being imported is seen by nobody until it is revealed."""

    async def begin(self, campaign: Campaign, electors: tuple[str, ...], job: str) -> Campaign | None:
        """Store a hidden campaign and its list of voters; return it as stored, or None where the slug is in use."""
        ...

    async def begun(self, job: str) -> Campaign | None:
        """The hidden campaign that this job has begun; ARCHIVED where it is being discarded."""
        ...

    async def votes(self, slug: str) -> Mapping[int, int]:
        """The votes that are tallied in a campaign, hidden or not, by position; those without any are left out."""
        ...

    async def reveal(
        self,
        before: Campaign,
        after: Campaign,
        file: ImportedFile,
        grant: Grant | None,
        event: AuditEvent,
    ) -> None:
        """Have everybody see a campaign, whole, as it is after; store its file, a role in it, and the event.

        All or nothing. Raises LookupError when this job's campaign is not stored, hidden, as it was before.
        """
        ...

    async def discard(self, job: str) -> None:
        """Delete the hidden campaign that this job has begun, and its ballots; nothing where there is none."""
        ...

    async def imported_file(self, slug: str) -> ImportedFile | None:
        """The file that a campaign was made from; None where there was none."""
        ...

    async def made_by(self, job: str) -> ImportedFile | None:
        """The file that this job has made a campaign from; None before that is revealed."""
        ...

    async def imported_as(self, sha256: str) -> ImportedFile | None:
        """The file with this digest that a campaign was made from last."""
        ...


class ExportedBallot(NamedTuple):
    """A ballot as it leaves: its day, its channel, and the positions of its projects, ascending."""

    day: date
    channel: Channel
    positions: tuple[int, ...]
