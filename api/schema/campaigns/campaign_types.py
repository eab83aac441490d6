"""A campaign, and all that is reached from it."""

from functools import partial
from typing import Annotated

import strawberry

from api.context import Info
from api.schema.allowances import Allowance
from api.schema.campaign_contents import Extension, Image, Pause
from api.schema.campaign_details import Criterion, Source, Theme
from api.schema.campaigns import (
    LAZY,
    award_types,
    district_types,
    panel_types,
    project_types,
    result_types,
    results_asked,
    stage_types,
)
from api.schema.campaigns.campaign_terms import CampaignTerms
from api.schema.common.paging import After, Before, First, Last, page_args
from api.schema.facets import Facets
from api.schema.inputs import (
    Filter,
    OrderProjects,
    OrderResults,
    ThenProjects,
    ThenResults,
    project_filter,
    project_order,
    result_order,
)
from api.schema.proof.log_types import BallotLog
from api.schema.reminder_templates import ReminderTemplate, offered
from api.schema.results import RESULTS, DayArgument, Turnout


@strawberry.type(description="A campaign: one public selection, from its candidates to its winners.")
class Campaign(CampaignTerms):
    """Shows domain.campaigns.campaign.Campaign, with all that is reached from it."""

    @strawberry.field(description="The steps of the selection, from all submitted projects to the winners.")
    def stages(self, info: Info) -> list[Annotated["stage_types.Stage", LAZY]]:
        return [
            stage_types.Stage.of(stage, self.value, self.value.status(stage, info.context.now))
            for stage in self.value.stages
        ]

    @strawberry.field(description="What its projects are about: themes of its own, in the organizer's order.")
    def themes(self) -> list[Theme]:
        return [Theme.of(theme) for theme in self.value.themes]

    @strawberry.field(description="What projects can win; it may stay vacant.")
    def awards(self) -> list[Annotated["award_types.Award", LAZY]]:
        return [award_types.Award.of(award, self.value) for award in self.value.awards]

    @strawberry.field(
        description="What it has announced last of what its stages have decided; null before the first announcement."
    )
    def publication(self) -> Annotated["stage_types.Publication", LAZY] | None:
        if not self.value.announcements:
            return None
        last, selection = self.value.announcements[-1], self.value.selections[-1]
        return stage_types.Publication(value=last, stands_in=self.value, selection=selection)

    @strawberry.field(
        description="The report, as one HTML page in both languages that needs nothing else and prints well: turnout, ranking, "
        "districts, themes, the arithmetic of each stage, objections, corrections and a recount of every ballot. Null before "
        "voting has closed. Until every stage is final its head says UNOFFICIAL, and it is null for everybody but `ORGANIZER` "
        "and `AUDITOR`, whose copy also has what is not announced yet; where nobody may see the standings, for them too until "
        "a stage is decided."
    )
    async def report(self, info: Info) -> str | None:
        context = info.context
        standings = partial(context.snapshot.standings, self.value)
        return await context.reports.visible(standings, self.value, context.now, context.oversees)

    @strawberry.field(description="A picture that stands for it; null where it has none.")
    def cover(self) -> Image | None:
        return None if self.value.cover is None else Image.of(self.value.cover)

    @strawberry.field(description="When voting stood still, and why, the earliest first.")
    def pauses(self) -> list[Pause]:
        return [Pause.of(pause, self.value) for pause in self.value.pauses]

    @strawberry.field(description="How the close of voting was put off, and why, the earliest first.")
    def extensions(self) -> list[Extension]:
        return [Extension.of(extension, self.value) for extension in self.value.extensions]

    @strawberry.field(description="What the experts score by.")
    def criteria(self) -> list[Criterion]:
        """Return the criteria in the organizer's order."""
        return [Criterion.of(criterion) for criterion in self.value.criteria]

    @strawberry.field(description="The experts that score its projects; null where none do.")
    def panel(self) -> Annotated["panel_types.Panel", LAZY] | None:
        return None if self.value.panel is None else panel_types.Panel.of(self.value, self.value.panel)

    @strawberry.field(description="Where the facts come from; null when nobody has said.")
    def source(self) -> Source | None:
        source = self.value.source
        return None if source is None else Source.of(source)

    @strawberry.field(description="The districts with at least one candidate, by code.")
    def districts(self) -> list[Annotated["district_types.District", LAZY]]:
        return [district_types.District.of(district, self.value) for district in self.value.districts]

    @strawberry.field(description="How many projects it has in each district, level and theme, under a filter.")
    def facets(self, filter: Filter = None) -> Facets | None:
        return Facets.of(self.value, project_filter(filter))

    @strawberry.field(description="Its projects.")
    def projects(
        self,
        info: Info,
        filter: Filter = None,
        order_by: OrderProjects = None,
        then_by: ThenProjects = None,
        first: First = 20,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Annotated["project_types.ProjectConnection", LAZY] | None:
        args, order = page_args(first, after, last, before), project_order(order_by, then_by, self.value.project_order)
        return project_types.page_of_projects(self.value, info, filter, order, args)

    @strawberry.field(description=RESULTS)
    async def results(
        self,
        info: Info,
        filter: Filter = None,
        order_by: OrderResults = None,
        then_by: ThenResults = None,
        day: DayArgument = None,
        first: First = 20,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Annotated["result_types.ResultConnection", LAZY] | None:
        args = page_args(first, after, last, before)
        return await results_asked.ResultsAsked(
            self.value, info, filter, result_order(order_by, then_by), day, args
        ).page()

    @strawberry.field(
        description="The public log of its ballots, by which everybody can check that none was changed, added or taken away; "
        "null where this server keeps no logs (`PINGXUAN_LOG_KEYS`)."
    )
    def log(self, info: Info) -> BallotLog | None:
        return BallotLog.of(self.value, info.context)

    @strawberry.field(
        description="How many ballots were cast. Public at all times; it tells nothing about any project. Under `DAILY`, and "
        "where standings are seen live in steps of a minute or an hour, it is as of the same moment as they are: until there "
        "are any, as of the opening."
    )
    def turnout(self, info: Info) -> Turnout:
        return Turnout.of(info.context.snapshot.standings(self.value))

    @strawberry.field(
        description="How many ballots the viewer may still cast in it, and when next; null for whoever is not signed in."
    )
    async def allowance(self, info: Info) -> Allowance | None:
        context = info.context
        voter = context.voter_asked
        return None if voter is None else Allowance.of(await context.casting.allowance(self.value, voter, context.now))

    @strawberry.field(
        description="The reminders that people of the WeChat mini-program can ask for now; empty where there are none."
    )
    def reminder_templates(self, info: Info) -> list[ReminderTemplate]:
        return offered(self.value, info)
