"""Have a stage decided: plan it, which writes nothing, commit the plan, correct what was announced."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from api.domain.audit_trail import TrailKind
from api.domain.campaigns.acts import checked_reason
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode, refused
from api.domain.campaigns.stages import Stage
from api.domain.selection.candidates import candidates
from api.domain.selection.decided import Decided
from api.domain.selection.differences import RowChange, differences
from api.domain.selection.organizer_inputs import OrganizerInputs, Sent, read_inputs
from api.domain.selection.preconditions import STAGE
from api.domain.selection.publishing import with_outcomes
from api.domain.selection.versions import SelectionTexts, SelectionVersion
from api.domain.texts import LocalizedText, Text
from api.services.campaign_acts import Done, Reason, recorded_reason
from api.services.stage_acts import LockedStage, StageAct, StageActs, decided_by, record_now, stale_plan, stored_inputs


class Plan(NamedTuple):
    """What a stage would decide now, and what of it differs from what is announced."""

    campaign: Campaign
    stage: Stage
    decided: Decided
    changes: tuple[RowChange, ...]


@dataclass(frozen=True, slots=True)
class Selecting(StageActs):
    """Decides stages. Every act raises ActFailed, and ApiError NOT_FOUND."""

    async def plan(self, act: StageAct, sent: Sent) -> Plan:
        """Decide the stage by what is stored now, and store nothing."""
        at, decided = await self._decided(act, sent)
        announced = at.campaign.selection(act.stage)
        changes = () if announced is None else differences(announced.current.outcome, decided.outcome)
        return Plan(at.campaign.published(at.now), at.stage, decided, changes)

    async def commit(self, act: StageAct, digest: str, sent: Sent) -> Done:
        """Store what a plan came to, to be announced; in place of what was committed and not announced before."""
        _, known = await self._decided(act, sent, _require_unannounced)
        async with self._stage(act) as at:
            _require_unannounced(at)
            version = await self._add_version(at, digest, sent, known)
            await self._change(at, at.campaign, TrailKind.SELECTION_COMMITTED, version)
        return await self._done(act.campaign)

    async def correct(self, act: StageAct, digest: str, sent: Sent, reason: Reason) -> Done:
        """Put what a new plan came to in place of what was announced, for a reason that everybody reads."""
        _, known = await self._decided(act, sent, _require_announced)
        async with self._stage(act) as at:
            _require_announced(at)
            why = checked_reason(at.campaign, reason)
            version = await self._add_version(at, digest, sent, known, why)
            after = with_outcomes(at.campaign, version)
            await self._change(at, after, TrailKind.SELECTION_CORRECTED, version, **recorded_reason(why))
        return await self._done(act.campaign)

    async def _decided(
        self, act: StageAct, sent: Sent, check: Callable[[LockedStage], None] | None = None
    ) -> tuple[LockedStage, Decided]:
        """Decide the stage as it is stored now, after the lock: nobody waits for what may take long."""
        async with self._stage(act) as at:
            if check is not None:
                check(at)
            record = record_now(at, await stored_inputs(at), _given(at, sent))
        return at, await decided_by(record)

    async def _add_version(
        self, at: LockedStage, digest: str, sent: Sent, known: Decided, reason: LocalizedText | None = None
    ) -> SelectionVersion:
        """Store what the plan of this digest came to. Raises ActFailed for one that is stale, open, or changes nothing."""
        decided = await decided_by(record_now(at, await stored_inputs(at), _given(at, sent)), known)
        _check_plan(at, decided, digest)
        number = 1 if at.latest is None else at.latest.version + 1
        version = SelectionVersion(at.stage.code, number, at.now, decided.outcome, digest, reason)
        texts = SelectionTexts(decided.record_text, decided.trace)
        await at.locked.selections.add(at.campaign.slug, version, texts)
        return version


def _require_unannounced(at: LockedStage) -> None:
    if at.campaign.announcement(at.stage.code) is not None:
        raise refused(
            ProblemCode.WRONG_STATE,
            Text(
                "该阶段的结果已公示，更正请用correctSelection。",
                "What the stage has decided is announced. Correct it with correctSelection.",
            ),
            *STAGE,
        )


def _require_announced(at: LockedStage) -> None:
    if at.campaign.announcement(at.stage.code) is None:
        raise refused(
            ProblemCode.WRONG_STATE,
            Text(
                "该阶段的结果尚未公示，无须更正，重新提交即可。",
                "Nothing of the stage is announced, so there is nothing to correct: commit it anew.",
            ),
            *STAGE,
        )


def _given(at: LockedStage, sent: Sent) -> OrganizerInputs:
    return read_inputs(at.campaign, at.stage, candidates(at.campaign, at.stage), sent)


def _check_plan(at: LockedStage, decided: Decided, digest: str) -> None:
    if decided.digest != digest:
        raise stale_plan(digest, decided.digest, "digest")
    if decided.outcome.unresolved:
        raise ActFailed([_unresolved(at.stage, decided)])
    if at.latest is not None and at.latest.digest == digest:
        raise refused(
            ProblemCode.NO_CHANGE,
            Text(
                "第{version}版就是这个结果，无须再次提交。",
                "Version {version} is this outcome already.",
                version=at.latest.version,
            ),
            "digest",
        )


def _unresolved(stage: Stage, decided: Decided) -> Problem:
    open_ties = [tie for tie in decided.outcome.ties if not tie.resolved]
    if not open_ties:
        message = Text(
            "阶段{stage}由主办方决定，请给出decision。",
            "The stage {stage} is decided by the organizer. Send the decision.",
            stage=stage.code,
        )
        return Problem(ProblemCode.TIE_UNRESOLVED, message, ("decision",))
    tie = open_ties[0]
    numbers = ", ".join(map(str, sorted(tie.equal)))
    if tie.missing is None:
        zh, en = "规则中没有下一步可用", "the stage's tie policy has no further step"
    else:
        zh, en = f"等待{tie.missing.name}", f"it waits for {tie.missing.name}"
    message = Text(
        "并列未决：{replace}号，{zh}。",
        "A tie is open between numbers {numbers}: {en}.",
        replace=numbers.replace(", ", "、"),
        zh=zh,
        numbers=numbers,
        en=en,
    )
    return Problem(ProblemCode.TIE_UNRESOLVED, message, ("decisions",))
