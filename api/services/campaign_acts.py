"""What all acts of organizers on a campaign have in common: the lock, the entry in the audit trail, and the answer.

Each act reads the campaign under the lock that ballots wait for, and is stored with its entry in the audit trail, or not at
all.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from api.clock import Clock
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns import acts
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import stale
from api.domain.errors import ApiError, not_found
from api.domain.ids import is_slug
from api.domain.texts import LocalizedText, Text
from api.ports import CampaignForms, Campaigns
from api.services.audit_trail import AuditRecorder
from api.services.snapshots import Snapshot, Snapshots

Reason = Mapping[str, str]  # by language


class ActRecord(NamedTuple):
    """What the trail says of an act, besides who has done it when. beyond: whether it changed more than the campaign itself."""

    kind: TrailKind
    details: Mapping[str, object]
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What an act has made of a campaign as it is public now, a snapshot in which it has happened, and what time it is then."""

    campaign: Campaign
    snapshot: Snapshot
    now: datetime


@dataclass(frozen=True, slots=True)
class CampaignActs:
    """Reads and stores campaigns for acts. new_salt: makes a campaign's half of the voter secret."""

    campaigns: Campaigns
    forms: CampaignForms
    audit: AuditRecorder
    snapshots: Snapshots
    clock: Clock
    new_salt: Callable[[], str]

    @asynccontextmanager
    async def _locked(self, slug: str, expected: int | None) -> AsyncIterator[tuple[Campaigns, Campaign]]:
        """The campaign as it is stored, while nobody changes it or casts a ballot in it."""
        if not is_slug(slug):  # no database is asked for what it cannot hold
            raise unknown_campaign(slug)
        async with self.campaigns.locked(slug) as locked:
            campaign = await locked.campaign(slug)
            if campaign is None:
                raise unknown_campaign(slug)
            if expected is not None and expected != campaign.revision:
                raise stale(expected, campaign.revision)
            yield locked, campaign

    async def _done(self, slug: str) -> Done:
        """What is stored now. The snapshot may be older, while the database cannot be read."""
        stored = await self.campaigns.campaign(slug)
        if stored is None:
            raise LookupError(f"{slug} was stored just now, and is not there")
        now = self.clock()
        return Done(stored.published(now), await self.snapshots.after_change(now), now)

    def _event(self, campaign: Campaign, by: str | None, entry: ActRecord, now: datetime) -> AuditEvent:
        actor = None if by is None else self.audit.actor(campaign, by)
        return AuditEvent(now, entry.kind, campaign.slug, actor, entry.details)


def unknown_campaign(slug: str) -> ApiError:
    """The error where there is no campaign with this slug."""
    return not_found(
        Text("没有名为“{slug}”的评选。", "There is no campaign “{slug}”.", slug=slug[:80]), argument="campaign"
    )


def unknown_project(campaign: Campaign, number: int) -> ApiError:
    """The error where a campaign has no project of this number."""
    return not_found(
        Text(
            "评选“{slug}”中没有第{number}号。",
            "The campaign {slug} has no project number {number}.",
            slug=campaign.slug,
            number=number,
        ),
        argument="project",
    )


def optional_reason(campaign: Campaign, reason: Reason | None) -> dict[str, object]:
    """A reason that may be left out, as the trail has it; nothing then. Raises ActFailed for one that is wrong."""
    return {} if reason is None else recorded_reason(acts.checked_reason(campaign, reason))


def recorded_reason(reason: LocalizedText) -> dict[str, object]:
    """A reason as the trail has it."""
    return {"reason": [text for _, text in reason.translations]}
