"""The files of jobs over HTTP: sent whole or in pieces, and fetched when they are done."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette import requests
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.context import Context
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.file_names import file_names
from api.domain.exchange.formats import MEDIA_TYPES, FileFormat
from api.domain.exchange.jobs import Job, JobKind, JobState
from api.domain.people.identity import Voter
from api.domain.texts import Text
from api.http.bodies import content_length
from api.http.byte_ranges import AskedRange, SentRange, asked_range, sent_range
from api.http.caching import PRIVATE
from api.http.negotiation import negotiate_language
from api.http.refusals import refusals_answered, refuse_too_many
from api.http.request import Request
from api.http.requests import ContextFor, HttpError, bearer_token, http_error
from api.http.slow_bodies import allow_slow_body
from api.http.upload_bodies import UploadBody
from api.limits import Limits, too_large
from api.services.jobs.management import JobManagement, WrongOffset

FILE = "/jobs/{key}/file"
KEY = re.compile(r"[a-z2-7]{26}")
METHODS = ("GET", "HEAD", "PUT")
MAX_UPLOADS, MAX_DOWNLOADS = 32, 64  # at once in one process, each with a piece of its file in memory
DOWNLOAD_COST = 5_000  # it counts as six requests
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
NOTHING: tuple[bytes, ...] = ()
BUSY = ApiError(
    ErrorCode.OVERLOADED,
    Text("正在传送其他文件，请5秒后重试。", "Other files are under way. Retry after 5 s."),
    retryAfter=5,
)
NO_JOB = ApiError(
    ErrorCode.NOT_FOUND,
    Text("没有这个任务，或者它不属于您，或者已过期。", "There is no such job, or it is not yours, or it has expired."),
    argument="id",
)


class JobFilesEndpoint:
    """Answers at /jobs/…/file. context_for makes the context of a request, as for GraphQL."""

    def __init__(self, jobs: JobManagement, context_for: ContextFor, limits: Limits) -> None:
        self._jobs = jobs
        self._context_for = context_for
        self._limits = limits
        self._uploads, self._downloads = Places(MAX_UPLOADS), Places(MAX_DOWNLOADS)

    @refusals_answered
    async def serve(self, request: requests.Request) -> Response:
        """Take a piece of a job's file, say how much has arrived, or serve the file."""
        token = bearer_token(request.headers.get("authorization"))
        language = negotiate_language(request.headers.get("accept-language"))
        context = await self._context_for(language, token, Request.of(request.scope).address)
        refuse_too_many(context.rate_limits.take_request())
        key = request.path_params["key"]
        if KEY.fullmatch(key) is None:
            raise NO_JOB
        if request.method == "PUT":
            return await self._upload(request, context, key)
        job = await self._jobs.find(context.viewer, key) if request.method == "HEAD" else None
        if job is not None and job.kind is JobKind.IMPORT:
            return Response(None, 200, {**_arrived(job.received, job.size), "Cache-Control": PRIVATE})
        return await self._download(request, context, key)

    async def _upload(self, request: requests.Request, context: Context, key: str) -> Response:
        _signed_in(context)
        sent = self._sent(request)
        body = UploadBody(request.receive, sent, self._limits.file)
        with self._uploads.one():
            allow_slow_body(request.scope)
            received = await self._receive(context, key, sent, body)
        job = await self._jobs.find(context.viewer, key)
        is_whole = job is None or job.state is not JobState.WAITING_FOR_FILE
        size = received if job is None or is_whole else job.size or sent.whole
        return JSONResponse(
            {"received": received, "size": size},
            202 if is_whole else 200,
            {**_arrived(received, size), "Cache-Control": PRIVATE},
        )

    async def _receive(self, context: Context, key: str, sent: SentRange, body: UploadBody) -> int:
        """Have the body stored; return how much of the file has arrived."""
        viewer = context.viewer
        try:
            received = await self._jobs.receive(viewer, key, sent.start, body.pieces(), sent.whole)
            if sent.length is None and await self._is_awaited(context, key):
                # The end of the body has told how long the file is.
                received = await self._jobs.receive(viewer, key, received, nothing(), received)
        except WrongOffset as wrong:
            raise _wrong_offset(sent.start, wrong.received) from None
        return received

    async def _is_awaited(self, context: Context, key: str) -> bool:
        job = await self._jobs.find(context.viewer, key)
        return job is not None and job.state is JobState.WAITING_FOR_FILE

    def _sent(self, request: requests.Request) -> SentRange:
        """What the body has of the file. Raises HttpError 400, 413 and 415, before any of it is read."""
        head = Request.of(request.scope)
        if head.is_compressed:
            raise http_error(
                415,
                Text(
                    "请求体须为文件本身，不可压缩：请去掉Content-Encoding。",
                    "The body is the file as it is: send none with Content-Encoding.",
                ),
                **{"Accept-Encoding": "identity"},
            )
        sent = sent_range(_one(request, "content-range"), content_length(head))
        if sent.end > self._limits.file:
            raise HttpError(413, too_large("file", self._limits.file, sent.end))
        return sent

    async def _download(self, request: requests.Request, context: Context, key: str) -> Response:
        link_key = request.query_params.get("key")
        if link_key is None:
            _signed_in(context)
        refuse_too_many(context.rate_limits.take_cost(DOWNLOAD_COST))
        job, content = await self._jobs.open_file(context.viewer, key, link_key)
        headers = _headers(job, context)
        size = job.received if job.size is None else job.size
        asked = asked_range(request.headers.get("range"), size) if _is_same(request, headers) else None
        if asked is not None:
            headers["Content-Range"] = f"bytes {asked.first}-{asked.last}/{size}"
            _, content = await self._jobs.open_file(context.viewer, key, link_key, asked.first)
        span = asked or AskedRange(0, size - 1)
        headers["Content-Length"] = str(span.last - span.first + 1)
        status = 200 if asked is None else 206
        if request.method == "HEAD":
            return Response(None, status, headers, MEDIA_TYPES[job.format])
        content = _first(content, span.last - span.first + 1)
        return FileResponse(self._downloads, content, status, headers, MEDIA_TYPES[job.format])


