"""The voting page at `/` and `/c/SLUG`, and the list at `/campaigns`: one page on the public API alone (docs/the-page.md)."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.assets import Assets
from api.pages.html import html_page

LATER = ("vote/ranking/", "vote/list/", "vote/rich/")  # modules that the page imports when they are wanted
ADDRESSES = ("/", "/campaigns", "/c/{slug}")


class VotingPage:
    """The page, the same for everybody: the browser fetches all data by the API."""

    def __init__(self, assets: Assets) -> None:
        scripts = [name for name in assets.names("vote") if name.endswith(".js")]
        modules = [name for name in scripts if not name.startswith(LATER)]
        preloads = "\n".join(f'    <link rel="modulepreload" href="{assets.prefix}/{name}">' for name in modules)
        html = (
            assets.text("vote/index.html")
            .replace("{{modules}}", preloads.lstrip())
            .replace("{{assets}}", assets.prefix)
        )
        self._page = html_page(html)

    async def serve(self, request: Request) -> Response:
        """Serve the page."""
        return self._page
