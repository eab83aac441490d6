"""How organizers make and edit campaigns, up to the moment at which everybody sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.domain.audit_trail import TrailKind
from api.domain.campaigns import acts
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.completeness import incompleteness
from api.domain.campaigns.digest import rules_digest
from api.domain.campaigns.frozen import FrozenChange, frozen_changes, is_frozen
from api.domain.campaigns.problems import ActFailed, ErrorPolicy, Problem, ProblemCode, refused
from api.domain.campaigns.projects import District
from api.domain.campaigns.states import CampaignPhase, CampaignState
from api.domain.people.access import Grant
from api.domain.people.identity import Role
from api.domain.texts import Text
from api.ports import Campaigns
from api.services.campaign_acts import ActRecord, CampaignActs, Done, Reason, optional_reason
from api.services.campaign_forms import (
    ProjectsPut,
    StoredForm,
    amended,
    input_problem,
    projects_put,
    read_or_refuse,
)


@dataclass(frozen=True, slots=True)
class CampaignEditing(CampaignActs):
    """Makes and edits campaigns. by: the pseudonym of who asks. Every act raises ActFailed, and ApiError NOT_FOUND."""

    async def create(self, by: str, tree: Mapping[str, Any]) -> Done:
        """Begin a campaign as a draft. Whoever creates it is its organizer from then on."""
        made = read_or_refuse(self.forms, {**tree, "projects": []}, await self.campaigns.districts(), draft=True)
        async with self.campaigns.locked(made.slug) as locked:
            if await locked.campaign(made.slug) is not None or await locked.is_importing(made.slug):
                raise refused(
                    ProblemCode.SLUG_IN_USE,
                    Text(
                        "已有名为“{slug}”的评选，请另取slug。",
                        "There is a campaign {slug} already. Choose another slug.",
                        slug=made.slug,
                    ),
                    "input",
                    "slug",
                )
            campaign = replace(made, state=CampaignState.DRAFT, voter_salt=self.new_salt())
            event = self._event(campaign, by, ActRecord(TrailKind.CAMPAIGN_CREATED, {}), self.clock())
            await locked.create(campaign, Grant(by, Role.ORGANIZER, campaign.slug), event)
            if electors := self.forms.electors(tree):
                await locked.set_electors(campaign.slug, electors)
        return await self._done(campaign.slug)

    async def written_back(self, campaign: Campaign) -> dict[str, Any]:
        """The tree that a campaign could be made from."""
        return dict((await self._form(self.campaigns, campaign)).tree)

    async def _form(self, store: Campaigns, campaign: Campaign) -> StoredForm:
        is_listed = campaign.eligibility is not None and campaign.eligibility.listed
        electors = tuple(sorted(await store.electors(campaign.slug))) if is_listed else ()
        return StoredForm(campaign, self.forms.tree(campaign, electors), await store.districts())

    def check(
        self,
        tree: Mapping[str, Any],
        projects: Sequence[Mapping[str, Any]] | None,
        districts: Mapping[str, District],
        *,
        announced: bool = False,
    ) -> tuple[Problem, ...]:
        """Everything that is wrong with a campaign, and with its projects where they are given; nothing is stored."""
        made = self.forms.read(
            {**tree, "projects": projects or []}, districts, draft=projects is None, announced=announced
        )
        if isinstance(made, Campaign):
            return () if projects is None else incompleteness(made, self.clock())
        return tuple(map(input_problem, made))

    async def amend(self, slug: str, by: str, tree: Mapping[str, Any], expected: int | None) -> Done:
        """Change keys of a campaign; null removes one. Nothing is stored when nothing would change."""
        async with self._locked(slug, expected) as (locked, before):
            acts.require_phase(before, self.clock(), acts.EDITABLE)
            after, whole = amended(self.forms, await self._form(locked, before), tree)
            other_voters = "rules" in tree and await self._set_electors(locked, before, self.forms.electors(whole))
            entry = ActRecord(TrailKind.CAMPAIGN_AMENDED, {"keys": sorted(tree)}, beyond=other_voters)
            await self._edit(locked, before, after, by, entry)
        return await self._done(slug)

    async def put_projects(
        self, slug: str, by: str | None, trees: Sequence[Mapping[str, Any]], expected: int | None, policy: ErrorPolicy
    ) -> tuple[Done, ProjectsPut]:
        """Add projects, and replace those that have their numbers. by: None for an operator."""
        async with self._locked(slug, expected) as (locked, before):
            acts.require_phase(before, self.clock(), acts.EDITABLE)
            put = projects_put(self.forms, await self._form(locked, before), trees, policy)
            details = {"numbers": [str(number) for number in put.numbers]}
            await self._edit(locked, before, put.campaign, by, ActRecord(TrailKind.PROJECTS_CHANGED, details))
        return await self._done(slug), put

    async def remove_projects(self, slug: str, by: str, numbers: list[int], expected: int | None) -> Done:
        """Take candidates out as if they had never been there, before anything is frozen."""
        async with self._locked(slug, expected) as (locked, before):
            acts.require_phase(before, self.clock(), acts.EDITABLE)
            kept = [project for project in before.projects if project.number not in set(numbers)]
            after = replace(before, projects=tuple(replace(p, position=n) for n, p in enumerate(kept, 1)))
            await self._require_readable(locked, after)
            details = {"numbers": sorted(str(n) for n in set(numbers) & before.by_number.keys())}
            await self._edit(locked, before, after, by, ActRecord(TrailKind.PROJECTS_CHANGED, details))
        return await self._done(slug)

    async def present(self, slug: str, by: str, expected: int | None, reason: Reason | None) -> Done:
        """Show a draft to everybody."""
        async with self._locked(slug, expected) as (locked, before):
            now = self.clock()
            acts.require_phase(before, now, [CampaignPhase.DRAFT])
            why = optional_reason(before, reason)
            if problems := incompleteness(before, now):
                raise ActFailed(problems)
            after = replace(before, state=CampaignState.PRESENTED)
            await self._require_readable(locked, after)
            details = {"revision": before.revision + 1, "rulesDigest": rules_digest(after), **why}
            entry = ActRecord(TrailKind.CAMPAIGN_PRESENTED, details)
            await locked.change(before, after, self._event(before, by, entry, now))
        return await self._done(slug)

    async def _set_electors(self, locked: Campaigns, campaign: Campaign, electors: tuple[str, ...]) -> bool:
        """Replace the list of voters, if it is another one: True then. Raises ActFailed once it is frozen."""
        if electors == await locked.electors(campaign.slug):
            return False
        if is_frozen(campaign, self.clock(), has_ballots=await locked.has_ballots(campaign.slug)):
            raise ActFailed([_frozen(FrozenChange("rules", "another list of voters"))])
        await locked.set_electors(campaign.slug, electors)
        return True

    async def _require_readable(self, locked: Campaigns, after: Campaign) -> None:
        """Raise ActFailed unless a campaign that everybody sees is in order as a whole."""
        if after.state is not CampaignState.DRAFT:
            form = await self._form(locked, after)
            announced = bool(after.announcements)
            read_or_refuse(self.forms, form.tree, form.districts, draft=False, announced=announced)

    async def _edit(
        self, locked: Campaigns, before: Campaign, after: Campaign, by: str | None, entry: ActRecord
    ) -> None:
        """Store what was edited, unless it is frozen, nothing differs, or a presented campaign would lack something.

        Raises ActFailed.
        """
        now = self.clock()
        frozen = frozen_changes(before, after, now, has_ballots=await locked.has_ballots(before.slug))
        if frozen:
            raise ActFailed([_frozen(change) for change in frozen])
        known = incompleteness(before, now)
        lost = [problem for problem in incompleteness(after, now) if problem not in known]
        if lost and before.state is not CampaignState.DRAFT:
            raise ActFailed(lost)
        if after != before or entry.beyond:
            details = {**entry.details, "revision": before.revision + 1}
            event = self._event(before, by, ActRecord(entry.kind, details), now)
            await locked.change(before, after, event)


def _frozen(change: FrozenChange) -> Problem:
    message = Text(
        "投票或评分已开始、已有选票或结果已公示，不能再修改{change}（{difference}）。",
        "Voting or the panel has opened, a ballot is stored, or it was announced, so this can no longer "
        "change: {change_2}.",
        change=change.name,
        difference=change.difference,
        change_2=change,
    )
    return Problem(ProblemCode.FROZEN, message, change.path)
