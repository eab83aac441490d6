"""How are previews of links written into the head of a page? As title, description, canonical address, and `og:` tags."""

import re
from collections.abc import Iterator
from html import escape

from starlette.requests import Request

from api.domain.images import FOLDER, served_address
from api.domain.texts import Language, Text
from api.pages.link_previews import Preview

NAME = Text("评选", "Pingxuan")
LOCALES = {Language.ZH: "zh_CN", Language.EN: "en_GB", Language.ZH_HANT: "zh_TW"}
TAGS = {Language.ZH: "zh-CN", Language.EN: "en-GB", Language.ZH_HANT: "zh-Hant"}
HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def origin_of(request: Request) -> str | None:
    """Where this server is for whoever asks: the scheme as trusted proxies tell it, and the host that the edge has let pass.

    None where what stands for a host is none. No other header is asked: anybody can send those.
    """
    host = request.headers.get("host", "")
    scheme = "https" if request.scope.get("scheme") == "https" else "http"
    return f"{scheme}://{host.lower()}" if HOST.fullmatch(host) else None


def head_of(preview: Preview, origin: str | None, root_path: str, language: Language, *, is_found: bool = True) -> str:
    """The tags of a page. Addresses need an origin; without one they are left out."""
    nothing = () if is_found else (_meta("name", "robots", "noindex"),)
    return "\n    ".join((*_tags(preview, origin, root_path, language), *nothing))


def _tags(preview: Preview, origin: str | None, root_path: str, language: Language) -> Iterator[str]:
    yield f"<title>{escape(preview.title)}</title>"
    yield _meta("name", "description", preview.description)
    if preview.path is None:
        return
    yield _meta("property", "og:type", "website")
    yield _meta("property", "og:site_name", NAME.to(language))
    yield _meta("property", "og:locale", LOCALES[language])
    yield _meta("property", "og:title", preview.title)
    yield _meta("property", "og:description", preview.description)
    if origin is not None:
        address = f"{origin}{root_path}{preview.path}"
        yield f'<link rel="canonical" href="{escape(address)}">'
        yield _meta("property", "og:url", address)
    picture = _picture(preview, origin, root_path)
    yield from picture
    yield _meta("name", "twitter:card", "summary_large_image" if picture else "summary")


def _picture(preview: Preview, origin: str | None, root_path: str) -> list[str]:
    image = preview.image
    if image is None or (origin is None and image.url.startswith(FOLDER)):
        return []
    address = served_address(image.url, f"{origin}{root_path}")
    return [
        _meta("property", "og:image", address),
        _meta("property", "og:image:width", str(image.width)),
        _meta("property", "og:image:height", str(image.height)),
        _meta("property", "og:image:alt", preview.alternative),
    ]


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}">'