class Places:
    """So many things may be under way at once."""

    def __init__(self, most: int) -> None:
        self._free = most

    def one(self) -> "Places":
        """Take a place. Raises ApiError OVERLOADED where there is none."""
        if not self._free:
            raise BUSY
        self._free -= 1
        return self

    def __enter__(self) -> None:
        """Go on; the place was taken by `one`."""

    def __exit__(self, *_: object) -> None:
        self._free += 1


class FileResponse(StreamingResponse):
    """A file in pieces, for as long as there is a place for it."""

    def __init__(
        self, places: Places, content: AsyncIterator[bytes], status: int, headers: dict[str, str], media_type: str
    ) -> None:
        super().__init__(content, status, headers, media_type)
        self._place = places.one()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        with self._place:
            await super().__call__(scope, receive, send)


async def nothing() -> AsyncIterator[bytes]:
    """No bytes at all."""
    for piece in NOTHING:
        yield piece


async def _first(content: AsyncIterator[bytes], length: int) -> AsyncIterator[bytes]:
    """So many bytes of it."""
    async for piece in content:
        yield piece[:length]
        length -= len(piece)
        if length <= 0:
            return


def _signed_in(context: Context) -> Voter:
    """The viewer. Raises ApiError UNAUTHENTICATED."""
    return context.viewer.signed_in


def _headers(job: Job, context: Context) -> dict[str, str]:
    """The headers of a job's file: its names, and that nobody keeps it."""
    ascii_name, name = file_names(job, context.snapshot.directory)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": PRIVATE,
        "Accept-Ranges": "bytes",
    }
    if job.sha256 is not None:
        headers["ETag"] = f'"{job.sha256}"'
    if job.format is FileFormat.REPORT:
        headers["Content-Security-Policy"] = REPORT_POLICY
    return headers


def _is_same(request: requests.Request, headers: dict[str, str]) -> bool:
    """Whether a range is asked of the file that there is."""
    return request.headers.get("if-range") in (None, headers.get("ETag"))


def _arrived(received: int, size: int | None) -> dict[str, str]:
    return {"Upload-Offset": str(received)} | ({} if size is None else {"Upload-Length": str(size)})


def _wrong_offset(start: int, received: int) -> HttpError:
    return http_error(
        409,
        Text(
            "此文件已收到{received}字节，请从该处续传，而非从{start}处。",
            "{received} bytes of this file have arrived: go on from there, not from {start}.",
            received=received,
            start=start,
        ),
        **{"Upload-Offset": str(received)},
    )


def _one(request: requests.Request, name: str) -> str | None:
    """The one header of this name. Raises HttpError 400 for several."""
    values = request.headers.getlist(name)
    if len(values) > 1:
        raise http_error(400, Text("{name}只能有一个。", "Send one {name}.", name=name))
    return values[0] if values else None
