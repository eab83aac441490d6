"""Generate docs/errors.md, the page of all errors that a client can get, from the code."""

import sys
from collections.abc import Iterable, Mapping
from enum import Enum

from api.domain.campaigns.problems import ProblemCode
from api.domain.errors import ApiError, ErrorCode
from api.domain.integrity.rulings import MESSAGES, BallotStatus, RulingProblemCode
from api.domain.texts import Text
from api.domain.voting.rules import ViolationCode
from api.domain.voting.rules.base import Violation
from api.graph import schema
from api.http.status_docs import CLOSE_CODES, STATUSES, StatusDoc
from api.identity.sign_in_errors import SignInError, sign_in_error
from api.schema.rules import VIOLATIONS
from api.schema.rules.base import RuleViolation

_BY_CODE = {violation.code: violation.example() for violation in VIOLATIONS}
EXAMPLES: Mapping[ViolationCode, Violation] = {code: _BY_CODE[code.name] for code in ViolationCode}
PAGE = """\
# Errors, and what to do about each

`pingxuan errors` writes this page from the code, so nothing is missing from it. Codes may be added: treat one that you do not
know as a failure. Messages are for people, in Chinese or English by `Accept-Language`; programs go by codes.

## Errors of a request

In `errors[].extensions.code`. An error is something that a caller or the server did wrong; a ballot that is refused is none.
The field that an error is about, named in `path`, is null; everything beside it
is answered. So look at `data` as well as `errors`.

{errors}

[limits.md](limits.md) lists the limits of `QUERY_TOO_LARGE` and `RATE_LIMITED`. A program may retry by itself after
`OVERLOADED`, `RATE_LIMITED`, `TIMEOUT` and `INTERNAL`: after `extensions.retryAfter` seconds where that is there, and with
the same `idempotencyKey` for the same ballot.

## Signing in

In `errors[].extensions.reason`, where the code is `SIGN_IN_FAILED` or `SIGN_IN_UNAVAILABLE`. `retryable` says whether a
client may try again by itself, with a fresh code or token, and `retryAfter` after how many seconds. Where it is false, show
the message: a person has to do something.

{reasons}

## A ballot that is refused

In `castBallot.violations` and `checkBallot`, as data, everything at once. Show `message`, or make your own of the fields.

{violations}

## A ballot that was cast

In `Ballot.status`. [the-ballot.md](the-ballot.md) tells its whole way.

{ballot_statuses}

## What an organizer asked for and was not done

In the `problems` of the mutations for organizers and in `checkCampaign`, as data, all at once, with `path`: the argument and
the place in it. Where there is one nothing has changed, unless `errorPolicy` is `SKIP_REFUSED`.

{act_problems}

## Rulings that were not made

In `problems` of `holdBallots`, `releaseBallots` and `voidBallots`, ballot by ballot.

{problems}

## HTTP statuses

An answer to GraphQL, errors included, is 200; with `Accept: application/graphql-response+json` a wrong document is 400. What
is refused before GraphQL begins has another status, and `errors` in its body all the same.

{statuses}

## Closed WebSockets

{close_codes}
"""


def errors() -> None:
    """Print the page about every error (docs/errors.md)."""
    sys.stdout.write(page())


def page() -> str:
    """Return the page in Markdown."""
    return PAGE.format(
        errors=_table(("`code`", "What it means, and what to do"), _descriptions(ErrorCode)),
        reasons=_table(
            ("`code`", "`reason`", "`retryable`", "`retryAfter`", "What it means, and what to do", "What people read"),
            (_reason(reason) for reason in SignInError),
        ),
        violations=_table(
            ("`code`", "Fields", "What it means, and what to do", "What people read"), map(_violation, ViolationCode)
        ),
        ballot_statuses=_table(("`status`", "What it means"), _descriptions(BallotStatus)),
        act_problems=_table(("`code`", "What it means, and what to do"), _descriptions(ProblemCode)),
        problems=_table(
            ("`code`", "What it means, and what to do", "What people read"),
            ((f"`{code.name}`", code.value, _both_languages(MESSAGES[code])) for code in RulingProblemCode),
        ),
        statuses=_table(("Status", "What it means", "What to do"), _numbers(STATUSES)),
        close_codes=_table(("Code", "What it means", "What to do"), _numbers(CLOSE_CODES)),
    )


def _descriptions(enum: type[Enum]) -> Iterable[tuple[str, str]]:
    return ((f"`{member.name}`", member.value) for member in enum)


def _reason(reason: SignInError) -> tuple[str, ...]:
    error: ApiError = sign_in_error(reason)
    retryable, retry_after = error.details["retryable"], error.details.get("retryAfter", "")
    names = f"`{error.code.name}`", f"`{reason.name}`"
    return (*names, str(retryable).lower(), str(retry_after), reason.value, _both_languages(error.message))


def _violation(code: ViolationCode) -> tuple[str, ...]:
    example = EXAMPLES[code]
    fields, common = _fields(VIOLATIONS[type(example)]), _fields(RuleViolation)
    names = ", ".join(f"`{name}`" for name in fields if name not in common)
    return f"`{code.name}`", names, code.value, _both_languages(example.message)


def _fields(shown: type[RuleViolation]) -> list[str]:
    """The names of a type's fields in the schema."""
    return list(getattr(schema()._schema.type_map[shown.__name__], "fields", ()))


def _numbers(docs: Mapping[int, StatusDoc]) -> Iterable[tuple[str, ...]]:
    return ((str(number), *doc) for number, doc in docs.items())


def _both_languages(message: Text) -> str:
    return f"{message.zh} {message.en}"


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
