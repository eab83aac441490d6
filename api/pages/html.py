"""HTML responses with a content security policy: a page loads our own files and talks to our own server, nothing else."""

from starlette.responses import HTMLResponse

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


def html_page(html: str, status: int = 200, **directives: str) -> HTMLResponse:
    """An HTML response. directives: those of the policy to replace or add, with underscores for hyphens."""
    policy = POLICY | {name.replace("_", "-"): sources for name, sources in directives.items()}
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "Cache-Control": "no-cache",
        "Vary": "Accept",
    }
    return HTMLResponse(html, status, headers)
