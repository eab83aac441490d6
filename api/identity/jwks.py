"""The signing keys of an OpenID Connect issuer: found by discovery, cached for an hour, fetched anew for an unknown key."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from api.addresses import is_secure_url
from api.domain.errors import ApiError
from api.identity.http_client import ProviderClient
from api.identity.sign_in_errors import SignInError, sign_in_error

CACHE_TTL = timedelta(hours=1)  # a key that is withdrawn is trusted for so long at most
# Between two fetches, whatever tokens strangers send; longer than the timeout of any sign-in.
REFETCH_INTERVAL = timedelta(seconds=15)
MAX_KEYS = 100  # of one issuer; further ones are ignored
MIN_RSA_BITS = 2048  # bits
# The algorithm of a key by its kty and crv: a key serves one, so a token cannot choose another for it.
ALGORITHMS = {("RSA", None): "RS256", ("EC", "P-256"): "ES256", ("OKP", "Ed25519"): "EdDSA"}
WELL_KNOWN = "/.well-known/openid-configuration"
log = logging.getLogger("pingxuan.identity")


@dataclass(frozen=True, slots=True)
class Key:
    """A public key that verifies ID tokens by one algorithm."""

    kid: str | None
    algorithm: str
    jwk: jwt.PyJWK


class JwksCache:
    """The keys of one issuer. While it cannot be reached, the cached ones serve until they expire."""

    def __init__(self, issuer: str, client: ProviderClient) -> None:
        self._issuer = issuer
        self._client = client
        self._keys: tuple[Key, ...] = ()
        self._lock = asyncio.Lock()
        self._loaded_at: datetime | None = None
        self._attempted_at: datetime | None = None
        self._error: SignInError | None = None  # of the last attempt to fetch

    async def find(self, algorithm: str, kid: str | None, now: datetime) -> Key:
        """The key for a token. Raises ApiError KEY_UNKNOWN, or why the issuer's keys cannot be fetched."""
        key = self._find_cached(algorithm, kid, now)
        if key is None:
            async with self._lock:
                key = self._find_cached(algorithm, kid, now) or await self._refetch_and_find(algorithm, kid, now)
        if key is None:
            raise sign_in_error(SignInError.KEY_UNKNOWN)
        return key

    def _find_cached(self, algorithm: str, kid: str | None, now: datetime) -> Key | None:
        """A token without a kid is verified only where the issuer has a single key for its algorithm."""
        if not _is_recent(CACHE_TTL, self._loaded_at, now):
            return None
        candidates = [key for key in self._keys if key.algorithm == algorithm and kid in (None, key.kid)]
        return candidates[0] if candidates and (kid is not None or len(candidates) == 1) else None

    async def _refetch_and_find(self, algorithm: str, kid: str | None, now: datetime) -> Key | None:
        """Fetch at most once an interval; callers that waited for the lock share the result, or its error."""
        if not _is_recent(REFETCH_INTERVAL, self._attempted_at, now):
            await self._fetch(now)
        if self._error is not None:
            raise sign_in_error(self._error)
        return self._find_cached(algorithm, kid, now)

    async def _fetch(self, now: datetime) -> None:
        try:
            async with self._client.timeout(self._issuer):
                self._keys = await self._fetch_keys()
            self._loaded_at, self._error = now, None
        except ApiError as error:
            self._error = SignInError[str(error.details["reason"])]
        self._attempted_at = now

    async def _fetch_keys(self) -> tuple[Key, ...]:
        configuration = await self._client.get_json(self._issuer, self._issuer.removesuffix("/") + WELL_KNOWN)
        jwks_uri = configuration.get("jwks_uri")
        if configuration.get("issuer") != self._issuer:
            raise self._log_misconfiguration("its discovery document is another issuer's")
        if not isinstance(jwks_uri, str) or not is_secure_url(jwks_uri):
            raise self._log_misconfiguration("its discovery document has no jwks_uri with https")
        entries = (await self._client.get_json(self._issuer, jwks_uri)).get("keys")
        keys = tuple(_usable_keys(entries if isinstance(entries, list) else ()))
        if not keys:
            raise self._log_misconfiguration(f"it publishes no key for {', '.join(ALGORITHMS.values())}")
        return keys

    def _log_misconfiguration(self, problem: str) -> ApiError:
        log.error("%s: %s", self._issuer, problem)
        return sign_in_error(SignInError.NEEDS_STAFF)


def _is_recent(span: timedelta, since: datetime | None, now: datetime) -> bool:
    """Whether it was less than a span ago, also where now is earlier: a caller who waited for the lock came before it."""
    return since is not None and abs(now - since) < span


def _usable_keys(entries: Iterable[Any]) -> Iterator[Key]:
    for entry in list(entries)[:MAX_KEYS]:
        if isinstance(entry, dict) and (key := _parse_key(entry)) is not None:
            yield key


def _parse_key(entry: dict[str, Any]) -> Key | None:
    """The key, or None for one that is private, weak, malformed, or not for signatures by one of our algorithms."""
    kid, kty, crv = entry.get("kid"), entry.get("kty"), entry.get("crv")
    algorithm = ALGORITHMS.get((kty, crv)) if isinstance(kty, str) and isinstance(crv, str | None) else None
    if (
        algorithm is None
        or entry.get("alg", algorithm) != algorithm
        or entry.get("use", "sig") != "sig"
        or "d" in entry
    ):
        return None
    try:
        jwk = jwt.PyJWK(entry, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):  # no such number, or not on the curve
        return None
    is_weak = isinstance(jwk.key, RSAPublicKey) and jwk.key.key_size < MIN_RSA_BITS
    return None if is_weak else Key(kid if isinstance(kid, str) else None, algorithm, jwk)
