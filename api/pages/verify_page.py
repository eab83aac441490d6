"""The page at `/verify` that checks a log in the browser (docs/the-page.md).

It is one file, which works as well when it was saved and is opened from disk.
"""

import asyncio
import base64
import hashlib
import logging
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response

from api.pages.assets import Assets
from api.pages.html import html_page
from api.pages.modules import in_one_file
from api.pages.translations import words_as_json

LIBRARIES = ("vendor/fast-sha256/sha256.min.js", "vendor/tweetnacl/nacl-fast.min.js")

log = logging.getLogger("pingxuan")


class VerifyPage:
    """The page, the same for everybody. It asks nobody anything: what it checks is chosen from the disk."""

    def __init__(self, assets: Assets) -> None:
        missing = sorted(set(LIBRARIES) - set(assets.names("vendor")))
        if missing:
            log.warning("The page at /verify lacks %s. Run `make assets`, then start again.", missing[0])
        self._assets, self._is_whole = assets, not missing
        self._page: Response | None = None

    async def serve(self, request: Request) -> Response:
        """Serve the page. It is made for its first reader, off the event loop, since whole catalogues are read for it."""
        if self._page is None:
            self._page = await asyncio.to_thread(_page if self._is_whole else _missing, self._assets)
        return self._page


def _missing(assets: Assets) -> Response:
    return html_page(assets.text("verify/missing.html").replace("{{assets}}", assets.prefix), 503)


def _page(assets: Assets) -> Response:
    """Make the page, whose policy names each part of it by its hash and lets nothing go anywhere."""
    style = assets.text("vote/colours.css") + assets.text("verify/verify.css")
    script = in_one_file(assets, "verify/main.js")
    libraries = [assets.text(name).replace("</script", "<\\/script") for name in LIBRARIES]
    parts = {
        "style": style,
        "libraries": "\n    ".join(f"<script>{each}</script>" for each in libraries),
        "script": script,
        "root": assets.root_path,
        "catalogues": words_as_json("verify"),
    }
    html = assets.text("verify/index.html")
    for name, part in parts.items():
        html = html.replace(f"{{{{{name}}}}}", part)
    policy = {"script_src": _hashes([*libraries, script]), "style_src": _hashes([style]), "connect_src": "'none'"}
    return html_page(html, 200, **policy)


def _hashes(parts: Iterable[str]) -> str:
    """The source expressions of a policy that allow exactly these inline parts."""
    digests = (base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in parts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
