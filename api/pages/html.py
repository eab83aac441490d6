"""How is a page of ours sent? With what it may load and talk to written down: our own files, our own server, nothing else."""

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


def html_page(html: str, status: int = 200, **looser: str) -> HTMLResponse:
    """A page under the policy; looser replaces a directive of it, with underscores for hyphens."""
    policy = POLICY | {name.replace("_", "-"): sources for name, sources in looser.items()}
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "Cache-Control": "no-cache",
        "Vary": "Accept",
    }
    return HTMLResponse(html, status, headers)
