"""What does a person see at `/`? The voting page, which asks this server through the public API alone (docs/the-page.md)."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.assets import Assets
from api.pages.html import html_page


class VotingPage:
    """The page, the same for everybody: what is particular in it, browsers ask the API for."""

    def __init__(self, assets: Assets) -> None:
        modules = [name for name in assets.names("vote") if name.endswith(".js") and not name.startswith("vote/later/")]
        ahead = "\n".join(f'    <link rel="modulepreload" href="{assets.prefix}/{name}">' for name in modules)
        html = (
            assets.text("vote/index.html").replace("{{modules}}", ahead.lstrip()).replace("{{assets}}", assets.prefix)
        )
        self._page = html_page(html)

    async def answer(self, request: Request) -> Response:
        """The page under its policy."""
        return self._page
