"""The standings: what each project has reached, and pages of that."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, NamedTuple

import strawberry

from api.context import Info
from api.domain.campaigns import campaign
from api.domain.ids import ResultId
from api.domain.paging import MAX_PAGE_SIZE, Page
from api.domain.results import ranking, vote_table
from api.domain.selection.versions import expert_scores, final_scores
from api.execution.shared_parts import Room, SharedObject, SharedParts
from api.schema.campaigns import LAZY, district_types, project_types
from api.schema.common.nodes import Node
from api.schema.common.paging import Connection, Edge, PageInfo
from api.schema.common.scalars import SafeInt
from api.schema.results import AS_OF, CutLine, DailyVotes, Turnout
from api.services.snapshots import Snapshot


@strawberry.type(description="What a project has reached so far.")
class Result(Node, SharedObject):
    """Shows domain.results.vote_table.Standing."""

    standing: strawberry.Private[vote_table.Standing]
    ranking: strawberry.Private["Ranking"]
    votes: SafeInt = strawberry.field(
        description="How many ballots chose it; 0 for a project that no longer stands, whose votes count nowhere."
    )
    share: float = strawberry.field(description="Votes divided by ballots, from 0 to 1; 0 while there is no ballot.")
    rank: int = strawberry.field(
        description="Its competition rank: 1 plus the number of projects with more votes, so equal votes share a rank and "
        "the next one is skipped (1, 2, 2, 4). A project that no longer stands has no place: it comes last, one behind all "
        "places, whatever was cast for it."
    )
    district_rank: int | None = strawberry.field(
        description="The same among the projects of its district; null without a district."
    )
    tied_count: int = strawberry.field(description="How many other projects have just as many votes.")
    gain: SafeInt = strawberry.field(
        description="Its votes of the present voting day and of the one before it; once voting has closed, of the last two."
    )
    expert_score: float | None = strawberry.field(
        description="What the experts' scores of it come to, in the last announced stage that goes by them; null before, and "
        "for those that were no candidates there. `Stage.selection` has it exactly."
    )
    final_score: float | None = strawberry.field(
        description="Its score in the last announced stage that goes by scores; null before, and for those that were no "
        "candidates there. `Stage.selection` has it exactly."
    )
    as_of: datetime = strawberry.field(description=AS_OF)

    @classmethod
    def of(cls, ranking: "Ranking", number: int) -> "Result":
        standings = ranking.standings
        standing = standings.by_number[number]
        result = cls(
            id=strawberry.ID(str(ResultId(standings.campaign.slug, number, standings.day))),
            standing=standing,
            ranking=ranking,
            votes=SafeInt(standing.votes),
            share=standing.share,
            rank=standing.rank,
            district_rank=standing.district_rank,
            tied_count=standing.tie_count,
            gain=SafeInt(standing.gain),
            expert_score=_float(expert_scores(standings.campaign.selections).get(number)),
            final_score=_float(final_scores(standings.campaign.selections).get(number)),
            as_of=standings.as_of,
        )
        result.parts = SharedParts(ranking.room)
        return result

    @strawberry.field(description="The project.")
    def project(self) -> Annotated["project_types.Project", LAZY]:
        return self.ranking.project(self.standing.number)

    @strawberry.field(
        description=f"The other projects with just as many votes, by number, at most {MAX_PAGE_SIZE} of them; `tiedCount` "
        "says how many there are."
    )
    def tied_with(self) -> list[Annotated["project_types.Project", LAZY]]:
        return [self.ranking.project(number) for number in self.standing.first_tied(MAX_PAGE_SIZE)]

    @strawberry.field(
        description="The result just ahead of it in the ranking, by rank, then number; null for the first. It is of the same "
        "days."
    )
    def ahead(self) -> "Result | None":
        return self.ranking.neighbour(self.standing.number, -1)

    @strawberry.field(
        description="The result just behind it in the ranking, by rank, then number; null for the last. It is of the same days."
    )
    def behind(self) -> "Result | None":
        return self.ranking.neighbour(self.standing.number, 1)

    @strawberry.field(description="Its votes on every voting day that has begun.")
    def by_day(self) -> list[DailyVotes]:
        return [DailyVotes(day=day, votes=SafeInt(votes)) for day, votes in self.standing.by_day]


class Ranking(NamedTuple):
    """The standings that results are of, and what makes their projects and themselves, each once."""

    standings: ranking.Standings
    project: "project_types.ProjectByNumber"
    result: Callable[[int], Result]
    room: Room

    def neighbour(self, number: int, step: int) -> Result | None:
        """Return the result so many places behind that of a project; None beyond the ends."""
        neighbour = self.standings.neighbour(number, step)
        return None if neighbour is None else self.result(neighbour)


def _float(score: Decimal | None) -> float | None:
    return None if score is None else float(score)


def results_by_number(standings: ranking.Standings, snapshot: Snapshot) -> Callable[[int], Result]:
    """Return a function from project numbers to the results in a snapshot's standings, each of which is made once."""
    campaign = standings.campaign

    def make() -> Callable[[int], Result]:
        project, room = project_types.projects_by_number(campaign, snapshot), snapshot.cached(Room, Room)
        result: Callable[[int], Result] = cache(lambda number: Result.of(whole, number))
        whole = Ranking(standings, project, result, room)
        return result

    return snapshot.cached((Result, campaign, standings.day), make)


