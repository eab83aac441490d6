"""A campaign: its voting window, ballot rules, stages and projects, and where it stands at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from api.domain.campaigns.calendar import Calendar, Window
from api.domain.campaigns.groups import Groups, groups_of
from api.domain.campaigns.parts import (
    Announcement,
    Award,
    ChoiceRange,
    Criterion,
    Extension,
    Pause,
    Source,
    VoidedVotes,
)
from api.domain.campaigns.projects import District, Image, Project, ProjectOrderField, Standing, Theme
from api.domain.campaigns.stages import Publication, Stage, StageStatus
from api.domain.campaigns.states import CampaignPhase, CampaignState, ResultsStep, ResultsVisibility
from api.domain.ids import ProjectId
from api.domain.review.terms import PanelTerms
from api.domain.selection.versions import StageSelection
from api.domain.texts import LocalizedText
from api.domain.voting.quota import Quota
from api.domain.voting.rules import FurtherRule
from api.domain.voting.rules.eligibility import EligibilityRule
from api.domain.voting.rules.votes import VoteQuotaRule


@dataclass(frozen=True, slots=True)
class BallotTerms:
    """What a ballot is judged by, and what gives it its meaning and its id: rules, candidates, pauses, the days of the vote.

    projects: the number, the position and the standing of each. decided: whether the outcome of a stage has been announced, in
    which a ballot that was handed in before and not stored yet would be missing.
    """

    state: CampaignState
    time_zone: str
    window: Window
    choices: ChoiceRange
    quota: Quota
    rules: tuple[FurtherRule, ...]
    pauses: tuple[Pause, ...]
    projects: frozenset[tuple[int, int, Standing]]
    voided_votes: tuple[VoidedVotes, ...]
    decided: bool


@dataclass(frozen=True)
class Campaign:
    """A campaign as stored, its projects in the order of their numbers.

    languages: BCP 47 tags, the campaign's own first. candidate_term: the word for what is chosen among. results_at: the time of
    the day, on its clocks, as of which DAILY standings are seen; midnight where none is set. rules: those besides choices and
    quota. lot_digest: the SHA-256, in hexadecimal digits, of the seed by which lots are drawn. announcements: of what stages
    have decided, in the order of the stages. selections: what was announced, in the same order.
    project_order: by what projects are listed where nobody has asked for an order.

    voter_salt is half of what a voter's ballot ids are derived from (domain.voting.quota); once it is destroyed, no ballot
    can be linked to its voter again, and no further ballot can be cast.
    """

    slug: str
    title: LocalizedText
    edition: int | None
    organizer: LocalizedText
    time_zone: str
    window: Window
    published_at: datetime | None
    choices: ChoiceRange
    quota: Quota
    visibility: ResultsVisibility
    stages: tuple[Stage, ...]
    criteria: tuple[Criterion, ...]
    source: Source | None
    projects: tuple[Project, ...]
    languages: tuple[str, ...] = ("zh", "en")
    candidate_term: LocalizedText | None = None
    cover: Image | None = None
    themes: tuple[Theme, ...] = ()
    own_districts: tuple[District, ...] = ()
    awards: tuple[Award, ...] = ()
    currency: str | None = None
    rules: tuple[FurtherRule, ...] = ()
    results_at: time | None = None
    results_step: ResultsStep = ResultsStep.SECOND
    state: CampaignState = CampaignState.PRESENTED
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    voided_votes: tuple[VoidedVotes, ...] = ()
    panel: PanelTerms | None = None
    lot_digest: str | None = None
    announcements: tuple[Announcement, ...] = ()
    selections: tuple[StageSelection, ...] = ()
    project_order: ProjectOrderField = ProjectOrderField.NUMBER
    revision: int = 0
    voter_salt: str | None = field(default=None, repr=False)

    def __hash__(self) -> int:
        return hash((self.slug, self.revision))

    @property
    def anonymised(self) -> bool:
        """Whether no ballot can be linked to its voter: the salt was destroyed, or the campaign was never stored."""
        return not self.voter_salt

    @cached_property
    def terms(self) -> BallotTerms:
        """What its ballots are cast under."""
        projects = frozenset((project.number, project.position, project.standing) for project in self.projects)
        judged_by = (self.state, self.time_zone, self.window, self.choices, self.quota, self.rules, self.pauses)
        return BallotTerms(*judged_by, projects, self.voided_votes, decided=bool(self.announcements))

    @cached_property
    def calendar(self) -> Calendar:
        """Its voting days, in its time zone."""
        return Calendar(ZoneInfo(self.time_zone), self.window)

    @cached_property
    def vote_quota(self) -> VoteQuotaRule | None:
        """The rule by which votes are cast one by one, if they are."""
        return next((rule for rule in self.rules if isinstance(rule, VoteQuotaRule)), None)

    @cached_property
    def eligibility(self) -> EligibilityRule | None:
        """The rule that says who may vote, if not everybody may."""
        return next((rule for rule in self.rules if isinstance(rule, EligibilityRule)), None)

    @cached_property
    def by_number(self) -> Mapping[int, Project]:
        """Its projects by the number printed on the notice."""
        return {project.number: project for project in self.projects}

    @cached_property
    def by_position(self) -> Mapping[int, Project]:
        """Its projects by their positions in stored ballots."""
        return {project.position: project for project in self.projects}

    @cached_property
    def by_id(self) -> Mapping[str, Project]:
        """Its projects by their ids in the API."""
        return {str(ProjectId(self.slug, project.number)): project for project in self.projects}

    @cached_property
    def positions_by_id(self) -> Mapping[str, int]:
        """The positions of its projects by their ids in the API."""
        return {name: project.position for name, project in self.by_id.items()}

    @cached_property
    def standing_ids(self) -> frozenset[str]:
        """The ids, in the API, of its projects that were neither withdrawn nor disqualified."""
        return frozenset(name for name, project in self.by_id.items() if project.standing is Standing.STANDING)

    @cached_property
    def groups(self) -> Groups:
        """The groups that its projects form."""
        return groups_of(self.by_id)

    @cached_property
    def districts(self) -> tuple[District, ...]:
        """The districts with at least one candidate, by code."""
        return tuple(sorted({p.district for p in self.projects if p.district}, key=lambda d: (d.gazetteer, d.code)))

    @cached_property
    def daily_results(self) -> tuple[datetime, ...]:
        """The moments, in UTC, as of which DAILY standings are seen before the close; none where they are not DAILY."""
        if self.visibility is not ResultsVisibility.DAILY:
            return ()
        return self.calendar.each_day_at(self.results_at or time())

    @cached_property
    def transitions(self) -> frozenset[datetime]:
        """The instants, in UTC, at which voting opens, a voting day begins, voting closes, and a decision becomes public.

        So are those at which voting is paused or resumed, and at which DAILY standings are brought up to date.
        """
        day_starts = (self.calendar.start_of(day) for day in self.calendar.days)
        decisions = (self.published_at, *self.publication.moments)
        pauses = (moment for pause in self.pauses for moment in (pause.start, pause.end))
        announced = (moment for each in self.announcements for moment in (each.announced_at, each.confirmed_at))
        ends = self.window.opens_at, self.window.closes_at
        moments = (*ends, *day_starts, *decisions, *pauses, *announced, *self.daily_results)
        return frozenset(moment.astimezone(UTC) for moment in moments if moment is not None)

    @cached_property
    def publication(self) -> Publication:
        """From when on its stages and outcomes are public."""
        return Publication(self.window.closes_at, self.published_at, self.stages, self.projects)

    def published(self, now: datetime) -> "Campaign":
        """Return it with no decision and no outcome that is not public by now."""
        stages, projects = self.publication.stages_by(now), self.publication.projects_by(now)
        announcements = tuple(each for each in self.announcements if each.announced_at <= now)
        if (stages, projects, announcements) == (self.stages, self.projects, self.announcements):
            return self
        known = {each.stage for each in announcements}
        selections = tuple(each for each in self.selections if each.stage in known)
        return replace(self, stages=stages, projects=projects, announcements=announcements, selections=selections)

    def stage(self, code: str) -> Stage | None:
        """Return its stage of this code."""
        return next((stage for stage in self.stages if stage.code == code), None)

    def announcement(self, code: str) -> Announcement | None:
        """Return when and how it was announced what a stage has decided; None while it was not."""
        return next((each for each in self.announcements if each.stage == code), None)

    def selection(self, code: str) -> StageSelection | None:
        """Return what a stage has decided; None while it is not announced."""
        return next((each for each in self.selections if each.stage == code), None)

    def phase(self, now: datetime) -> CampaignPhase:
        """Return its phase at this moment."""
        if self.state is not CampaignState.PRESENTED:
            return CampaignPhase[self.state.name]
        if now < self.window.opens_at:
            return CampaignPhase.UPCOMING
        if now < self.window.closes_at:
            return CampaignPhase.VOTING if self.pause(now) is None else CampaignPhase.PAUSED
        if any(each.announced_at <= now and not each.is_final(now) for each in self.announcements):
            return CampaignPhase.ANNOUNCED
        published = self.published_at is not None and self.published_at <= now
        return CampaignPhase.PUBLISHED if published else CampaignPhase.CLOSED

    def pause(self, now: datetime) -> Pause | None:
        """Return the pause that holds at this moment."""
        for pause in self.pauses:
            if pause.holds(now):
                return pause
        return None

    @property
    def next_stage(self) -> Stage | None:
        """The first stage that is not decided; None when all are decided."""
        return next((stage for stage in self.stages if not stage.decided), None)

    def status(self, stage: Stage, now: datetime) -> StageStatus:
        """Return whether a stage of this campaign is decided, open or pending."""
        if stage.decided:
            return StageStatus.DECIDED
        is_open = stage == self.next_stage and now >= self.window.opens_at
        return StageStatus.OPEN if is_open else StageStatus.PENDING
