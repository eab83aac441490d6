"""Invitations to a panel: an organizer makes them, and whoever has the code, or the claim, accepts one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode, refused
from api.domain.campaigns.states import CampaignState
from api.domain.ids import is_slug
from api.domain.people.access import Grant
from api.domain.people.identity import Role, Voter
from api.domain.review.acts import PanelPhase, phase
from api.domain.review.invitations import Invitation, code_digest, invitation_problems
from api.domain.review.panel import Expert, Panel, Review, conflicts_by_organization
from api.domain.review.terms import ExpertState, ReviewState
from api.domain.texts import Text
from api.ports import LockedPanel
from api.services.panel_acts import PanelActs, too_late


@dataclass(frozen=True, slots=True)
class Invited:
    """An expert who is invited now. code: None for a claim's, and where nothing was stored. conflicts: numbers of projects."""

    expert: Expert
    code: str | None
    conflicts: tuple[int, ...]


class Invitations(PanelActs):
    """Makes invitations and accepts them. Every act raises ActFailed, and ApiError NOT_FOUND."""

    async def invite(
        self, slug: str, by: str, invitations: Sequence[Invitation], *, dry_run: bool
    ) -> tuple[Invited, ...]:
        """Invite experts, all or none. dry_run: nothing is stored, and nobody gets a code."""
        async with self._locked(slug) as (locked, panel):
            now = self.clock()
            problems = invitation_problems(panel, invitations, now)
            if phase(panel.terms, now) is PanelPhase.CLOSED:
                problems = [too_late(panel)]
            if problems:
                raise ActFailed(problems)
            first = max((expert.number for expert in panel.experts), default=0) + 1
            experts = [_expert(panel, number, each, now) for number, each in enumerate(invitations, first)]
            stated = {expert.number: each.conflicts for expert, each in zip(experts, invitations, strict=True)}
            codes = {e.number: self.new_code() for e in experts if e.claim is None and not dry_run}
            if not dry_run:
                details = {"experts": [str(expert.number) for expert in experts]}
                event = self._event(panel.campaign, by, TrailKind.EXPERTS_INVITED, details, now)
                digests = {number: code_digest(code) for number, code in codes.items()}
                await locked.invite(experts, digests, _conflicts(stated, now), event)
        own = conflicts_by_organization({e.number: e.organization for e in experts}, panel.campaign.projects)
        return tuple(
            Invited(
                expert,
                codes.get(expert.number),
                tuple(sorted({*stated[expert.number], *(p for e, p in own if e == expert.number)})),
            )
            for expert in experts
        )

    async def accept_code(self, voter: Voter, code: str) -> tuple[str, Expert]:
        """Have the viewer on the panel that a code invites to; returns the campaign's slug and the expert."""
        digest = code_digest(code)
        slug = await self.panels.campaign_with(digest)
        if slug is None:
            raise self._refusal(voter, None)
        async with self.panels.locked(slug) as locked:
            panel, number = await self._panel(locked, voter), await locked.expert_with(digest)
            expert = self._open(panel, voter, None if number is None else panel.by_number.get(number))
            if panel.campaign.state is CampaignState.DRAFT:
                raise refused(
                    ProblemCode.TOO_EARLY,
                    Text(
                        "评选尚未公开。邀请仍然有效，请在公开后再接受。",
                        "The selection is not public yet. The invitation stays open; accept it once it is.",
                    ),
                    "code",
                )
            return slug, await self._accept(locked, panel, voter, expert)

    async def accept_claim(self, voter: Voter, slug: str) -> Expert:
        """Have the viewer on a campaign's panel by what their sign-in provider says of them."""
        known = await self.panels.experts(slug) if is_slug(slug) else ()
        if not any(_is_claimed(expert, voter) for expert in known):  # no lock is taken for whoever asks
            raise self._refusal(voter, None)
        async with self.panels.locked(slug) as locked:
            panel = await self._panel(locked, voter)
            if panel.campaign.state is CampaignState.DRAFT:
                raise self._refusal(voter, None)
            claimed = (each for each in panel.experts if each.state is ExpertState.INVITED and _is_claimed(each, voter))
            return await self._accept(locked, panel, voter, self._open(panel, voter, next(claimed, None)))

    async def _panel(self, locked: LockedPanel, voter: Voter) -> Panel:
        campaign = await locked.campaign()
        panel = None if campaign is None else await locked.panel(campaign)
        if panel is None or panel.campaign.state is CampaignState.ARCHIVED:
            raise self._refusal(voter, None)
        return panel

    def _open(self, panel: Panel, voter: Voter, expert: Expert | None) -> Expert:
        """The expert, whose invitation is open. Raises ActFailed, the same for every other."""
        if expert is None or expert.state is not ExpertState.INVITED or expert.expires_at <= self.clock():
            raise self._refusal(voter, panel)
        return expert

    async def _accept(self, locked: LockedPanel, panel: Panel, voter: Voter, expert: Expert) -> Expert:
        if panel.expert_of(voter.pseudonym) is not None:
            raise refused(
                ProblemCode.NO_CHANGE,
                Text(
                    "您已在该评选的专家名单中，这份邀请仍可由他人接受。",
                    "You are, or were, on this panel already. The invitation is still open to somebody else.",
                ),
                "code",
            )
        now = self.clock()
        accepted = replace(expert, viewer=voter.pseudonym, accepted_at=now)
        details = {"expert": str(expert.number)}
        event = self._event(panel.campaign, voter.pseudonym, TrailKind.INVITATION_ACCEPTED, details, now)
        await locked.accept(accepted, Grant(voter.pseudonym, Role.EXPERT, panel.campaign.slug), event)
        return accepted

    def _refusal(self, voter: Voter, panel: Panel | None) -> ActFailed:
        """The same words whatever is wrong, so that nobody learns of an invitation; and an entry in the trail."""
        campaign = None if panel is None else panel.campaign
        actor = self.audit.actor(campaign, voter.pseudonym)
        slug = None if campaign is None else campaign.slug
        self.audit.trail.note(AuditEvent(self.clock(), TrailKind.INVITATION_REFUSED, slug, actor))
        message = Text(
            "邀请无效：邀请码有误、已使用、已过期，或已被收回。请向主办方索取新的邀请。",
            "There is no such invitation: it never was, was used, has expired, or was taken back. Ask for another one.",
        )
        return ActFailed([Problem(ProblemCode.INVALID_INVITATION, message, ("code",))])


def _is_claimed(expert: Expert, voter: Voter) -> bool:
    return expert.claim is not None and expert.claim[1] in voter.claims.get(expert.claim[0], ())


def _expert(panel: Panel, number: int, invitation: Invitation, now: datetime) -> Expert:
    return Expert(
        number=number,
        name=invitation.name.strip(),
        organization=None if invitation.organization is None else invitation.organization.strip(),
        invited_at=now,
        expires_at=invitation.expires_at or panel.terms.closes_at,
        claim=invitation.claim,
    )


def _conflicts(stated: Mapping[int, Sequence[int]], now: datetime) -> list[Review]:
    """What was known to be in conflict when the experts were invited."""
    return [
        Review(expert, project, ReviewState.RECUSED, by_organizer=True, revision=1, updated_at=now)
        for expert, projects in stated.items()
        for project in sorted(set(projects))
    ]