async def visible_result(
    campaign: campaign.Campaign, number: int, info: Info, day: date | None = None
) -> Result | None:
    """Return a project's result, on all voting days or on one; None while the viewer may not see the standings."""
    if not await info.context.results.are_visible(campaign):
        return None
    snapshot = info.context.snapshot
    return results_by_number(snapshot.standings(campaign, day), snapshot)(number)


@strawberry.type(description="The votes for the projects of one district.")
class DistrictVotes:
    """Shows one entry of domain.results.ranking.Standings.by_district."""

    district: Annotated["district_types.District", LAZY] = strawberry.field(description="The district.")
    votes: SafeInt = strawberry.field(description="The votes of all its projects in the campaign together.")


@strawberry.type(description="A page of results.")
class ResultConnection(Connection[Result], SharedObject):
    """A page of results; its keys are project numbers."""

    standings: strawberry.Private[ranking.Standings]
    room: strawberry.Private[Room]
    keep: strawberry.Private[Callable[[], Awaitable[None]]]

    @classmethod
    def of(
        cls, standings: ranking.Standings, snapshot: Snapshot, page: Page, keep: Callable[[], Awaitable[None]]
    ) -> "ResultConnection":
        """Show a page; keep has its cursors hold while ranks move, and is called before they are given away."""
        result = results_by_number(standings, snapshot)
        nodes = list(map(result, page.keys))
        return cls(page=page, nodes=nodes, standings=standings, room=snapshot.cached(Room, Room), keep=keep)

    def share(self) -> "ResultConnection":
        """Have what is made of it kept, for all who are shown the same page. Returns it."""
        self.parts = SharedParts(self.room)
        return self

    @strawberry.field(description="The items with their cursors.")
    async def edges(self) -> list[Edge[Result]]:
        await self.keep()
        edges: list[Edge[Result]] = super().edges()
        return edges

    @strawberry.field(description="Where the page lies in the list.")
    async def page_info(self) -> PageInfo:
        await self.keep()
        return PageInfo.of(self.page)

    @strawberry.field(description=AS_OF)
    def as_of(self) -> datetime:
        return self.standings.as_of

    @strawberry.field(
        description="How many ballots were cast, as of the same moment. Votes divided by its `ballots` are the `share`, which "
        "moves in every row with every ballot: whoever watches changes alone is sent less by asking for this instead."
    )
    def turnout(self) -> Turnout:
        return Turnout.of(self.standings)

    @strawberry.field(
        description="Whether `nodes` and `edges` have only the rows in which something that is asked for has changed since the "
        "answer before, and those that have come to the page; everything else in the answer is whole. It may be true where "
        "`resultsChanged` is asked for `onlyChanges`: then put the rows by their `id` over those of the answer before, drop "
        "`removedIds`, and sort by `rank`, then by the project's `number`. If false, these are all rows of the page: the first "
        "answer of a subscription, one for a client that was too slow, the next after `RESULTS_HIDDEN`, one in which every row "
        "has changed."
    )
    def only_changes(self) -> bool:
        return False  # api.subscriptions.row_changes says so where it is otherwise

    @strawberry.field(
        description="The ids of the results that the answer before had and this page has no more; empty unless `onlyChanges`."
    )
    def removed_ids(self) -> list[strawberry.ID]:
        return []

    @strawberry.field(
        description="Where the next stage would cut by votes alone, over the whole campaign whatever the filter keeps; "
        "null for a single day, or when no stage is left to decide."
    )
    def cut_line(self) -> CutLine | None:
        line = self.standings.cut_line
        return None if line is None else CutLine.of(line)

    @strawberry.field(
        description="The votes of each district's projects together, the most first, over the whole campaign whatever the "
        "filter keeps."
    )
    def by_district(self) -> list[DistrictVotes]:
        districts, own = self.standings.by_district, self.standings.campaign
        return [
            DistrictVotes(district=district_types.District.of(district, own), votes=SafeInt(votes))
            for district, votes in districts
        ]
