"""What does an OpenID Connect issuer publish and sign, and what when something is wrong with it?"""

import base64
import hmac
import json
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.standins import misbehave, running

CLIENT = "pingxuan-web"
MORNING = datetime.fromisoformat("2017-03-22T09:00:00+08:00")
KINDS = {
    "RS256": jwt.algorithms.RSAAlgorithm,
    "ES256": jwt.algorithms.ECAlgorithm,
    "EdDSA": jwt.algorithms.OKPAlgorithm,
}


@cache
def private_key(algorithm: str, number: int = 1, bits: int = 2048) -> Any:
    """One of the keys of this algorithm."""
    if algorithm == "RS256":
        return rsa.generate_private_key(65537, bits)
    return ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else ed25519.Ed25519PrivateKey.generate()


@dataclass(frozen=True)
class SigningKey:
    """A key that the issuer signs with."""

    kid: str | None
    algorithm: str
    private: Any = field(repr=False)

    @property
    def published(self) -> dict[str, Any]:
        """Its public half, as a JSON Web Key."""
        written = json.loads(KINDS[self.algorithm].to_jwk(self.private.public_key()))
        named = {} if self.kid is None else {"kid": self.kid}
        return {name: value for name, value in written.items() if name != "key_ops"} | {"use": "sig"} | named


@dataclass
class IssuerStandIn:
    """An issuer. faults are used up one by one, whichever document is asked for; asked counts by document."""

    url: str = ""
    keys: list[SigningKey] = field(default_factory=lambda: [SigningKey("first", "RS256", private_key("RS256"))])
    discovered: dict[str, Any] = field(default_factory=dict)  # replaces what discovery says
    extra_keys: list[Any] = field(default_factory=list)  # entries of the key set, as they stand
    faults: deque[str] = field(default_factory=deque)
    constantly: str | None = None
    asked: Counter[str] = field(default_factory=Counter)

    async def configuration(self, request: web.Request) -> web.StreamResponse:
        own = {"issuer": self.url, "jwks_uri": f"{self.url}/keys", "id_token_signing_alg_values_supported": ["RS256"]}
        return await self._answer("configuration", own | self.discovered)

    async def key_set(self, request: web.Request) -> web.StreamResponse:
        return await self._answer("keys", {"keys": [*self.extra_keys, *(key.published for key in self.keys)]})

    async def _answer(self, document: str, body: dict[str, Any]) -> web.StreamResponse:
        self.asked[document] += 1
        fault = self.faults.popleft() if self.faults else self.constantly
        return web.json_response(body) if fault is None else await misbehave(fault)

    def claims(self, now: datetime = MORNING, **changes: Any) -> dict[str, Any]:
        """What an ID token claims, with some of it changed; None leaves a claim out."""
        at = int(now.timestamp())
        ours = {"iss": self.url, "aud": CLIENT, "sub": "subject-of-lin", "iat": at, "exp": at + 300}
        return {name: value for name, value in (ours | changes).items() if value is not None}

    def token(self, key: SigningKey | None = None, *, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """An ID token, signed with the issuer's first key or another."""
        signing = key or self.keys[0]
        named = ({} if signing.kid is None else {"kid": signing.kid}) | (header or {})
        written = json.dumps(self.claims(**changes)).encode()
        return jwt.api_jws.PyJWS().encode(written, signing.private, signing.algorithm, named)

    def rotate(self, kid: str, algorithm: str = "RS256") -> SigningKey:
        """Sign with another key from now on, and publish that alone."""
        self.keys = [SigningKey(kid, algorithm, private_key(algorithm, number=2))]
        return self.keys[0]

    def unsigned(self, **changes: Any) -> str:
        """A token that says it needs no signature."""
        parts = ({"alg": "none", "kid": self.keys[0].kid}, self.claims(**changes))
        return ".".join(_part(json.dumps(part).encode()) for part in parts) + "."

    def signed_with_the_public_key(self, **changes: Any) -> str:
        """A token signed with HMAC, its key the text of the public one."""
        secret = self.keys[0].private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        parts = ({"alg": "HS256", "kid": self.keys[0].kid}, self.claims(**changes))
        body = ".".join(_part(json.dumps(part).encode()) for part in parts)
        return f"{body}.{_part(hmac.digest(secret, body.encode(), 'sha256'))}"


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@contextmanager
def issuer_stand_in() -> Iterator[IssuerStandIn]:
    """An issuer on this machine."""
    stand_in = IssuerStandIn()
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", stand_in.configuration)
    app.router.add_get("/keys", stand_in.key_set)
    with running(app) as stand_in.url:
        yield stand_in
