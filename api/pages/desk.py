"""The desk at `/desk`, where organisers run their campaigns by the public API alone (docs/organisers.md)."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.assets import Assets
from api.pages.html import html_page
from api.pages.modules import html_of


class DeskPage:
    """The page, the same for everybody: what somebody may do there, the API says and enforces."""

    def __init__(self, assets: Assets) -> None:
        # Stricter than the other pages: pictures are our own, and no text ever becomes a script.
        strict = {"img_src": "'self'", "require_trusted_types_for": "'script'", "trusted_types": "'none'"}
        self._page = html_page(html_of(assets, "desk"), 200, **strict)

    async def serve(self, request: Request) -> Response:
        """Serve the page."""
        return self._page
