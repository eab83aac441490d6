"""What a resolver may reach: one request's moment, language, viewer and snapshot, and the services."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import strawberry

from api.addresses import network_prefixes, rate_limit_address
from api.domain.campaigns.campaign import Campaign
from api.domain.errors import ApiError, ErrorCode
from api.domain.integrity.rulings import Ruling, RulingKind, checked_reason
from api.domain.integrity.signals import BallotOrigin
from api.domain.people.identity import Role, Session, Voter
from api.domain.results.ranking import Standings
from api.domain.results.visibility import results_hidden, results_visible
from api.domain.texts import Language, Text
from api.services.audit_trail import AuditRecorder
from api.services.casting import BallotCasting
from api.services.listing import find_campaign
from api.services.moderation import BallotModeration
from api.services.rate_limiting import COST_PER_REQUEST, RateLimiter, RateLimitResult, rate_limited
from api.services.sessions import Authenticator
from api.services.snapshots import Snapshot
from api.services.suspicions import SuspicionDetector

MAX_GRANTS_AGE = timedelta(seconds=5)  # beyond it nobody is recognised: whose sessions have been ended is not known


@dataclass
class Context:
    """One request. Everything in it is as of the same moment and the same snapshot."""

    now: datetime
    language: Language
    token: str | None
    snapshot: Snapshot
    casting: BallotCasting
    authenticator: Authenticator
    audit: AuditRecorder
    suspicion_detector: SuspicionDetector
    moderation: BallotModeration
    address: str = ""  # the caller's, empty where it is not known; it is counted, and goes into signals as a hash
    rate_limiter: RateLimiter | None = None  # None: nobody's requests are counted
    counted: str | None = None  # the voter whose bucket this request was taken out of
    taken: RateLimitResult | None = None  # how that bucket stands
    shareable: bool = True  # whether the answer is the same for everybody, and stays true until something changes
    personal: bool = False  # whether it was asked who the viewer is
    visible: dict[str, bool] = field(default_factory=dict)  # whether the viewer sees the standings, as far as asked

    def keep_private(self) -> None:
        """No cache may keep this answer: it is about the viewer, about one ballot, or about this very moment."""
        self.shareable = False

    def count_request(self) -> RateLimitResult | None:
        """Take this request out of the bucket of the voter who sends it; None when nobody known does. Stays public."""
        if self.token is None or self.rate_limiter is None:
            return None
        try:
            self.counted = self.snapshot.access.check(self.authenticator.recognise(self.token, self.now)).pseudonym
        except ApiError:
            return None  # a wrong token, or one that was revoked, is told of where it matters
        self.taken = self.rate_limiter.take("voter", self.counted)
        return self.taken

    def count_cost(self, cost: int) -> RateLimitResult | None:
        """Take what the operation counts for beyond a request out of both buckets; the one that lacks it, None if none does."""
        if cost < COST_PER_REQUEST or self.rate_limiter is None:
            return None
        taken = self.rate_limiter.take_cost("address", rate_limit_address(self.address), cost)
        if self.counted is not None and (taken is None or not taken.wait):
            taken = self.rate_limiter.take_cost("voter", self.counted, cost)
            self.taken = taken or self.taken
        return taken if taken is not None and taken.wait else None

    def count_operation(self) -> None:
        """Take an operation that comes by a socket or a stream out of both buckets. Raises ApiError RATE_LIMITED."""
        by_address = (
            None if self.rate_limiter is None else self.rate_limiter.take("address", rate_limit_address(self.address))
        )
        for taken in (by_address, self.count_request()):
            if taken is not None and taken.wait:
                raise rate_limited(taken)

    def count_sign_in(self) -> None:
        """Take one try out of the bucket of the caller's address. Raises ApiError RATE_LIMITED."""
        taken = (
            None if self.rate_limiter is None else self.rate_limiter.take("sign-in", rate_limit_address(self.address))
        )
        if taken is not None and taken.wait:
            raise rate_limited(taken)

    @cached_property
    def voter(self) -> Voter | None:
        """Who is asking; None without a token. Raises ApiError UNAUTHENTICATED for a wrong, expired or revoked one."""
        self.personal = True
        self.keep_private()
        if self.token is None:
            return None
        voter = self.authenticator.recognise(self.token, self.now)
        if self.now - self.snapshot.as_of > MAX_GRANTS_AGE:
            raise _nobody_known()
        return self.snapshot.access.check(voter)

    @property
    def signed_in(self) -> Voter:
        """Who is asking. Raises ApiError UNAUTHENTICATED when nobody has signed in."""
        if self.voter is None:
            raise ApiError(
                ErrorCode.UNAUTHENTICATED,
                Text(
                    "请先登录：调用signIn，并以Authorization: Bearer <token>发送令牌。",
                    "Sign in first: call signIn and send its token as `Authorization: Bearer <token>`.",
                ),
            )
        return self.voter

    async def sign_in(self, provider: str, credential: object) -> Session:
        """A session for whom the credential stands for; a failure goes on record. Raises the provider's ApiError."""
        self.keep_private()
        try:
            return await self.authenticator.sign_in(provider, credential, self.now, self.snapshot.access.version)
        except ApiError as fault:
            self.audit.record_failed_sign_in(provider, fault.code, self.now)
            raise

    def require(self, roles: Sequence[Role], field: str, slug: str | None) -> None:
        """Go on only with one of these roles: in all campaigns or, where a slug is given, in that one.

        Raises ApiError UNAUTHENTICATED, or FORBIDDEN and puts that on record.
        """
        held = self.snapshot.access.roles_in(self.signed_in, slug)
        if not set(roles).intersection(held):
            campaign = None if slug is None else self.snapshot.directory.campaigns.get(slug)
            self.audit.record_denial(campaign, self.signed_in.pseudonym, field, roles, self.now)
            raise _forbidden(field, roles)

    @property
    def origin(self) -> BallotOrigin:
        """How a ballot in this request arrived."""
        since = self.signed_in.signed_in_at
        return BallotOrigin(
            network_prefixes(self.address), None if since is None else datetime.fromtimestamp(since, UTC)
        )

    def ruling(self, kind: RulingKind, reason: str, campaign: Campaign) -> Ruling:
        """A ruling that the viewer makes now. Raises ApiError BAD_INPUT for a reason that is too short or too long."""
        by = self.audit.actor(campaign, self.signed_in.pseudonym)
        return Ruling(kind, checked_reason(reason), self.now, by)

    def campaign(self, slug: str | None) -> Campaign:
        """The campaign with this slug, or the featured one. Raises ApiError NOT_FOUND."""
        return find_campaign(self.snapshot.directory, slug, self.now)

    async def sees_results(self, campaign: Campaign) -> bool:
        """Whether the viewer may see this campaign's standings now. A wrong token counts as none."""
        if campaign.slug not in self.visible:
            self.visible[campaign.slug] = await self._may_see(campaign)
        return self.visible[campaign.slug]

    async def _may_see(self, campaign: Campaign) -> bool:
        """The viewer's ballots are looked for only where having one makes the difference."""
        if results_visible(campaign, self.now, has_cast=False):
            return True
        matters = results_visible(campaign, self.now, has_cast=True)
        return matters and await self.casting.has_cast(campaign, self._known_voter)

    async def standings(self, campaign: Campaign, day: date | None = None) -> Standings:
        """The campaign's standings, on all days or one. Raises ApiError RESULTS_HIDDEN when they are hidden."""
        if not await self.sees_results(campaign):
            raise results_hidden(campaign)
        return self.snapshot.standings(campaign, day)

    @property
    def _known_voter(self) -> str | None:
        try:
            return None if self.voter is None else self.voter.pseudonym
        except ApiError:
            return None


def _nobody_known() -> ApiError:
    return ApiError(
        ErrorCode.OVERLOADED,
        Text("暂时无法核实登录，请稍后重试。", "Sessions cannot be checked at the moment. Retry after 1 s."),
        retryAfter=1,
    )


def _forbidden(field: str, roles: Sequence[Role]) -> ApiError:
    names = [role.name for role in roles]
    return ApiError(
        ErrorCode.FORBIDDEN,
        Text(f"{field}需要以下角色之一：{'、'.join(names)}。", f"{field} needs the role {' or '.join(names)}."),
        roles=names,
    )


Info = strawberry.Info[Context, None]
