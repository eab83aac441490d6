"""The voting page at `/` and `/c/SLUG`, and the list at `/campaigns`: one page on the public API alone (docs/the-page.md)."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from api.domain.errors import ApiError
from api.pages.assets import Assets
from api.pages.html import html_page
from api.pages.modules import html_of

ADDRESSES = ("/", "/campaigns", "/c/{slug}")


class VotingPage:
    """The page, the same for everybody: the browser fetches all data by the API.

    is_published: whether everybody sees a campaign with this slug. Where there is none, the page says so and lists those there
    are, with the status that tells search engines and link checkers the same.
    """

    def __init__(self, assets: Assets, is_published: Callable[[str], Awaitable[bool]]) -> None:
        html = html_of(assets, "vote")
        self._page, self._unknown = html_page(html), html_page(html, 404)
        self._is_published = is_published

    async def serve(self, request: Request) -> Response:
        """Serve the page."""
        slug = request.path_params.get("slug")
        return self._page if slug is None or await self._may_be_published(slug) else self._unknown

    async def _may_be_published(self, slug: str) -> bool:
        try:
            return await self._is_published(slug)
        except ApiError:  # the database is away: the page says so itself, and asks again until it is back
            return True
