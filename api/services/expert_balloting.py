"""Cast the ballots of experts, and show each their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.domain.audit_trail import TrailKind
from api.domain.campaigns.problems import ActFailed, ProblemCode, StaleRevision, refused
from api.domain.selection.expert_ballots import CastExpertBallot
from api.domain.selection.expert_voting import chosen, require_voting
from api.domain.selection.preconditions import stage_of
from api.domain.texts import Text
from api.services.campaign_acts import ActRecord, CampaignActs
from api.services.stage_acts import StageAct


@dataclass(frozen=True, slots=True)
class ExpertBalloting(CampaignActs):
    """Casts ballots. Nobody but the expert sees one before the stage is announced."""

    async def cast(self, act: StageAct, ids: Sequence[str]) -> CastExpertBallot:
        """Cast a ballot, in place of the expert's earlier one. act.expected: the ballot's revision. Raises ActFailed."""
        async with self._locked(act.campaign, None) as (locked, campaign):
            now, stage = self.clock(), stage_of(campaign, act.stage)
            ballots = locked.expert_ballots
            juror = await ballots.juror(campaign.slug, act.by)
            if juror is None or juror.is_dropped:
                raise refused(
                    ProblemCode.NOT_ON_PANEL,
                    Text("您不是评选“{slug}”的专家。", "You are no expert of the campaign {slug}.", slug=campaign.slug),
                    "campaign",
                )
            require_voting(campaign, stage, now)
            projects = chosen(campaign, stage, ids, await ballots.conflicts(campaign.slug, juror.number))
            of_viewer = await ballots.of_viewer(act.by)
            before = next((b for b in of_viewer if (b.campaign, b.stage) == (campaign.slug, stage.code)), None)
            revision = 0 if before is None else before.revision
            if act.expected is not None and act.expected != revision:
                raise _stale(act.expected, revision)
            if before is not None and before.projects == projects:
                return before
            ballot = CastExpertBallot(campaign.slug, stage.code, juror.number, projects, revision + 1, now)
            await ballots.cast(ballot)
            entry = ActRecord(TrailKind.EXPERT_BALLOT_CAST, {"stage": stage.code})
            await locked.record(self._event(campaign, act.by, entry, now))
        return ballot

    async def own(self, viewer: str) -> tuple[CastExpertBallot, ...]:
        """The ballots that a viewer has cast, in all campaigns."""
        return await self.campaigns.expert_ballots.of_viewer(viewer)


def _stale(expected: int, present: int) -> ActFailed:
    message = Text(
        "选票已被修改：您依据的是第{expected}版，现为第{present}版。请重新读取后再投。",
        "The ballot has been changed: you had revision {expected}, and now it is {present}. Read it again.",
        expected=expected,
        present=present,
    )
    return ActFailed([StaleRevision(ProblemCode.STALE_REVISION, message, ("expectedRevision",), expected, present)])
