"""What the report of a campaign is made of: the count, what stages decided and how, what was objected and corrected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Announcement
from api.domain.campaigns.stages import Stage
from api.domain.results.ranking import Standings
from api.domain.review.agreement import Agreement
from api.domain.review.statistics import ProjectScore
from api.domain.selection.outcome import Outcome
from api.domain.selection.terms import InputSource
from api.domain.selection.versions import StageSelection


@dataclass(frozen=True, slots=True)
class StageReport:
    """What a stage has decided. trace: the arithmetic of the version that holds, which its digest is of.

    announcement: None while only staff see it.
    """

    stage: Stage
    selection: StageSelection
    trace: str
    announcement: Announcement | None = None

    @property
    def outcome(self) -> Outcome:
        """The outcome that holds."""
        return self.selection.current.outcome

    @property
    def confirmed(self) -> bool:
        """Whether it is final."""
        return self.announcement is not None and self.announcement.confirmed_at is not None

    def values(self, source: InputSource) -> dict[int, Decimal]:
        """Return the values of the first input from this source, by project; none where the stage has no such input."""
        found = {}
        for row in self.outcome.rows:
            own = next((each.value for each in row.inputs if each.stage_input.source is source), None)
            if own is not None:
                found[row.number] = own
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
        return is_final(self.campaign, self.standings.as_of) and all(each.confirmed for each in self.stages)


def is_final(campaign: Campaign, now: datetime) -> bool:
    """Return whether everything that a campaign decides is final: each stage is, and its outcome is published."""
    published = campaign.published_at is not None and campaign.published_at <= now
    confirmed = all(each.confirmed_at is not None and each.confirmed_at <= now for each in campaign.announcements)
    return published and confirmed and all(stage.decided for stage in campaign.stages)
