"""Answer what an endpoint for files refuses: with the status of the error, in the form and the language of the request."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeAlias, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api.domain.campaigns.problems import ActFailed, ProblemCode
from api.domain.errors import ApiError, ErrorCode
from api.http.requests import HttpError
from api.http.routing_errors import error_response, problems_response
from api.services.rate_limiting import RateLimitResult, rate_limited

STATUSES = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.RESULTS_HIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.QUERY_TOO_LARGE: 413,
    ErrorCode.BAD_INPUT: 422,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.OVERLOADED: 503,
}
PROBLEM_STATUSES = {ProblemCode.WRONG_STATE: 409, ProblemCode.FILE_TOO_LARGE: 413}  # others: 422
Endpoint = TypeVar("Endpoint")
Method: TypeAlias = Callable[[Endpoint, Request], Awaitable[Response]]


def refusals_answered(answer: Method[Endpoint]) -> Method[Endpoint]:
    """Have an endpoint answer with the error and its status where it raises one."""

    @wraps(answer)
    async def answered(self: Endpoint, request: Request) -> Response:
        try:
            return await answer(self, request)
        except HttpError as error:
            return error_response(request, error.error, error.status, error.headers)
        except ApiError as error:
            headers = {"WWW-Authenticate": "Bearer"} if error.code is ErrorCode.UNAUTHENTICATED else {}
            return error_response(request, error, STATUSES[error.code], headers)
        except ActFailed as refusal:
            return problems_response(request, refusal, PROBLEM_STATUSES.get(refusal.problems[0].code, 422))
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it

    return answered


def refuse_too_many(result: RateLimitResult | None) -> None:
    """Raise ApiError RATE_LIMITED where a bucket lacks what a request counts for."""
    if result is not None and result.wait:
        raise rate_limited(result)
