"""Campaigns, districts, projects and results. They stand in one file because they refer to each other."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, partial
from typing import Annotated, Optional, TypeAlias

import strawberry

from api.content.commonmark import to_html
from api.context import Info
from api.domain.campaigns import campaign, filtering, parts, projects
from api.domain.campaigns.digest import rules_digest
from api.domain.campaigns.filtering import ProjectOrderField, shuffle_seeds
from api.domain.campaigns.projects import Outcome, ProjectLevel, Standing
from api.domain.campaigns.stages import TieStep
from api.domain.campaigns.states import CampaignPhase, CampaignState, ResultsStep, ResultsVisibility
from api.domain.exact import plain
from api.domain.ids import CampaignId, DistrictId, ObjectionId, ProjectId, ResultId, ReviewId
from api.domain.paging import MAX_PAGE_SIZE, Page, PageArgs
from api.domain.results import ranking
from api.domain.review import panel as panels
from api.domain.review import statistics
from api.domain.review.aggregation import total
from api.domain.review.rubric import weights
from api.domain.review.terms import ReviewState
from api.domain.selection import ties, versions
from api.domain.selection.differences import RowChange
from api.domain.selection.outcome import OutcomeRow
from api.domain.selection.tie_words import tie_in_words
from api.domain.selection.versions import PublicationState, expert_scores, final_scores
from api.domain.texts import Text
from api.domain.voting.judging import rules_of
from api.schema.campaign_contents import Extension, Image, Link, Pause, VoidedVotes
from api.schema.campaign_details import Criterion, Figure, Source, Theme, Window
from api.schema.common.nodes import Node
from api.schema.common.paging import After, Before, Connection, Edge, First, Last, PageInfo, page_args
from api.schema.common.roles import restricted
from api.schema.common.scalars import SafeInt
from api.schema.common.texts import LanguageArgument, TagArgument, optional_own_text, own_text, text, translated
from api.schema.experts import Agreement, Expert, PanelProgress, ReviewRevision, Score, published_scores
from api.schema.facets import Facets
from api.schema.inputs import (
    Filter,
    OrderProjects,
    OrderResults,
    OwnCampaignArgument,
    project_filter,
    project_order,
    result_order,
)
from api.schema.panel import PanelTerms
from api.schema.results import AS_OF, CutLine, DailyVotes, Turnout
from api.schema.rules import published_rule
from api.schema.rules.base import BallotRule
from api.schema.search import SearchMatch
from api.schema.selection_parts import InputScore, optional_plainly
from api.schema.stages import StageTerms
from api.services.listing import in_district, projects_page, results_page, voting_day
from api.services.snapshots import Snapshot
from api.services.visible_panels import STAFF

NO_TEXT = Text("", "")
CANDIDATE_TERM = Text("项目", "project")  # where a campaign has no word of its own
RESULTS = (
    "Its projects by rank, or in another order. Ranks are those of the whole campaign, whatever the filter keeps. Null, "
    "with an error `RESULTS_HIDDEN`, while the viewer may not see them."
)
DayArgument = Annotated[
    date | None,
    strawberry.argument(description="Count and rank the votes of this voting day alone; left out, of all days."),
]


@strawberry.type(description="A campaign: one public selection, from its candidates to its winners.")
class Campaign(Node):
    """Shows domain.campaigns.campaign.Campaign."""

    value: strawberry.Private[campaign.Campaign]
    slug: str = strawberry.field(description="Its short name in arguments and ids, such as `shanghai-2017`.")
    title: str = own_text(lambda campaign: campaign.value.title, "Its title.")
    edition: int | None = strawberry.field(description="Which edition of a recurring selection it is; null for others.")
    organizer: str = own_text(lambda campaign: campaign.value.organizer, "Who runs it.")
    state: CampaignState = strawberry.field(description="What its organizer has done with it, whatever the time.")
    time_zone: str = strawberry.field(
        description="An IANA name such as `Asia/Shanghai`. A voting day is a day of this zone, and the campaign's times "
        "are given with its offset."
    )
    results_visibility: ResultsVisibility = strawberry.field(
        description="When the standings may be seen. It cannot change once voting has opened or a ballot is stored."
    )
    revision: int = strawberry.field(description="How often it has been changed: the next change makes it one more.")
    languages: list[str] = strawberry.field(
        description="The languages of its texts as BCP 47 tags, such as `zh`, its own first. A text that is not in the "
        "language wanted is given in this one."
    )
    candidate_term: str = own_text(
        lambda campaign: campaign.value.candidate_term or CANDIDATE_TERM,
        "The word for what is chosen among, such as 项目, 候选人 or 作品.",
    )
    currency: str | None = strawberry.field(
        description="What projects cost is in this currency, by its code in ISO 4217; null where nothing costs anything."
    )
    lot_digest: str | None = strawberry.field(
        description="The SHA-256, in hexadecimal digits, of the seed by which lots are drawn where a stage's ties say so. The "
        "seed is shown with the selection: then everybody can see that it is the one that was chosen before. Null where no "
        "lots are drawn."
    )
    results_step: ResultsStep = strawberry.field(
        description="How coarse in time the standings are that are seen while voting is open, under `LIVE` and "
        "`AFTER_CASTING`; `turnout` goes by the same moments. `asOf` tells the present one."
    )

    @classmethod
    def of(cls, value: campaign.Campaign) -> "Campaign":
        return cls(
            id=strawberry.ID(str(CampaignId(value.slug))),
            value=value,
            slug=value.slug,
            edition=value.edition,
            state=value.state,
            time_zone=value.time_zone,
            results_visibility=value.visibility,
            revision=value.revision,
            languages=list(value.languages),
            currency=value.currency,
            lot_digest=value.lot_digest,
            results_step=value.results_step,
        )

    @strawberry.field(
        description="The time of the day, on the campaign's clocks, as of which `DAILY` standings are shown, such as `09:00`; "
        "null for another visibility."
    )
    def results_at(self) -> str | None:
        if self.value.visibility is not ResultsVisibility.DAILY:
            return None
        return f"{self.value.results_at or time():%H:%M}"

    @strawberry.field(description="When ballots are accepted.")
    def voting_window(self) -> Window:
        return Window.of(self.value)

    @strawberry.field(
        description="The SHA-256 of what cannot change from the opening on: the rules, the candidates, the visibility, and "
        "what each stage is decided by, as canonical JSON (docs/organisers.md). Null before voting opens."
    )
    def rules_digest(self, info: Info) -> str | None:
        is_open = info.context.now >= self.value.window.opens_at and self.value.state is not CampaignState.DRAFT
        return rules_digest(self.value) if is_open else None

    @strawberry.field(description="Where it stands now.")
    def phase(self, info: Info) -> CampaignPhase:
        return self.value.phase(info.context.now)

    @strawberry.field(
        description="The server's time at this answer. Count down by it: a phone's own clock may be wrong, and the rules "
        "go by this one."
    )
    def server_time(self, info: Info) -> datetime:
        info.context.keep_private()
        return self.value.calendar.local(info.context.now)

    @strawberry.field(
        description="What a ballot is checked against, as data: the same rules that `castBallot` enforces."
    )
    def rules(self) -> list[BallotRule]:
        """Return every rule, in the order in which violations are reported."""
        return [published_rule(rule, self.value) for rule in rules_of(self.value)]

    @strawberry.field(description="The steps of the selection, from all submitted projects to the winners.")
    def stages(self, info: Info) -> list["Stage"]:
        return [Stage.of(stage, self.value, self.value.status(stage, info.context.now)) for stage in self.value.stages]

    @strawberry.field(description="What its projects are about: themes of its own, in the organizer's order.")
    def themes(self) -> list[Theme]:
        return [Theme.of(theme) for theme in self.value.themes]

    @strawberry.field(description="What projects can win; it may stay vacant.")
    def awards(self) -> list["Award"]:
        return [Award.of(award, self.value) for award in self.value.awards]

    @strawberry.field(
        description="What it has announced last of what its stages have decided; null before the first announcement."
    )
    def publication(self) -> Optional["Publication"]:
        if not self.value.announcements:
            return None
        last, selection = self.value.announcements[-1], self.value.selections[-1]
        return Publication(value=last, stands_in=self.value, selection=selection)

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
    def panel(self) -> "Panel | None":
        return None if self.value.panel is None else Panel.of(self.value, self.value.panel)

    @strawberry.field(description="Where the facts come from; null when nobody has said.")
    def source(self) -> Source | None:
        source = self.value.source
        return None if source is None else Source.of(source)

    @strawberry.field(description="The districts with at least one candidate, by code.")
    def districts(self) -> list["District"]:
        return [District.of(district, self.value) for district in self.value.districts]

    @strawberry.field(description="How many projects it has in each district, level and theme, under a filter.")
    def facets(self, filter: Filter = None) -> Facets | None:
        return Facets.of(self.value, project_filter(filter))

    @strawberry.field(description="Its projects.")
    def projects(
        self,
        info: Info,
        filter: Filter = None,
        order_by: OrderProjects = None,
        first: First = 20,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> "ProjectConnection | None":
        return page_of_projects(self.value, info, filter, order_by, page_args(first, after, last, before))

    @strawberry.field(description=RESULTS)
    async def results(
        self,
        info: Info,
        filter: Filter = None,
        order_by: OrderResults = None,
        day: DayArgument = None,
        first: First = 20,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Optional["ResultConnection"]:
        return await page_of_results(self.value, info, filter, order_by, day, page_args(first, after, last, before))

    @strawberry.field(
        description="How many ballots were cast. Public at all times; it tells nothing about any project. Under `DAILY`, and "
        "where standings are seen live in steps of a minute or an hour, it is as of the same moment as they are: until there "
        "are any, as of the opening."
    )
    def turnout(self, info: Info) -> Turnout:
        return Turnout.of(info.context.snapshot.standings(self.value))


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
    async def selection(self, info: Info) -> Optional["Selection"]:
        """Return the version that holds."""
        announced = self.stands_in.selection(self.code)
        if announced is not None:
            return Selection.of(self.stands_in, announced.current, announced)
        version = await info.context.provisional(self.stands_in, self.code)
        return None if version is None else Selection.of(self.stands_in, version)


@strawberry.type(description="What became of one candidate in a stage.")
class SelectionRow:
    """Shows domain.selection.outcome.OutcomeRow."""

    value: strawberry.Private[OutcomeRow]
    stands_in: strawberry.Private[campaign.Campaign]
    score: Decimal | None = strawberry.field(
        description="The sum of its weighted inputs, rounded; null in a `DECISION`, which has no scores."
    )
    rank: int | None = strawberry.field(
        description="Its competition rank by score: 1 plus the number of candidates with a higher one; null in a `DECISION`."
    )
    selected: bool = strawberry.field(description="Whether it passes.")
    vacates: bool = strawberry.field(
        description="Whether it no longer stands, in such a way that the seat it would have had stays vacant."
    )

    @classmethod
    def of(cls, value: OutcomeRow, stands_in: campaign.Campaign) -> "SelectionRow":
        return cls(
            value=value,
            stands_in=stands_in,
            score=optional_plainly(value.score),
            rank=value.rank,
            selected=value.selected,
            vacates=value.vacates,
        )

    @strawberry.field(description="The candidate.")
    def project(self, info: Info) -> "Project":
        return projects_by_number(self.stands_in, info.context.snapshot)(self.value.number)

    @strawberry.field(description="What its score is made of, in the order of the stage's `inputs`.")
    def inputs(self) -> list[InputScore]:
        return [InputScore.of(each) for each in self.value.inputs]

    @strawberry.field(description="What it wins; null where it wins nothing, and before the last stage.")
    def award(self) -> Optional["Award"]:
        return award_of(self.stands_in, self.value.award)


@strawberry.type(description="Candidates with equal scores of which not all fit, and how it was settled who passes.")
class Tie:
    """Shows domain.selection.ties.Tie."""

    value: strawberry.Private[ties.Tie]
    stands_in: strawberry.Private[campaign.Campaign]
    free: int = strawberry.field(description="How many of them fit.")
    step: TieStep | None = strawberry.field(
        description="The step of the stage's tie policy that settled it; of an open tie, the one that waits for a decision or "
        "for the seed of the lot, or null where the policy is at its end."
    )
    resolved: bool = strawberry.field(
        description="Whether it is settled; nothing can be committed while a tie is open."
    )

    @classmethod
    def of(cls, value: ties.Tie, stands_in: campaign.Campaign) -> "Tie":
        step = value.step if value.resolved else value.missing
        return cls(value=value, stands_in=stands_in, free=value.free, step=step, resolved=value.resolved)

    @strawberry.field(description="Those that were equal, by number.")
    def projects(self, info: Info) -> list["Project"]:
        return projects_shown(self.stands_in, sorted(self.value.numbers), info)

    @strawberry.field(description="The same, the best first as the steps have put them; those still equal by number.")
    def order(self, info: Info) -> list["Project"]:
        return projects_shown(self.stands_in, [number for group in self.value.order for number in sorted(group)], info)

    @strawberry.field(
        description="Those that are still equal in an open tie, by number: exactly these a decision has to put in order. "
        "Empty once it is settled."
    )
    def equal(self, info: Info) -> list["Project"]:
        return projects_shown(self.stands_in, sorted(self.value.equal), info)

    @strawberry.field(description="The award that the tie is about; null for one about the stage's seats.")
    def award(self) -> Optional["Award"]:
        return award_of(self.stands_in, self.value.award)

    explanation: str = text(
        lambda tie: tie_in_words(tie.value, {each.code: each.name for each in tie.stands_in.criteria}),
        "How it was settled, or what it waits for, in words.",
    )


@strawberry.type(description="A candidate whose place, seat or award a correction changes.")
class AnnexChange:
    """Shows domain.selection.differences.RowChange."""

    value: strawberry.Private[RowChange]
    stands_in: strawberry.Private[campaign.Campaign]
    was_selected: bool = strawberry.field(description="Whether it passed before.")
    is_selected: bool = strawberry.field(description="Whether it passes now.")
    was_rank: int | None = strawberry.field(description="Its rank before; null where it had none.")
    is_rank: int | None = strawberry.field(description="Its rank now; null where it has none.")
    was_score: Decimal | None = strawberry.field(description="Its score before; null where it had none.")
    is_score: Decimal | None = strawberry.field(description="Its score now; null where it has none.")

    @classmethod
    def of(cls, value: RowChange, stands_in: campaign.Campaign) -> "AnnexChange":
        return cls(
            value=value,
            stands_in=stands_in,
            was_selected=value.was_selected,
            is_selected=value.is_selected,
            was_rank=value.was_rank,
            is_rank=value.is_rank,
            was_score=optional_plainly(value.was_score),
            is_score=optional_plainly(value.is_score),
        )

    @strawberry.field(description="The candidate.")
    def project(self, info: Info) -> "Project":
        return projects_by_number(self.stands_in, info.context.snapshot)(self.value.number)

    @strawberry.field(description="What it won before; null for nothing.")
    def was_award(self) -> Optional["Award"]:
        return award_of(self.stands_in, self.value.was_award)

    @strawberry.field(description="What it wins now; null for nothing.")
    def is_award(self) -> Optional["Award"]:
        return award_of(self.stands_in, self.value.is_award)


@strawberry.type(
    description="A correction of what was announced. Nothing is overwritten: every version stays on record."
)
class Annex:
    """Shows domain.selection.versions.Annex."""

    value: strawberry.Private[versions.Annex]
    stands_in: strawberry.Private[campaign.Campaign]
    reason: str = own_text(
        lambda annex: annex.value.version.reason or NO_TEXT, "Why it was made, in the organizer's words."
    )

    @strawberry.field(description="When it was made.")
    def at(self) -> datetime:
        return self.stands_in.calendar.local(self.value.version.decided_at)

    @strawberry.field(description="The digest that held before.")
    def before(self) -> str:
        return self.value.before.digest

    @strawberry.field(description="The digest that holds since.")
    def after(self) -> str:
        return self.value.version.digest

    @strawberry.field(description="The candidates that it changes, by number.")
    def changes(self) -> list[AnnexChange]:
        return [AnnexChange.of(change, self.stands_in) for change in self.value.changes]


@strawberry.type(description="What somebody holds against an announced outcome, on record with its answer.")
class Objection:
    """Shows domain.selection.versions.Objection."""

    value: strawberry.Private[versions.Objection]
    stands_in: strawberry.Private[campaign.Campaign]
    id: strawberry.ID = strawberry.field(description="Its id, for `answerObjection`.")
    number: int = strawberry.field(description="Its number within the stage, in the order of arrival.")
    text: str = strawberry.field(description="What is held against the outcome.")
    answer: str | None = optional_own_text(
        lambda objection: objection.value.answer, "The organizer's answer; null while there is none."
    )

    @classmethod
    def of(cls, value: versions.Objection, stands_in: campaign.Campaign) -> "Objection":
        name = ObjectionId(stands_in.slug, value.stage, value.number)
        return cls(value=value, stands_in=stands_in, id=strawberry.ID(str(name)), number=value.number, text=value.text)

    @strawberry.field(
        description="Who raised it; null but for organizers and auditors of the campaign, so that nobody is named in public."
    )
    def by(self, info: Info) -> str | None:
        return self.value.by if info.context.oversees(self.stands_in) else None

    @strawberry.field(description="The project that it is about; null where it is about the whole.")
    def project(self, info: Info) -> Optional["Project"]:
        number = self.value.project
        return None if number is None else projects_by_number(self.stands_in, info.context.snapshot)(number)

    @strawberry.field(description="When it was received.")
    def at(self) -> datetime:
        return self.stands_in.calendar.local(self.value.at)

    @strawberry.field(description="When it was answered; null while it is not.")
    def answered_at(self) -> datetime | None:
        answered_at = self.value.answered_at
        return None if answered_at is None else self.stands_in.calendar.local(answered_at)


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
    def rows(self) -> list[SelectionRow]:
        return [SelectionRow.of(row, self.stands_in) for row in self.value.outcome.rows]

    @strawberry.field(description="The ties at the cut line, of the seats first, then of the awards in their order.")
    def ties(self) -> list[Tie]:
        return [Tie.of(tie, self.stands_in) for tie in self.value.outcome.ties]

    @strawberry.field(
        description="Candidates without a review, by number, where experts' scores are an input: their score there is 0."
    )
    def unreviewed(self, info: Info) -> list["Project"]:
        return projects_shown(self.stands_in, self.value.outcome.unreviewed, info)

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
    def objections(self) -> list[Objection]:
        found = () if self.announced is None else self.announced.objections
        return [Objection.of(each, self.stands_in) for each in found]

    @strawberry.field(description="How it was corrected since it was announced, the earliest first.")
    def annexes(self) -> list[Annex]:
        found = () if self.announced is None else self.announced.annexes
        return [Annex(value=each, stands_in=self.stands_in) for each in found]

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
    def objections(self) -> list[Objection]:
        return [Objection.of(each, self.stands_in) for each in self.selection.objections]


def stage_shown(campaign: campaign.Campaign, code: str, info: Info) -> Stage:
    """Return a stage as it is shown now."""
    stage = next(each for each in campaign.stages if each.code == code)
    return Stage.of(stage, campaign, campaign.status(stage, info.context.now))


def award_of(campaign: campaign.Campaign, code: str | None) -> Optional["Award"]:
    """Return the award of a code; None for none."""
    found = (award for award in campaign.awards if award.code == code)
    return next((Award.of(award, campaign) for award in found), None)


def projects_shown(campaign: campaign.Campaign, numbers: Iterable[int], info: Info) -> list["Project"]:
    """Return the projects of these numbers, in this order."""
    return list(map(projects_by_number(campaign, info.context.snapshot), numbers))


@strawberry.type(description="A district of the city.")
class District(Node):
    """Shows domain.campaigns.projects.District. stands_in: the campaign it was reached through; None for one by its code."""

    value: strawberry.Private[projects.District]
    stands_in: strawberry.Private[campaign.Campaign | None]
    code: str = strawberry.field(description="Its code: in GB/T 2260, such as `310115`, or as its campaign has it.")
    name: str = own_text(lambda district: district.value.name, "Its name.")

    @classmethod
    def of(cls, value: projects.District, stands_in: campaign.Campaign | None = None) -> "District":
        name = DistrictId(value.code, value.gazetteer)
        return cls(id=strawberry.ID(str(name)), value=value, stands_in=stands_in, code=value.code)

    @strawberry.field(description="The projects that this district has in a campaign.")
    def projects(
        self,
        info: Info,
        campaign: OwnCampaignArgument = None,
        filter: Filter = None,
        order_by: OrderProjects = None,
        first: First = 20,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> "ProjectConnection | None":
        args, own = page_args(first, after, last, before), self.stands_in
        selected = own if own is not None and campaign is None else info.context.campaign(campaign)
        return page_of_projects(selected, info, filter, order_by, args, self.value)


@strawberry.type(
    description="A project that stands in a campaign. What its source does not state is null, never guessed."
)
class Project(Node):
    """Shows domain.campaigns.projects.Project."""

    value: strawberry.Private[projects.Project]
    stands_in: strawberry.Private[campaign.Campaign]
    number: int = strawberry.field(description="Its number as printed on the notice.")
    title: str = own_text(lambda project: project.value.title, "Its title, the Chinese one exactly as printed.")
    summary: str = own_text(
        lambda project: project.value.summary or NO_TEXT,
        "What it does and for whom, in two or three sentences; empty where the source gives none.",
    )
    organization: str | None = optional_own_text(
        lambda project: project.value.organization, "Who leads it; null where the source names nobody."
    )
    level: ProjectLevel = strawberry.field(description="Who carries it: the city, a district, or not stated.")
    start_year: int | None = strawberry.field(description="The year it began; null where the source gives none.")
    outcome: Outcome = strawberry.field(
        description="How far it has come in the selection; `CANDIDATE` until an outcome is published."
    )
    code: str | None = strawberry.field(
        description="As its organizers write it, such as `M/01/VII`; null where they have only numbers."
    )
    description: str | None = optional_own_text(
        lambda project: project.value.description,
        "A longer text about it, in CommonMark; null where nobody has written one.",
    )
    cost: Decimal | None = strawberry.field(
        description="What it costs, in the campaign's `currency`; null where nobody has said."
    )
    standing: Standing = strawberry.field(description="Whether it can be voted for.")
    standing_reason: str | None = optional_own_text(
        lambda project: project.value.standing_reason, "Why it does not stand; null while it does."
    )

    @classmethod
    def of(cls, campaign: campaign.Campaign, number: int) -> "Project":
        value = campaign.by_number[number]
        return cls(
            id=strawberry.ID(str(ProjectId(campaign.slug, number))),
            value=value,
            stands_in=campaign,
            number=number,
            level=value.level,
            start_year=value.start_year,
            outcome=value.outcome,
            code=value.code,
            cost=value.cost,
            standing=value.standing,
        )

    @strawberry.field(description="What it is about, of its campaign's themes, the most fitting first.")
    def themes(self) -> list[Theme]:
        return [Theme.of(theme) for theme in self.value.themes]

    @strawberry.field(
        description="The `description` as HTML that a page may show as it is: without scripts, without styles, and with no "
        "pictures but this server's own; links go to `http`, `https` and `mailto`. Null where there is no description."
    )
    def description_html(self, info: Info, language: LanguageArgument = None, tag: TagArgument = None) -> str | None:
        text = self.value.description
        return None if text is None else to_html(translated(text, language or info.context.language, tag))

    @strawberry.field(description="Pictures of it, the most telling first.")
    def images(self) -> list[Image]:
        return [Image.of(image) for image in self.value.images]

    @strawberry.field(description="Pages about it.")
    def links(self) -> list[Link]:
        return [Link.of(link) for link in self.value.links]

    @strawberry.field(description="Since when it does not stand; null while it does.")
    def standing_since(self) -> datetime | None:
        since = self.value.standing_since
        return None if since is None else self.stands_in.calendar.local(since)

    @strawberry.field(description="Which votes for it count nowhere, and why, the earliest decision first.")
    def voided_votes(self) -> list[VoidedVotes]:
        voided = (each for each in self.stands_in.voided_votes if each.position == self.value.position)
        return [VoidedVotes.of(each, self.stands_in) for each in voided]

    @strawberry.field(description="What it has won; null until that is published, and for those that have won nothing.")
    def award(self) -> Optional["Award"]:
        return award_of(self.stands_in, self.value.award)

    @strawberry.field(description="The campaign it stands in.")
    def campaign(self) -> Campaign:
        return Campaign.of(self.stands_in)

    @strawberry.field(description="Its district; null for municipal projects and where the source names none.")
    def district(self) -> District | None:
        district = self.value.district
        return None if district is None else District.of(district, self.stands_in)

    @strawberry.field(description="Numbers about it, as the source states them.")
    def figures(self) -> list[Figure]:
        """Return the figures in the source's order."""
        return [Figure.of(figure) for figure in self.value.figures]

    @strawberry.field(description="Its votes and rank; null while the viewer may not see the standings.")
    async def result(self, info: Info) -> Optional["Result"]:
        """Return its result on all voting days."""
        return await visible_result(self.stands_in, self.number, info)


