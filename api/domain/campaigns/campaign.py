"""Campaigns: their voting window, ballot rules, stages and projects, and the directory of all of them."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import Enum
from functools import cached_property
from zoneinfo import ZoneInfo

from api.domain.campaigns.calendar import Calendar, Window
from api.domain.campaigns.projects import District, Project
from api.domain.campaigns.stages import Publication, Stage, StageStatus
from api.domain.ids import ProjectId
from api.domain.texts import Text
from api.domain.voting.quota import Quota


class CampaignPhase(Enum):
    """Where a campaign stands at a moment."""

    UPCOMING = "Voting has not opened yet; ballots are refused with VOTING_NOT_OPEN."
    VOTING = "Voting is open; ballots are accepted."
    CLOSED = "Voting has closed for good; ballots are refused with VOTING_CLOSED."
    PUBLISHED = "Voting has closed and the organizer has published the outcome."


class ResultsVisibility(Enum):
    """When the standings may be seen. It cannot change once voting has opened or a ballot is stored."""

    LIVE = "By everyone, from the first ballot on."
    AFTER_CASTING = "By whoever has cast a ballot in this campaign; by everyone once voting has closed."
    AFTER_CLOSE = "By everyone once voting has closed, by nobody before."
    AFTER_PUBLICATION = "By everyone once the organizer has published the outcome, by nobody before."


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion that the experts score projects by."""

    code: str
    name: Text


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
    """What gives a ballot its meaning and its id: the rules, the candidates, and the days of the vote."""

    time_zone: str
    window: Window
    choices: ChoiceRange
    quota: Quota
    numbers: frozenset[int]


@dataclass(frozen=True)
class Campaign:
    """A campaign as loaded, its projects in the order of their numbers.

    voter_salt is half of what a voter's ballot ids are derived from (domain.voting.quota); once it is destroyed, no ballot
    can be linked to its voter again, and no further ballot can be cast.
    """

    slug: str
    title: Text
    edition: int | None
    organizer: Text
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
        return BallotTerms(self.time_zone, self.window, self.choices, self.quota, frozenset(self.by_number))

    @cached_property
    def calendar(self) -> Calendar:
        """Its voting days, in its time zone."""
        return Calendar(ZoneInfo(self.time_zone), self.window)

    @cached_property
    def by_number(self) -> Mapping[int, Project]:
        """Its projects by the number printed on the notice."""
        return {project.number: project for project in self.projects}

    @cached_property
    def numbers_by_id(self) -> Mapping[str, int]:
        """The numbers of its projects by their ids in the API."""
        return {str(ProjectId(self.slug, project.number)): project.number for project in self.projects}

    @cached_property
    def districts(self) -> tuple[District, ...]:
        """The districts with at least one candidate, by code."""
        return tuple(sorted({p.district for p in self.projects if p.district}, key=lambda d: d.code))

    @cached_property
    def transitions(self) -> frozenset[datetime]:
        """The instants, in UTC, at which voting opens, a voting day begins, voting closes, and a decision becomes public."""
        day_starts = (self.calendar.start_of(day) for day in self.calendar.days)
        decisions = (self.published_at, *self.publication.moments)
        moments = (self.window.opens_at, *day_starts, self.window.closes_at, *decisions)
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
        if now < self.window.opens_at:
            return CampaignPhase.UPCOMING
        if now < self.window.closes_at:
            return CampaignPhase.VOTING
        published = self.published_at is not None and self.published_at <= now
        return CampaignPhase.PUBLISHED if published else CampaignPhase.CLOSED

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
    """All campaigns by slug and all districts by code, as of one moment. stored: where it holds only what is public of it."""

    campaigns: Mapping[str, Campaign]
    districts: Mapping[str, District]
    stored: "Directory | None" = None

    def published(self, now: datetime) -> "Directory":
        """Return it with no decision and no outcome that is not public by now."""
        stored = self.stored or self
        passed = stored.transitions_passed(now)
        if passed not in stored._published:
            campaigns = {slug: campaign.published(now) for slug, campaign in stored.campaigns.items()}
            unchanged = all(campaigns[slug] is campaign for slug, campaign in stored.campaigns.items())
            stored._published[passed] = stored if unchanged else Directory(campaigns, stored.districts, stored)
        return stored._published[passed]

    @cached_property
    def _published(self) -> dict[int, "Directory"]:
        """Results of published by the number of transitions passed: they change at no other moment."""
        return {}

    @cached_property
    def newest_first(self) -> tuple[Campaign, ...]:
        """All campaigns, the latest opening first."""
        return tuple(sorted(self.campaigns.values(), key=lambda c: (c.window.opens_at, c.slug), reverse=True))

    @cached_property
    def most_candidates(self) -> int:
        """How many projects stand in the campaign with the most of them."""
        return max((len(campaign.projects) for campaign in self.campaigns.values()), default=0)

    @cached_property
    def transitions(self) -> tuple[datetime, ...]:
        """The instants, in order, at which the passing of time alone changes an answer about a campaign."""
        transitions = (campaign.transitions for campaign in (self.stored or self).campaigns.values())
        return tuple(sorted(frozenset[datetime]().union(*transitions)))

    def transitions_passed(self, now: datetime) -> int:
        """Count the transitions up to this moment: while the count is the same, so are the answers."""
        return bisect_right(self.transitions, now)

    def featured(self, now: datetime) -> Campaign | None:
        """Return the campaign that is open now, else the one that opened last, else the next to open."""
        passed = self.transitions_passed(now)
        if passed not in self._featured:
            self._featured[passed] = self._find_featured(now)
        return self._featured[passed]

    @cached_property
    def _featured(self) -> dict[int, Campaign | None]:
        """Results of _find_featured by the number of transitions passed: it changes at no other moment."""
        return {}

    def _find_featured(self, now: datetime) -> Campaign | None:
        opened = [c for c in self.newest_first if c.window.opens_at <= now]
        still_open = (c for c in opened if c.window.contains(now))
        return next(still_open, opened[0] if opened else next(iter(self.newest_first[::-1]), None))
