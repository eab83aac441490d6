"""Signing in with an OpenID Connect provider: its ID token is verified here, against the keys it publishes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import jwt
from jwt.types import Options

from api.domain.errors import bad_input
from api.domain.people.identity import ExternalIdentity, IdToken, SignInMethod, SignInProvider
from api.identity.claims import check_claims, granted
from api.identity.http_client import Outside
from api.identity.jwks import ALGORITHMS, Key, PublishedKeys
from api.identity.oidc_config import Issuer
from api.identity.sign_in_errors import SignInError, sign_in_error

MAX_TOKEN_LENGTH = 16_384  # characters
# The library is asked about the signature alone: the claims are held against our table and our clock.
SIGNATURE: Options = {
    "verify_signature": True,
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_iss": False,
    "verify_jti": False,
    "verify_nbf": False,
    "verify_sub": False,
}


class OpenId:
    """Vouches for whom one of the declared issuers names."""

    name = "oidc"

    def __init__(self, issuers: Sequence[Issuer], outside: Outside) -> None:
        self._issuers = {issuer.name: issuer for issuer in issuers}
        self._keys = {issuer.issuer: PublishedKeys(issuer.issuer, outside) for issuer in issuers}

    @property
    def methods(self) -> tuple[SignInMethod, ...]:
        """Each declared provider, by what its tokens must say."""
        return tuple(
            SignInMethod(SignInProvider.OIDC, provider=one.name, issuer=one.issuer, client_ids=tuple(one.audiences))
            for one in self._issuers.values()
        )

    async def authenticate(self, credential: IdToken, now: datetime) -> ExternalIdentity:
        """The person within the issuer, with the roles that its tables grant."""
        issuer = self._issuer(credential.provider)
        algorithm, name = _header(credential.token)
        key = await self._keys[issuer.issuer].find(algorithm, name, now)
        claims = _signed(credential.token, key)
        check_claims(claims, issuer, credential.nonce, now.timestamp())
        return ExternalIdentity(issuer.issuer, claims["sub"], granted(claims, issuer))

    def _issuer(self, name: str) -> Issuer:
        if name in self._issuers:
            return self._issuers[name]
        known = ", ".join(self._issuers)
        raise bad_input(
            f"没有这个登录服务；可用的有：{known}。",
            f"There is no such provider here. The ones there are: {known}.",
            argument="with.oidc.provider",
        )


def _header(token: str) -> tuple[str, str | None]:
    """The algorithm and the key that a token names, neither of them believed yet. Raises ApiError TOKEN_INVALID."""
    if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        raise sign_in_error(SignInError.TOKEN_INVALID)
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise sign_in_error(SignInError.TOKEN_INVALID) from None
    kind = str(header.get("typ", "JWT")).upper()  # access and logout tokens may say here that they are none
    if header.get("alg") not in ALGORITHMS.values() or kind != "JWT":
        raise sign_in_error(SignInError.TOKEN_INVALID)
    return header["alg"], header.get("kid")


def _signed(token: str, key: Key) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(token, key.made, [key.algorithm], options=SIGNATURE)
    except jwt.PyJWTError:
        raise sign_in_error(SignInError.TOKEN_INVALID) from None
    return claims
