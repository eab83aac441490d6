"""What the report of a campaign is made of: the count, what stages decided and how, what was objected and corrected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.stages import Stage, TieStep
from api.domain.results.ranking import Standings
from api.domain.review.agreement import Agreement
from api.domain.review.statistics import ProjectScore
from api.domain.selection.terms import InputSource, Normalisation
from api.domain.texts import LocalizedText, Text


@dataclass(frozen=True, slots=True)
class InputValue:
    """What one input of a stage's score is for a project: the value, made comparable, and times its weight."""

    source: InputSource
    normalisation: Normalisation
    weight: Decimal
    value: Decimal
    normalised: Decimal
    weighted: Decimal


@dataclass(frozen=True, slots=True)
class StageRow:
    """A candidate of a stage, by number. score, rank: None where the stage has no scores. vacates: its seat stays vacant."""

    project: int
    inputs: tuple[InputValue, ...]
    score: Decimal | None
    rank: int | None
    selected: bool
    award: str | None = None
    vacates: bool = False


@dataclass(frozen=True, slots=True)
class TieOnRecord:
    """Projects, by number, that a line went through: of the seats, or of an award. step: what settled it; None while open."""

    projects: tuple[int, ...]
    award: str | None
    step: TieStep | None
    explanation: Text


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """How a correction changed what was said of a project."""

    project: int
    was_selected: bool
    is_selected: bool
    was_rank: int | None
    is_rank: int | None


@dataclass(frozen=True, slots=True)
class Annex:
    """A correction after the announcement: when, why, the digests before and after it, and what it changed."""

    at: datetime
    reason: LocalizedText
    before: str
    after: str
    changes: tuple[ChangedRow, ...]


@dataclass(frozen=True, slots=True)
class ObjectionOnRecord:
    """What somebody held against an announced outcome, about a project or the whole, and what was answered, if anything was."""

    number: int
    by: str
    text: str
    at: datetime
    project: int | None = None
    answer: LocalizedText | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StageReport:
    """What a stage has decided, as last committed. announced_at: None while only staff see it; confirmed_at: None until final.

    vacant: how many seats stay so. unreviewed: candidates without any review. trace: the arithmetic, of which digest is the
    SHA-256.
    """

    stage: Stage
    rows: tuple[StageRow, ...]
    ties: tuple[TieOnRecord, ...]
    vacant: int
    unreviewed: tuple[int, ...]
    version: int
    digest: str
    trace: str
    decided_at: datetime
    announced_at: datetime | None = None
    objections_until: datetime | None = None
    confirmed_at: datetime | None = None
    annexes: tuple[Annex, ...] = ()
    objections: tuple[ObjectionOnRecord, ...] = ()

    @property
    def passed(self) -> int:
        """How many projects passed."""
        return sum(row.selected for row in self.rows)

    def values(self, source: InputSource) -> dict[int, Decimal]:
        """Return the values of the first input from this source, by project; none where the stage has no such input."""
        found: dict[int, Decimal] = {}
        for row in self.rows:
            own = next((each.value for each in row.inputs if each.source is source), None)
            if own is not None:
                found[row.project] = own
        return found


@dataclass(frozen=True, slots=True)
class Recounted:
    """What a recount of every ballot came to. wrong: each number in which it differs and each thing that is not allowed."""

    cast: int
    held: int
    voided: int
    wrong: tuple[str, ...]

    @property
    def counted(self) -> int:
        """How many ballots count."""
        return self.cast - self.held - self.voided


@dataclass(frozen=True)
class Report:
    """Everything that the report of a campaign shows, as of the moment of its standings.

    hours: ballots that count by the hour, as `Calendar.hour_of` names it. recounted: None where ballots were not recounted.
    electors: how many people are on the list of those who may vote, where there is one. scores, agreement: of the experts.
    """

    standings: Standings
    hours: Mapping[str, int]
    recounted: Recounted | None = None
    electors: int | None = None
    stages: tuple[StageReport, ...] = ()
    scores: Mapping[int, ProjectScore] | None = None
    agreement: Agreement | None = None

    @property
    def campaign(self) -> Campaign:
        """The campaign, with what of its decisions is public or its reader may see."""
        return self.standings.campaign

    @cached_property
    def official(self) -> bool:
        """Whether nothing in it is provisional: each stage is decided, and what was announced has been confirmed."""
        return is_final(self.campaign, self.standings.as_of) and all(each.confirmed_at for each in self.stages)


def is_final(campaign: Campaign, now: datetime) -> bool:
    """Return whether everything that a campaign decides is final: each stage is, and its outcome is published."""
    published = campaign.published_at is not None and campaign.published_at <= now
    confirmed = all(each.confirmed_at is not None and each.confirmed_at <= now for each in campaign.announcements)
    return published and confirmed and all(stage.decided for stage in campaign.stages)
