"""The voting page at `/` and `/c/SLUG`, and the list at `/campaigns`: one page on the public API alone (docs/the-page.md)."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.assets import Assets
from api.pages.html import html_page
from api.pages.modules import html_of

ADDRESSES = ("/", "/campaigns", "/c/{slug}")


class VotingPage:
    """The page, the same for everybody: the browser fetches all data by the API."""

    def __init__(self, assets: Assets) -> None:
        self._page = html_page(html_of(assets, "vote"))

    async def serve(self, request: Request) -> Response:
        """Serve the page."""
        return self._page