@strawberry.type(description="What projects can win in a campaign, and how many of them.")
class Award:
    """Shows domain.campaigns.campaign.Award."""

    value: strawberry.Private[parts.Award]
    stands_in: strawberry.Private[campaign.Campaign]
    code: str = strawberry.field(description="Its name for programs, unique within the campaign.")
    name: str = own_text(lambda award: award.value.name, "Its name for people.")
    seats: int = strawberry.field(description="How many projects can win it at most.")
    threshold: Decimal | None = strawberry.field(
        description="The lowest score of the last stage that wins it; null where every score does."
    )

    @classmethod
    def of(cls, award: parts.Award, stands_in: campaign.Campaign) -> "Award":
        return cls(value=award, stands_in=stands_in, code=award.code, seats=award.seats, threshold=award.threshold)

    @strawberry.field(description="Those that have won it, by number; none until that is published.")
    def projects(self, info: Info) -> list[Project]:
        project = projects_by_number(self.stands_in, info.context.snapshot)
        return [project(each.number) for each in self.stands_in.projects if each.award == self.code]


@strawberry.type(description="A project's place in a list.")
class ProjectEdge(Edge[Project]):
    """One project of a page."""

    filter: strawberry.Private[filtering.ProjectFilter | None]

    @strawberry.field(
        description="Where the words of the filter's `search` were found, by field; empty without a search. Words found "
        "only under `not` are no matches."
    )
    def matches(self) -> list[SearchMatch]:
        found = () if self.filter is None else self.filter.found_in(self.node.value)
        return [SearchMatch.of(match) for match in found]


