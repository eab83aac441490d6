"""Check and limit the head and the trailers of a request, which neither uvicorn nor its parser does."""

import re
import sys
from typing import Any

import httptools

from api.domain.errors import ApiError, bad_input
from api.domain.texts import Text
from api.http.request import Headers
from api.http.requests import HttpError, http_error
from api.limits import Limits, too_large
from api.server.http_protocol import HttpProtocol
from api.server.rejections import language_in, rejection

FRAMING = len(": \r\n")  # bytes of a header beside its name and its value
HOST = re.compile(rb"(?:\[[0-9A-Za-z:.%_~-]*\]|[0-9A-Za-z._~%!$&'()*+,;=-]*)(?::[0-9]*)?")  # by RFC 3986


class BoundedHttpProtocol(HttpProtocol):
    """An HTTP connection with a bounded head and bounded trailers. Larger ones are rejected, and it is closed."""

    def __init__(self, limits: Limits, **options: Any) -> None:
        super().__init__(**options)
        self._limits = limits
        self._max_bytes = limits.head
        self._max_headers = limits.headers
        self._rejection: tuple[ApiError, int] | None = None
        self._received = b""  # while it is being parsed
        self._last_headers: Headers = []  # of the newest request whose head is complete

    def data_received(self, data: bytes) -> None:
        """Parse, unless the bytes of the head or the trailers are too many already."""
        self._head_bytes = len(data) if self._head_bytes < 0 else self._head_bytes + len(data)
        self._received = data
        super().data_received(data)
        if self._head_bytes > self._max_bytes and not self.transport.is_closing():
            self._reject(too_large("head", self._max_bytes, self._head_bytes), 431)
        self._received = b""
        self.advance()

    def on_headers_complete(self) -> None:
        """Start the request, if its head is well-formed and within the limits."""
        upgrade = self.parser.should_upgrade()
        try:
            if upgrade or self._head_bytes > self._max_bytes or len(self.headers) > self._max_headers:
                self._check_size(upgrade)
            self._check_headers()
        except HttpError as error:
            self._rejection = error.error, error.status
            raise
        super().on_headers_complete()
        self._head_bytes, self._last_headers = 0, self.headers
        if not upgrade:
            self.headers = []  # what follows are trailers, which must not pass for X-Forwarded-For

    def on_chunk_header(self) -> None:
        """Count the framing of one chunk, not of all."""
        self._head_bytes = 0

    def send_400_response(self, msg: str) -> None:
        """Reject what the parser has stopped at."""
        error, status = self._rejection or (_parser_error(sys.exception(), self._received), 400)
        self._reject(error, status)

    def _check_size(self, upgrade: bool) -> None:
        """Raise HttpError, which stops the parser, for a head beyond the limits."""
        size = len(self.url) + sum(len(name) + len(value) + FRAMING for name, value in self.headers)
        try:
            self._limits.check("headers", len(self.headers))
            self._limits.check("head", size)
        except ApiError as error:
            raise HttpError(431, error) from None
        # The parser does not give out the body of a request that asks for an upgrade.
        if upgrade and self.parser.get_method() != b"GET":
            raise http_error(400, Text("只有GET请求可以升级连接。", "Only a GET may upgrade a connection."))

    def _check_headers(self) -> None:
        """Raise HttpError, which stops the parser, unless there is one Host and the body is encoded as we read it."""
        hosts = []
        for name, value in self.headers:
            if name == b"host":
                hosts.append(value)
            elif name == b"transfer-encoding" and value.lower() != b"chunked":
                raise http_error(
                    501, Text("Transfer-Encoding只支持chunked。", "Of Transfer-Encoding only chunked is read here.")
                )
        if len(hosts) != 1 and (hosts or self.parser.get_http_version() != "1.0"):
            raise http_error(
                400,
                Text(
                    "请求须有且只有一个Host，目前有{hosts}个。",
                    "A request has one Host; this one has {hosts}.",
                    hosts=len(hosts),
                ),
            )
        if hosts and HOST.fullmatch(hosts[0]) is None:
            raise http_error(
                400, Text("Host须为主机名，可带端口。", "Host must be a host name, with or without a port.")
            )
        if not self.url.startswith(b"/"):
            self._take_host_from_url()

    def _take_host_from_url(self) -> None:
        """Let the host of an absolute URL take the place of the header, as RFC 9112 demands, and its path that of the URL."""
        url = httptools.parse_url(self.url)
        if url.host:
            name = b"[%s]" % url.host if b":" in url.host else url.host
            host = name if url.port is None else b"%s:%d" % (name, url.port)
            self.headers[:] = [(b"host", host), *(header for header in self.headers if header[0] != b"host")]
            self.url = (url.path or b"/") + (b"?%b" % url.query if url.query else b"")

    def _reject(self, error: ApiError, status: int) -> None:
        """Send the error and close; abort where it would stand before or in the middle of another response."""
        headers = self.headers or []
        if self.answering:
            cycle = self.cycle
            if cycle is not self._current_cycle or cycle.response_started or not cycle.more_body:
                self.transport.abort()
                return
            headers = self._last_headers
            cycle.disconnected = True  # the application waits for the rest of a body that will not come
            cycle.message_event.set()
        known = b"".join(b"\r\n%s:%s" % header for header in headers)
        self.transport.write(rejection(error, status, language_in(known + b"\r\n" + self._received)))
        self.transport.close()


def _parser_error(cause: BaseException | None, received: bytes) -> ApiError:
    """The error for what the parser does not take."""
    if isinstance(cause, httptools.HttpParserInvalidURLError):
        if not received.partition(b"\n")[0].isascii():
            return bad_input(
                Text(
                    "URL中的非ASCII字符须用百分号编码，例如“中”写作%E4%B8%AD。",
                    "Characters of a URL beyond ASCII must be percent-encoded: “中” is %E4%B8%AD.",
                ),
            )
        return bad_input(Text("URL无效：{cause}。", "The URL is not valid: {cause}.", cause=cause))
    known = cause if isinstance(cause, httptools.HttpParserError) and not _failed_callback(cause) else "HTTP/1.1"
    return bad_input(
        Text("这不是有效的HTTP请求（{known}）。", "This is not a valid HTTP request ({known}).", known=known)
    )


def _failed_callback(cause: BaseException) -> bool:
    return isinstance(cause, httptools.HttpParserCallbackError)
