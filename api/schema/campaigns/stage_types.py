"""The stages of a selection, what each has decided, and what was announced last."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns import campaign, parts
from api.domain.selection import versions
from api.domain.selection.versions import PublicationState
from api.schema.campaigns import LAZY, objection_types, outcome_types, project_types
from api.schema.common.texts import optional_own_text
from api.schema.stages import StageTerms


@strawberry.type(
    description="One step of the selection: of all that were submitted, so many become candidates, then finalists, then "
    "winners."
)
class Stage(StageTerms):
    """Shows domain.campaigns.stages.Stage, with its status at the moment of the request."""

    @strawberry.field(
        description="What it has decided. Null until that is announced; organizers and auditors of the campaign see it from "
        "then on when it is committed, as `PROVISIONAL`. Null as well where the organizer gave the outcomes and nothing was "
        "computed."
    )
    async def selection(self, info: Info) -> "Selection | None":
        """Return the version that holds."""
        announced = self.stands_in.selection(self.code)
        if announced is not None:
            return Selection.of(self.stands_in, announced.current, announced)
        version = await info.context.provisional(self.stands_in, self.code)
        return None if version is None else Selection.of(self.stands_in, version)


@strawberry.type(
    description="What a stage has decided: the version that holds. docs/selection.md says how it follows from its `record`, "
    "line by line in its `trace`."
)
class Selection:
    """Shows domain.selection.versions.SelectionVersion. announced: with its corrections and objections; None if it was not."""

    value: strawberry.Private[versions.SelectionVersion]
    stands_in: strawberry.Private[campaign.Campaign]
    announced: strawberry.Private[versions.StageSelection | None]
    version: int = strawberry.field(
        description="Which version it is: the first commit is 1, and every further commit or correction one more."
    )
    digest: str = strawberry.field(
        description="The SHA-256 of the `trace` in UTF-8, in hexadecimal digits: what `sha256sum` says of it."
    )
    vacant: int = strawberry.field(description="How many of the stage's seats nobody has.")
    decision_reason: str | None = optional_own_text(
        lambda selection: selection.value.outcome.decision_reason,
        "Why the organizer decided so, in a stage of the kind `DECISION`; null in any other.",
    )

    @classmethod
    def of(
        cls,
        stands_in: campaign.Campaign,
        value: versions.SelectionVersion,
        announced: versions.StageSelection | None = None,
    ) -> "Selection":
        return cls(
            value=value,
            stands_in=stands_in,
            announced=announced,
            version=value.version,
            digest=value.digest,
            vacant=value.outcome.vacant,
        )

    @strawberry.field(description="The stage that has decided it.")
    def stage(self, info: Info) -> Stage:
        return stage_shown(self.stands_in, self.value.stage, info)

    @strawberry.field(description="How far it has come on its way to being final.")
    def state(self, info: Info) -> PublicationState:
        announcement = self._announcement
        if announcement is None:
            return PublicationState.PROVISIONAL
        is_final = announcement.is_final(info.context.now)
        return PublicationState.FINAL if is_final else PublicationState.ANNOUNCED

    @strawberry.field(description="How many projects could pass.")
    def seats(self, info: Info) -> int:
        return stage_shown(self.stands_in, self.value.stage, info).seats

    @strawberry.field(
        description="Every candidate by rank, then by number, which decides nothing; in a `DECISION` by number."
    )
    def rows(self) -> list[Annotated["outcome_types.SelectionRow", LAZY]]:
        return [outcome_types.SelectionRow.of(row, self.stands_in) for row in self.value.outcome.rows]

    @strawberry.field(description="The ties at the cut line, of the seats first, then of the awards in their order.")
    def ties(self) -> list[Annotated["outcome_types.Tie", LAZY]]:
        return [outcome_types.Tie.of(tie, self.stands_in) for tie in self.value.outcome.ties]

    @strawberry.field(
        description="Candidates without a review, by number, where experts' scores are an input: their score there is 0."
    )
    def unreviewed(self, info: Info) -> list[Annotated["project_types.Project", LAZY]]:
        return project_types.projects_shown(self.stands_in, self.value.outcome.unreviewed, info)

    @strawberry.field(
        description="How it follows from the record, as plain text, one fact a line. Read from the database when asked for."
    )
    async def trace(self, info: Info) -> str | None:
        return (await info.context.selection_texts(self.stands_in, self.value)).trace

    @strawberry.field(
        description="All that went into it, as canonical JSON: `pingxuan replay-selection` decides it again from this alone. "
        "Read from the database when asked for."
    )
    async def record(self, info: Info) -> str | None:
        return (await info.context.selection_texts(self.stands_in, self.value)).record

    @strawberry.field(description="When this version was decided.")
    def decided_at(self) -> datetime:
        return self.stands_in.calendar.local(self.value.decided_at)

    @strawberry.field(description="When it was announced; null while it is not.")
    def announced_at(self) -> datetime | None:
        return self._local(None if self._announcement is None else self._announcement.announced_at)

    @strawberry.field(description="Until when objections are heard; null while it is not announced.")
    def objections_until(self) -> datetime | None:
        return self._local(None if self._announcement is None else self._announcement.objections_until)

    @strawberry.field(description="When it became final; null while it is not.")
    def confirmed_at(self) -> datetime | None:
        return self._local(None if self._announcement is None else self._announcement.confirmed_at)

    @strawberry.field(description="What is held against it, in the order of arrival.")
    def objections(self) -> list[Annotated["objection_types.Objection", LAZY]]:
        found = () if self.announced is None else self.announced.objections
        return [objection_types.Objection.of(each, self.stands_in) for each in found]

    @strawberry.field(description="How it was corrected since it was announced, the earliest first.")
    def annexes(self) -> list[Annotated["objection_types.Annex", LAZY]]:
        found = () if self.announced is None else self.announced.annexes
        return [objection_types.Annex(value=each, stands_in=self.stands_in) for each in found]

    @property
    def _announcement(self) -> parts.Announcement | None:
        return None if self.announced is None else self.stands_in.announcement(self.value.stage)

    def _local(self, moment: datetime | None) -> datetime | None:
        return None if moment is None else self.stands_in.calendar.local(moment)


@strawberry.type(description="What a campaign has announced last: objections to it are heard until it is final.")
class Publication:
    """Shows the last of domain.campaigns.campaign.Campaign.selections."""

    value: strawberry.Private[parts.Announcement]
    stands_in: strawberry.Private[campaign.Campaign]
    selection: strawberry.Private[versions.StageSelection]

    @strawberry.field(description="The stage whose outcome it is.")
    def stage(self, info: Info) -> Stage:
        return stage_shown(self.stands_in, self.value.stage, info)

    @strawberry.field(description="Whether objections are still heard or answered, or it is final.")
    def state(self, info: Info) -> PublicationState:
        is_final = self.value.is_final(info.context.now)
        return PublicationState.FINAL if is_final else PublicationState.ANNOUNCED

    @strawberry.field(description="When it was announced.")
    def announced_at(self) -> datetime:
        return self.stands_in.calendar.local(self.value.announced_at)

    @strawberry.field(description="Until when objections are heard.")
    def objections_until(self) -> datetime | None:
        return self.stands_in.calendar.local(self.value.objections_until)

    @strawberry.field(description="When it became final; null while it is not.")
    def confirmed_at(self) -> datetime | None:
        confirmed_at = self.value.confirmed_at
        return None if confirmed_at is None else self.stands_in.calendar.local(confirmed_at)

    @strawberry.field(description="What is held against it, in the order of arrival.")
    def objections(self) -> list[Annotated["objection_types.Objection", LAZY]]:
        return [objection_types.Objection.of(each, self.stands_in) for each in self.selection.objections]


def stage_shown(campaign: campaign.Campaign, code: str, info: Info) -> Stage:
    """Return a stage as it is shown now."""
    stage = next(each for each in campaign.stages if each.code == code)
    return Stage.of(stage, campaign, campaign.status(stage, info.context.now))
