"""What is asked of every claim of an ID token: a table of checks, in which what nobody accounted for is refused.

A logout token, an access token or a token for acting on behalf of another is signed with the same key as an ID token.
What tells them apart are claims that an ID token does not have, so a claim without a check keeps a token out.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.domain.people.identity import Role
from api.identity.oidc_config import Issuer
from api.identity.sign_in_errors import SignInError, sign_in_error

MAX_SUBJECT_LENGTH = 255  # characters, as OpenID Connect has it
MAX_NAME_LENGTH = 64  # characters of a claim's name that an error repeats


@dataclass(frozen=True, slots=True)
class Expected:
    """What the claims are held against. now is in seconds since 1970."""

    issuer: Issuer
    nonce: str | None
    now: float
    claims: Mapping[str, Any]


Check = Callable[
    [Any, Expected], SignInError | None
]  # the claim's value, None where it is missing; what is wrong with it


def _iss(value: Any, expected: Expected) -> SignInError | None:
    return None if value == expected.issuer.issuer else SignInError.TOKEN_NOT_FOR_US


def _aud(value: Any, expected: Expected) -> SignInError | None:
    """All audiences are ours: what is meant for others as well, others could pass on."""
    named = value if isinstance(value, list) else [value]
    ours = bool(named) and all(audience in expected.issuer.audiences for audience in named)
    return None if ours else SignInError.TOKEN_NOT_FOR_US


def _azp(value: Any, expected: Expected) -> SignInError | None:
    several = isinstance(expected.claims["aud"], list) and len(expected.claims["aud"]) > 1
    fits = not several if value is None else value in expected.issuer.audiences
    return None if fits else SignInError.TOKEN_NOT_FOR_US


def _typ(value: Any, expected: Expected) -> SignInError | None:
    return None if value in (None, "ID") else SignInError.TOKEN_NOT_FOR_US


def _exp(value: Any, expected: Expected) -> SignInError | None:
    if not _is_time(value):
        return SignInError.CLAIM_REFUSED
    return None if expected.now < value + expected.issuer.clock_skew else SignInError.TOKEN_EXPIRED


def _iat(value: Any, expected: Expected) -> SignInError | None:
    if not _is_time(value):
        return SignInError.CLAIM_REFUSED
    oldest = value + expected.issuer.at_most_age + expected.issuer.clock_skew
    return _begun(value, expected) or (None if expected.now <= oldest else SignInError.TOKEN_EXPIRED)


def _nbf(value: Any, expected: Expected) -> SignInError | None:
    if value is None:
        return None
    return _begun(value, expected) if _is_time(value) else SignInError.CLAIM_REFUSED


def _sub(value: Any, expected: Expected) -> SignInError | None:
    fits = isinstance(value, str) and 0 < len(value) <= MAX_SUBJECT_LENGTH and value.isascii() and value.isprintable()
    return None if fits else SignInError.CLAIM_REFUSED


def _nonce(value: Any, expected: Expected) -> SignInError | None:
    if value is None and expected.issuer.nonce:
        return SignInError.NONCE_WRONG
    return None if value == expected.nonce else SignInError.NONCE_WRONG


def _begun(value: float, expected: Expected) -> SignInError | None:
    return None if value <= expected.now + expected.issuer.clock_skew else SignInError.TOKEN_NOT_YET_VALID


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
# What an ID token may say beside that without changing who signed in, or for whom: how and when the person proved
# themselves to the provider, hashes of what came with the token, its number, and the standard facts about a person.
PROVING = frozenset({"acr", "amr", "at_hash", "auth_time", "c_hash", "jti", "s_hash", "session_state", "sid"})
PERSON = frozenset(
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
ACCOUNTED = CHECKS.keys() | PROVING | PERSON


def check_claims(claims: Mapping[str, Any], issuer: Issuer, nonce: str | None, now: float) -> None:
    """Let the claims of a token whose signature is right pass, or raise ApiError with the first that does not.

    The error names the claim; what it says is not repeated.
    """
    expected = Expected(issuer, nonce, now, claims)
    for name, check in CHECKS.items():
        if reason := check(claims.get(name), expected):
            raise sign_in_error(reason, claim=name)
    for name, values in issuer.claims.items():
        if not any(_is_one_of(value, values) for value in _each(claims.get(name))):
            raise sign_in_error(SignInError.CLAIM_REFUSED, claim=name)
    unaccounted = claims.keys() - ACCOUNTED - issuer.claims.keys() - issuer.roles.keys() - {*issuer.ignored}
    if unaccounted and not issuer.ignores_everything:
        raise sign_in_error(SignInError.CLAIM_UNACCOUNTED, claim=_spelled(min(unaccounted)))


def granted(claims: Mapping[str, Any], issuer: Issuer) -> tuple[Role, ...]:
    """The roles that the provider's tables give for what the claims say; a value that is in no table gives none."""
    found = (
        table[value]
        for name, table in issuer.roles.items()
        for value in _each(claims.get(name))
        if isinstance(value, str) and value in table
    )
    return tuple(dict.fromkeys(found))


def _spelled(name: str) -> str:
    """A claim's name as an error can hold it, whatever its letters."""
    return name[:MAX_NAME_LENGTH].encode("ascii", "backslashreplace").decode()


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_one_of(value: object, accepted: list[Any]) -> bool:
    """Equal and of one kind: 1 is not true."""
    return any(type(value) is type(one) and value == one for one in accepted)
