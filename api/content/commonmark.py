"""Render CommonMark as HTML that is safe on any page: no HTML of the author's, no scripts, no pictures from elsewhere.

Two locks, either of which suffices: the parser takes none of it, and a sanitiser drops what is not listed here.
"""

import re
from collections.abc import MutableMapping, Sequence
from functools import cache, lru_cache, partial

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from api.domain import images

MAX_LENGTH = 20_000  # characters of one text
MAX_NESTING = 20  # levels of lists, quotes and emphasis; what stands deeper is left out
CACHED_TEXTS = (
    12_000  # those of the largest campaign in two languages, so that no caller has them rendered again and again
)
ROOT_PATH = "root_path"  # what the renderer finds it by
SCHEMES = {"http", "https", "mailto"}
LINK = re.compile(rf"(?:{'|'.join(SCHEMES)}):", re.IGNORECASE)
TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "ul",
}
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}


@lru_cache(CACHED_TEXTS)
def to_html(text: str, root_path: str = "") -> str:
    """Return a text in CommonMark as an HTML fragment. Raise ValueError for one that is longer than MAX_LENGTH.

    root_path: what the addresses of our pictures begin with in the fragment, and may begin with in the text.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"A text of {len(text)} characters is not rendered: at most {MAX_LENGTH} are.")
    return nh3.clean(
        _parser(root_path).render(text, {ROOT_PATH: root_path}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=partial(_attribute, root_path),
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


class _Parser(MarkdownIt):
    def __init__(self, root_path: str) -> None:
        super().__init__("commonmark", {"html": False, "maxNesting": MAX_NESTING})
        self._root_path = root_path
        self.add_render_rule("image", _render_image)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return _is_link(url, self._root_path)


@cache
def _parser(root_path: str) -> _Parser:
    return _Parser(root_path)


def _is_link(url: str, root_path: str) -> bool:
    return _is_ours(url, root_path) or LINK.match(url) is not None


def _is_ours(url: str, root_path: str) -> bool:
    return images.PATH.fullmatch(url.removeprefix(root_path)) is not None


def _render_image(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: MutableMapping[str, object]
) -> str:
    """An image of ours, or the words that stand for another."""
    token = tokens[place]
    if _is_ours(str(token.attrs["src"]), str(env[ROOT_PATH])):
        return renderer.image(tokens, place, options, env)
    return escapeHtml(renderer.renderInlineAsText(token.children or (), options, env))


def _attribute(root_path: str, tag: str, name: str, value: str) -> str | None:
    """What the sanitiser keeps of an attribute; an address of ours in full."""
    if name not in ("href", "src"):
        return value
    if _is_ours(value, root_path):
        return root_path + value.removeprefix(root_path)
    return value if name == "href" and LINK.match(value) else None
