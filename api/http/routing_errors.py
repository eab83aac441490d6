"""Answer what the router refuses as the GraphQL endpoint would: with `errors`. Redirects are relative."""

from collections.abc import Mapping
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ExceptionHandler, Receive, Scope, Send

from api.domain.campaigns.problems import ActFailed
from api.domain.errors import ApiError, bad_input
from api.domain.texts import Language, Text
from api.http import responses
from api.http.negotiation import MediaType, negotiate_language, negotiate_media_type
from api.http.responses import HttpResponse


def web_application(
    routes: list[BaseRoute],
    handlers: Mapping[type[Exception], ExceptionHandler] | None = None,
    root_path: str = "",
) -> Starlette:
    """A Starlette application on these routes, all below root_path. handlers: of further exceptions."""
    not_found = _not_found(root_path)
    refuse = partial(_refuse, not_found)
    known: dict[type[Exception], ExceptionHandler] = {HTTPException: refuse, Exception: _fail, **(handlers or {})}
    app = Starlette(routes=routes, exception_handlers=known)
    app.router.redirect_slashes = False  # Starlette's redirects name the host that was sent
    app.router.default = _RouteNotFound(routes, root_path, not_found)
    return app


def error_response(
    request: HTTPConnection, error: ApiError, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """The response with this error, in the form and the language that the request asks for."""
    return _starlette(responses.error_response(error, *_form(request), status, headers))


def problems_response(request: HTTPConnection, refusal: ActFailed, status: int) -> Response:
    """The response with these problems, each an error with the problem's code."""
    media_type, language = _form(request)
    errors = [
        {"message": problem.message.to(language), "extensions": {"code": problem.code.name}}
        for problem in refusal.problems
    ]
    return _starlette(responses.json_response({"errors": errors}, media_type, status))


class _RouteNotFound:
    """The ASGI application at paths without a route: a redirect where one slash more or less has one, else 404."""

    def __init__(self, routes: list[BaseRoute], root_path: str, not_found: ApiError) -> None:
        self._routes = routes
        self._root_path = root_path
        self._not_found = not_found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = HTTPConnection(scope)
        if scope["type"] == "http" and (path := self._without_slash(scope)):
            query = scope["query_string"].decode("latin-1")
            location = f"{self._root_path}{path}" + (f"?{query}" if query else "")
            await responses.empty_response(307, {"Location": location, "Content-Length": "0"}).send(send)
            return
        refusal = responses.error_response(self._not_found, *_form(request), 404)
        await refusal.send(send, "http" if scope["type"] == "http" else responses.WEBSOCKET)

    def _without_slash(self, scope: Scope) -> str | None:
        """The path without the slashes at its end, if it has some and something is there."""
        path: str = scope["path"].rstrip("/")
        if not path or path == scope["path"]:
            return None
        found = any(route.matches({**scope, "path": path})[0] is not Match.NONE for route in self._routes)
        return path if found else None


def _not_found(root_path: str) -> ApiError:
    return bad_input(
        Text(
            "此路径没有内容，GraphQL在{root_path}/graphql。",
            "Nothing is at this path. GraphQL is at {root_path}/graphql.",
            root_path=root_path,
        ),
    )


async def _refuse(not_found: ApiError, request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    methods = (error.headers or {}).get("Allow", "")
    reason = (
        bad_input(Text("此路径只接受{methods}。", "Only {methods} is taken at this path.", methods=methods))
        if error.status_code == 405
        else not_found
        if error.status_code == 404
        else bad_input(Text("请求被拒绝：{detail}", "The request is refused: {detail}", detail=error.detail))
    )
    return error_response(request, reason, error.status_code, error.headers)


async def _fail(request: Request, error: Exception) -> Response:
    return _starlette(responses.failure_response(error, *_form(request)))


def _form(request: HTTPConnection) -> tuple[MediaType, Language]:
    media_type = negotiate_media_type(request.headers.get("accept")) or MediaType.JSON
    return media_type, negotiate_language(request.headers.get("accept-language"))


def _starlette(response: HttpResponse) -> Response:
    answer = Response(response.body, response.status)
    answer.raw_headers = response.headers
    return answer
