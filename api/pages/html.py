"""HTML responses with a content security policy: a page loads our own files and talks to our own server, nothing else."""

from functools import cached_property

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from api.http.compression import MIN_BYTES, gzipped
from api.http.negotiation import accepts_gzip

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


class HtmlPage(HTMLResponse):
    """A page that is the same for everybody: compressed once, for the first who takes it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, compressed to whoever takes that."""
        takes_gzip = len(self.body) >= MIN_BYTES and accepts_gzip(Headers(scope=scope).get("accept-encoding"))
        await (self._compressed(scope, receive, send) if takes_gzip else super().__call__(scope, receive, send))

    @cached_property
    def _compressed(self) -> Response:
        others = {name: value for name, value in self.headers.items() if name != "content-length"}
        return Response(gzipped(bytes(self.body), 9), self.status_code, {**others, "content-encoding": "gzip"})


def html_page(html: str, status: int = 200, **directives: str) -> HtmlPage:
    """An HTML response. directives: those of the policy to replace or add, with underscores for hyphens."""
    policy = POLICY | {name.replace("_", "-"): sources for name, sources in directives.items()}
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "Cache-Control": "no-cache",
        "Vary": "Accept, Accept-Encoding",
    }
    return HtmlPage(html, status, headers)
