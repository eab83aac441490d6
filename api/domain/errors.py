"""Errors of the API, each with a stable code and a message in both languages, and errors for operators."""

from enum import Enum

from api.domain.texts import Text


class ErrorCode(Enum):
    """`extensions.code` of an error. Codes may be added: treat an unknown one as a failure."""

    BAD_INPUT = "The request cannot be understood, or a value is out of range. Mend the request; a retry will not help."
    UNAUTHENTICATED = "The field needs a signed-in caller, or the token is wrong or has expired. Sign in, then retry."
    FORBIDDEN = "This server, or the caller's role, does not allow it. A retry will not help."
    SIGN_IN_FAILED = (
        "The provider does not vouch for the caller. `extensions.reason` and `retryable` say what can be done."
    )
    SIGN_IN_UNAVAILABLE = (
        "The provider cannot be asked just now. `extensions.reason`, `retryable` and `retryAfter` say more."
    )
    RESULTS_HIDDEN = "The standings may not be seen yet. `extensions.visibleFrom` says from when, where that is known."
    OVERLOADED = (
        "Too much is waiting already, or the database is out of reach. Retry after `extensions.retryAfter` seconds, a ballot "
        "with the same key: where the message says so it may have been cast."
    )
    QUERY_TOO_LARGE = (
        "The operation asks for too much: `extensions` names the `limit`, the `most` it allows and the `actual` value."
    )
    RATE_LIMITED = "Too many requests in a short time. Retry after `extensions.retryAfter` seconds."
    TIMEOUT = "The operation took too long. A ballot that was handed in may have been cast: retry with the same key."
    NOT_FOUND = "What an argument names does not exist. `extensions.argument` says which; look the name up in its list."
    FORGOTTEN = (
        "The campaign's voter secret was destroyed after its vote: nobody's ballots can be found by their voter. "
        "Look a ballot up by its id."
    )
    PERSISTED_QUERY_NOT_FOUND = "The digest is not known here (any more). Send the document with it, once."
    INTERNAL = "The server failed. Retry later; `extensions.id` names the failure for the server's staff."


class ApiError(Exception):
    """A request that cannot be answered, for a reason the caller is told. details become further `extensions`."""

    def __init__(self, code: ErrorCode, message: Text, **details: object) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message
        self.details = details


class OperatorError(Exception):
    """What an operator asked for and cannot have; the message is one sentence for them."""


def bad_input(message: Text, **details: object) -> ApiError:
    """Return an error BAD_INPUT; its message says what would be right."""
    return ApiError(ErrorCode.BAD_INPUT, message, **details)


def not_found(message: Text, **details: object) -> ApiError:
    """Return an error NOT_FOUND; its message says which names there are, or where to find them."""
    return ApiError(ErrorCode.NOT_FOUND, message, **details)
