"""The head of an HTTP request, or of a WebSocket's handshake: made once, and found again in its ASGI scope or its context."""

from contextvars import ContextVar
from time import perf_counter

from starlette.types import Scope

from api.domain.texts import Language
from api.http.negotiation import MediaType, negotiate_language, negotiate_media_type

Headers = list[tuple[bytes, bytes]]
SCOPE_KEY = "pingxuan.request"


class Request:
    """The head of one request. Of headers of one name the first counts.

    lines: the header lines, their names in small letters. peer: the address the connection is from, empty where nobody knows
    it. address, scheme: the client's, which are others than the peer's behind a proxy, once the edge has seen the request.
    request_id: for the logs; empty before the request log has seen it. operation: the name of the operation it executes,
    empty for one without a name; None before that.
    """

    __slots__ = (
        "address",
        "began",
        "headers",
        "lines",
        "method",
        "operation",
        "path",
        "peer",
        "query_string",
        "raw_path",
        "request_id",
        "scheme",
    )

    def __init__(self, method: str, path: str, lines: Headers, peer: str) -> None:
        self.method = method
        self.path = path
        self.raw_path = path.encode()
        self.query_string = b""
        self.lines = lines
        self.headers: dict[bytes, bytes] = dict(reversed(lines))
        self.peer = self.address = peer
        self.scheme = "http"
        self.request_id = ""
        self.operation: str | None = None
        self.began = perf_counter()

    @classmethod
    def of(cls, scope: Scope) -> "Request":
        """The request of an ASGI scope, which is made and put there when it is first asked for."""
        request: Request | None = scope.get(SCOPE_KEY)
        if request is None:
            peer = scope["client"][0] if scope.get("client") else ""
            request = cls(scope.get("method", "GET"), scope.get("path", ""), scope["headers"], peer)
            request.raw_path = scope.get("raw_path", b"")
            request.query_string = scope.get("query_string", b"")
            scope[SCOPE_KEY] = request
        return request

    def header(self, name: bytes) -> str | None:
        """The header of this lower-case name."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def language(self) -> Language:
        """The language of the answer."""
        return negotiate_language(self.headers.get(b"accept-language"))

    @property
    def media_type(self) -> MediaType | None:
        """The media type of the answer; None when the client accepts neither of ours."""
        return negotiate_media_type(self.headers.get(b"accept"))

    @property
    def is_compressed(self) -> bool:
        """Whether the body has a Content-Encoding, on whichever line, other than `identity`."""
        return b"content-encoding" in self.headers and any(
            coding.strip().lower() not in (b"", b"identity")
            for name, value in self.lines
            if name == b"content-encoding"
            for coding in value.split(b",")
        )


REQUEST: ContextVar[Request | None] = ContextVar("request", default=None)  # the one that is being answered
