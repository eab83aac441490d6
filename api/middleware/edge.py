"""The edge: middleware around every request.

It finds the client's address behind trusted proxies, applies the rate limit of an address (429), checks the host (421), answers
CORS preflights, and adds security and CORS headers to every response.
"""

import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import host_name, rate_limit_address
from api.domain import images
from api.domain.errors import bad_input
from api.domain.texts import Language
from api.http import responses
from api.http.negotiation import MediaType, negotiate_language, negotiate_media_type
from api.middleware.client_address import Network, Proxies
from api.services.rate_limiting import RateLimiter, RateLimitResult, rate_limited

Headers = list[tuple[bytes, bytes]]
# Not rate limited: probes, and static files, of which a page has some forty and a browser then keeps for good.
UNLIMITED_PATHS = frozenset(("/healthz", "/readyz"))
UNLIMITED_PREFIX = "/assets/"
HOST = re.compile(r"(\[[^\]]*\]|[^:]*)(?::[0-9]*)?")  # a name and perhaps a port
SECURITY_HEADERS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
# Pages have policies of their own.
CONTENT_SECURITY_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
EXPOSED_HEADERS = b"RateLimit, RateLimit-Policy, Retry-After, ETag, X-Request-Id"
PREFLIGHT_HEADERS: Headers = [
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE"),
    (b"access-control-allow-headers", b"Authorization, *"),
    (b"access-control-max-age", b"7200"),
    (b"content-length", b"0"),
]


@dataclass(frozen=True, slots=True)
class EdgePolicy:
    """hosts: names that requests may be sent to, empty for any. origins: whose pages may read answers.

    proxies: the networks of trusted proxies. forwarded: they write `Forwarded`. hsts: max-age in seconds, 0 for no header.
    """

    hosts: Sequence[str] = ()
    origins: Sequence[str] = ()
    proxies: Sequence[Network] = ()
    forwarded: bool = False
    hsts: int = 0


class EdgeMiddleware:
    """ASGI middleware: client address, rate limit per address (429), host check (421), CORS, security headers."""

    def __init__(self, app: ASGIApp, policy: EdgePolicy, rate_limiter: RateLimiter) -> None:
        self._app = app
        self._rate_limiter = rate_limiter
        self._proxies = Proxies(policy.proxies, forwarded=policy.forwarded)
        self._hosts = frozenset(host_name(name) for name in policy.hosts if not name.startswith("*."))
        self._domains = tuple(host_name(name)[1:] for name in policy.hosts if name.startswith("*."))
        self._origins = frozenset(origin.encode() for origin in policy.origins)
        self._security_headers = [*SECURITY_HEADERS]
        if policy.hsts:
            self._security_headers.append(
                (b"strict-transport-security", b"max-age=%d; includeSubDomains" % policy.hsts)
            )

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass a request on, or reject it."""
        if scope["type"] not in ("http", "websocket"):
            return self._app(scope, receive, send)
        headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))
        self._set_client(scope, headers)
        if scope["type"] == "websocket":
            return self._pass_websocket(scope, headers, receive, send)
        response_headers = self._response_headers(headers.get(b"origin"))
        rejection = self._reject(scope, headers, response_headers)
        send_with_headers = _adding_headers(send, response_headers)
        return self._app(scope, receive, send_with_headers) if rejection is None else rejection.send(send_with_headers)

    async def _pass_websocket(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, send: Send) -> None:
        response_headers: Headers = []
        rejection = self._reject(scope, headers, response_headers)
        if rejection is None:
            await self._app(scope, receive, send)
        else:
            await rejection._replace(headers=[*rejection.headers, *response_headers]).refuse_websocket(send)

    def _set_client(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        """Put the client's address and scheme into the scope, in place of the proxy's."""
        peer, port = scope.get("client") or ("", 0)
        origin = self._proxies.origin(peer, "http", scope["headers"], headers)
        scope["client"] = (origin.address, port)
        if origin.scheme == "https":
            scope["scheme"] = "wss" if scope["type"] == "websocket" else "https"

    def _response_headers(self, origin: bytes | None) -> Headers:
        """The security and CORS headers for a response: a new list."""
        if not self._origins:
            return self._security_headers.copy()
        if b"*" in self._origins:
            any_origin = (b"access-control-allow-origin", b"*")
            return [*self._security_headers, any_origin, (b"access-control-expose-headers", EXPOSED_HEADERS)]
        if origin is None or origin.lower() not in self._origins:
            return [*self._security_headers, (b"vary", b"Origin")]
        return [
            *self._security_headers,
            (b"vary", b"Origin"),
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", EXPOSED_HEADERS),
        ]

    def _reject(
        self, scope: Scope, headers: dict[bytes, bytes], response_headers: Headers
    ) -> responses.HttpResponse | None:
        """The response to a request that is not passed on. Add the RateLimit headers to response_headers."""
        rate_limit = self._rate_limit(scope)
        if rate_limit is not None:
            response_headers += responses.rate_limit_headers(rate_limit)
            if rate_limit.wait:
                return _too_many_requests(headers, rate_limit)
        if not self._host_is_allowed(headers):
            return _error_response(headers, 421, "此域名不属于本服务。", "This server does not serve that host name.")
        if (
            scope["type"] == "http"
            and scope["method"] == "OPTIONS"
            and b"access-control-request-method" in headers
            and self._origins
        ):
            return responses.HttpResponse(204, PREFLIGHT_HEADERS, b"")
        return None

    def _rate_limit(self, scope: Scope) -> RateLimitResult | None:
        path = scope["path"]
        if path in UNLIMITED_PATHS or path.startswith(UNLIMITED_PREFIX):
            return None
        bucket = "image" if path.startswith(images.FOLDER) else "address"
        return self._rate_limiter.take(bucket, rate_limit_address(scope["client"][0]))

    def _host_is_allowed(self, headers: dict[bytes, bytes]) -> bool:
        if not self._hosts and not self._domains:
            return True
        host = HOST.fullmatch(headers.get(b"host", b"").decode("latin-1"))
        name = "" if host is None else host_name(host[1])
        return name in self._hosts or name.endswith(self._domains)


def _too_many_requests(headers: dict[bytes, bytes], rate_limit: RateLimitResult) -> responses.HttpResponse:
    return responses.error_response(rate_limited(rate_limit), _media_type(headers), _language(headers), 429)


def _error_response(headers: dict[bytes, bytes], status: int, zh: str, en: str) -> responses.HttpResponse:
    return responses.error_response(bad_input(zh, en), _media_type(headers), _language(headers), status)


def _media_type(headers: dict[bytes, bytes]) -> MediaType:
    accept = headers.get(b"accept")
    return negotiate_media_type(None if accept is None else accept.decode("latin-1")) or MediaType.JSON


def _language(headers: dict[bytes, bytes]) -> Language:
    accept = headers.get(b"accept-language")
    return negotiate_language(None if accept is None else accept.decode("latin-1"))


def _adding_headers(send: Send, response_headers: Headers) -> Send:
    """Add headers to the response, and a content security policy where it has none."""

    def send_with_headers(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            headers = message.get("headers", [])
            policy = (
                () if any(name == b"content-security-policy" for name, _ in headers) else (CONTENT_SECURITY_POLICY,)
            )
            message = {**message, "headers": [*headers, *response_headers, *policy]}
        return send(message)

    return send_with_headers