@strawberry.type(description="A page of projects, as the GraphQL Cursor Connections specification has it.")
class ProjectConnection(Connection[Project]):
    """A page of projects; its keys are their numbers."""

    filter: strawberry.Private[filtering.ProjectFilter | None]

    @strawberry.field(description="The items with their cursors.")
    def edges(self) -> list[ProjectEdge]:
        pairs = zip(self.page.cursors, self.nodes, strict=True)
        return [ProjectEdge(cursor=cursor, node=node, filter=self.filter) for cursor, node in pairs]


ProjectByNumber: TypeAlias = Callable[[int], Project]


def projects_by_number(campaign: campaign.Campaign, snapshot: Snapshot) -> ProjectByNumber:
    """Return a function from numbers to the campaign's projects, each of which is made once for a snapshot."""
    return snapshot.cached((Project, campaign), lambda: cache(partial(Project.of, campaign)))


def page_of_projects(
    campaign: campaign.Campaign,
    info: Info,
    filter: Filter,
    order_by: OrderProjects,
    page_args: PageArgs,
    district: projects.District | None = None,
) -> ProjectConnection:
    """Return a page of a campaign's projects, or of those of a district. Raises ApiError BAD_INPUT."""
    domain_filter = project_filter(filter)
    if district is not None:
        domain_filter = in_district(domain_filter, district)
    order = project_order(order_by)
    if order.field is ProjectOrderField.SHUFFLED:
        order = replace(order, seeds=shuffle_seeds(campaign, info.context.lot_key, info.context.now))
    page = projects_page(campaign, domain_filter, order, page_args, info.context.collation)
    project = projects_by_number(campaign, info.context.snapshot)
    return ProjectConnection(page=page, nodes=[project(number) for number in page.keys], filter=domain_filter)


