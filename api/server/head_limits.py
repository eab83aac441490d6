"""Limit the head and the trailers of a request, which neither uvicorn nor its parser does."""

from typing import Any

from api.domain.errors import ApiError, bad_input
from api.limits import Limits, too_large
from api.server.protocols import HttpProtocol
from api.server.rejections import rejection

FRAMING = len(": \r\n")  # bytes of a header beside its name and its value


class BoundedHttpProtocol(HttpProtocol):
    """An HTTP connection with a bounded head and bounded trailers. Larger ones are rejected, and it is closed."""

    def __init__(self, limits: Limits, **options: Any) -> None:
        super().__init__(**options)
        self._limits = limits
        self._max_bytes = limits.head
        self._max_headers = limits.headers
        self._rejection: bytes | None = None
        # Bytes since the last head or chunk began that belong to no body; too few where requests are pipelined.
        self._head_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Parse, unless the bytes of the head or the trailers are too many already."""
        self._head_bytes = len(data) if self._head_bytes < 0 else self._head_bytes + len(data)
        super().data_received(data)
        if self._head_bytes > self._max_bytes and not self.transport.is_closing():
            self._reject(rejection(too_large("head", self._max_bytes, self._head_bytes), 431))

    def on_headers_complete(self) -> None:
        """Start the request, if its head is within the limits."""
        upgrade = self.parser.should_upgrade()
        if upgrade or self._head_bytes > self._max_bytes or len(self.headers) > self._max_headers:
            self._check_head(upgrade)
        super().on_headers_complete()
        self._head_bytes = 0
        if not upgrade:
            self.headers = []  # what follows are trailers, which must not pass for X-Forwarded-For

    def on_chunk_header(self) -> None:
        """Count the framing of one chunk, not of all."""
        self._head_bytes = 0

    def on_body(self, body: bytes) -> None:
        """Leave the body out of the count."""
        self._head_bytes -= len(body)
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Send the rejection, where one is known."""
        if self._rejection is None:
            super().send_400_response(msg)
        else:
            self._reject(self._rejection)

    @property
    def answering(self) -> bool:
        """Whether a request has begun and its response is not complete."""
        return self.cycle is not None and not self.cycle.response_complete

    def _check_head(self, upgrade: bool) -> None:
        """Raise ApiError, which stops the parser, for a head beyond the limits, and keep the rejection."""
        size = len(self.url) + sum(len(name) + len(value) + FRAMING for name, value in self.headers)
        status = 431
        try:
            self._limits.check("headers", len(self.headers))
            self._limits.check("head", size)
            status = 400
            # The parser does not give out the body of a request that asks for an upgrade.
            if upgrade and self.parser.get_method() != b"GET":
                raise bad_input("只有GET请求可以升级连接。", "Only a GET may upgrade a connection.")
        except ApiError as error:
            self._rejection = rejection(error, status)
            raise

    def _reject(self, response: bytes) -> None:
        """Send the response and close; abort where it would stand in the middle of another response."""
        if self.answering:
            self.transport.abort()
        else:
            self.transport.write(response)
            self.transport.close()
