"""`/c/SLUG/calendar.ics`: the dates of a campaign for the calendar of whoever asks, who stays unknown."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.formats.calendar_file import calendar_file
from api.http.negotiation import negotiate_language
from api.http.refusals import refusals_answered
from api.pages.preview_tags import origin_of
from api.services.published import Published

ADDRESS = "/c/{slug}/calendar.ics"
MEDIA_TYPE = "text/calendar; charset=utf-8"


class CalendarPage:
    """Serves the file. published: what everybody sees, and the moment at which they do."""

    def __init__(self, published: Published, root_path: str) -> None:
        self._published = published
        self._root_path = root_path

    @refusals_answered
    async def serve(self, request: Request) -> Response:
        """Serve the file; 404 for a campaign that not everybody sees."""
        slug = request.path_params["slug"]
        snapshot, now = await self._published()
        campaign, origin = snapshot.directory.campaigns.get(slug), origin_of(request)
        if campaign is None or origin is None:
            raise HTTPException(404)
        language = negotiate_language(request.headers.get("accept-language"))
        content = calendar_file(campaign, language, f"{origin}{self._root_path}/c/{slug}", now)
        headers = {
            "Cache-Control": "no-cache",
            "Content-Disposition": f'inline; filename="{slug}.ics"',
            "Vary": "Accept-Language",
        }
        return Response(content, 200, headers, MEDIA_TYPE)