@strawberry.type(description="What a project has reached so far.")
class Result(Node):
    """Shows domain.results.ranking.Standing."""

    standing: strawberry.Private[ranking.Standing]
    project_by_number: strawberry.Private[ProjectByNumber]
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
    def of(cls, standings: ranking.Standings, project_by_number: ProjectByNumber, number: int) -> "Result":
        standing = standings.by_number[number]
        return cls(
            id=strawberry.ID(str(ResultId(standings.campaign.slug, number, standings.day))),
            standing=standing,
            project_by_number=project_by_number,
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

    @strawberry.field(description="The project.")
    def project(self) -> Project:
        return self.project_by_number(self.standing.number)

    @strawberry.field(
        description=f"The other projects with just as many votes, by number, at most {MAX_PAGE_SIZE} of them; `tiedCount` "
        "says how many there are."
    )
    def tied_with(self) -> list[Project]:
        return [self.project_by_number(number) for number in self.standing.first_tied(MAX_PAGE_SIZE)]

    @strawberry.field(description="Its votes on every voting day that has begun.")
    def by_day(self) -> list[DailyVotes]:
        return [DailyVotes(day=day, votes=SafeInt(votes)) for day, votes in self.standing.by_day]


def _float(score: Decimal | None) -> float | None:
    return None if score is None else float(score)


def results_by_number(standings: ranking.Standings, snapshot: Snapshot) -> Callable[[int], Result]:
    """Return a function from project numbers to the results in a snapshot's standings, each of which is made once."""
    campaign = standings.campaign
    return snapshot.cached(
        (Result, campaign, standings.day),
        lambda: cache(partial(Result.of, standings, projects_by_number(campaign, snapshot))),
    )


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

    district: District = strawberry.field(description="The district.")
    votes: SafeInt = strawberry.field(description="The votes of all its projects in the campaign together.")


@strawberry.type(description="A page of results.")
class ResultConnection(Connection[Result]):
    """A page of results; its keys are project numbers."""

    standings: strawberry.Private[ranking.Standings]
    keep: strawberry.Private[Callable[[], Awaitable[None]]]

    @classmethod
    def of(
        cls, standings: ranking.Standings, snapshot: Snapshot, page: Page, keep: Callable[[], Awaitable[None]]
    ) -> "ResultConnection":
        """Show a page; keep has its cursors hold while ranks move, and is called before they are given away."""
        result = results_by_number(standings, snapshot)
        return cls(page=page, nodes=[result(number) for number in page.keys], standings=standings, keep=keep)

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
            DistrictVotes(district=District.of(district, own), votes=SafeInt(votes)) for district, votes in districts
        ]


