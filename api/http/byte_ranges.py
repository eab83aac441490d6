"""The bytes that a request is about: those that it sends (Content-Range), and those that it asks for (Range)."""

import re
from typing import NamedTuple

from api.domain.texts import Text
from api.http.requests import HttpError, http_error

MAX_DIGITS = 15  # of a number of bytes
SENT = re.compile(rf"bytes (?:([0-9]{{1,{MAX_DIGITS}}})-([0-9]{{1,{MAX_DIGITS}}})|\*)/([0-9]{{1,{MAX_DIGITS}}}|\*)")
ASKED = re.compile(rf"bytes=([0-9]{{1,{MAX_DIGITS}}})-([0-9]{{1,{MAX_DIGITS}}})?")


class SentRange(NamedTuple):
    """The bytes of a file that a body has. length: of the body; whole: of the file; None where it is not known."""

    start: int
    length: int | None
    whole: int | None

    @property
    def end(self) -> int:
        """How long the file is at least."""
        return max(self.start + (self.length or 0), self.whole or 0)


def sent_range(content_range: str | None, content_length: int | None) -> SentRange:
    """What a body with these headers has of a file: all of it, without Content-Range. Raises HttpError 400."""
    if content_range is None:
        return SentRange(0, content_length, content_length)
    found = SENT.fullmatch(content_range.strip())
    if found is None:
        raise _unclear()
    first, last, whole = (None if group in (None, "*") else int(group) for group in found.groups())
    if first is None or last is None:
        if whole is None:
            raise _unclear()
        sent = SentRange(whole, 0, whole)
    elif last < first or (whole is not None and last >= whole):
        raise _unclear()
    else:
        sent = SentRange(first, last - first + 1, whole)
    if content_length not in (None, sent.length):
        raise wrong_length(sent.length or 0, content_length or 0)
    return sent


def wrong_length(announced: int, actual: int, offset: int | None = None) -> HttpError:
    """The error of a body that has another length than its Content-Range. offset: how much of the file has arrived."""
    return http_error(
        400,
        Text(
            "Content-Range说请求体有{announced}字节，实为{actual}字节。",
            "Content-Range says {announced} bytes, and the body has {actual}.",
            announced=announced,
            actual=actual,
        ),
        **({} if offset is None else {"Upload-Offset": str(offset)}),
    )


def _unclear() -> HttpError:
    return http_error(
        400,
        Text(
            "Content-Range须形如bytes 0-1023/4096：首字节、末字节、文件总长（未知时为*）；bytes */4096表示文件已发完。",
            "Content-Range is such as `bytes 0-1023/4096`: the first byte, the last, and how many the file "
            "has, `*` where that is not known yet; `bytes */4096` says that all have been sent.",
        ),
    )


class AskedRange(NamedTuple):
    """The bytes of a file that are asked for, the last one included."""

    first: int
    last: int


def asked_range(header: str | None, size: int) -> AskedRange | None:
    """The one range that is asked for; None for the whole file, also where it is asked for otherwise. Raises HttpError 416."""
    found = ASKED.fullmatch(header.strip()) if header else None
    if found is None:
        return None
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < first:
        return None  # which RFC 9110 has ignored
    if first >= size:
        raise http_error(
            416,
            Text("文件只有{size}字节。", "The file has {size} bytes.", size=size),
            **{"Content-Range": f"bytes */{size}"},
        )
    return AskedRange(first, last)
