"""Grants of roles, and the end of one's own sessions: grantRole, withdrawRole, signOut, and the query grants."""

from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns.acts import check_reason
from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode
from api.domain.ids import viewer_pseudonym
from api.domain.people import access
from api.domain.people.identity import Role
from api.domain.texts import Text
from api.schema.common.roles import restricted
from api.schema.organisers.acts import OptionalReason, organizer, reason_of
from api.schema.organisers.problems import Grant, GrantPayload, published_problems
from api.services.roles import Act

Viewer = Annotated[strawberry.ID, strawberry.argument(description="The viewer's id, as `viewer { id }` shows it.")]
RoleArgument = Annotated[Role, strawberry.argument(description="The role: EXPERT, ORGANIZER or AUDITOR.")]
Campaign = Annotated[
    str | None,
    strawberry.argument(description="The slug of the campaign in which it counts; left out, in every one."),
]
NO_CHANGE = Text("该用户没有这个角色，或早已如此，无须更改。", "It is so already, so there was nothing to do.")


@strawberry.type
class GrantQueries:
    """Root fields that read grants."""

    @restricted(
        Role.ORGANIZER,
        Role.AUDITOR,
        description="The roles that viewers have been given: in a campaign, or, where none is named, in every one. Roles that "
        "a sign-in provider gives are not among them.",
    )
    async def grants(self, info: Info, campaign: Campaign = None) -> list[Grant] | None:
        """By viewer and role."""
        slug = None if campaign is None else info.context.campaign(campaign).slug
        granted = info.context.snapshot.access.granted.values()
        found = [grant for grants in granted for grant in grants if grant.campaign == slug]
        return [Grant.of(grant) for grant in sorted(found, key=lambda grant: (grant.role.name, grant.viewer))]


@strawberry.type
class GrantMutations:
    """Root fields that change what viewers may do."""

    @restricted(
        Role.ORGANIZER,
        description="Give a viewer a role, which counts within a second. An organizer of one campaign gives roles in it alone.",
    )
    async def grant_role(
        self, info: Info, viewer: Viewer, role: RoleArgument, campaign: Campaign = None, reason: OptionalReason = None
    ) -> GrantPayload | None:
        """One more grant."""
        return await _change(info, viewer, role, campaign, reason, given=True)

    @restricted(
        Role.ORGANIZER,
        description="Take a role away that was given, within a second: in exactly this campaign or, where none is named, the "
        "one that counted in all.",
    )
    async def withdraw_role(
        self, info: Info, viewer: Viewer, role: RoleArgument, campaign: Campaign = None, reason: OptionalReason = None
    ) -> GrantPayload | None:
        """One grant fewer."""
        return await _change(info, viewer, role, campaign, reason, given=False)

    @strawberry.mutation(
        description="End all sessions of the viewer, on every device, within a second. To go on, sign in again."
    )
    async def sign_out(self, info: Info) -> bool | None:
        """True once it is done."""
        context = info.context
        await context.role_management.sign_out(context.viewer.signed_in.pseudonym, context.now)
        await context.campaign_life.snapshots.after_change(context.now)
        return True


async def _change(
    info: Info, viewer: str, role: Role, campaign: str | None, reason: OptionalReason, *, given: bool
) -> GrantPayload:
    context = info.context
    pseudonym, problems = viewer_pseudonym(viewer), _problems(viewer, role)
    if pseudonym is None or problems:
        return GrantPayload(grant=None, problems=published_problems(problems))
    grant = access.Grant(pseudonym, role, campaign)
    why = reason_of(reason) or {}
    try:
        check_reason(why)
    except ActFailed as refusal:
        return GrantPayload(grant=None, problems=published_problems(refusal.problems))
    act = Act(_actor(info, campaign), tuple(why.values()))
    manage = context.role_management.grant if given else context.role_management.withdraw
    if not await manage(grant, context.now, act):
        problems = [Problem(ProblemCode.NO_CHANGE, NO_CHANGE, ("viewer",))]
        return GrantPayload(grant=None, problems=published_problems(problems))
    await context.campaign_life.snapshots.after_change(context.now)
    return GrantPayload(grant=Grant.of(grant), problems=[])


def _problems(viewer: str, role: Role) -> list[Problem]:
    """What is no viewer's id, and a role that everybody has."""
    problems = []
    if viewer_pseudonym(viewer) is None:
        message = Text(
            "viewer须为viewer/后接26个字符的id，即对方查询viewer { id }所得。",
            "viewer is no viewer's id; those are viewer/ and 26 characters, as `viewer { id }` shows them to their owner.",
        )
        problems.append(Problem(ProblemCode.INVALID_INPUT, message, ("viewer",)))
    if role is Role.VOTER:
        message = Text("人人都是VOTER，无须授予。", "Everybody is a VOTER; that is no role to give or take away.")
        problems.append(Problem(ProblemCode.INVALID_INPUT, message, ("role",)))
    return problems


def _actor(info: Info, campaign: str | None) -> str | None:
    context = info.context
    return context.audit.actor(None if campaign is None else context.campaign(campaign), organizer(info))
