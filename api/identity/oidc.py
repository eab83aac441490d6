"""Sign-in with an OpenID Connect provider: its ID token is verified here, against the keys that the issuer publishes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import jwt
from jwt.types import Options

from api.domain.errors import bad_input
from api.domain.people.identity import ExternalIdentity, IdToken, SignInMethod, SignInProvider
from api.domain.texts import Text
from api.identity.claims import check_claims, granted_roles, kept_claims
from api.identity.http_client import ProviderClient
from api.identity.jwks import ALGORITHMS, JwksCache, Key
from api.identity.oidc_config import Issuer
from api.identity.sign_in_errors import SignInError, sign_in_error

MAX_TOKEN_LENGTH = 16_384  # characters
# PyJWT verifies the signature alone: the claims are checked against our table and our clock.
SIGNATURE_ONLY: Options = {
    "verify_signature": True,
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_iss": False,
    "verify_jti": False,
    "verify_nbf": False,
    "verify_sub": False,
}


class OidcProvider:
    """Authenticates by ID tokens of the issuers in the providers file."""

    name = "oidc"

    def __init__(self, issuers: Sequence[Issuer], client: ProviderClient) -> None:
        self._issuers = {issuer.name: issuer for issuer in issuers}
        self._keys = {issuer.issuer: JwksCache(issuer.issuer, client) for issuer in issuers}

    @property
    def methods(self) -> tuple[SignInMethod, ...]:
        """One method for each `[[provider]]`, with the iss and aud that its tokens must have."""
        return tuple(
            SignInMethod(
                SignInProvider.OIDC,
                provider=issuer.name,
                issuer=issuer.issuer,
                client_ids=tuple(issuer.audiences),
            )
            for issuer in self._issuers.values()
        )

    async def authenticate(self, credential: IdToken, now: datetime) -> ExternalIdentity:
        """The token's subject within its issuer, with the roles that the issuer's tables grant and the claims that they keep.

        Raises ApiError BAD_INPUT for an unknown provider, SIGN_IN_FAILED or SIGN_IN_UNAVAILABLE.
        """
        issuer = self._find_issuer(credential.provider)
        algorithm, kid = _read_header(credential.token)
        key = await self._keys[issuer.issuer].find(algorithm, kid, now)
        claims = _verify_signature(credential.token, key)
        check_claims(claims, issuer, credential.nonce, now.timestamp())
        kept = kept_claims(claims, issuer)
        return ExternalIdentity(issuer.issuer, claims["sub"], granted_roles(claims, issuer), claims=kept)

    def _find_issuer(self, name: str) -> Issuer:
        if name in self._issuers:
            return self._issuers[name]
        names = ", ".join(self._issuers)
        raise bad_input(
            Text(
                "没有这个登录服务；可用的有：{names}。",
                "There is no such provider here. The ones there are: {names}.",
                names=names,
            ),
            argument="with.oidc.provider",
        )


def _read_header(token: str) -> tuple[str, str | None]:
    """The alg and the kid of a token whose signature is not verified yet. Raises ApiError TOKEN_INVALID."""
    if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        raise sign_in_error(SignInError.TOKEN_INVALID)
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise sign_in_error(SignInError.TOKEN_INVALID) from None
    typ = str(header.get("typ", "JWT")).upper()  # access and logout tokens may have another one
    if header.get("alg") not in ALGORITHMS.values() or typ != "JWT":
        raise sign_in_error(SignInError.TOKEN_INVALID)
    return header["alg"], header.get("kid")


def _verify_signature(token: str, key: Key) -> dict[str, Any]:
    """The claims, not checked yet. Raises ApiError TOKEN_INVALID."""
    try:
        claims: dict[str, Any] = jwt.decode(token, key.jwk, [key.algorithm], options=SIGNATURE_ONLY)
    except jwt.PyJWTError:
        raise sign_in_error(SignInError.TOKEN_INVALID) from None
    return claims
