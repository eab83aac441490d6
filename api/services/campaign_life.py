"""The life of a campaign: begun as a draft, presented, voted in, paused, extended and put away, by its organizers.

Each act reads the campaign under the lock that ballots wait for, and is stored with its entry in the audit trail, or not at
all.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from api.clock import Clock
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns import acts
from api.domain.campaigns.acts import Removal
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.completeness import incompleteness
from api.domain.campaigns.digest import rules_digest
from api.domain.campaigns.frozen import FrozenChange, frozen_changes
from api.domain.campaigns.parts import VoidedVotes
from api.domain.campaigns.problems import Problem, ProblemCode, Refused, refused, stale
from api.domain.campaigns.projects import District, Project, Standing
from api.domain.campaigns.states import CampaignPhase, CampaignState
from api.domain.errors import not_found
from api.domain.people.access import Grant
from api.domain.people.identity import Role
from api.domain.texts import LocalizedText, Text
from api.domain.voting.rules.eligibility import EligibilityRule
from api.ports import CampaignForms, Campaigns
from api.services.audit_trail import AuditRecorder
from api.services.campaign_forms import (
    ErrorPolicy,
    ProjectsPut,
    StoredForm,
    amended,
    input_problem,
    projects_put,
    read_or_refuse,
)
from api.services.snapshots import Snapshot, Snapshots

Reason = Mapping[str, str]  # by language
Act = Callable[[Campaign, datetime, LocalizedText], Campaign]
REMOVAL_KINDS = {
    Standing.WITHDRAWN: TrailKind.PROJECT_WITHDRAWN,
    Standing.DISQUALIFIED: TrailKind.PROJECT_DISQUALIFIED,
}


class Entry(NamedTuple):
    """What the trail says of an act, besides who has done it when."""

    kind: TrailKind
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Done:
    """What an act has made of a campaign as it is public now, a snapshot in which it has happened, and what time it is then."""

    campaign: Campaign
    snapshot: Snapshot
    now: datetime


@dataclass(frozen=True, slots=True)
class CampaignLife:
    """Does what organizers ask for. by: the pseudonym of who asks. Every act raises Refused, and ApiError NOT_FOUND."""

    campaigns: Campaigns
    forms: CampaignForms
    audit: AuditRecorder
    snapshots: Snapshots
    clock: Clock
    new_salt: Callable[[], str]

    async def create(self, by: str, tree: Mapping[str, Any]) -> Done:
        """Begin a campaign as a draft. Whoever creates it is its organizer from then on."""
        async with self.campaigns.locked(str(tree["slug"])) as locked:
            if await locked.campaign(str(tree["slug"])) is not None:
                raise refused(
                    ProblemCode.SLUG_TAKEN,
                    f"已有名为“{tree['slug']}”的评选，请另取slug。",
                    f"There is a campaign {tree['slug']} already. Choose another slug.",
                    "input",
                    "slug",
                )
            made = read_or_refuse(self.forms, {**tree, "projects": []}, await locked.districts(), draft=True)
            campaign = replace(made, state=CampaignState.DRAFT, voter_salt=self.new_salt())
            event = self._event(campaign, by, Entry(TrailKind.CAMPAIGN_CREATED, {}), self.clock())
            await locked.create(campaign, Grant(by, Role.ORGANIZER, campaign.slug), event)
            if electors := self.forms.electors(tree):
                await locked.set_electors(campaign.slug, electors)
        return await self._done(campaign.slug)

    async def written_back(self, campaign: Campaign) -> dict[str, Any]:
        """The tree that a campaign could be made from."""
        return dict((await self._form(self.campaigns, campaign)).tree)

    async def _form(self, store: Campaigns, campaign: Campaign) -> StoredForm:
        is_listed = any(isinstance(rule, EligibilityRule) and rule.listed for rule in campaign.rules)
        electors = await store.electors(campaign.slug) if is_listed else ()
        return StoredForm(campaign, self.forms.tree(campaign, electors), await store.districts())

    def check(
        self, tree: Mapping[str, Any], projects: list[Mapping[str, Any]] | None, districts: Mapping[str, District]
    ) -> tuple[Problem, ...]:
        """Everything that is wrong with a campaign, and with its projects where they are given; nothing is stored."""
        made = self.forms.read({**tree, "projects": projects or []}, districts, draft=projects is None)
        if isinstance(made, Campaign):
            return () if projects is None else incompleteness(made, self.clock())
        return tuple(map(input_problem, made))

    async def amend(self, slug: str, by: str, tree: Mapping[str, Any], expected: int | None) -> Done:
        """Change keys of a campaign; null removes one. Nothing is stored when nothing would change."""
        async with self._locked(slug, expected) as (locked, before):
            acts.require_phase(before, self.clock(), acts.EDITABLE)
            after, whole = amended(self.forms, await self._form(locked, before), tree)
            if "rules" in tree and (electors := self.forms.electors(whole)) != await locked.electors(slug):
                await locked.set_electors(slug, electors)
            await self._edit(locked, before, after, by, Entry(TrailKind.CAMPAIGN_AMENDED, {"keys": sorted(tree)}))
        return await self._done(slug)

    async def put_projects(
        self, slug: str, by: str, trees: list[Mapping[str, Any]], expected: int | None, policy: ErrorPolicy
    ) -> tuple[Done, ProjectsPut]:
        """Add projects, and replace those that have their numbers."""
        async with self._locked(slug, expected) as (locked, before):
            acts.require_phase(before, self.clock(), acts.EDITABLE)
            put = projects_put(self.forms, await self._form(locked, before), trees, policy)
            details = {"numbers": [str(number) for number in put.numbers]}
            await self._edit(locked, before, put.campaign, by, Entry(TrailKind.PROJECTS_CHANGED, details))
        return await self._done(slug), put

    async def remove_projects(self, slug: str, by: str, numbers: list[int], expected: int | None) -> Done:
        """Take candidates out as if they had never been there, before anything is frozen."""
        async with self._locked(slug, expected) as (locked, before):
            acts.require_phase(before, self.clock(), acts.EDITABLE)
            kept = [project for project in before.projects if project.number not in set(numbers)]
            after = replace(before, projects=tuple(replace(p, position=n) for n, p in enumerate(kept, 1)))
            details = {"numbers": sorted(str(n) for n in set(numbers) & before.by_number.keys())}
            await self._edit(locked, before, after, by, Entry(TrailKind.PROJECTS_CHANGED, details))
        return await self._done(slug)

    async def present(self, slug: str, by: str, expected: int | None, reason: Reason | None) -> Done:
        """Show a draft to everybody."""
        async with self._locked(slug, expected) as (locked, before):
            now = self.clock()
            acts.require_phase(before, now, [CampaignPhase.DRAFT])
            told = _told(before, reason)
            if problems := incompleteness(before, now):
                raise Refused(problems)
            after = replace(before, state=CampaignState.PRESENTED)
            form = await self._form(locked, after)
            read_or_refuse(self.forms, form.tree, form.districts, draft=False)
            details = {"revision": before.revision + 1, "rulesDigest": rules_digest(after), **told}
            entry = Entry(TrailKind.CAMPAIGN_PRESENTED, details)
            await locked.change(before, after, self._event(before, by, entry, now))
        return await self._done(slug)

    async def pause(self, slug: str, by: str, reason: Reason) -> Done:
        """Have voting stand still."""
        return await self._act(slug, by, Entry(TrailKind.VOTING_PAUSED, {}), reason, acts.paused)

    async def resume(self, slug: str, by: str, closes_at: datetime | None, reason: Reason) -> Done:
        """Have voting go on, and close later where a time is given."""

        def act(campaign: Campaign, now: datetime, checked: LocalizedText) -> Campaign:
            going_on = acts.resumed(campaign, now)
            return going_on if closes_at is None else acts.extended(going_on, now, checked, closes_at)

        moved = {} if closes_at is None else {"closesAt": closes_at.isoformat()}
        return await self._act(slug, by, Entry(TrailKind.VOTING_RESUMED, moved), reason, act)

    async def extend(self, slug: str, by: str, closes_at: datetime, reason: Reason) -> Done:
        """Have voting close later."""
        details = {"closesAt": closes_at.isoformat()}
        act = partial(acts.extended, closes_at=closes_at)
        return await self._act(slug, by, Entry(TrailKind.VOTING_EXTENDED, details), reason, act)

    async def archive(self, slug: str, by: str, reason: Reason | None) -> Done:
        """Put a campaign away for good."""
        async with self._locked(slug, None) as (locked, before):
            now = self.clock()
            after, told = acts.archived(before, now), _told(before, reason)
            entry = Entry(TrailKind.CAMPAIGN_ARCHIVED, told)
            await locked.change(before, after, self._event(before, by, entry, now))
        return await self._done(slug)

    async def remove(self, slug: str, number: int, by: str, removal: Removal, reason: Reason) -> Done:
        """Withdraw or disqualify a project: it no longer stands, and counts nowhere."""

        def act(campaign: Campaign, now: datetime, checked: LocalizedText) -> Campaign:
            return acts.removed(campaign, now, checked, _project(campaign, number), removal)

        details = {"number": number, "replacement": removal.replacement.name}
        return await self._act(slug, by, Entry(REMOVAL_KINDS[removal.standing], details), reason, act)

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
            details = {"number": number, **times, **_told(before, reason)}
            entry = Entry(TrailKind.VOTES_VOIDED, details)
            await locked.change(before, after, self._event(before, by, entry, now))
        return await self._done(slug)

    async def _act(self, slug: str, by: str, entry: Entry, reason: Reason, act: Act) -> Done:
        """Do what needs nothing but the campaign, the time and a reason."""
        async with self._locked(slug, None) as (locked, before):
            now = self.clock()
            after = act(before, now, acts.checked_reason(before, reason))
            event = self._event(before, by, Entry(entry.kind, {**entry.details, **_told(before, reason)}), now)
            await locked.change(before, after, event)
        return await self._done(slug)

    async def _edit(self, locked: Campaigns, before: Campaign, after: Campaign, by: str, entry: Entry) -> None:
        """Store what was edited, unless it is frozen or nothing differs. Raises Refused."""
        now = self.clock()
        frozen = frozen_changes(before, after, now, has_ballots=await locked.has_ballots(before.slug))
        if frozen:
            raise Refused([_frozen(change) for change in frozen])
        if after != before:
            details = {**entry.details, "revision": before.revision + 1}
            event = self._event(before, by, Entry(entry.kind, details), now)
            await locked.change(before, after, event)

    @asynccontextmanager
    async def _locked(self, slug: str, expected: int | None) -> AsyncIterator[tuple[Campaigns, Campaign]]:
        """The campaign as it is stored, while nobody changes it or casts a ballot in it."""
        async with self.campaigns.locked(slug) as locked:
            campaign = await locked.campaign(slug)
            if campaign is None:
                raise not_found(
                    f"没有名为“{slug[:80]}”的评选。", f"There is no campaign “{slug[:80]}”.", argument="campaign"
                )
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

    def _event(self, campaign: Campaign, by: str, entry: Entry, now: datetime) -> AuditEvent:
        return AuditEvent(now, entry.kind, campaign.slug, self.audit.actor(campaign, by), entry.details)


def _told(campaign: Campaign, reason: Reason | None) -> dict[str, object]:
    """The reason as the trail has it; nothing where none was given."""
    if reason is None:
        return {}
    return {"reason": [text for _, text in acts.checked_reason(campaign, reason).translations]}


def _frozen(change: FrozenChange) -> Problem:
    message = Text(
        f"投票已开始或已有选票，不能再修改{change.name}（{change.difference}）。",
        f"Voting has opened or a ballot is stored, so this can no longer change: {change}.",
    )
    return Problem(ProblemCode.FROZEN, message, change.path)


def _project(campaign: Campaign, number: int) -> Project:
    project = campaign.by_number.get(number)
    if project is None:
        raise not_found(
            f"评选“{campaign.slug}”中没有第{number}号。",
            f"The campaign {campaign.slug} has no project number {number}.",
            argument="project",
        )
    return project
