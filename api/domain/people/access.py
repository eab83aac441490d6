"""Which roles viewers have been granted, and whose sessions have been revoked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.domain.errors import ApiError, ErrorCode
from api.domain.people.identity import Role, Voter
from api.domain.texts import Text


@dataclass(frozen=True, slots=True)
class Grant:
    """A role of a viewer, given by pseudonym: in one campaign or, where campaign is None, in all."""

    viewer: str
    role: Role
    campaign: str | None = None


@dataclass(frozen=True)
class AccessGrants:
    """All grants and revocations at one moment, by the viewers' pseudonyms.

    Revocations are numbered from 1. A session carries the last number there was when it began, its version, and is ended
    by any later one of its viewer or of everybody, so no clock decides which came first. everybody: the last of those.
    """

    granted: Mapping[str, frozenset[Grant]] = field(default_factory=dict)
    revoked: Mapping[str, int] = field(default_factory=dict)
    everybody: int = 0

    @property
    def version(self) -> int:
        """The number of the last revocation, 0 before the first."""
        return max(self.everybody, *self.revoked.values(), 0)

    def check(self, voter: Voter) -> Voter:
        """The voter, whose session still holds. Raises ApiError UNAUTHENTICATED when it has been ended."""
        if voter.version < max(self.everybody, self.revoked.get(voter.pseudonym, 0)):
            raise ApiError(
                ErrorCode.UNAUTHENTICATED,
                Text("登录已被撤销，请重新登录。", "The session has been revoked. Sign in again."),
            )
        return voter

    def roles(self, voter: Voter) -> tuple[Role, ...]:
        """Every role the voter has, in whichever campaign, in the order of the enum."""
        return _in_order({*voter.roles, *(grant.role for grant in self._grants(voter))})

    def roles_in(self, voter: Voter, campaign: str | None) -> tuple[Role, ...]:
        """The roles that count in a campaign; for None, those that count in all."""
        granted = (grant.role for grant in self._grants(voter) if grant.campaign in (None, campaign))
        return _in_order({*voter.roles, *granted})

    def _grants(self, voter: Voter) -> frozenset[Grant]:
        return self.granted.get(voter.pseudonym, frozenset())


def revocations_unknown() -> ApiError:
    """The error while it cannot be known which sessions have been revoked."""
    return ApiError(
        ErrorCode.OVERLOADED,
        Text("暂时无法核实登录，请稍后重试。", "Sessions cannot be checked at the moment. Retry after 1 s."),
        retryAfter=1,
    )


def _in_order(roles: set[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in roles)
