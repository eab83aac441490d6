"""Experts' ballots, as each sees their own."""

from datetime import datetime

import strawberry

from api.context import Info
from api.domain.campaigns import campaign
from api.domain.selection import expert_ballots
from api.schema.campaigns.project_types import Project, projects_shown
from api.schema.campaigns.stage_types import Stage, stage_shown


@strawberry.type(description="An expert's own ballot in a stage. Nobody else sees it before the stage is announced.")
class ExpertBallot:
    """Shows domain.selection.expert_ballots.CastExpertBallot."""

    value: strawberry.Private[expert_ballots.CastExpertBallot]
    stands_in: strawberry.Private[campaign.Campaign]
    revision: int = strawberry.field(description="How often it was cast: the next change makes it one more.")

    @classmethod
    def of(cls, value: expert_ballots.CastExpertBallot, stands_in: campaign.Campaign) -> "ExpertBallot":
        return cls(value=value, stands_in=stands_in, revision=value.revision)

    @strawberry.field(description="The stage that it is cast in.")
    def stage(self, info: Info) -> Stage:
        return stage_shown(self.stands_in, self.value.stage, info)

    @strawberry.field(description="The projects that it names, by number.")
    def projects(self, info: Info) -> list[Project]:
        known = self.stands_in.by_number
        return projects_shown(self.stands_in, [number for number in self.value.projects if number in known], info)

    @strawberry.field(description="When it was cast last.")
    def cast_at(self) -> datetime:
        return self.stands_in.calendar.local(self.value.cast_at)


async def own_expert_ballots(info: Info, viewer: str, slug: str | None) -> list[ExpertBallot]:
    """Return those that the viewer has cast, in a campaign or in all. Raises ApiError NOT_FOUND."""
    only = None if slug is None else info.context.campaign(slug).slug
    known = info.context.snapshot.directory.campaigns
    cast = await info.context.expert_balloting.own(viewer)
    return [ExpertBallot.of(each, known[each.campaign]) for each in cast if only in (None, each.campaign)]
