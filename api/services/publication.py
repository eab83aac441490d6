"""Make public what a stage has decided: announce it, hear and answer objections, confirm it."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from api.domain.audit_trail import TrailKind
from api.domain.campaigns.acts import checked_reason, require_phase
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ProblemCode, refused
from api.domain.campaigns.stages import Stage
from api.domain.ids import ObjectionId
from api.domain.selection.canonical import canonical_record
from api.domain.selection.objections import SentObjection, objection_of, require_confirmable
from api.domain.selection.organizer_inputs import OrganizerInputs
from api.domain.selection.preconditions import AFTER_VOTING, STAGE, stage_of
from api.domain.selection.publishing import announced, confirmed
from api.domain.selection.record_reader import read_record
from api.domain.selection.versions import SelectionVersion, StageSelection
from api.domain.texts import Text
from api.services.campaign_acts import ActRecord, Done, Reason
from api.services.stage_acts import LockedStage, StageAct, StageActs, decided_by, record_now, stale_plan, stored_inputs

MAX_OBJECTION_SPAN = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Publishing(StageActs):
    """Does all that follows on the decision of a stage. Raises as Selecting does."""

    async def announce(self, act: StageAct, objections_until: datetime) -> Done:
        """Show everybody what was committed last, if it would be decided just so now."""
        async with self._stage(act) as at:
            version = _to_announce(at)
            if not at.now < objections_until <= at.now + MAX_OBJECTION_SPAN:
                raise refused(
                    ProblemCode.INVALID_INPUT,
                    Text(
                        "objectionsUntil须晚于现在，且在今后366天之内。",
                        "objectionsUntil has to be later than now, and within the next 366 days.",
                    ),
                    "objectionsUntil",
                )
            await _require_fresh(at, version)
            until = objections_until.astimezone(UTC)
            after, kind = announced(at.campaign, version, at.now, until), TrailKind.SELECTION_ANNOUNCED
            await self._change(at, after, kind, version, objectionsUntil=until.isoformat())
        return await self._done(act.campaign)

    async def confirm(self, act: StageAct) -> Done:
        """What was announced is final."""
        async with self._locked(act.campaign, act.expected) as (locked, campaign):
            now, stage = self.clock(), stage_of(campaign, act.stage)
            require_phase(campaign, now, AFTER_VOTING)
            selection = _announced(campaign, stage)
            require_confirmable(campaign, stage, selection, await locked.selections.stages(campaign.slug), now)
            current = selection.current
            details = {"stage": stage.code, "version": current.version, "digest": current.digest}
            event = self._event(campaign, act.by, ActRecord(TrailKind.SELECTION_CONFIRMED, details), now)
            await locked.change(campaign, confirmed(campaign, stage, now), event)
        return await self._done(act.campaign)

    async def record_objection(self, act: StageAct, sent: SentObjection) -> Done:
        """Put on record what somebody holds against what was announced."""
        async with self._locked(act.campaign, None) as (locked, campaign):
            now, stage = self.clock(), stage_of(campaign, act.stage)
            require_phase(campaign, now, AFTER_VOTING)
            objection = objection_of(campaign, _announced(campaign, stage), sent, now)
            await locked.selections.add_objection(campaign.slug, objection)
            details = {"stage": stage.code, "number": objection.number}
            event = self._event(campaign, act.by, ActRecord(TrailKind.OBJECTION_RECORDED, details), now)
            await locked.change(campaign, campaign, event)
        return await self._done(act.campaign)

    async def answer(self, id: ObjectionId, by: str, answer: Reason) -> Done:
        """Answer an objection; everybody reads it."""
        async with self._locked(id.campaign, None) as (locked, campaign):
            now = self.clock()
            require_phase(campaign, now, AFTER_VOTING)
            selection = campaign.selection(id.stage)
            objections = () if selection is None else selection.objections
            objection = next((each for each in objections if each.number == id.number), None)
            if objection is None:
                raise refused(
                    ProblemCode.INVALID_INPUT, Text("没有异议{id}。", "There is no objection {id}.", id=id), "objection"
                )
            if objection.answer is not None:
                raise refused(
                    ProblemCode.NO_CHANGE,
                    Text(
                        "该异议已有答复，答复留存在案，不再更改。",
                        "The objection is answered already, and the answer stays on record.",
                    ),
                    "objection",
                )
            answered = replace(objection, answer=checked_reason(campaign, answer, ("answer",)), answered_at=now)
            await locked.selections.answer(campaign.slug, answered)
            details = {"stage": id.stage, "number": id.number}
            event = self._event(campaign, by, ActRecord(TrailKind.OBJECTION_ANSWERED, details), now)
            await locked.change(campaign, campaign, event)
        return await self._done(id.campaign)


def _announced(campaign: Campaign, stage: Stage) -> StageSelection:
    selection = campaign.selection(stage.code)
    if selection is None:
        raise refused(
            ProblemCode.WRONG_STATE,
            Text(
                "阶段{stage}的结果尚未公示。", "What the stage {stage} has decided is not announced.", stage=stage.code
            ),
            *STAGE,
        )
    return selection


def _to_announce(at: LockedStage) -> SelectionVersion:
    if at.campaign.announcement(at.stage.code) is not None:
        raise refused(
            ProblemCode.WRONG_STATE,
            Text(
                "阶段{stage}的结果已公示。",
                "What the stage {stage} has decided is announced already.",
                stage=at.stage.code,
            ),
            *STAGE,
        )
    if at.latest is None:
        raise refused(
            ProblemCode.WRONG_STATE,
            Text(
                "阶段{stage}尚无结果，请先用commitSelection提交。",
                "The stage {stage} has decided nothing yet. Commit a plan first, with commitSelection.",
                stage=at.stage.code,
            ),
            *STAGE,
        )
    return at.latest


async def _require_fresh(at: LockedStage, version: SelectionVersion) -> None:
    """Raise ActFailed where the stage would decide otherwise by what is stored now, with the same decisions and seed."""
    texts = await at.locked.selections.texts(at.campaign.slug, version.stage, version.version)
    if texts is None:
        raise LookupError(f"{at.campaign.slug}: version {version.version} of {version.stage} has no texts")
    record = await asyncio.to_thread(read_record, texts.record)
    given = OrganizerInputs(record.decisions, record.seed, record.decision)
    present = record_now(at, await stored_inputs(at), given)
    if await asyncio.to_thread(canonical_record, present) != texts.record:
        raise stale_plan(version.digest, (await decided_by(present)).digest, *STAGE)
