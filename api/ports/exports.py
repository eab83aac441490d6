"""What the services ask of storage and formats about exports."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from api.domain.audit_trail import RecordedEvent
from api.domain.campaigns.campaign import Campaign
from api.domain.exchange.tables import FileHead, Row, Table
from api.domain.voting.channels import Channel
from api.ports.exchange import ExportedBallot


class ShuffledBallots(Protocol):
    """The ballots of a campaign that count, in an order that says nothing about when or by whom they were cast.

    count: how many there are, of which `empty` have no vote that counts. votes: how many name a project, by its position.
    """

    @property
    def count(self) -> int:
        """See above."""
        ...

    @property
    def empty(self) -> int:
        """See above."""
        ...

    @property
    def votes(self) -> Mapping[int, int]:
        """See above."""
        ...

    def chunks(self) -> AsyncIterator[Sequence[ExportedBallot]]:
        """All of them, in lists of some thousands; only once."""
        ...


class ExportSource(Protocol):
    """What exports read of storage, in as little memory however much there is."""

    def shuffled(
        self, campaign: Campaign, until: datetime | None, report: Callable[[int], Awaitable[None]]
    ) -> AbstractAsyncContextManager[ShuffledBallots]:
        """The ballots that count, as they stand at one moment, in a random order that is another one each time.

        Votes that are voided are not among their positions. until: only those cast before. report: is told, while they are
        read, how many have been, and may raise.
        """
        ...

    async def turnout(self, slug: str, until: datetime | None) -> Mapping[tuple[datetime, Channel], int]:
        """How many ballots that count were cast in each minute, in UTC, by each channel; those without any are left out."""
        ...

    def trail(self, slug: str) -> AsyncIterator[Sequence[RecordedEvent]]:
        """The entries of a campaign's trail, the earliest first, in lists of some thousands."""
        ...


class TableWriter(Protocol):
    """Writes a table in one format."""

    def head(self, table: Table, head: FileHead) -> bytes:
        """What stands before the first row."""
        ...

    def rows(self, table: Table, head: FileHead, rows: Sequence[Row]) -> bytes:
        """Some of the rows."""
        ...


class BallotFileWriter(Protocol):
    """Writes one file of a campaign with its ballots."""

    def head(self) -> bytes:
        """What stands before the first ballot."""
        ...

    def rows(self, ballots: Sequence[ExportedBallot]) -> bytes:
        """The next ballots."""
        ...
