"""Campaigns: their voting window, ballot rules, stages and projects, and the directory of all of them."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cached_property
from zoneinfo import ZoneInfo

from api.domain.campaigns.calendar import Calendar, Window
from api.domain.campaigns.groups import Groups, groups_of
from api.domain.campaigns.projects import District, Image, Project, Standing, Theme
from api.domain.campaigns.stages import Publication, Stage, StageStatus
from api.domain.ids import ProjectId
from api.domain.texts import LocalizedText
from api.domain.voting.quota import Quota
from api.domain.voting.rules import FurtherRule


class CampaignPhase(Enum):
    """Where a campaign stands at a moment."""

    DRAFT = "It is being prepared, and seen by its organizers alone."
    UPCOMING = "Voting has not opened yet; ballots are refused with VOTING_NOT_OPEN."
    VOTING = "Voting is open; ballots are accepted."
    PAUSED = "The organizer has paused voting; ballots are refused with VOTING_PAUSED."
    CLOSED = "Voting has closed for good; ballots are refused with VOTING_CLOSED."
    PUBLISHED = "Voting has closed and the organizer has published the outcome."
    ARCHIVED = "It is over and put away: it can be read, and nothing of it changes any more."


class CampaignState(Enum):
    """What its organizer has done with a campaign, whatever the time."""

    DRAFT = "It is being prepared, and seen by its organizers alone."
    PRESENTED = "Everybody can see it, and vote while voting is open."
    ARCHIVED = "It is over and put away: it can be read, and nothing of it changes any more."


class ResultsVisibility(Enum):
    """When the standings may be seen. It cannot change once voting has opened or a ballot is stored."""

    LIVE = "By everyone, from the first ballot on."
    DAILY = "By everyone, as they stood at `resultsAt` each day, from the first such moment on; in full once voting has closed."
    AFTER_CASTING = "By whoever has cast a ballot in this campaign; by everyone once voting has closed."
    AFTER_CLOSE = "By everyone once voting has closed, by nobody before."
    AFTER_PUBLICATION = "By everyone once the organizer has published the outcome, by nobody before."


class ResultsStep(Enum):
    """How often standings that are seen live are brought up to date: the difference of two can be one ballot."""

    SECOND = "Every second."
    MINUTE = "Every full minute."
    HOUR = "Every full hour."


@dataclass(frozen=True, slots=True)
class Award:
    """What projects can win, and how many of them; it may stay vacant."""

    code: str
    name: LocalizedText
    seats: int


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which voting stands still; end: None while it does."""

    start: datetime
    end: datetime | None
    reason: LocalizedText

    def holds(self, instant: datetime) -> bool:
        """Return whether voting stands still at this instant."""
        return self.start <= instant and (self.end is None or instant < self.end)


@dataclass(frozen=True, slots=True)
class Extension:
    """That the close of voting was moved at a moment, from when to when, and why."""

    closes_at: datetime
    was: datetime
    at: datetime
    reason: LocalizedText


@dataclass(frozen=True, slots=True)
class VoidedVotes:
    """Votes for one project, by its position, that count nowhere: those cast from `start` on and before `end`, if any."""

    position: int
    start: datetime
    end: datetime | None
    reason: LocalizedText
    at: datetime


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion that the experts score projects by."""

    code: str
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class Source:
    """The publication that the facts of a campaign come from."""

    publisher: str
    published: date
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ChoiceRange:
    """The fewest and the most distinct projects that a ballot may name, both included."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class BallotTerms:
    """What a ballot is judged by, and what gives it its meaning and its id: rules, candidates, pauses, the days of the vote.

    projects: the number, the position and the standing of each.
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


@dataclass(frozen=True)
class Campaign:
    """A campaign as stored, its projects in the order of their numbers.

    languages: BCP 47 tags, the campaign's own first. candidate_term: the word for what is chosen among. results_at: the time of
    the day, on its clocks, as of which DAILY standings are seen; midnight where none is set. rules: those besides choices and
    quota.

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
        return BallotTerms(
            self.state,
            self.time_zone,
            self.window,
            self.choices,
            self.quota,
            self.rules,
            self.pauses,
            projects,
            self.voided_votes,
        )

    @cached_property
    def calendar(self) -> Calendar:
        """Its voting days, in its time zone."""
        return Calendar(ZoneInfo(self.time_zone), self.window)

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
        moments = (self.window.opens_at, *day_starts, self.window.closes_at, *decisions, *pauses, *self.daily_results)
        return frozenset(moment.astimezone(UTC) for moment in moments if moment is not None)

    @cached_property
    def publication(self) -> Publication:
        """From when on its stages and outcomes are public."""
        return Publication(self.window.closes_at, self.published_at, self.stages, self.projects)

    def published(self, now: datetime) -> "Campaign":
        """Return it with no decision and no outcome that is not public by now."""
        stages, projects = self.publication.stages_by(now), self.publication.projects_by(now)
        changed = stages != self.stages or projects != self.projects
        return replace(self, stages=stages, projects=projects) if changed else self

    def phase(self, now: datetime) -> CampaignPhase:
        """Return its phase at this moment."""
        if self.state is not CampaignState.PRESENTED:
            return CampaignPhase[self.state.name]
        if now < self.window.opens_at:
            return CampaignPhase.UPCOMING
        if now < self.window.closes_at:
            return CampaignPhase.VOTING if self.pause(now) is None else CampaignPhase.PAUSED
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