async def page_of_results(
    campaign: campaign.Campaign,
    info: Info,
    filter: Filter,
    order_by: OrderResults,
    day: date | None,
    page_args: PageArgs,
) -> ResultConnection:
    """Return a page of a campaign's results. Raises ApiError RESULTS_HIDDEN when the viewer may not see them, BAD_INPUT."""
    standings = await info.context.results.standings(campaign, voting_day(campaign, day))
    kept = info.context.kept_orders
    page, order = await results_page(standings, project_filter(filter), result_order(order_by), page_args, kept)
    return ResultConnection.of(standings, info.context.snapshot, page, partial(kept.keep, order))


@strawberry.type(
    description="The experts of a campaign: when they score its projects, and how. `opensAt <= t < closesAt`. Until `closesAt` "
    "nobody but its own expert sees anything of a review but its state."
)
class Panel(PanelTerms):
    """Shows domain.review.terms.PanelTerms, and what is stored of the panel to those who may see it."""

    @strawberry.field(
        description="Who is on the panel, by number: everybody sees those who have accepted where it is `published`. Else "
        "staff alone do, and others get an error `FORBIDDEN`; they see whoever is invited, too."
    )
    async def experts(self, info: Info) -> list[Expert] | None:
        info.context.keep_private()
        found = await info.context.panels.experts(self.stands_in)
        if found is None:
            info.context.viewer.require(STAFF, "experts", self.stands_in.slug)
        return [Expert.of(each, self.stands_in) for each in found or ()]

    @restricted(*STAFF, description="How far the experts are, and whom to remind.")
    async def progress(self, info: Info) -> PanelProgress | None:
        """States alone."""
        panel = await info.context.panels.whole(self.stands_in)
        return None if panel is None else PanelProgress.of(panel)

    @strawberry.field(
        description="The quorum as it is now: lower by one, but at least 1, for each expert that was dropped; null where none "
        "is stated."
    )
    async def effective_quorum(self, info: Info) -> int | None:
        if self.quorum is None:
            return None
        info.context.keep_private()
        return await info.context.panels.quorum(self.stands_in)

    @strawberry.field(
        description="How the projects were scored, by number, without the experts' names: for staff after the deadline, for "
        "everybody once a stage that uses the scores is announced; null before."
    )
    async def scores(self, info: Info) -> list["ProjectScores"] | None:
        info.context.keep_private()
        found = await info.context.panels.scores(self.stands_in)
        return None if found is None else [ProjectScores.of(each, self.stands_in) for each in found.values()]

    @strawberry.field(description="How far the experts agree; for whoever sees `scores`, and null before.")
    async def agreement(self, info: Info) -> Agreement | None:
        info.context.keep_private()
        found = await info.context.panels.agreement(self.stands_in)
        return None if found is None else Agreement.of(found)

    @restricted(
        *STAFF,
        description="All reviews that anything is stored of, by expert and project; null before the deadline, for everybody.",
    )
    async def reviews(self, info: Info) -> list["Review"] | None:
        """After the deadline."""
        panel = await info.context.panels.reviewed(self.stands_in)
        return None if panel is None else [Review.of(each, panel) for each in panel.reviews]


