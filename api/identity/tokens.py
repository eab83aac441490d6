"""How a session is written down: a JSON Web Token signed with HMAC-SHA256 that carries a pseudonym, roles and no name.

PyJWT issues. Verifying is ours: every voter's first request pays for it, and our own tokens need only a part of what the
standard permits. Their first part is, byte for byte, one that we would issue; so there is no algorithm to confuse.
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
from api.domain.people.identity import Role, Session, Voter
from api.domain.texts import Text

MAX_CACHED_TOKENS = 10_000  # verified tokens; one costs about a kilobyte
MAX_TOKEN_LENGTH = 2048  # characters of a token; ours have about 300
ALGORITHM = "HS256"
AUDIENCE = "pingxuan"
LIFETIME = timedelta(hours=12)
KEY_ID_LENGTH = 8  # characters of a key's id
ROLES: Mapping[str, Role] = Role.__members__
CLAIMS = itemgetter("aud", "sub", "roles", "ver", "iat", "exp")
KINDS = (str, str, list, int, int, int)


class SignedTokens:
    """Issues tokens with the first of its keys and accepts those of all. Each key is derived from a secret and serves
    nothing else."""

    def __init__(self, secrets: Sequence[bytes], lifetime: timedelta = LIFETIME) -> None:
        keys = {_key_id(secret): hmac.digest(secret, b"session-token", hashlib.sha256) for secret in secrets}
        self._lifetime = lifetime
        self._key_id, self._key = next(iter(keys.items()))
        self._keys = {_first_part(key_id, key): key for key_id, key in keys.items()}
        self._verified = lru_cache(MAX_CACHED_TOKENS)(self._verify)

    def issue(self, voter: Voter, provider: str, now: datetime) -> Session:
        """A session for this voter that lasts as long as the settings say."""
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
        return Session(_encoded(claims, self._key_id, self._key), expires_at, voter)

    def verify(self, token: str, now: datetime) -> Voter:
        """Who a token stands for; expiry is judged by the clock the caller lives by."""
        voter, expires = self._verified(token)
        if expires <= now.timestamp():
            raise _refused("登录已过期，请重新登录。", "The session has expired. Sign in again.")
        return voter

    def _verify(self, token: str) -> tuple[Voter, int]:
        """Who the token stands for and until when, in seconds since 1970: the part that does not depend on the time."""
        found = _voter(_signed_claims(token, self._keys))
        if found is None:
            raise _refused("登录凭证无效，请重新登录。", "The token was not issued by this server. Sign in again.")
        return found


def _key_id(secret: bytes) -> str:
    """A key's public name. It changes with the secret and tells nothing about it."""
    return base64.b32encode(hmac.digest(secret, b"session-key-id", hashlib.sha256)).decode().lower()[:KEY_ID_LENGTH]


def _first_part(key_id: str, key: bytes) -> str:
    """The header that every token of this key begins with."""
    return _encoded({}, key_id, key).partition(".")[0]


def _encoded(claims: dict[str, Any], key_id: str, key: bytes) -> str:
    return jwt.encode(claims, key, ALGORITHM, headers={"kid": key_id})


def _signed_claims(token: str, keys: Mapping[str, bytes]) -> Any:
    """What a token claims; None unless one of these keys, by the header that goes with it, has signed exactly this."""
    signed, _, signature = token.rpartition(".")
    header, _, claims = signed.partition(".")
    key = keys.get(header)
    if key is None or len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        return None
    expected = base64.urlsafe_b64encode(hmac.digest(key, signed.encode(), hashlib.sha256)).rstrip(b"=")
    if not hmac.compare_digest(expected, signature.encode()):
        return None
    try:
        return orjson.loads(base64.b64decode(claims + "=" * (-len(claims) % 4), b"-_", validate=True))
    except (binascii.Error, orjson.JSONDecodeError):  # signed by us, but not as we write
        return None


def _voter(claims: Any) -> tuple[Voter, int] | None:
    """The voter and the expiry that the claims of a token of ours state; None where one is missing or of another kind."""
    try:
        found = CLAIMS(claims)
        roles = tuple([ROLES[name] for name in found[2]])
    except (KeyError, TypeError):
        return None
    if tuple(map(type, found)) != KINDS or found[0] != AUDIENCE:
        return None
    _, subject, _, version, issued, expires = found
    return Voter(subject, roles, version, issued), expires


def _refused(zh: str, en: str) -> ApiError:
    return ApiError(ErrorCode.UNAUTHENTICATED, Text(zh, en))
