"""The desk at `/desk`, where organisers run their campaigns by the public API alone (docs/organisers.md)."""

import posixpath
import re

from starlette.requests import Request
from starlette.responses import Response

from api.pages.assets import Assets
from api.pages.html import html_page

FIRST = "desk/main.js"
IMPORT = re.compile(r'^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)"|^import "(\.[^"]+)"', re.MULTILINE)


class DeskPage:
    """The page, the same for everybody: what somebody may do there, the API says and enforces."""

    def __init__(self, assets: Assets) -> None:
        modules = sorted(needed_modules(assets, FIRST))
        preloads = "\n".join(f'    <link rel="modulepreload" href="{assets.prefix}/{name}">' for name in modules)
        html = (
            assets.text("desk/index.html")
            .replace("{{modules}}", preloads.lstrip())
            .replace("{{assets}}", assets.prefix)
        )
        # Stricter than the other pages: pictures are our own, and no text ever becomes a script.
        strict = {"img_src": "'self'", "require_trusted_types_for": "'script'", "trusted_types": "'none'"}
        self._page = html_page(html, 200, **strict)

    async def serve(self, request: Request) -> Response:
        """Serve the page."""
        return self._page


def needed_modules(assets: Assets, first: str) -> set[str]:
    """A module with all that it and they import: the desk shares some with the voting page."""
    found, waiting = set[str](), [first]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            targets = (one or other for one, other in IMPORT.findall(assets.text(module)))
            waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(module), target)) for target in targets]
    return found
