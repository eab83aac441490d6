"""Are names in `api/` the field's standard terms, and not the private words that stood there once?"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
API = REPOSITORY / "api"

# A word that no name may hold, alone or with others (`_watch`, `open_house`, `SignInDoor`), and the name that is meant.
WORDS = {
    "admitting": "BallotBatch",
    "beside": "*_OVERHEAD, background_tasks",
    "breach": "ProtocolError",
    "browsing": "listing",
    "campaigning": "campaigns",
    "clue": "SharedTrait",
    "converse": "run",
    "crowds": "FirstSeenCache",
    "dismiss": "revoke",
    "door": "IdentityProvider, SignInProvider, *Provider",
    "doors": "sign_in_providers, EdgePolicy",
    "endless": "on_shutdown",
    "fault": "error, ApiError, ErrorCode",
    "faults": "errors",
    "gallery": "ResultsFeed",
    "gate": "Edge, EdgeMiddleware",
    "greeting": "ConnectionInit",
    "heard": "ClientMessage",
    "house": "Services, open_services",
    "household": "rate_limit_address",
    "listener": "Subscriber",
    "lookout": "SuspicionDetector",
    "meters": "Metrics, TracedMetrics",
    "outside": "ProviderClient",
    "patience": "*_TIMEOUT, Timeouts",
    "roster": "AccessGrants, access",
    "scoreboard": "SubscriptionManager",
    "spendings": "RateLimitUsage",
    "stir": "wake",
    "streamed": "SseOperation",
    "taken": "RateLimitResult",
    "throttle": "RateLimiter",
    "throttling": "rate_limiting",
    "unfit": "CoercionError, InvalidSubscription",
    "unusual": "Unsupported",
    "unwatched": "NoInstrumentation",
    "vigilance": "DetectionConfig, detection",
    "vouch": "authenticate",
    "vouched": "ExternalIdentity, identity",
    "watch": "Instrumentation, instrumentation",
    "watched": "TopicRegistry",
    "watching": "open_instrumentation",
}
# A whole name, as a pattern, where its words have other uses.
NAMES = {
    r"Arrived|Asked|Refused": "Request, GraphQLParams, HttpError",
    r"Audience": "SubscriberGroup",
    r"Bench": "BallotModeration",
    r"Caller(Error)?|TooOften": "GraphQLClient, GraphQLClientError, RateLimited, OperationSubscriber, BucketKey",
    r"Conversation|Begin|Finish": "GraphQLWsProtocol, Subscribe, Complete",
    r"EACH": "*_OVERHEAD",
    r"Entry|Recorded|Recorder|Trail|_Measure": "AuditEvent, RecordedEvent, AuditRecorder, AuditTrail, _EventBudget",
    r"executes": "set_operation_name",
    r"forgotten": "anonymised",
    r"FrontDesk|PollingStation": "Authenticator, BallotCasting",
    r"Given|Put|Fill|Run": "ArgumentReader, Completer, FieldWriter, ExecutionState",
    r"HandClock": "ManualClock",
    r"haste": "min_seconds",
    r"(FEWEST|SHORTEST)(_\w+)?": "MIN_*",
    r"(GREATEST|LONGEST|MOST)(_\w+)?": "MAX_*",
    r"PAUSE": "*_INTERVAL",
    r"Remembered(Answers)?|Question": "CachedResponse, ResponseCache, CacheKey",
    r"SignInBackend": "IdentityProvider",
    r"StaffError": "OperatorError",
    r"Stored(Ballots|Campaigns|People|Rulings|Signals|Spendings|Tallies|Trail)": "Sql*",
    r"_?told": "error, result",
    r"Trace": "BallotOrigin",
    r"turned_away": "sign_in_error",
    r"Visits?|VISIT": "RequestLog, Request, REQUEST",
    r"Wire|WIRE|\w+Wire": "Transport, TRANSPORT, *Protocol",
    r"within_patience": "timeout",
}
# A whole name that is wrong in one room alone: elsewhere it is a term of the domain or of a library.
NAMES_IN_ROOM = {
    "domain": {r"Attempt": "CastAttempt"},
    "http": {r"Answer|Refusal": "HttpResponse, StatusDoc"},
    "identity": {r"Reason|_?Verdict": "SignInError, SignInErrorInfo"},
    "sandbox": {r"Stage|Control|About|stage": "AppSwitcher, ControlApi, SandboxInfo, app"},
    "storage": {r"Attempt|Turn": "BatchAttempt, StatementGuard"},
}
PUBLIC = {  # names of the GraphQL schema
    "schema/credentials.py": {"door"},
    "schema/rules/times.py": {"OutsideVotingHours"},
    "domain/voting/rules/__init__.py": {"OUTSIDE_VOTING_HOURS"},
    "domain/voting/rules/hours.py": {"OutsideVotingHours"},
}
MODULES = {
    "about": "sandbox/info",
    "admitting": "storage/ballots/ballot_batch",
    "answers": "http/responses",
    "browsing": "services/listing",
    "callers": "cli/graphql_client",
    "campaign_files": "formats/campaign_toml",
    "campaigning": "services/campaigns",
    "closed": "identity/disabled",
    "control": "sandbox/control_api",
    "conversation": "subscriptions/websocket/protocol",
    "counting": "cli/results",
    "doors": "bootstrap/sign_in",
    "events": "execution/subscriptions",
    "explaining": "formats/campaign_toml/messages",
    "exposure": "server/safety_checks",
    "facts": "schema/campaign_details",
    "failing": "cli/errors",
    "faults": "domain/errors",
    "forgetting": "services/erasure",
    "gate": "middleware/edge",
    "growing": "schema/common/keyset_paging",
    "heads": "server/head_limits",
    "issuers": "identity/oidc_config",
    "items": "execution/limits/list_limits",
    "keeping": "http/header_cache, cli/database",
    "keys": "identity/jwks",
    "listening": "server/sockets",
    "live": "services/results_feed, resolvers/results_changed",
    "logs": "server/logging",
    "migrating": "storage/database/migrator",
    "mistakes": "formats/campaign_toml/errors",
    "opening": "bootstrap/database",
    "operations": "observability",
    "outputs": "execution/compiler/value_completion",
    "outside": "identity/http_client",
    "pricing": "execution/limits/cost",
    "reading": "formats/campaign_toml/reader",
    "recording": "services/audit_trail",
    "refusing": "http/status_docs",
    "remembered": "http/response_cache",
    "remembering": "cli/audit_trail",
    "roster": "domain/people/access",
    "ruling": "cli/moderation",
    "running": "execution/compiler/execution_state",
    "scanning": "execution/limits/lexer_limits",
    "scoreboard": "subscriptions/manager",
    "sense": "formats/campaign_toml/consistency",
    "serving": "cli/serve",
    "shape": "formats/campaign_toml/schema",
    "simulating": "services/simulation, cli/simulate",
    "spendings": "storage/rate_limit_usage",
    "stage": "sandbox/app_switcher",
    "streams": "subscriptions/sse/endpoint",
    "throttling": "services/rate_limiting",
    "trail": "services/audit_trail",
    "turned_away": "identity/sign_in_errors",
    "turns": "storage/database/engines/statement_guard",
    "values": "settings/parsers",
    "visits": "middleware/request_log",
    "watched": "subscriptions/registry",
    "watches": "observability/setup",
    "watching": "instrumentation",
    "weighing": "execution/limits/document_limits",
    "wire": "subscriptions/transport, testing/http_client",
    "wires": "server/protocols",
}


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name in the code, those in f-strings too, with its line; no word of texts and comments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            continue
        for _, value in ast.iter_fields(node):
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str):
                    yield getattr(node, "lineno", 0), item


def words(name: str) -> list[str]:
    """The words of a name in small letters, whether underscores or capitals separate them."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def meaning(name: str, room: str) -> str | None:
    """The name that is meant; None where this one is not a private word."""
    for word in words(name):
        if word in WORDS:
            return WORDS[word]
    patterns: Mapping[str, str] = NAMES | NAMES_IN_ROOM.get(room, {})
    return next((meant for pattern, meant in patterns.items() if re.fullmatch(pattern, name)), None)


