"""The experts' scoring page at `/review`, on the public API alone (docs/review-page.md)."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.assets import Assets
from api.pages.html import html_page
from api.pages.modules import html_of


class ReviewPage:
    """The page, the same for everybody: whose reviews they are, the API says and enforces."""

    def __init__(self, assets: Assets) -> None:
        self._page = html_page(html_of(assets, "review"), 200, img_src="'self'")

    async def serve(self, request: Request) -> Response:
        """Serve the page."""
        return self._page
