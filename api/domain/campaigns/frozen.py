"""What of a campaign can no longer change once people may have voted in it, and what a change would do to that.

Texts may change at any time; outcomes, decisions and publication until a selection has been announced.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.domain.campaigns.campaign import BallotTerms, Campaign
from api.domain.campaigns.frozen_selection import (
    announced_decisions,
    has_panel_opened,
    moved_dates,
    review_terms,
    selection_terms,
    stage_terms,
)
from api.domain.campaigns.projects import Project
from api.domain.campaigns.states import CampaignState, ResultsStep
from api.domain.folding import fold
from api.domain.voting.rules import FurtherRule

MAX_LISTED = 10  # project numbers that a sentence spells out

INPUT_PATHS = {
    "awards": ("awards",),
    "criteria": ("criteria",),
    "lot_digest": ("lotDigest",),
    "panel": ("panel",),
    "published_at": ("publishedAt",),
    "time_zone": ("timeZone",),
    "window": ("votingWindow",),
    "choices": ("rules", "choices"),
    "quota": ("rules", "quota"),
    "rules": ("rules",),
    "visibility": ("resultsVisibility",),
}


@dataclass(frozen=True, slots=True)
class FrozenChange:
    """A part of a campaign that would change, and how, in words for staff."""

    name: str
    difference: str

    @property
    def path(self) -> tuple[str, ...]:
        """Where it is in what organizers send."""
        kind = self.name.partition(" ")[0]
        if kind in ("projects", "outcomes"):
            return ("projects",)
        of_a_stage = " of " in self.name
        return ("input", *(("stages",) if of_a_stage else INPUT_PATHS.get(kind, ("stages",))))

    def __str__(self) -> str:
        return f"{self.name} ({self.difference})"


def frozen_changes(
    before: Campaign, after: Campaign, now: datetime, *, has_ballots: bool = False
) -> tuple[FrozenChange, ...]:
    """What `after` changes of what ballots are cast and projects are scored under, and of what was announced.

    () while voting and the panel have not opened and no ballot is stored. has_ballots: whether the campaign has a ballot,
    counted or not. Then it is frozen whatever a clock says.
    """
    is_voted, is_scored = is_frozen(before, now, has_ballots=has_ballots), has_panel_opened(before, now)
    changes = [
        *(_voted(before, after) if is_voted else ()),
        *(_compared(review_terms(before, after)) if is_voted or is_scored else ()),
        *([("projects", _projects(before, after))] if is_voted or is_scored else ()),
        *_compared(moved_dates(before, after, now)),
        *_compared(announced_decisions(before, after)),
    ]
    return tuple(FrozenChange(name, difference) for name, difference in changes if difference)


def _voted(before: Campaign, after: Campaign) -> Iterator[tuple[str, str]]:
    """What ballots are cast under, but for the candidates, and what follows from them."""
    yield from _terms(before.terms, after.terms)
    yield from _stages(before, after)
    yield from _compared(selection_terms(before, after))
    yield "visibility", _differ(_visibility(before), _visibility(after))


def _compared(differences: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    return ((name, _differ(was, would_be)) for name, was, would_be in differences)


def is_frozen(campaign: Campaign, now: datetime, *, has_ballots: bool) -> bool:
    """Whether voting has opened or a ballot is stored."""
    return has_ballots or (campaign.state is not CampaignState.DRAFT and now >= campaign.window.opens_at)


def _terms(before: BallotTerms, after: BallotTerms) -> Iterator[tuple[str, str]]:
    yield "time_zone", _differ(before.time_zone, after.time_zone)
    yield "window", "" if before.window == after.window else _differ(_window(before), _window(after))
    yield "choices", _differ(*(f"{t.choices.minimum} to {t.choices.maximum}" for t in (before, after)))
    yield "quota", _differ(*(_quota(terms) for terms in (before, after)))
    yield "rules", "" if before.rules == after.rules else _differ(*(_kinds(terms) for terms in (before, after)))


def _quota(terms: BallotTerms) -> str:
    per_channel = " by each channel" if terms.quota.per_channel else ""
    return f"{terms.quota.limit} a {terms.quota.period.name.lower()}{per_channel}"


def _kinds(terms: BallotTerms) -> str:
    """The further rules by their kinds, with a digest that differs wherever the rules do."""
    digest = hashlib.sha256(repr(terms.rules).encode()).hexdigest()[:8]
    return f"{_listed(rule.code for rule in terms.rules) or 'none'} ({digest})"


def _stages(before: Campaign, after: Campaign) -> Iterator[tuple[str, str]]:
    """Which stages there are, how many pass each, by what formula, and how ties are settled."""
    stages = [{stage.code: stage for stage in campaign.stages} for campaign in (before, after)]
    yield "stages", _differ(*(_listed(f"{s.code} {s.seats}" for s in by_code.values()) for by_code in stages))
    for code in [code for code in stages[0] if code in stages[1]]:
        old, new = (by_code[code] for by_code in stages)
        yield f"ties of {code}", _differ(*(_listed(step.name for step in stage.ties) or "none" for stage in (old, new)))
        yield f"formula of {code}", _differ(old.formula or "none", new.formula or "none")
        yield from _compared(stage_terms(old, new))


def _visibility(campaign: Campaign) -> str:
    at = f" at {campaign.results_at:%H:%M}" if campaign.results_at else ""
    step = "" if campaign.results_step is ResultsStep.SECOND else f" every {campaign.results_step.name.lower()}"
    return f"{campaign.visibility.name}{at}{step}"


def _projects(before: Campaign, after: Campaign) -> str:
    """Candidates that would go or come, and those whose number another one would have: ballots name numbers."""
    numbers = {fold(project.title.translations[0][1]): project.number for project in before.projects}
    moved = [
        f"{number} would become {project.number}"
        for project in after.projects
        if (number := numbers.get(fold(project.title.translations[0][1]), project.number)) != project.number
    ]
    changed = [
        f"{number} in what rules go by"
        for number, project in before.by_number.items()
        if number in after.by_number
        and ruled_by(project, before.rules) != ruled_by(after.by_number[number], before.rules)
    ]
    missing, added = (a.by_number.keys() - b.by_number.keys() for a, b in ((before, after), (after, before)))
    parts = (
        f"without {_listed(map(str, sorted(missing)))}" if missing else "",
        f"with {_listed(map(str, sorted(added)))} more" if added else "",
        _listed(moved),
        _listed(changed),
    )
    return "; ".join(filter(None, parts))


def ruled_by(project: Project, rules: Sequence[FurtherRule]) -> tuple[object, ...]:
    """What the rules judge ballots by, besides which project it is."""
    return tuple(rule.goes_by(project) for rule in rules)


def _differ(before: str, after: str) -> str:
    return "" if before == after else f"{before} would become {after}"


def _window(terms: BallotTerms) -> str:
    opens_at, closes_at = terms.window.opens_at, terms.window.closes_at
    return f"{opens_at.isoformat()} to {closes_at.isoformat()}"


def _listed(items: Iterable[str]) -> str:
    listed = list(items)
    more = len(listed) - MAX_LISTED
    return ", ".join(listed[:MAX_LISTED]) + (f" and {more} others" if more > 0 else "")