def old_names(path: str, source: str) -> list[str]:
    """One line for each name in a file of `api/` that holds a private word, at its first place."""
    room, allowed = path.partition("/")[0], PUBLIC.get(path, set())
    lines: dict[str, str] = {}
    for line, name in names(ast.parse(source)):
        if name not in allowed and (meant := meaning(name, room)):
            lines.setdefault(name, f"api/{path}:{line}: {name}: write {meant}")
    return list(lines.values())


def old_module(path: str) -> str | None:
    """The line about a path of `api/` with an old name of a folder or a module in it."""
    for part in Path(path).with_suffix("").parts:
        if part in MODULES:
            return f"api/{path}: {part}: write {MODULES[part]}"
    return None


def test_names_and_modules_are_the_fields_terms() -> None:
    found = []
    for file in sorted(API.rglob("*.py")):
        path = file.relative_to(API).as_posix()
        found += [line for line in [old_module(path)] if line] + old_names(path, file.read_text("utf-8"))
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source", "name"),
    [
        ("http/a.py", "import x.watching", None),
        ("http/a.py", "PAUSE = 1", "PAUSE"),
        ("http/a.py", "MOST_BYTES = 1", "MOST_BYTES"),
        ("http/a.py", "def f(visible_house): ...", "visible_house"),
        ("http/a.py", "class SignInDoor: ...", "SignInDoor"),
        ("http/a.py", "f(vouch=1)", "vouch"),
        ("http/a.py", "text = f'{self._patience} s'", "_patience"),
        ("http/a.py", "try: ...\nexcept E as told: ...", "told"),
        ("http/a.py", "from x import Roster as R", "Roster"),
        ("sandbox/a.py", "class Stage: ...", "Stage"),
        ("schema/a.py", "door = 1", "door"),
    ],
)
def test_an_old_word_in_the_code_is_found(path: str, source: str, name: str | None) -> None:
    [line] = old_names(path, source)
    assert line.startswith(f"api/{path}:{source.count(chr(10)) + 1}: {name or 'x.watching'}: write ")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("http/a.py", '"""Nobody keeps watch in this House."""  # PAUSE'),
        ("http/a.py", "aggregate = default = MAX_AGE = visitor = 'vouch'"),
        ("domain/a.py", "class Stage: ..."),
        ("schema/credentials.py", "door = 1"),
    ],
)
def test_prose_and_other_uses_are_let_be(path: str, source: str) -> None:
    assert old_names(path, source) == []


def test_an_old_name_of_a_module_is_found_and_the_new_one_named() -> None:
    assert old_module("watching.py") == "api/watching.py: watching: write instrumentation"
    assert old_module("operations/metrics.py") == "api/operations/metrics.py: operations: write observability"
    assert old_module("instrumentation.py") is None
