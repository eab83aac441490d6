"""What does a person see who opens the API's address in a browser? GraphiQL, with examples that work as they stand."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from starlette.responses import Response

from api.http.assets import Assets
from api.http.pages import page

NEEDED = (
    "vendor/react/react.production.min.js",
    "vendor/react-dom/react-dom.production.min.js",
    "vendor/graphql-ws/graphql-ws.min.js",
    "vendor/graphiql/graphiql.min.js",
    "vendor/graphiql/graphiql.min.css",
)
# CodeMirror, the editor inside GraphiQL, writes style elements and attributes. Scripts stay ours alone, and none is inline.
STYLES = "'self' 'unsafe-inline'"

log = logging.getLogger("pingxuan")


@dataclass(frozen=True, slots=True)
class Example:
    """A tab the playground opens with: a document, and its variables as JSON."""

    name: str
    document: str
    variables: str


class Playground:
    """The page for browsers. It is made once; without the files it needs, it says how to get them."""

    def __init__(self, assets: Assets) -> None:
        missing = sorted(set(NEEDED) - set(assets.names("vendor")))
        if missing:
            log.warning("The playground's files are missing (%s): run `make assets`.", missing[0])
        html = assets.text("playground/missing.html" if missing else "playground/index.html")
        tabs = [{"query": one.document, "variables": one.variables} for one in examples(assets)]
        self._html = html.replace("{{assets}}", assets.prefix).replace("{{tabs}}", _inside_html(tabs))
        self._status = 503 if missing else 200

    def answer(self) -> Response:
        """The page."""
        return page(self._html, self._status, style_src=STYLES)


def wants_a_page(accept: str | None) -> bool:
    """Whether this Accept header is a browser's that opens a page: it names HTML before anything else."""
    return accept is not None and accept.lstrip()[:9].lower() == "text/html"


def examples(assets: Assets) -> Iterator[Example]:
    """The playground's tabs, in order: each a file NAME.graphql, with NAME.json beside it when it has variables."""
    names = assets.names("playground/tabs")
    for name in names:
        if name.endswith(".graphql"):
            variables = name.removesuffix(".graphql") + ".json"
            given = assets.text(variables) if variables in names else ""
            yield Example(PurePosixPath(name).stem, assets.text(name), given)


def _inside_html(value: object) -> str:
    """JSON that no HTML parser can mistake for the end of its element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
