"""Session tokens: JSON Web Tokens signed with HMAC-SHA256 that hold a pseudonym, roles and what else decides, and no name.

PyJWT encodes them. Verification is our own: every voter's first request pays for it, and our tokens use only a part of
what the standard permits. Their header is compared whole, byte for byte, so there is no algorithm to confuse.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any

import jwt
import orjson

from api.domain.errors import ApiError, ErrorCode
from api.domain.mac import HmacSha256
from api.domain.people.identity import Claims, Role, Session, Voter
from api.domain.texts import Text
from api.domain.voting.channels import Channel

MAX_CACHED_TOKENS = 10_000  # verified tokens; one costs about a kilobyte
MAX_TOKEN_LENGTH = 2048  # characters of a token; ours have about 300, and up to 1,024 more with claims
ALGORITHM = "HS256"
AUDIENCE = "pingxuan"
LIFETIME = timedelta(hours=12)
KEY_ID_LENGTH = 8  # characters of a key's id
ROLES: Mapping[str, Role] = dict(Role.__members__)
CHANNELS: Mapping[str, Channel] = dict(Channel.__members__)
CLAIMS = itemgetter("aud", "sub", "roles", "ver", "iat", "exp")
CLAIM_TYPES = (str, str, list, int, int, int)
TO_URL_SAFE = bytes.maketrans(b"+/", b"-_")  # from the alphabet of base64 to that of base64url (RFC 4648)
FROM_URL_SAFE = bytes.maketrans(b"-_+/", b"+/--")  # back again; what only the other alphabet has becomes invalid


class SignedTokens:
    """Signs with the first of its keys and accepts tokens of all. Each key is derived from a secret, for tokens alone."""

    def __init__(self, secrets: Sequence[bytes], lifetime: timedelta = LIFETIME) -> None:
        keys = {_key_id(secret): hmac.digest(secret, b"session-token", hashlib.sha256) for secret in secrets}
        self._lifetime = lifetime
        self._key_id, self._key = next(iter(keys.items()))
        self._keys = {_encoded_header(key_id, key): HmacSha256(key) for key_id, key in keys.items()}
        self._verify_cached = lru_cache(MAX_CACHED_TOKENS)(self._verify)

    def issue(self, voter: Voter, provider: str, now: datetime) -> Session:
        """Issue a session that expires after `lifetime`. provider: recorded in the claim idp."""
        expires_at = (now + self._lifetime).astimezone(UTC).replace(microsecond=0)
        claims = {
            "sub": voter.pseudonym,
            "aud": AUDIENCE,
            "idp": provider,
            "roles": [role.name for role in voter.roles],
            "ver": voter.version,
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        if voter.channel is not Channel.WEB:
            claims["chn"] = voter.channel.name
        if voter.claims:
            claims["kept"] = voter.claims
        return Session(_encode(claims, self._key_id, self._key), expires_at, voter)

    def verify(self, token: str, now: datetime) -> Voter:
        """The voter whose token this is. Raises ApiError UNAUTHENTICATED when it is not ours, or has expired by now."""
        voter, expires_at = self._verify_cached(token)
        if expires_at <= now.timestamp():
            raise _unauthenticated(Text("登录已过期，请重新登录。", "The session has expired. Sign in again."))
        return voter

    def _verify(self, token: str) -> tuple[Voter, int]:
        """The voter and the expiry in seconds since 1970: what does not depend on the time and can be cached."""
        result = _parse_claims(_verify_signature(token, self._keys))
        if result is None:
            raise _unauthenticated(
                Text("登录凭证无效，请重新登录。", "The token was not issued by this server. Sign in again.")
            )
        return result


def _key_id(secret: bytes) -> str:
    """The `kid` of the key that is derived from this secret. It tells nothing about the secret."""
    return base64.b32encode(hmac.digest(secret, b"session-key-id", hashlib.sha256)).decode().lower()[:KEY_ID_LENGTH]


def _encoded_header(key_id: str, key: bytes) -> str:
    """The first part of every token that is signed with this key."""
    return _encode({}, key_id, key).partition(".")[0]


def _encode(claims: dict[str, Any], key_id: str, key: bytes) -> str:
    return jwt.encode(claims, key, ALGORITHM, headers={"kid": key_id})


def _verify_signature(token: str, keys: Mapping[str, HmacSha256]) -> Any:
    """The claims; None unless the token is signed with the key whose encoded header it begins with."""
    signed, _, signature = token.rpartition(".")
    header, _, claims = signed.partition(".")
    key = keys.get(header)
    if key is None or len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        return None
    expected = binascii.b2a_base64(key.digest(signed.encode()), newline=False).translate(TO_URL_SAFE, b"=")
    if not hmac.compare_digest(expected, signature.encode()):
        return None
    try:
        padded = (claims + "=" * (-len(claims) % 4)).encode()
        return orjson.loads(binascii.a2b_base64(padded.translate(FROM_URL_SAFE), strict_mode=True))
    except (binascii.Error, orjson.JSONDecodeError):  # signed with our key, but not encoded as we encode
        return None


def _parse_claims(claims: Any) -> tuple[Voter, int] | None:
    """The voter and the expiry in seconds since 1970; None where a claim is missing or has another type."""
    try:
        values = CLAIMS(claims)
        roles = tuple(map(ROLES.__getitem__, values[2]))
        channel = CHANNELS[claims["chn"]] if "chn" in claims else Channel.WEB
        kept = _parse_kept(claims["kept"]) if "kept" in claims else {}
    except (KeyError, TypeError):
        return None
    if tuple(map(type, values)) != CLAIM_TYPES or values[0] != AUDIENCE:
        return None
    _, subject, _, version, issued_at, expires_at = values
    return Voter(subject, roles, version, issued_at, channel, kept), expires_at


def _parse_kept(kept: Any) -> Claims:
    """The claims that the provider made. Raises TypeError where they are not lists of texts by name."""
    if not isinstance(kept, dict) or not all(isinstance(values, list) for values in kept.values()):
        raise TypeError
    if not all(isinstance(value, str) for values in kept.values() for value in values):
        raise TypeError
    return {name: tuple(values) for name, values in kept.items()}


def _unauthenticated(message: Text) -> ApiError:
    return ApiError(ErrorCode.UNAUTHENTICATED, message)