@dataclass(frozen=True)
class Directory:
    """All campaigns by slug and all districts by code, as of one moment. stored: where it holds only what somebody may see."""

    campaigns: Mapping[str, Campaign]
    districts: Mapping[str, District]
    stored: "Directory | None" = None

    @cached_property
    def drafts(self) -> frozenset[str]:
        """The slugs of the campaigns that are being prepared."""
        return frozenset(slug for slug, campaign in self.campaigns.items() if campaign.state is CampaignState.DRAFT)

    def published(self, now: datetime, drafts: frozenset[str] = frozenset()) -> "Directory":
        """Return it with no decision and no outcome that is not public by now, and of all drafts with these alone."""
        stored = self.stored or self
        key = (stored.transitions_passed(now), drafts)
        if key not in stored._published:
            seen = (c for slug, c in stored.campaigns.items() if slug in drafts or slug not in stored.drafts)
            campaigns = {campaign.slug: campaign.published(now) for campaign in seen}
            unchanged = all(campaigns.get(slug) is campaign for slug, campaign in stored.campaigns.items())
            stored._published[key] = stored if unchanged else Directory(campaigns, stored.districts, stored)
        return stored._published[key]

    @cached_property
    def _published(self) -> dict[tuple[int, frozenset[str]], "Directory"]:
        """Results of published by the number of transitions passed, and drafts: they change at no other moment."""
        return {}

    @cached_property
    def newest_first(self) -> tuple[Campaign, ...]:
        """All campaigns, the latest opening first."""
        return tuple(sorted(self.campaigns.values(), key=lambda c: (c.window.opens_at, c.slug), reverse=True))

    @cached_property
    def most_candidates(self) -> int:
        """How many projects stand in the campaign with the most of them, drafts left aside."""
        return max((len(c.projects) for slug, c in self.campaigns.items() if slug not in self.drafts), default=0)

    @cached_property
    def transitions(self) -> tuple[datetime, ...]:
        """The instants, in order, at which the passing of time alone changes an answer about a campaign."""
        whole = (self.stored or self).campaigns
        return tuple(sorted(frozenset[datetime]().union(*(whole[slug].transitions for slug in self.campaigns))))

    def transitions_passed(self, now: datetime) -> int:
        """Count the transitions up to this moment: while the count is the same, so are the answers."""
        return bisect_right(self.transitions, now)

    def featured(self, now: datetime) -> Campaign | None:
        """Return the campaign that is open now, else the one that opened last, else the next to open; never a draft."""
        passed = self.transitions_passed(now)
        if passed not in self._featured:
            self._featured[passed] = self._find_featured(now)
        return self._featured[passed]

    @cached_property
    def _featured(self) -> dict[int, Campaign | None]:
        """Results of _find_featured by the number of transitions passed: it changes at no other moment."""
        return {}

    def _find_featured(self, now: datetime) -> Campaign | None:
        presented = [c for c in self.newest_first if c.slug not in self.drafts]
        opened = [c for c in presented if c.window.opens_at <= now]
        still_open = (c for c in opened if c.window.contains(now))
        return next(still_open, opened[0] if opened else next(iter(presented[::-1]), None))