@strawberry.type(description="How a project was scored. All but the score is of the totals as the experts gave them.")
class ProjectScores:
    """Shows domain.review.statistics.ProjectScore."""

    project: Project = strawberry.field(description="The project.")
    reviews: int = strawberry.field(description="How many reviews count.")
    score: Decimal = strawberry.field(description="The score that they come to, as `aggregation` says.")
    mean: Decimal = strawberry.field(description="The mean of the totals.")
    median: Decimal = strawberry.field(description="The median of the totals.")
    deviation: Decimal = strawberry.field(description="The standard deviation of the totals, of the population.")
    minimum: Decimal = strawberry.field(description="The lowest total.")
    maximum: Decimal = strawberry.field(description="The highest total.")
    disagreement: Decimal | None = strawberry.field(
        description="The deviation as a percentage of the largest that the rubric allows: 0 where all totals are equal, 100 "
        "where half are the lowest and half the highest possible; null where the rubric has no end."
    )

    @classmethod
    def of(cls, value: statistics.ProjectScore, stands_in: campaign.Campaign) -> "ProjectScores":
        return cls(
            project=Project.of(stands_in, value.project),
            reviews=value.reviews,
            score=Decimal(plain(value.score)),
            mean=Decimal(plain(value.mean)),
            median=Decimal(plain(value.median)),
            deviation=Decimal(plain(value.deviation)),
            minimum=Decimal(plain(value.minimum)),
            maximum=Decimal(plain(value.maximum)),
            disagreement=None if value.disagreement is None else Decimal(plain(value.disagreement)),
        )


