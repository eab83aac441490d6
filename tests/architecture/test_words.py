"""Are names in `api/` the field's standard terms, and not the private words that stood there once?"""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
API = REPOSITORY / "api"

# What must not be a name in the code, as a pattern, with the word that is meant.
ANYWHERE = {
    r"House|open_house": "Services, open_services",
    r"endless": "on_shutdown",
    r"_?[Ww]atch(ed|ing)?|Unwatched|UNWATCHED": "instrumentation, or TopicRegistry",
    r"Meters|TracedMeters": "Metrics, TracedMetrics",
    r"Gate|Doors": "EdgeMiddleware, EdgePolicy",
    r"SignInDoor|ClosedDoor|WeChatDoor": "SignInProvider, DisabledProvider, WeChatProvider",
    r"Visits?|VISIT|executes": "RequestLogMiddleware, RequestInfo, set_operation_name",
    r"Scoreboard|Audience|Listener|Gallery": "SubscriptionManager, SubscriberGroup, Subscriber, ResultsFeed",
    r"dismiss|stir|converse|Streamed": "revoke, wake, run, SseOperation",
    r"Wire|Patience|PATIENCE": "Transport, Timeouts, a *_TIMEOUT",
    r"Breach|Greeting|Heard": "ProtocolError, ConnectionInit, ClientMessage",
    r"Remembered|RememberedAnswers|Question": "CachedResponse, ResponseCache, CacheKey",
    r"Asked|Arrived|Refused": "GraphQLParams, HttpRequest, HttpError",
    r"_?throttle|Throttle|Taken|Spendings|household": "RateLimiter, RateLimitResult, RateLimitUsage, rate_limit_address",
    r"PollingStation|FrontDesk|Recorder": "BallotCasting, Authenticator, AuditRecorder",
    r"Lookout|Bench": "SuspicionDetector, BallotModeration",
    r"Vigilance|vigilance|haste|Trace|Clue|Crowds": "DetectionConfig, min_seconds, BallotOrigin, SharedTrait, FirstSeenCache",
    r"Fault|FaultCode|StaffError|turned_away|_Verdict": "ApiError, ErrorCode, OperatorError, sign_in_error, SignInErrorInfo",
    r"vouch(ed)?|Vouched|Outside|within_patience": "authenticate, ExternalIdentity, ProviderClient, timeout",
    r"Roster|roster|forgotten|ClosedDoor": "AccessGrants, access, anonymised",
    r"Stored(Ballots|Campaigns|Tallies|Rulings|Signals|Trail|People|Spendings)": "Sql…",
    r"Unfit|Unusual|Put|Fill|Given": "CoercionError, Unsupported, Completer, FieldWriter, ArgumentReader",
    r"HandClock": "ManualClock",
    r"PAUSE|BESIDE|EACH|\w*PATIENCE\w*": "a *_INTERVAL, *_OVERHEAD or *_TIMEOUT",
    r"(MOST|LONGEST|SHORTEST|FEWEST|GREATEST)(_\w+)?": "MAX_… or MIN_…",
}
# Names that have another, legitimate use elsewhere: only in the room where they once were private words.
IN_ROOM = {
    "sandbox": {r"Stage|Control|About": "AppSwitcher, ControlApi, SandboxInfo"},
    "storage": {r"Attempt|Turn": "BatchAttempt, StatementGuard"},
    "domain": {r"Attempt": "CastAttempt"},
    "subscriptions": {r"Conversation|Begin|Finish": "GraphQLWsProtocol, Subscribe, Complete"},
}
MODULES = {
    "about", "admitting", "answers", "browsing", "callers", "campaigning", "conversation", "counting", "doors",
    "explaining", "exposure", "facts", "failing", "forgetting", "gate", "growing", "heads", "issuers",
    "items", "keeping", "listening", "live", "migrating", "mistakes", "opening", "operations", "outside",
    "pricing", "recording", "refusing", "remembered", "remembering", "roster", "ruling", "scanning", "scoreboard",
    "sense", "serving", "shape", "simulating", "stage", "throttling", "turned_away", "values", "visits",
    "watched", "watching", "weighing", "wires",
}  # fmt: skip


def names(source: str) -> Iterator[tuple[int, str]]:
    """The names of a file's code, with their lines; no word of its texts and comments."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME:
            yield token.start[0], token.string


def old_words(source: str, room: str) -> dict[str, tuple[int, str]]:
    """The private words in a file of a room, each with its first line and what is meant."""
    patterns = ANYWHERE | IN_ROOM.get(room, {})
    found: dict[str, tuple[int, str]] = {}
    for line, name in names(source):
        for pattern, meant in patterns.items():
            if re.fullmatch(pattern, name):
                found.setdefault(name, (line, meant))
    return found


def test_the_code_names_things_by_the_fields_terms() -> None:
    found = [
        f"{file.relative_to(REPOSITORY)}:{line}: {word}: write {meant}"
        for file in sorted(API.rglob("*.py"))
        for word, (line, meant) in old_words(file.read_text("utf-8"), file.relative_to(API).parts[0]).items()
    ]
    assert not found, "\n" + "\n".join(found)


def test_no_module_has_an_old_name() -> None:
    assert [str(file.relative_to(REPOSITORY)) for file in API.rglob("*.py") if file.stem in MODULES] == []


def test_an_old_word_is_found_in_code_and_not_in_prose() -> None:
    source = '"""Nobody keeps watch in this House."""\nPAUSE = 1\ndef vouch(context): ...\nclass Attempt: ...\n'
    assert set(old_words(source, "http")) == {"PAUSE", "vouch"}
    assert set(old_words(source, "storage")) == {"PAUSE", "vouch", "Attempt"}
    assert old_words(source, "http")["PAUSE"] == (2, "a *_INTERVAL, *_OVERHEAD or *_TIMEOUT")
