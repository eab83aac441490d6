"""Who may vote: whoever has certain claims from a sign-in provider, or is on a list."""

from dataclasses import dataclass
from typing import Literal

from api.domain.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class RequiredClaim:
    """A claim of a voter's sign-in, of which one of these values is required; none: any value."""

    claim: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """A voter has all these claims and, where `listed`, is on the campaign's list of voters. described: to voters."""

    claims: tuple[RequiredClaim, ...]
    listed: bool
    described: LocalizedText | None = None
    kind: Literal["ELIGIBILITY"] = "ELIGIBILITY"
