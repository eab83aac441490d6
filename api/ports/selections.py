"""What the services ask of storage about what stages decide, objections to it, and experts' ballots."""

from collections.abc import Collection
from datetime import date
from typing import Protocol

from api.domain.review.aggregation import Scored
from api.domain.selection.expert_ballots import CastExpertBallot, Juror
from api.domain.selection.official_counts import OfficialCounts
from api.domain.selection.versions import Objection, SelectionTexts, SelectionVersion


class Selections(Protocol):
    """What goes into the decision of a stage, and what came of it, version by version."""

    async def counts(self, campaign: str, days: Collection[date]) -> OfficialCounts:
        """The votes and ballots of these voting days that count."""
        ...

    async def reviews(self, campaign: str) -> tuple[Scored, ...]:
        """The submitted reviews of experts who were not dropped."""
        ...

    async def dropped(self, campaign: str) -> int:
        """How many experts were dropped."""
        ...

    async def versions(self, campaign: str, stage: str) -> tuple[SelectionVersion, ...]:
        """All versions of what a stage has decided, the earliest first."""
        ...

    async def texts(self, campaign: str, stage: str, version: int) -> SelectionTexts | None:
        """The record and the trace of a version."""
        ...

    async def stages(self, campaign: str) -> frozenset[str]:
        """The codes of the stages that have decided something, announced or not."""
        ...

    async def add(self, campaign: str, version: SelectionVersion, texts: SelectionTexts) -> None:
        """Store a version. Only when locked."""
        ...

    async def add_objection(self, campaign: str, objection: Objection) -> None:
        """Store an objection. Only when locked."""
        ...

    async def answer(self, campaign: str, answered: Objection) -> None:
        """Store the answer to an objection. Only when locked."""
        ...


class ExpertBallots(Protocol):
    """The ballots of the experts, one of each in a stage."""

    async def juror(self, campaign: str, viewer: str) -> Juror | None:
        """The expert of a campaign who this viewer, by pseudonym, is."""
        ...

    async def conflicts(self, campaign: str, expert: int) -> frozenset[int]:
        """The numbers of the projects that an expert is recused from."""
        ...

    async def of_stage(self, campaign: str, stage: str) -> tuple[CastExpertBallot, ...]:
        """The ballots of a stage by expert, without those of experts who were dropped."""
        ...

    async def of_viewer(self, viewer: str) -> tuple[CastExpertBallot, ...]:
        """The ballots that a viewer has cast as an expert, in all campaigns."""
        ...

    async def cast(self, ballot: CastExpertBallot) -> None:
        """Store a ballot, in place of the one that the expert has cast before. Only when locked."""
        ...
