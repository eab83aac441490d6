"""What of a campaign can no longer change once people may have voted in it, and how a file differs in that.

Texts, outcomes, stages and publication may change at any time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from api.domain.campaigns.campaign import BallotTerms, Campaign, ResultsStep
from api.domain.folding import fold

MAX_LISTED = 10  # project numbers that a sentence spells out


@dataclass(frozen=True, slots=True)
class FrozenChange:
    """A part of a campaign that would change, and how, in words for staff."""

    name: str
    difference: str

    def __str__(self) -> str:
        return f"{self.name} ({self.difference})"


def frozen_changes(
    before: Campaign, after: Campaign, now: datetime, *, has_ballots: bool = False
) -> tuple[FrozenChange, ...]:
    """What `after` changes of what ballots are cast under; () while voting has not opened and no ballot is stored.

    has_ballots: whether the campaign has a ballot, counted or not. Then it is frozen whatever a clock says.
    """
    if now < before.window.opens_at and not has_ballots:
        return ()
    changes = [*_terms(before.terms, after.terms), _visibility(before, after), _projects(before, after)]
    return tuple(FrozenChange(name, difference) for name, difference in changes if difference)


def _terms(before: BallotTerms, after: BallotTerms) -> Iterator[tuple[str, str]]:
    yield "time_zone", _differ(before.time_zone, after.time_zone)
    yield "window", "" if before.window == after.window else _differ(_window(before), _window(after))
    yield "choices", _differ(*(f"{t.choices.minimum} to {t.choices.maximum}" for t in (before, after)))
    yield "quota", _differ(*(f"{t.quota.limit} a {t.quota.period.name.lower()}" for t in (before, after)))


def _visibility(before: Campaign, after: Campaign) -> tuple[str, str]:
    return "visibility", _differ(*(_when_seen(campaign) for campaign in (before, after)))


def _when_seen(campaign: Campaign) -> str:
    at = "" if campaign.results_at is None else f" at {campaign.results_at:%H:%M}"
    step = "" if campaign.results_step is ResultsStep.SECOND else f" every {campaign.results_step.name.lower()}"
    return f"{campaign.visibility.name}{at}{step}"


def _projects(before: Campaign, after: Campaign) -> tuple[str, str]:
    """Candidates that would go or come, and those whose number another one would have: ballots name numbers."""
    numbers = {fold(project.title.translations[0][1]): project.number for project in before.projects}
    moved = [
        f"{number} would become {project.number}"
        for project in after.projects
        if (number := numbers.get(fold(project.title.translations[0][1]), project.number)) != project.number
    ]
    missing, added = (a.by_number.keys() - b.by_number.keys() for a, b in ((before, after), (after, before)))
    parts = (
        f"without {_listed(map(str, sorted(missing)))}" if missing else "",
        f"with {_listed(map(str, sorted(added)))} more" if added else "",
        _listed(moved),
    )
    return "projects", "; ".join(filter(None, parts))


def _differ(before: str, after: str) -> str:
    return "" if before == after else f"{before}, in the file {after}"


def _window(terms: BallotTerms) -> str:
    opens_at, closes_at = terms.window.opens_at, terms.window.closes_at
    return f"{opens_at.isoformat()} to {closes_at.isoformat()}"


def _listed(items: Iterable[str]) -> str:
    listed = list(items)
    more = len(listed) - MAX_LISTED
    return ", ".join(listed[:MAX_LISTED]) + (f" and {more} others" if more > 0 else "")