@strawberry.type(
    description="What an expert makes of a project. Its expert sees it at all times; staff after the deadline; nobody else."
)
class Review(Node):
    """Shows domain.review.panel.Review."""

    value: strawberry.Private[panels.Review]
    panel: strawberry.Private[panels.Panel]
    state: ReviewState = strawberry.field(description="How far it is.")
    assigned: bool = strawberry.field(
        description="Whether the organizer has assigned it. Where nothing is assigned, every expert reviews every project."
    )
    comment: str | None = strawberry.field(description="What the expert says of the project; null for nothing.")
    reason: str | None = strawberry.field(
        description="Why no scores are given: the expert's reason for abstaining, or whoever declared the conflict says."
    )
    by_organizer: bool = strawberry.field(
        description="Whether a conflict of interest was declared by the organizer, or follows from the expert's organization; "
        "else the expert has declared it."
    )
    revision: int = strawberry.field(description="How often it was changed; 0 for one that was not begun.")

    @classmethod
    def of(cls, value: panels.Review, panel: panels.Panel) -> "Review":
        name = ReviewId(panel.campaign.slug, value.expert, value.project)
        return cls(
            id=strawberry.ID(str(name)),
            value=value,
            panel=panel,
            state=value.state,
            assigned=value.assigned,
            comment=value.comment,
            reason=value.reason,
            by_organizer=value.by_organizer,
            revision=value.revision,
        )

    @strawberry.field(description="The project.")
    def project(self) -> Project:
        return Project.of(self.panel.campaign, self.value.project)

    @strawberry.field(description="Whose it is.")
    def expert(self) -> Expert:
        return Expert.of(self.panel.by_number[self.value.expert], self.panel.campaign)

    @strawberry.field(description="The scores so far, in the order of the rubric.")
    def scores(self) -> list[Score]:
        return published_scores(self.value.scores, self.panel.campaign)

    @strawberry.field(
        description="Weight times score, added up over all criteria that count, exactly; null until all of them are scored, "
        "and where the review gives no scores or is void."
    )
    def total(self) -> Decimal | None:
        counted = weights(self.panel.campaign.criteria)
        complete = self.value.state in panels.BEGUN and counted.keys() <= self.value.scores.keys()
        return Decimal(plain(total(self.value.scores, counted))) if complete and counted else None

    @strawberry.field(description="When it was changed last; null for one that was not begun.")
    def updated_at(self) -> datetime | None:
        at = self.value.updated_at
        return None if at is None or not self.value.revision else self.panel.campaign.calendar.local(at)

    @strawberry.field(description="What it has been, the earliest first.")
    async def history(self, info: Info) -> list[ReviewRevision] | None:
        stands_in = self.panel.campaign
        found = await info.context.panels.history(stands_in.slug, self.value)
        return [ReviewRevision.of(each, stands_in) for each in found]
