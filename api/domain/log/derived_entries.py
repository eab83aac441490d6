"""What a log states besides ballots and rulings: derived from the campaign by comparison with what it has stated before.

The state of a log, plain values of JSON, is what it has stated: "rules", "window", "days" by date, "closed" with the count and
the index of the first such entry, "result", the version of each stage's "selections"; "revision" and "passed" tell when it was
compared.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.digest import rules_document
from api.domain.log.entries import ClosedEntry, DayEntry, ResultEntry, RulesEntry, SelectionEntry, WindowEntry
from api.domain.log.results_document import DayCounts, LogCounts, results_document
from api.domain.results.visibility import results_visible
from api.domain.selection.versions import SelectionTexts

NOTHING: Mapping[str, Any] = {}
LAST_DAYS = 2  # whose sign-ins are counted again at each comparison: those of an evening come in late


class Document(NamedTuple):
    """What an entry commits to. kind: rules, result, record or trace."""

    kind: str
    sha256: str
    content: bytes


@dataclass
class Derived:
    """Entries that are due, what they commit to, and the state of the log once it has them."""

    state: dict[str, Any]
    entries: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    def commit(self, kind: str, content: bytes) -> str:
        """Keep a document; return its digest."""
        digest = sha256(content).hexdigest()
        self.documents.append(Document(kind, digest, content))
        return digest


class Moment(NamedTuple):
    """A time by the campaign's clock. grace: how long after the end of a day, or of voting, ballots may still be stored."""

    now: datetime
    grace: timedelta

    @property
    def settled(self) -> datetime:
        """The moment before which every ballot that was cast is stored."""
        return self.now.astimezone(UTC) - self.grace


def is_due(campaign: Campaign, state: Mapping[str, Any], moment: Moment) -> bool:
    """Tell whether the campaign has to be compared: it, or the time, has changed since it was."""
    return any(state.get(name) != number for name, number in _compared(campaign, moment).items())


def is_over(campaign: Campaign, moment: Moment) -> bool:
    """Tell whether no further ballot comes in by itself."""
    return campaign.calendar.closes_at <= moment.settled


def _compared(campaign: Campaign, moment: Moment) -> dict[str, int]:
    """Return by what a comparison is known. Counts of moments that have passed, not times: a clock may go back."""
    now, settled = moment.now.astimezone(UTC), moment.settled
    passed = sum((each <= now) + (each <= settled) for each in campaign.transitions)
    return {"revision": campaign.revision, "passed": passed}


def derive_terms(campaign: Campaign, derived: Derived) -> None:
    """State the rules and the window where they have changed: before the ballots that are judged by them."""
    rules = derived.commit("rules", rules_document(campaign))
    if derived.state.get("rules") == rules:
        derived.documents.pop()
    else:
        derived.state["rules"] = rules
        derived.entries.append(RulesEntry(rules).line)
    window = WindowEntry(campaign.window.opens_at, campaign.window.closes_at).line
    if derived.state.get("window") != window:
        derived.state["window"] = window
        derived.entries.append(window)


def days_to_count(campaign: Campaign, state: Mapping[str, Any], counts: LogCounts, moment: Moment) -> tuple[date, ...]:
    """Return the days that are over of which something may have to be stated: their sign-ins are wanted."""
    over, stated = _days_over(campaign, moment), state.get("days", NOTHING)
    changed = (day for day in over if stated.get(day.isoformat(), [])[:3] != list(counts.days.get(day, DayCounts())))
    return tuple(sorted({*changed, *over[-LAST_DAYS:]}))


def _days_over(campaign: Campaign, moment: Moment) -> Sequence[date]:
    if is_over(campaign, moment):
        return campaign.calendar.days
    return campaign.calendar.days_begun(moment.settled)[:-1]


def derive_days(counts: LogCounts, sign_ins: Mapping[date, int], derived: Derived) -> None:
    """State the numbers of days that are over, where they have changed. sign_ins: of the days that are to be looked at."""
    stated = dict(derived.state.get("days", NOTHING))
    for day in sorted(sign_ins):
        numbers = [*counts.days.get(day, DayCounts()), sign_ins[day]]
        if stated.get(day.isoformat()) != numbers:
            stated[day.isoformat()] = numbers
            derived.entries.append(DayEntry(day, *numbers).line)
    derived.state["days"] = stated


def derive_close(campaign: Campaign, ballots: int, index: int, moment: Moment, derived: Derived) -> None:
    """State how many ballots there are once voting is over. index: that of the first entry of `derived`."""
    stated = derived.state.get("closed", NOTHING)
    if is_over(campaign, moment) and stated.get("count") != ballots:
        derived.state["closed"] = {"count": ballots, "index": stated.get("index", index + len(derived.entries))}
        derived.entries.append(ClosedEntry(ballots).line)


def derive_result(campaign: Campaign, counts: LogCounts, moment: Moment, derived: Derived) -> None:
    """State the result once voting is over and everybody may see it, where it has changed."""
    if not may_state_result(campaign, moment):
        return
    digest = derived.commit("result", results_document(campaign, counts))
    if derived.state.get("result") == digest:
        derived.documents.pop()
        return
    derived.state["result"] = digest
    derived.entries.append(ResultEntry(digest).line)


def may_state_result(campaign: Campaign, moment: Moment) -> bool:
    """Tell whether the result, if it is new, has to be stated now."""
    return is_over(campaign, moment) and results_visible(campaign, moment.now, has_cast=False)


def selections_to_state(campaign: Campaign, state: Mapping[str, Any], now: datetime) -> Iterator[tuple[str, int]]:
    """Yield stage and version of each outcome that is announced and was not stated."""
    stated = state.get("selections", NOTHING)
    for selection in campaign.published(now).selections:
        for version in selection.versions:
            if version.version > stated.get(selection.stage, 0):
                yield selection.stage, version.version


def derive_selection(stage: str, version: int, texts: SelectionTexts, derived: Derived) -> None:
    """State a version of what a stage has decided."""
    trace = derived.commit("trace", texts.trace.encode())
    record = derived.commit("record", texts.record.encode())
    derived.state["selections"] = {**derived.state.get("selections", NOTHING), stage: version}
    derived.entries.append(SelectionEntry(stage, version, trace, record).line)


def derive_comparison(campaign: Campaign, moment: Moment, derived: Derived) -> None:
    """Keep that the campaign as it is now was compared."""
    derived.state.update(_compared(campaign, moment))
