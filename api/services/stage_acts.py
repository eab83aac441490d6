"""What all acts on the decision of a stage have in common: the stage under the lock, and what it is decided by."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from api.domain.audit_trail import TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ActFailed, ProblemCode, refused
from api.domain.campaigns.stages import Stage
from api.domain.selection.decided import Decided, decide
from api.domain.selection.organizer_inputs import OrganizerInputs
from api.domain.selection.preconditions import require_counted, require_ready, stage_to_decide
from api.domain.selection.record import Record
from api.domain.selection.record_making import StoredInputs, record_of_stage
from api.domain.selection.versions import SelectionVersion
from api.domain.texts import Text
from api.ports import Campaigns
from api.services.campaign_acts import ActRecord, CampaignActs


class StageAct(NamedTuple):
    """What is acted on by whom. stage: its code. by: a pseudonym. expected: the campaign's revision, if one was named."""

    campaign: str
    stage: str
    by: str
    expected: int | None = None


class LockedStage(NamedTuple):
    """A stage of a campaign under the lock, who acts on it, and what time it is. versions: what it has decided so far."""

    locked: Campaigns
    campaign: Campaign
    stage: Stage
    versions: tuple[SelectionVersion, ...]
    by: str
    now: datetime

    @property
    def latest(self) -> SelectionVersion | None:
        """What it has decided last."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True, slots=True)
class StageActs(CampaignActs):
    """Reads stages for acts, and stores what comes of them."""

    @asynccontextmanager
    async def _stage(self, act: StageAct) -> AsyncIterator[LockedStage]:
        """The stage under the campaign's lock, if it can be decided now. Raises ActFailed, and ApiError NOT_FOUND."""
        async with self._locked(act.campaign, act.expected) as (locked, campaign):
            now = self.clock()
            stage = stage_to_decide(campaign, act.stage, now)
            require_ready(campaign, stage, await locked.selections.stages(campaign.slug), now)
            versions = await locked.selections.versions(campaign.slug, stage.code)
            yield LockedStage(locked, campaign, stage, versions, act.by, now)

    async def _change(
        self,
        at: LockedStage,
        after: Campaign,
        kind: TrailKind,
        version: SelectionVersion,
        **details: object,
    ) -> None:
        """Store the campaign, and in the trail that something was done with a version."""
        what = {"stage": version.stage, "version": version.version, "digest": version.digest, **details}
        event = self._event(at.campaign, at.by, ActRecord(kind, what), at.now)
        await at.locked.change(at.campaign, after, event)


async def stored_inputs(at: LockedStage) -> StoredInputs:
    """Read what the stage is decided by."""
    slug, selections = at.campaign.slug, at.locked.selections
    return StoredInputs(
        counts=await selections.counts(slug, at.campaign.calendar.days),
        reviews=await selections.reviews(slug),
        expert_ballots=await at.locked.expert_ballots.of_stage(slug, at.stage.code),
        dropped=await selections.dropped(slug),
        uncounted=sum(batch.ballots for batch in await at.locked.paper.uncounted(slug)),
    )


def record_now(at: LockedStage, inputs: StoredInputs, given: OrganizerInputs) -> Record:
    """Make the record of the stage. Raises ActFailed while ballots are held or not counted yet, and without quorum."""
    record = record_of_stage(at.campaign, at.stage, inputs, given)
    require_counted(inputs, record)
    return record


async def decided_by(record: Record, known: Decided | None = None) -> Decided:
    """Decide a stage in a thread, so that others are served; not again where the same record is known to be decided."""
    return known if known is not None and known.record == record else await asyncio.to_thread(decide, record)


def stale_plan(given: str, present: str, argument: str) -> ActFailed:
    """The refusal of a plan that is not what the stage would decide now. argument: the one that names it."""
    return refused(
        ProblemCode.STALE_PLAN,
        Text(
            "方案已过时：摘要{given}与现在的{present}不同。请重新预览后再决定。",
            "The plan is stale: its digest is {given}, and now it would be {present}. Plan again, and decide anew.",
            given=given[:64],
            present=present,
        ),
        argument,
    )
