"""How a session is written down: a JSON Web Token signed with HMAC-SHA256 that carries a pseudonym and nothing else."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt
from jwt.types import Options

from api.domain.faults import Fault, FaultCode
from api.domain.people import Role, Session, Voter
from api.domain.texts import Text

MOST_REMEMBERED = 10_000  # verified tokens; one costs about a kilobyte
ALGORITHM = "HS256"
AUDIENCE = "pingxuan"
LIFETIME = timedelta(days=30)  # a demonstration's guest stays signed in for the whole of a vote
CHECKS: Options = {"require": ["sub", "aud", "exp", "roles"], "verify_exp": False, "verify_iat": False}


class SignedTokens:
    """Issues and verifies tokens with one key, derived from the server's secret so that it serves nothing else."""

    def __init__(self, server_secret: bytes) -> None:
        self._key = hmac.digest(server_secret, b"session-token", hashlib.sha256)
        self._verified = lru_cache(MOST_REMEMBERED)(self._verify)

    def issue(self, voter: Voter, provider: str, now: datetime) -> Session:
        """A session of thirty days for this voter."""
        expires_at = (now + LIFETIME).astimezone(UTC).replace(microsecond=0)
        claims = {
            "sub": voter.pseudonym,
            "aud": AUDIENCE,
            "idp": provider,
            "roles": [role.name for role in voter.roles],
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        return Session(jwt.encode(claims, self._key, ALGORITHM), expires_at, voter)

    def verify(self, token: str, now: datetime) -> Voter:
        """Who a token stands for; expiry is judged by the clock the caller lives by."""
        voter, expires = self._verified(token)
        if expires <= now.timestamp():
            raise _refused("登录已过期，请重新登录。", "The session has expired. Sign in again.")
        return voter

    def _verify(self, token: str) -> tuple[Voter, float]:
        """Who the token stands for and until when, in seconds since 1970: the part that does not depend on the time."""
        try:
            claims: dict[str, Any] = jwt.decode(token, self._key, [ALGORITHM], options=CHECKS, audience=AUDIENCE)
            return Voter(claims["sub"], tuple(Role[name] for name in claims["roles"])), claims["exp"]
        except (jwt.PyJWTError, KeyError, TypeError) as error:  # the latter two: claims of another version's
            raise _refused(
                "登录凭证无效，请重新登录。", "The token was not issued by this server. Sign in again."
            ) from error


def _refused(zh: str, en: str) -> Fault:
    return Fault(FaultCode.UNAUTHENTICATED, Text(zh, en))
