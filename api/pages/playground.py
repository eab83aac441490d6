"""The playground: GraphiQL for whoever opens the API's address in a browser, with examples that work as they stand."""

import json
import logging
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.pages.assets import Assets
from api.pages.html import html_page

NEEDED = (
    "vendor/react/react.production.min.js",
    "vendor/react-dom/react-dom.production.min.js",
    "vendor/graphql-ws/graphql-ws.min.js",
    "vendor/graphiql/graphiql.min.js",
    "vendor/graphiql/graphiql.min.css",
)
# GraphiQL's dialogs insert style elements. Scripts come from our own files alone, and none is inline.
STYLES = "'self' 'unsafe-inline'"
TABS = "playground/tabs"
OPERATION = {"query", "extensions"}  # parameters by which a GET names one

log = logging.getLogger("pingxuan")


@dataclass(frozen=True, slots=True)
class Example:
    """A tab of the playground: a document, and its variables as JSON. role: who it is for; empty for everybody."""

    name: str
    document: str
    variables: str
    role: str


class Playground:
    """ASGI middleware before the GraphQL endpoint: serves the playground to browsers, and passes other requests on."""

    def __init__(self, assets: Assets, endpoint: ASGIApp) -> None:
        self._page = _page(assets)
        self._endpoint = endpoint

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve the page, or pass the request on."""
        app = self._page if _wants_page(scope) else self._endpoint
        return app(scope, receive, send)


def _wants_page(scope: Scope) -> bool:
    """Whether a browser navigates to the address: Accept begins with HTML, and the URL has no operation."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return False
    accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    if not accept.lstrip().lower().startswith(b"text/html"):
        return False
    return not OPERATION & QueryParams(scope["query_string"]).keys()


def _page(assets: Assets) -> Response:
    """Make the page; without the files it needs, one that says how to get them."""
    missing = sorted(set(NEEDED) - set(assets.names("vendor")))
    if missing:
        log.warning("The playground lacks %s. Run `make assets`, then start again.", missing[0])
    html = assets.text("playground/missing.html" if missing else "playground/index.html")
    tabs = [
        {"query": example.document, "variables": example.variables, "role": example.role}
        for example in examples(assets)
    ]
    html = html.replace("{{assets}}", assets.prefix).replace("{{tabs}}", _json_for_html(tabs))
    return html_page(html, 503 if missing else 200, style_src=STYLES)


def examples(assets: Assets) -> Iterator[Example]:
    """The playground's tabs, in order: each a file NAME.graphql, with NAME.json beside it when it has variables.

    Those for everybody come first; a role's are in a folder of its name.
    """
    names = assets.names(TABS)
    for name in sorted(names, key=lambda name: (name.count("/"), name)):
        if name.endswith(".graphql"):
            variables = name.removesuffix(".graphql") + ".json"
            variables_json = assets.text(variables).strip() if variables in names else ""
            role = "" if (folder := PurePosixPath(name).parent).as_posix() == TABS else folder.name.upper()
            yield Example(PurePosixPath(name).stem, assets.text(name).strip(), variables_json, role)


def _json_for_html(value: object) -> str:
    """JSON that cannot end the HTML element it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
