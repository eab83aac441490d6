"""How much may the head of a request hold? Neither uvicorn nor its parser sets a limit to it."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from api.domain.errors import ApiError, bad_input
from api.domain.texts import Language
from api.http.negotiation import MediaType
from api.http.responses import error_response
from api.limits import Limits, too_large
from api.server.protocols import HttpProtocol

FRAMING = len(": \r\n")  # bytes of a header beside its name and its value


class BoundedHttpProtocol(HttpProtocol):
    """A connection that takes heads, and trailers, of a bounded size. A larger one is refused, which ends the connection."""

    def __init__(self, limits: Limits, **given: Any) -> None:
        super().__init__(**given)
        self._limits = limits
        self._most = limits.head
        self._most_headers = limits.headers
        self._refusal: bytes | None = None
        # Bytes since the last head or chunk began that are of no body; too few where requests are pipelined.
        self._loose = 0

    def data_received(self, data: bytes) -> None:
        """Read on, unless what has come by now of a head or of trailers is too much already."""
        self._loose = len(data) if self._loose < 0 else self._loose + len(data)
        super().data_received(data)
        if self._loose > self._most and not self.transport.is_closing():
            self._refuse(refusal(too_large("head", self._most, self._loose), 431))

    def on_headers_complete(self) -> None:
        """Begin to answer, if the head is one that is taken here."""
        upgrade = self.parser.should_upgrade()
        if upgrade or self._loose > self._most or len(self.headers) > self._most_headers:
            self._check_head(upgrade)
        super().on_headers_complete()
        self._loose = 0
        if not upgrade:
            self.headers = []  # what comes from now on is trailers, and nobody's address is to be told there

    def on_chunk_header(self) -> None:
        """Count what frames one chunk, not what frames them all."""
        self._loose = 0

    def on_body(self, body: bytes) -> None:
        """It is counted elsewhere."""
        self._loose -= len(body)
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Say why, where more is known than that the parser did not like it."""
        if self._refusal is None:
            super().send_400_response(msg)
        else:
            self._refuse(self._refusal)

    @property
    def answering(self) -> bool:
        """Whether a request has begun and is not answered yet."""
        return self.cycle is not None and not self.cycle.response_complete

    def _check_head(self, upgrade: bool) -> None:
        """Raise ApiError, which stops the parser, for a head that is not taken, and note what is said then."""
        size = len(self.url) + sum(len(name) + len(value) + FRAMING for name, value in self.headers)
        status = 431
        try:
            self._limits.check("headers", len(self.headers))
            self._limits.check("head", size)
            status = 400
            # The parser does not give out the body of a request that asks for an upgrade.
            if upgrade and self.parser.get_method() != b"GET":
                raise bad_input("只有GET请求可以升级连接。", "Only a GET may upgrade a connection.")
        except ApiError as fault:
            self._refusal = refusal(fault, status)
            raise

    def _refuse(self, answer: bytes) -> None:
        """Tell it and close; where it would stand in the middle of another answer, cut the connection."""
        if self.answering:
            self.transport.abort()
        else:
            self.transport.write(answer)
            self.transport.close()


def refusal(fault: ApiError, status: int) -> bytes:
    """What a connection that is closed then is told, as bytes on the wire."""
    answer = error_response(fault, MediaType.JSON, Language.ZH, status, {"Connection": "close"})
    head = b"".join(b"%s: %s\r\n" % header for header in answer.headers)
    return STATUS_LINE[status] + head + b"\r\n" + answer.body
