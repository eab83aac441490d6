"""What campaigns are made of besides projects, stages and rules: awards, criteria, sources, and what was done to the vote."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from api.domain.review.terms import Anchor
from api.domain.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class Award:
    """What projects can win, and how many of them; it may stay vacant. threshold: the lowest score that wins it."""

    code: str
    name: LocalizedText
    seats: int
    threshold: Decimal | None = None


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
    """One criterion that the experts score projects by.

    minimum, maximum: the scale, and step: the difference of neighbouring scores on it; maximum is None where no scale is
    stated. anchors: what scores stand for. counted: whether it is part of the total, with its weight.
    """

    code: str
    name: LocalizedText
    weight: Decimal = Decimal(1)
    minimum: Decimal = Decimal(0)
    maximum: Decimal | None = None
    step: Decimal = Decimal(1)
    anchors: tuple[Anchor, ...] = ()
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Announcement:
    """That what a stage has decided was announced, until when objections are heard, and when it became final, if it has."""

    stage: str
    announced_at: datetime
    objections_until: datetime
    confirmed_at: datetime | None = None

    def is_final(self, now: datetime) -> bool:
        """Return whether it was final at this moment."""
        return self.confirmed_at is not None and self.confirmed_at <= now


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
