"""What every request passes before anything else looks at it, and what every answer says to browsers.

Whose request it is, whether it came to a name of ours, whether its caller asks too often, which pages may read the answer
(CORS), and the headers that keep browsers from doing with answers what nobody meant.
"""

import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import rate_limit_address
from api.domain.errors import bad_input
from api.domain.texts import Language
from api.http import responses
from api.http.negotiation import MediaType, negotiate_language, negotiate_media_type
from api.middleware.client_address import Network, Proxies
from api.services.rate_limiting import RateLimiter, RateLimitResult, rate_limited

Headers = list[tuple[bytes, bytes]]
# Asked by those who watch over the server, and by browsers for what they then keep for good: a page is some forty files.
UNCOUNTED = frozenset(("/healthz", "/readyz"))
UNCOUNTED_BELOW = "/assets/"
HOST = re.compile(r"(\[[^\]]*\]|[^:]*)(?::[0-9]*)?")  # a name and perhaps a port
SECURITY: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")  # pages bring their own
READABLE = b"RateLimit, RateLimit-Policy, Retry-After, ETag, X-Request-Id"
PREFLIGHT: Headers = [
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE"),
    (b"access-control-allow-headers", b"Authorization, *"),
    (b"access-control-max-age", b"7200"),
    (b"content-length", b"0"),
]


@dataclass(frozen=True, slots=True)
class EdgePolicy:
    """Who is let in. hosts: names requests may be sent to, none for any; origins: whose pages may read answers.

    proxies are the networks of trusted proxies; forwarded: they write `Forwarded`. hsts: seconds, 0 for nothing said.
    """

    hosts: Sequence[str] = ()
    origins: Sequence[str] = ()
    proxies: Sequence[Network] = ()
    forwarded: bool = False
    hsts: int = 0


class EdgeMiddleware:
    """An ASGI application around another."""

    def __init__(self, app: ASGIApp, doors: EdgePolicy, rate_limiter: RateLimiter) -> None:
        self._app = app
        self._rate_limiter = rate_limiter
        self._proxies = Proxies(doors.proxies, forwarded=doors.forwarded)
        self._hosts = frozenset(name for name in doors.hosts if not name.startswith("*."))
        self._domains = tuple(name[1:] for name in doors.hosts if name.startswith("*."))
        self._origins = frozenset(origin.encode() for origin in doors.origins)
        self._always = [*SECURITY]
        if doors.hsts:
            self._always.append((b"strict-transport-security", b"max-age=%d; includeSubDomains" % doors.hsts))

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Let a request through, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            return self._app(scope, receive, send)
        headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))
        self._find_caller(scope, headers)
        if scope["type"] == "websocket":
            return self._let_through_websocket(scope, headers, receive, send)
        more = self._for_browsers(headers.get(b"origin"))
        refusal = self._refusal(scope, headers, more)
        outward = _adding(send, more)
        return self._app(scope, receive, outward) if refusal is None else refusal.send(outward)

    async def _let_through_websocket(
        self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, send: Send
    ) -> None:
        taken = self._rate_limiter.take("address", rate_limit_address(scope["client"][0]))
        if self._is_ours(headers) and (taken is None or not taken.wait):
            await self._app(scope, receive, send)
        else:  # before it is accepted, closing it is answered as 403
            await send({"type": "websocket.close", "code": 1008})

    def _find_caller(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        """Put the caller's own address and scheme where servers put those of the peer."""
        peer, port = scope.get("client") or ("", 0)
        origin = self._proxies.origin(peer, "http", scope["headers"], headers)
        scope["client"] = (origin.address, port)
        if origin.scheme == "https":
            scope["scheme"] = "wss" if scope["type"] == "websocket" else "https"

    def _for_browsers(self, origin: bytes | None) -> Headers:
        """What an answer tells a browser; it is this request's own list."""
        if not self._origins:
            return self._always.copy()
        if b"*" in self._origins:
            return [*self._always, (b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", READABLE)]
        if origin is None or origin.lower() not in self._origins:
            return [*self._always, (b"vary", b"Origin")]
        return [
            *self._always,
            (b"vary", b"Origin"),
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", READABLE),
        ]

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes], more: Headers) -> responses.HttpResponse | None:
        """The answer of the gate itself; None lets the request through. Adds to `more` what the bucket says."""
        taken = self._taken(scope)
        if taken is not None:
            more += responses.rate_limit_headers(taken)
            if taken.wait:
                return _too_often(headers, taken)
        if not self._is_ours(headers):
            return _refused(headers, 421, "此域名不属于本服务。", "This server does not serve that host name.")
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers and self._origins:
            return responses.HttpResponse(204, PREFLIGHT, b"")
        return None

    def _taken(self, scope: Scope) -> RateLimitResult | None:
        path = scope["path"]
        if path in UNCOUNTED or path.startswith(UNCOUNTED_BELOW):
            return None
        return self._rate_limiter.take("address", rate_limit_address(scope["client"][0]))

    def _is_ours(self, headers: dict[bytes, bytes]) -> bool:
        if not self._hosts and not self._domains:
            return True
        host = HOST.fullmatch(headers.get(b"host", b"").decode("latin-1").lower())
        return host is not None and (host[1] in self._hosts or host[1].endswith(self._domains))


def _too_often(headers: dict[bytes, bytes], taken: RateLimitResult) -> responses.HttpResponse:
    return responses.error_response(rate_limited(taken), _media(headers), _language(headers), 429)


def _refused(headers: dict[bytes, bytes], status: int, zh: str, en: str) -> responses.HttpResponse:
    return responses.error_response(bad_input(zh, en), _media(headers), _language(headers), status)


def _media(headers: dict[bytes, bytes]) -> MediaType:
    accept = headers.get(b"accept")
    return negotiate_media_type(None if accept is None else accept.decode("latin-1")) or MediaType.JSON


def _language(headers: dict[bytes, bytes]) -> Language:
    accept = headers.get(b"accept-language")
    return negotiate_language(None if accept is None else accept.decode("latin-1"))


def _adding(send: Send, more: Headers) -> Send:
    """The same, with these headers on the answer, and a policy that lets it do nothing unless it brings one."""

    def outward(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            own = message.get("headers", [])
            policy = () if any(name == b"content-security-policy" for name, _ in own) else (POLICY,)
            message = {**message, "headers": [*own, *more, *policy]}
        return send(message)

    return outward
