"""Authenticate the viewer of a request, and require roles of them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from api.domain.errors import ApiError, ErrorCode
from api.domain.people.access import revocations_unknown
from api.domain.people.identity import Role, Voter
from api.domain.texts import Text, joined
from api.services.audit_trail import AuditRecorder
from api.services.snapshots import Snapshot

MAX_SNAPSHOT_AGE = timedelta(seconds=5)  # in an older one, recent revocations may be missing

SEE_DRAFTS = frozenset({Role.ORGANIZER, Role.AUDITOR})
NO_DRAFTS = frozenset[str]()


class Sessions(Protocol):
    """Knows whose tokens are whose."""

    def verify(self, token: str, now: datetime) -> Voter:
        """The voter whose token this is. Raises ApiError UNAUTHENTICATED."""
        ...


class Viewer:
    """Who sends one request.

    was_asked: whether its answer may depend on who that is. is_personal: whether on more than which standings they may see.
    was_identified: whether on more than that they may read what a campaign's staff has put in.
    """

    __slots__ = (
        "_audit",
        "_now",
        "_sessions",
        "_snapshot",
        "_token",
        "_verified",
        "is_personal",
        "was_asked",
        "was_identified",
    )

    def __init__(
        self, token: str | None, sessions: Sessions, audit: AuditRecorder, snapshot: Snapshot, now: datetime
    ) -> None:
        self._token = token
        self._sessions = sessions
        self._audit = audit
        self._snapshot = snapshot
        self._now = now
        self._verified: Voter | None = None  # the token's, once it has been verified and found not to be revoked
        self.was_asked = False
        self.is_personal = False
        self.was_identified = False

    def renewed(self, snapshot: Snapshot) -> "Viewer":
        """The same viewer by a newer snapshot."""
        return Viewer(self._token, self._sessions, self._audit, snapshot, self._now)

    @property
    def voter(self) -> Voter | None:
        """The signed-in voter; None without a token. Raises ApiError UNAUTHENTICATED for a wrong, expired or revoked one.

        Raises ApiError OVERLOADED when it cannot be known which sessions have been revoked.
        """
        self.was_asked = self.was_identified = self.is_personal = True
        return self._recognise()

    def drafts_seen(self) -> frozenset[str]:
        """The slugs of the drafts that this viewer may see: those they are an organizer or an auditor of.

        Without one the answers are everybody's, whoever the viewer is.
        """
        drafts, access = self._snapshot.directory.drafts, self._snapshot.access
        try:
            voter = self._recognise() if drafts else None
        except ApiError:
            return NO_DRAFTS  # raised again by whatever needs to know the viewer
        if voter is None:
            return NO_DRAFTS
        return frozenset(slug for slug in drafts if not SEE_DRAFTS.isdisjoint(access.roles_in(voter, slug)))

    def _recognise(self) -> Voter | None:
        if self._token is None or self._now - self._snapshot.as_of <= MAX_SNAPSHOT_AGE:
            return self._verify()
        self._sessions.verify(self._token, self._now)
        raise revocations_unknown()

    def _verify(self) -> Voter | None:
        if self._verified is None and self._token is not None:
            self._verified = self._snapshot.access.check(self._sessions.verify(self._token, self._now))
        return self._verified

    @property
    def signed_out(self) -> bool:
        """Whether the request has no token. Asking makes no answer depend on who sends it."""
        return self._token is None

    @property
    def voter_if_valid(self) -> Voter | None:
        """The signed-in voter; None without a token, and for one that is not valid."""
        try:
            return self.voter
        except ApiError:
            return None

    @property
    def caster_if_valid(self) -> Voter | None:
        """The same, for an answer that depends on nothing of them but whether they have cast a ballot."""
        self.was_asked = self.was_identified = True
        try:
            return self._recognise()
        except ApiError:
            return None

    def has_role(self, roles: Collection[Role], slug: str | None, *, of_staff: bool = False) -> bool:
        """Whether the viewer has one of these roles in a campaign or, for None, in all; without a valid token they have none.

        of_staff: it is asked to show what staff has put in, which is the same for all who have the roles.
        """
        was_identified = self.was_identified
        voter = self.voter_if_valid
        self.was_identified = was_identified or not of_staff
        return voter is not None and not set(roles).isdisjoint(self._snapshot.access.roles_in(voter, slug))

    @property
    def signed_in(self) -> Voter:
        """The signed-in voter. Raises ApiError UNAUTHENTICATED when nobody has signed in."""
        voter = self.voter
        if voter is None:
            raise ApiError(
                ErrorCode.UNAUTHENTICATED,
                Text(
                    "请先登录：调用signIn，并以Authorization: Bearer <token>发送令牌。",
                    "Sign in first: call signIn and send its token as `Authorization: Bearer <token>`.",
                ),
            )
        return voter

    def rate_limit_key(self) -> str | None:
        """The pseudonym that requests are counted under, None without a valid token. No answer depends on it."""
        try:
            voter = self._verify()
        except ApiError:
            return None  # raised again by whatever needs to know the viewer
        return None if voter is None else voter.pseudonym

    def require(self, roles: Sequence[Role], field: str, slug: str | None, *, of_staff: bool = False) -> None:
        """Go on only with one of these roles: in all campaigns or, where a slug is given, in that one. of_staff: as above.

        Raises ApiError UNAUTHENTICATED, or FORBIDDEN, which goes into the audit trail.
        """
        if not self.has_role(roles, slug, of_staff=of_staff):
            voter, campaign = self.signed_in, None if slug is None else self._snapshot.directory.campaigns.get(slug)
            self._audit.record_denial(campaign, voter.pseudonym, field, roles, self._now)
            raise _forbidden(field, roles)


def _forbidden(field: str, roles: Sequence[Role]) -> ApiError:
    names = [role.name for role in roles]
    return ApiError(
        ErrorCode.FORBIDDEN,
        Text(
            "{field}需要以下角色之一：{names}。",
            "{field} needs the role {names}.",
            field=field,
            names=joined(names, "、", " or "),
        ),
        roles=names,
    )
