"""Images over HTTP: organizers upload them, and everybody fetches them under names that never mean another image."""

from starlette import requests
from starlette.responses import JSONResponse, Response
from starlette.types import Receive

from api.context import Context
from api.domain import images
from api.domain.errors import ApiError, ErrorCode, bad_input
from api.domain.people.identity import Role
from api.domain.texts import Text
from api.http.bodies import read_body
from api.http.caching import FOREVER, is_known
from api.http.negotiation import negotiate_language
from api.http.refusals import refusals_answered, refuse_too_many
from api.http.request import Request
from api.http.requests import ContextFor, bearer_token, http_error
from api.http.routing_errors import error_response
from api.limits import Limits
from api.services.images import CampaignImages

UPLOAD, SERVE = "/images", images.FOLDER + "{name}"
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")
MAX_UPLOADS = 8  # at once in one process, each with its file in memory
COST = 5_000  # of an upload: it counts as six requests
NO_IMAGE = bad_input(Text("没有这张图片。", "There is no such image."))
BUSY = ApiError(
    ErrorCode.OVERLOADED,
    Text("正在处理其他图片，请1秒后重试。", "Other images are being taken in. Retry after 1 s."),
    retryAfter=1,
)


class ImagesEndpoint:
    """Answers at /images. context_for makes the context of a request, as for GraphQL. root_path: what addresses begin with."""

    def __init__(
        self, campaign_images: CampaignImages, context_for: ContextFor, limits: Limits, root_path: str = ""
    ) -> None:
        self._images = campaign_images
        self._context_for = context_for
        self._limits = limits
        self._root_path = root_path
        self._path = root_path + UPLOAD
        self._uploads = 0

    @refusals_answered
    async def serve(self, request: requests.Request) -> Response:
        """Serve one image, of whatever campaign: its name is known to those who were shown it."""
        name = request.path_params["name"]
        image = await self._images.find(name)
        if image is None:
            return error_response(request, NO_IMAGE, 404)
        headers = {"Cache-Control": FOREVER, "ETag": f'"{name}"'}
        if is_known(headers["ETag"], request.headers.get("if-none-match")):
            return Response(None, 304, headers)
        return Response(image.content, 200, headers, image.format.media_type)

    @refusals_answered
    async def upload(self, request: requests.Request) -> Response:
        """Store the picture in the body for the campaign that the URL names."""
        token = bearer_token(request.headers.get("authorization"))
        language = negotiate_language(request.headers.get("accept-language"))
        context = await self._context_for(language, token, Request.of(request.scope).address)
        refuse_too_many(context.rate_limits.take_request())
        refuse_too_many(context.rate_limits.take_cost(COST))
        slug = request.query_params.get("campaign")
        if not slug:
            raise http_error(
                400,
                Text(
                    "请在网址中指明评选：{path}?campaign=…。", "Name the campaign: {path}?campaign=….", path=self._path
                ),
            )
        context.viewer.require([Role.ORGANIZER], f"POST {self._path}", slug)
        if self._uploads >= MAX_UPLOADS:
            raise BUSY
        self._uploads += 1
        try:
            return await self._store(request, context, slug)
        finally:
            self._uploads -= 1

    async def _store(self, request: requests.Request, context: Context, slug: str) -> Response:
        campaign = context.campaign(slug)
        file = await _file(Request.of(request.scope), request.receive, self._limits.image)
        organizer = context.viewer.signed_in.pseudonym
        image = await self._images.upload(campaign, organizer, file, context.now)
        url = self._root_path + image.url
        body = {"url": url, "width": image.width, "height": image.height}
        return JSONResponse(body, 201, {"Location": url, "Cache-Control": "no-store"})


async def _file(request: Request, receive: Receive, max_bytes: int) -> bytes:
    """The body, where its head says that it is a picture. Raises HttpError 413 and 415, and ClientDisconnect."""
    media_type = (request.header(b"content-type") or "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES or request.is_compressed:
        named = ", ".join(MEDIA_TYPES)
        raise http_error(
            415,
            Text(
                "请求体须为图片文件本身，Content-Type须为{named}之一，且不可压缩。",
                "The body is a picture's file as it is, without Content-Encoding, and its Content-Type one of {named}.",
                named=named,
            ),
        )
    return await read_body(request, receive, max_bytes, "image")
