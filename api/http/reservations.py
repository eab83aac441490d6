"""Which event streams were reserved, by whom, and how long do they wait for their readers?"""

import asyncio
import secrets

from api.domain.faults import Fault, FaultCode
from api.domain.texts import Text
from api.http.requests import Refused, refused
from api.http.stream import Stream

MOST_WAITING = 1_000  # streams of one process that wait to be opened; the oldest of them gives way
MOST_OF_ONE = 100  # of them, those of one address
OPENING = 10  # seconds for which one waits


class Reservations:
    """Reserved streams by their tokens. One that is not opened in time is closed; one that is open stays until it ends."""

    def __init__(self) -> None:
        self._waiting: dict[str, Stream] = {}
        self._open: dict[str, Stream] = {}

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def reserve(self, household: str) -> str:
        """The token of a new stream. Raises Refused when too many of this household's wait already."""
        if sum(stream.household == household for stream in self._waiting.values()) >= MOST_OF_ONE:
            raise _too_many()
        if len(self._waiting) >= MOST_WAITING:
            self._expire(next(iter(self._waiting)))
        token = secrets.token_urlsafe(24)
        self._waiting[token] = Stream(token, household)
        asyncio.get_running_loop().call_later(OPENING, self._expire, token)
        return token

    def stream(self, token: str) -> Stream:
        """The stream that waits or is open. Raises Refused."""
        stream = self._waiting.get(token) or self._open.get(token)
        if stream is None:
            raise refused(404, "没有这个事件流，请以PUT预留。", "There is no such stream: reserve one by PUT.")
        return stream

    def open(self, token: str) -> Stream:
        """The stream, for its one reader. Raises Refused."""
        stream = self.stream(token)
        if token in self._open:
            raise refused(409, "此事件流已打开。", "This stream is open already.")
        self._open[token] = self._waiting.pop(token)
        return stream

    def forget(self, stream: Stream) -> None:
        """It has ended."""
        if stream.token is not None:
            self._open.pop(stream.token, None)

    def close(self) -> None:
        """Close all that wait."""
        for token in list(self._waiting):
            self._expire(token)

    def _expire(self, token: str) -> None:
        stream = self._waiting.pop(token, None)
        if stream is not None:
            stream.close()


def _too_many() -> Refused:
    zh = f"同一地址最多有{MOST_OF_ONE}个预留而未打开的事件流，请先打开。"
    en = f"Of one address at most {MOST_OF_ONE} streams wait to be opened. Open those first."
    details = {"limit": "reservations", "most": MOST_OF_ONE, "retryAfter": OPENING}
    return Refused(429, Fault(FaultCode.RATE_LIMITED, Text(zh, en), **details))
