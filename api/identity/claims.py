"""The checks of an ID token's claims: a table, and a claim that is neither in it nor otherwise allowed refuses the token.

A logout token, an access token or a token for acting on behalf of another is signed with the same key as an ID token.
What tells them apart are claims that an ID token does not have.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.domain.people.identity import Claims, Role
from api.identity.oidc_config import Issuer
from api.identity.sign_in_errors import SignInError, sign_in_error

MAX_SUBJECT_LENGTH = 255  # characters, as OpenID Connect has it
MAX_NAME_LENGTH = 64  # characters of a claim's name that an error message repeats
MAX_KEPT_LENGTH = 768  # characters of all claims that are kept, as the session token has them


@dataclass(frozen=True, slots=True)
class ClaimContext:
    """What a check compares a claim with. now: in seconds since 1970; claims: all claims of the token."""

    issuer: Issuer
    nonce: str | None
    now: float
    claims: Mapping[str, Any]


# From the claim's value, None where it is missing, to what is wrong with it, None where nothing is.
Check = Callable[[Any, ClaimContext], SignInError | None]


def _iss(value: Any, context: ClaimContext) -> SignInError | None:
    return None if value == context.issuer.issuer else SignInError.TOKEN_NOT_FOR_US


def _aud(value: Any, context: ClaimContext) -> SignInError | None:
    """Accept our audiences alone: a token that is meant for others as well could have been passed on by them."""
    audiences = _as_list(value)
    is_ours = bool(audiences) and all(audience in context.issuer.audiences for audience in audiences)
    return None if is_ours else SignInError.TOKEN_NOT_FOR_US


def _azp(value: Any, context: ClaimContext) -> SignInError | None:
    has_several = isinstance(context.claims["aud"], list) and len(context.claims["aud"]) > 1
    is_valid = not has_several if value is None else value in context.issuer.audiences
    return None if is_valid else SignInError.TOKEN_NOT_FOR_US


def _typ(value: Any, context: ClaimContext) -> SignInError | None:
    return None if value in (None, "ID") else SignInError.TOKEN_NOT_FOR_US


def _exp(value: Any, context: ClaimContext) -> SignInError | None:
    if not _is_time(value):
        return SignInError.CLAIM_REFUSED
    return None if context.now < value + context.issuer.clock_skew else SignInError.TOKEN_EXPIRED


def _iat(value: Any, context: ClaimContext) -> SignInError | None:
    if not _is_time(value):
        return SignInError.CLAIM_REFUSED
    latest = value + context.issuer.at_most_age + context.issuer.clock_skew
    return _check_not_in_future(value, context) or (None if context.now <= latest else SignInError.TOKEN_EXPIRED)


def _nbf(value: Any, context: ClaimContext) -> SignInError | None:
    if value is None:
        return None
    return _check_not_in_future(value, context) if _is_time(value) else SignInError.CLAIM_REFUSED


def _sub(value: Any, context: ClaimContext) -> SignInError | None:
    is_valid = (
        isinstance(value, str) and 0 < len(value) <= MAX_SUBJECT_LENGTH and value.isascii() and value.isprintable()
    )
    return None if is_valid else SignInError.CLAIM_REFUSED


def _nonce(value: Any, context: ClaimContext) -> SignInError | None:
    if value is None and context.issuer.nonce:
        return SignInError.NONCE_WRONG
    return None if value == context.nonce else SignInError.NONCE_WRONG


def _check_not_in_future(value: float, context: ClaimContext) -> SignInError | None:
    return None if value <= context.now + context.issuer.clock_skew else SignInError.TOKEN_NOT_YET_VALID


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


CHECKS: Mapping[str, Check] = {
    "iss": _iss,
    "aud": _aud,
    "azp": _azp,
    "typ": _typ,
    "sub": _sub,
    "exp": _exp,
    "iat": _iat,
    "nbf": _nbf,
    "nonce": _nonce,
}
# Standard claims that change neither who signed in nor for whom: how and when the person proved themselves to the
# provider, hashes of what came with the token, its number; and the profile of a person.
PROTOCOL_CLAIMS = frozenset({"acr", "amr", "at_hash", "auth_time", "c_hash", "jti", "s_hash", "session_state", "sid"})
PROFILE_CLAIMS = frozenset(
    {
        "address",
        "birthdate",
        "email",
        "email_verified",
        "family_name",
        "gender",
        "given_name",
        "locale",
        "middle_name",
        "name",
        "nickname",
        "phone_number",
        "phone_number_verified",
        "picture",
        "preferred_username",
        "profile",
        "updated_at",
        "website",
        "zoneinfo",
    }
)
KNOWN_CLAIMS = CHECKS.keys() | PROTOCOL_CLAIMS | PROFILE_CLAIMS


def check_claims(claims: Mapping[str, Any], issuer: Issuer, nonce: str | None, now: float) -> None:
    """Check the claims of a token whose signature is verified. now: in seconds since 1970.

    Raises ApiError SIGN_IN_FAILED for the first that fails. It names the claim and does not repeat its value.
    """
    context = ClaimContext(issuer, nonce, now, claims)
    for name, check in CHECKS.items():
        if reason := check(claims.get(name), context):
            raise sign_in_error(reason, claim=name)
    for name, values in issuer.claims.items():
        if not any(_is_accepted(value, values) for value in _as_list(claims.get(name))):
            raise sign_in_error(SignInError.CLAIM_REFUSED, claim=name)
    declared = {*issuer.claims, *issuer.roles, *issuer.keep, *issuer.ignored}
    unknown = claims.keys() - KNOWN_CLAIMS - declared
    if unknown and not issuer.ignores_everything:
        raise sign_in_error(SignInError.CLAIM_UNACCOUNTED, claim=_printable(min(unknown)))


def granted_roles(claims: Mapping[str, Any], issuer: Issuer) -> tuple[Role, ...]:
    """The roles that the issuer's tables grant for the values of claims; a value that is in no table grants none."""
    roles = (
        table[value]
        for name, table in issuer.roles.items()
        for value in _as_list(claims.get(name))
        if isinstance(value, str) and value in table
    )
    return tuple(dict.fromkeys(roles))


def kept_claims(claims: Mapping[str, Any], issuer: Issuer) -> Claims:
    """The claims that the issuer's table keeps, each value as text: `true` and `1` as JSON writes them.

    Raises ApiError SIGN_IN_FAILED for a claim that is no text, number or truth value, nor a list of these, or too long.
    """
    kept: dict[str, tuple[str, ...]] = {}
    for name in issuer.keep:
        values = _as_list(claims.get(name, []))
        if values:
            kept[name] = tuple(value if isinstance(value, str) else json.dumps(value) for value in values)
        if not all(isinstance(value, str | int) for value in values) or len(json.dumps(kept)) > MAX_KEPT_LENGTH:
            raise sign_in_error(SignInError.CLAIM_REFUSED, claim=name)
    return kept


def _printable(name: str) -> str:
    """A claim's name, shortened and in ASCII, so that an error can repeat it whatever it holds."""
    return name[:MAX_NAME_LENGTH].encode("ascii", "backslashreplace").decode()


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_accepted(value: object, accepted: list[Any]) -> bool:
    """Whether it equals one of them and has its type: 1 is not true."""
    return any(type(value) is type(candidate) and value == candidate for candidate in accepted)
