"""Reserved event streams of the single connection mode, by their reservation tokens."""

import asyncio
import secrets

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.http.requests import HttpError, http_error
from api.subscriptions.sse.stream import EventStream

MAX_RESERVED = 1_000  # streams of one process that are not open yet; beyond it the oldest is closed
MAX_RESERVED_PER_ADDRESS = 100  # of those, the ones of one address
OPEN_TIMEOUT = 10  # seconds in which a reserved stream must be opened


class Reservations:
    """Streams by their tokens. One that is not opened in time is closed; an open one stays until it ends."""

    def __init__(self) -> None:
        self._waiting: dict[str, EventStream] = {}
        self._open: dict[str, EventStream] = {}

    def __len__(self) -> int:
        """Count the streams that are not open yet."""
        return len(self._waiting)

    def reserve(self, rate_limit_address: str) -> str:
        """Reserve a stream and return its token. Raises HttpError 429 when this address has too many unopened ones."""
        if (
            sum(stream.rate_limit_address == rate_limit_address for stream in self._waiting.values())
            >= MAX_RESERVED_PER_ADDRESS
        ):
            raise _too_many()
        if len(self._waiting) >= MAX_RESERVED:
            self._expire(next(iter(self._waiting)))
        token = secrets.token_urlsafe(24)
        self._waiting[token] = EventStream(token, rate_limit_address)
        asyncio.get_running_loop().call_later(OPEN_TIMEOUT, self._expire, token)
        return token

    def stream(self, token: str) -> EventStream:
        """Return the stream, open or not. Raises HttpError 404."""
        stream = self._waiting.get(token) or self._open.get(token)
        if stream is None:
            raise http_error(404, Text("没有这个事件流，请以PUT预留。", "There is no such stream: reserve one by PUT."))
        return stream

    def open(self, token: str) -> EventStream:
        """Open the stream for its only reader and return it. Raises HttpError 404, and 409 when it is open already."""
        stream = self.stream(token)
        if token in self._open:
            raise http_error(409, Text("此事件流已打开。", "This stream is open already."))
        self._open[token] = self._waiting.pop(token)
        return stream

    def remove(self, stream: EventStream) -> None:
        """Remove a stream that has ended."""
        if stream.token is not None:
            self._open.pop(stream.token, None)

    def close(self) -> None:
        """Close all streams that are not open yet."""
        for token in list(self._waiting):
            self._expire(token)

    def _expire(self, token: str) -> None:
        stream = self._waiting.pop(token, None)
        if stream is not None:
            stream.close()


def _too_many() -> HttpError:
    zh = f"同一地址最多有{MAX_RESERVED_PER_ADDRESS}个预留而未打开的事件流，请先打开。"
    en = f"Of one address at most {MAX_RESERVED_PER_ADDRESS} streams wait to be opened. Open those first."
    details = {"limit": "reservations", "most": MAX_RESERVED_PER_ADDRESS, "retryAfter": OPEN_TIMEOUT}
    return HttpError(429, ApiError(ErrorCode.RATE_LIMITED, Text(zh, en), **details))
