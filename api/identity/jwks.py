"""Which keys an issuer signs with: found by discovery, kept for an hour, and asked for again when an unknown one turns up."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from api.addresses import is_private_url
from api.domain.errors import ApiError
from api.identity.http_client import Outside
from api.identity.sign_in_errors import SignInError, sign_in_error

CACHE_TTL = timedelta(hours=1)  # a key that is withdrawn is trusted for so long at most
REFETCH_INTERVAL = timedelta(
    seconds=15
)  # between two askings, whatever strangers send; longer than any sign-in's patience
MAX_KEYS = 100
MIN_RSA_BITS = 2048  # bits
# The algorithm of a key by its kind and curve: a key serves one, so a token cannot choose another for it.
ALGORITHMS = {("RSA", None): "RS256", ("EC", "P-256"): "ES256", ("OKP", "Ed25519"): "EdDSA"}
WELL_KNOWN = "/.well-known/openid-configuration"
log = logging.getLogger("pingxuan.identity")


@dataclass(frozen=True, slots=True)
class Key:
    """A public key that verifies ID tokens by one algorithm. name is its `kid`."""

    name: str | None
    algorithm: str
    made: jwt.PyJWK


class PublishedKeys:
    """The keys of one issuer."""

    def __init__(self, issuer: str, outside: Outside) -> None:
        self._issuer = issuer
        self._outside = outside
        self._keys: tuple[Key, ...] = ()
        self._asking = asyncio.Lock()
        self._read_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._failure: SignInError | None = None  # of the last asking

    async def find(self, algorithm: str, name: str | None, now: datetime) -> Key:
        """The key for a token. Raises ApiError KEY_UNKNOWN, or why the issuer cannot be asked."""
        found = self._find(algorithm, name, now)
        if found is None:
            async with self._asking:
                found = self._find(algorithm, name, now) or await self._find_anew(algorithm, name, now)
        if found is None:
            raise sign_in_error(SignInError.KEY_UNKNOWN)
        return found

    def _find(self, algorithm: str, name: str | None, now: datetime) -> Key | None:
        """A token that names no key can only mean the one there is for its algorithm."""
        if not _within(CACHE_TTL, self._read_at, now):
            return None
        fitting = [key for key in self._keys if key.algorithm == algorithm and name in (None, key.name)]
        return fitting[0] if fitting and (name is not None or len(fitting) == 1) else None

    async def _find_anew(self, algorithm: str, name: str | None, now: datetime) -> Key | None:
        """Asked once in a while, however many are waiting: they share what came of it."""
        if not _within(REFETCH_INTERVAL, self._asked_at, now):
            await self._ask(now)
        if self._failure is not None:
            raise sign_in_error(self._failure)
        return self._find(algorithm, name, now)

    async def _ask(self, now: datetime) -> None:
        try:
            async with self._outside.timeout(self._issuer):
                self._keys = await self._published()
            self._read_at, self._failure = now, None
        except ApiError as fault:
            self._failure = SignInError[str(fault.details["reason"])]
        self._asked_at = now

    async def _published(self) -> tuple[Key, ...]:
        described = await self._outside.ask(self._issuer, self._issuer.removesuffix("/") + WELL_KNOWN)
        where = described.get("jwks_uri")
        if described.get("issuer") != self._issuer:
            raise self._wrong("its discovery document is another issuer's")
        if not isinstance(where, str) or not is_private_url(where):
            raise self._wrong("its discovery document has no jwks_uri with https")
        entries = (await self._outside.ask(self._issuer, where)).get("keys")
        keys = tuple(_usable(entries if isinstance(entries, list) else ()))
        if not keys:
            raise self._wrong(f"it publishes no key for {', '.join(ALGORITHMS.values())}")
        return keys

    def _wrong(self, what: str) -> ApiError:
        log.error("%s: %s", self._issuer, what)
        return sign_in_error(SignInError.NEEDS_STAFF)


def _within(span: timedelta, since: datetime | None, now: datetime) -> bool:
    """Whether it was less than a span ago, also for a caller who came before it and waited."""
    return since is not None and abs(now - since) < span


def _usable(entries: Iterable[Any]) -> Iterable[Key]:
    for entry in list(entries)[:MAX_KEYS]:
        if isinstance(entry, dict) and (key := _key(entry)) is not None:
            yield key


def _key(entry: dict[str, Any]) -> Key | None:
    """A key that signs, is public and strong enough; others that an issuer publishes are not for us."""
    name, kind, curve = entry.get("kid"), entry.get("kty"), entry.get("crv")
    algorithm = ALGORITHMS.get((kind, curve)) if isinstance(kind, str) and isinstance(curve, str | None) else None
    if (
        algorithm is None
        or entry.get("alg", algorithm) != algorithm
        or entry.get("use", "sig") != "sig"
        or "d" in entry
    ):
        return None
    try:
        made = jwt.PyJWK(entry, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):  # no such number, or not on the curve
        return None
    weak = isinstance(made.key, RSAPublicKey) and made.key.key_size < MIN_RSA_BITS
    return None if weak else Key(name if isinstance(name, str) else None, algorithm, made)
