"""The edge, around every request.

It finds the client's address behind trusted proxies, applies the rate limit of an address (429), checks the host (421), answers
CORS preflights, and adds security and CORS headers to every response.
"""

import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from api.addresses import host_name, rate_limit_address
from api.domain import images
from api.domain.errors import ApiError, bad_input
from api.domain.texts import Text
from api.http import log_paths, responses
from api.http.negotiation import MediaType
from api.http.request import Headers, Request
from api.http.responses import HttpResponse
from api.middleware.client_address import Network, Proxies
from api.services.rate_limiting import RateLimiter, RateLimitResult, rate_limited

# Not rate limited: probes, and static files, of which a page has some forty and a browser then keeps for good. Whoever looks
# after processes asks each by its address, so probes are answered whatever host is named.
PROBES = frozenset(("/healthz", "/readyz"))
UNLIMITED_PREFIX = "/assets/"
HOST = re.compile(r"(\[[^\]]*\]|[^:]*)(?::[0-9]*)?")  # a name and perhaps a port
SECURITY_HEADERS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
# Pages have policies of their own.
CONTENT_SECURITY_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
EXPOSED_HEADERS = (
    b"RateLimit, RateLimit-Policy, Retry-After, ETag, X-Request-Id, "
    b"Upload-Offset, Upload-Length, Content-Disposition, Content-Range, Content-Length"
)
FOR_ANY_PAGE: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED_HEADERS),
]
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


class Edge:
    """Finds the client behind proxies, and says which requests are rejected and which headers responses have besides."""

    def __init__(self, policy: EdgePolicy, rate_limiter: RateLimiter) -> None:
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

    def admit(self, request: Request) -> tuple[HttpResponse | None, Headers]:
        """Set the client's address and scheme, and take the request out of the bucket of the address.

        Returns the response to a request that is not passed on, and the headers that whatever response it gets has besides.
        """
        request.address, request.scheme = self._proxies.origin(request.peer, "http", request.lines, request.headers)
        is_log = request.path.startswith(log_paths.FOLDER)
        headers = [*self._security_headers, *FOR_ANY_PAGE] if is_log else self._response_headers(request)
        rate_limit = self._rate_limit(request, is_log=is_log)
        if rate_limit is not None:
            headers = [*headers, *responses.rate_limit_headers(rate_limit)]
            if rate_limit.wait:
                return _error_response(request, rate_limited(rate_limit), 429), headers
        if not self._host_is_allowed(request):
            error = bad_input(Text("此域名不属于本服务。", "This server does not serve that host name."))
            return _error_response(request, error, 421), headers
        is_preflight = request.method == "OPTIONS" and b"access-control-request-method" in request.headers
        if is_preflight and (is_log or self._origins):
            return HttpResponse(204, PREFLIGHT_HEADERS, b""), headers
        return None, headers

    def _response_headers(self, request: Request) -> Headers:
        """The security and CORS headers for a response."""
        if not self._origins:
            return self._security_headers
        if b"*" in self._origins:
            return [*self._security_headers, *FOR_ANY_PAGE]
        origin = request.headers.get(b"origin")
        if origin is None or origin.lower() not in self._origins:
            return [*self._security_headers, (b"vary", b"Origin")]
        return [
            *self._security_headers,
            (b"vary", b"Origin"),
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", EXPOSED_HEADERS),
        ]

    def _rate_limit(self, request: Request, *, is_log: bool) -> RateLimitResult | None:
        path = request.path
        if path in PROBES or path.startswith(UNLIMITED_PREFIX):
            return None
        bucket = "log" if is_log else "image" if path.startswith(images.FOLDER) else "address"
        return self._rate_limiter.take(bucket, rate_limit_address(request.address))

    def _host_is_allowed(self, request: Request) -> bool:
        if (not self._hosts and not self._domains) or request.path in PROBES:
            return True
        host = HOST.fullmatch(request.headers.get(b"host", b"").decode("latin-1"))
        name = "" if host is None else host_name(host[1])
        return name in self._hosts or name.endswith(self._domains)


class EdgeMiddleware:
    """ASGI middleware of the edge."""

    def __init__(self, app: ASGIApp, edge: Edge) -> None:
        self._app = app
        self._edge = edge

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass a request on, with the client's address and scheme in its scope, or reject it."""
        if scope["type"] not in ("http", "websocket"):
            return self._app(scope, receive, send)
        request = Request.of(scope)
        rejection, headers = self._edge.admit(request)
        scope["client"] = (request.address, (scope.get("client") or ("", 0))[1])
        is_websocket = scope["type"] == "websocket"
        if request.scheme == "https":
            scope["scheme"] = "wss" if is_websocket else "https"
        if is_websocket:
            return self._app(scope, receive, send) if rejection is None else _refuse_websocket(rejection, headers, send)
        completing = responses.sending_headers(send, lambda start: complete_headers(start.get("headers", []), headers))
        return self._app(scope, receive, completing) if rejection is None else rejection.send(completing)


def complete_headers(headers: Headers, edge_headers: Headers) -> Headers:
    """The headers of a response with those of the edge, and a content security policy where it has none."""
    policy = () if CONTENT_SECURITY_POLICY[0] in dict(headers) else (CONTENT_SECURITY_POLICY,)
    return [*headers, *edge_headers, *policy]


def _error_response(request: Request, error: ApiError, status: int) -> HttpResponse:
    return responses.error_response(error, request.media_type or MediaType.JSON, request.language, status)


def _refuse_websocket(rejection: HttpResponse, edge_headers: Headers, send: Send) -> Awaitable[None]:
    return rejection._replace(headers=complete_headers(rejection.headers, edge_headers)).send(send, responses.WEBSOCKET)
