"""The life of a campaign that voters see: paused, resumed, extended and put away, and its projects taken out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from api.domain.audit_trail import TrailKind
from api.domain.campaigns import acts
from api.domain.campaigns.acts import Removal
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import VoidedVotes
from api.domain.campaigns.problems import ActFailed
from api.domain.campaigns.projects import Project, Standing
from api.domain.selection.preconditions import uncounted
from api.domain.texts import LocalizedText
from api.services.campaign_acts import ActRecord, Done, Reason, optional_reason, recorded_reason, unknown_project
from api.services.campaign_editing import CampaignEditing

Act = Callable[[Campaign, datetime, LocalizedText], Campaign]
REMOVAL_KINDS = {
    Standing.WITHDRAWN: TrailKind.PROJECT_WITHDRAWN,
    Standing.DISQUALIFIED: TrailKind.PROJECT_DISQUALIFIED,
}


@dataclass(frozen=True, slots=True)
class CampaignLife(CampaignEditing):
    """Does all that organizers ask for. by: the pseudonym of who asks. Every act raises ActFailed, and ApiError NOT_FOUND."""

    async def pause(self, slug: str, by: str, reason: Reason) -> Done:
        """Have voting stand still."""
        return await self._act(slug, by, ActRecord(TrailKind.VOTING_PAUSED, {}), reason, acts.paused)

    async def resume(self, slug: str, by: str, closes_at: datetime | None, reason: Reason) -> Done:
        """Have voting go on, and close later where a time is given."""

        def act(campaign: Campaign, now: datetime, checked: LocalizedText) -> Campaign:
            going_on = acts.resumed(campaign, now)
            return going_on if closes_at is None else acts.extended(going_on, now, checked, closes_at)

        moved = {} if closes_at is None else {"closesAt": closes_at.isoformat()}
        return await self._act(slug, by, ActRecord(TrailKind.VOTING_RESUMED, moved), reason, act)

    async def extend(self, slug: str, by: str, closes_at: datetime, reason: Reason) -> Done:
        """Have voting close later."""
        details = {"closesAt": closes_at.isoformat()}
        act = partial(acts.extended, closes_at=closes_at)
        return await self._act(slug, by, ActRecord(TrailKind.VOTING_EXTENDED, details), reason, act)

    async def archive(self, slug: str, by: str, reason: Reason | None) -> Done:
        """Put a campaign away for good."""
        async with self._locked(slug, None) as (locked, before):
            now = self.clock()
            if problems := [
                *uncounted(sum(batch.ballots for batch in await locked.paper.uncounted(slug)), ("campaign",))
            ]:
                raise ActFailed(problems)
            after, why = acts.archived(before, now), optional_reason(before, reason)
            entry = ActRecord(TrailKind.CAMPAIGN_ARCHIVED, why)
            await locked.change(before, after, self._event(before, by, entry, now))
        return await self._done(slug)

    async def remove(self, slug: str, number: int, by: str, removal: Removal, reason: Reason) -> Done:
        """Withdraw or disqualify a project: it no longer stands, and counts nowhere."""

        def act(campaign: Campaign, now: datetime, checked: LocalizedText) -> Campaign:
            return acts.removed(campaign, now, checked, _project(campaign, number), removal)

        details = {"number": number, "replacement": removal.replacement.name}
        return await self._act(slug, by, ActRecord(REMOVAL_KINDS[removal.standing], details), reason, act)

    async def void_votes(
        self, slug: str, number: int, by: str, span: tuple[datetime, datetime | None], reason: Reason
    ) -> Done:
        """Void the votes for a project on the ballots cast from the first of two moments on and before the second one."""
        async with self._locked(slug, None) as (locked, before):
            now, project, checked = self.clock(), _project(before, number), acts.checked_reason(before, reason)
            voided = VoidedVotes(project.position, *span, checked, now)
            after = acts.with_voided_votes(before, now, project, voided)
            await locked.void_votes(before, voided)
            times = {name: at.isoformat() for name, at in zip(("from", "until"), span, strict=True) if at is not None}
            details = {"number": number, **times, **recorded_reason(checked)}
            entry = ActRecord(TrailKind.VOTES_VOIDED, details)
            await locked.change(before, after, self._event(before, by, entry, now))
        return await self._done(slug)

    async def _act(self, slug: str, by: str, entry: ActRecord, reason: Reason, act: Act) -> Done:
        """Do what needs nothing but the campaign, the time and a reason."""
        async with self._locked(slug, None) as (locked, before):
            now, checked = self.clock(), acts.checked_reason(before, reason)
            after = act(before, now, checked)
            record = ActRecord(entry.kind, {**entry.details, **recorded_reason(checked)})
            await locked.change(before, after, self._event(before, by, record, now))
        return await self._done(slug)


def _project(campaign: Campaign, number: int) -> Project:
    project = campaign.by_number.get(number)
    if project is None:
        raise unknown_project(campaign, number)
    return project
