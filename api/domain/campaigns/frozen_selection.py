"""What a campaign's projects are chosen by that can no longer change, and what an announced selection has decided."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Outcome, Project
from api.domain.campaigns.stages import Stage
from api.domain.campaigns.states import CampaignState
from api.domain.exact import plain

T = TypeVar("T")
DECIMAL = re.compile(r"Decimal\('([^']+)'\)")
Difference = tuple[str, str, str]  # what it is, how it was, how it would be: in words for staff


def stage_terms(old: Stage, new: Stage) -> Iterator[Difference]:
    """What a stage is decided by, besides seats, formula and ties."""
    parts: dict[str, Callable[[Stage], str]] = {
        "kind": lambda stage: stage.kind.name,
        "inputs": lambda stage: _with_digest(
            (f"{plain(i.weight)} {i.source.name}" for i in stage.inputs), stage.inputs
        ),
        "threshold": lambda stage: "none" if stage.threshold is None else plain(stage.threshold),
        "places": lambda stage: str(stage.places),
        "further criteria": lambda stage: _listed(f.criterion or f.source.name for f in stage.further_criteria),
        "choices": lambda stage: f"{stage.choices.minimum} to {stage.choices.maximum}" if stage.choices else "none",
    }
    for name, words in parts.items():
        yield _compared(f"{name} of {old.code}", words, old, new)


def selection_terms(before: Campaign, after: Campaign) -> Iterator[Difference]:
    """What all stages go by: awards, and the seed of the lots."""
    yield _compared("awards", _awards, before, after)
    yield _compared("lot_digest", lambda campaign: campaign.lot_digest or "none", before, after)


def review_terms(before: Campaign, after: Campaign) -> Iterator[Difference]:
    """Whether there are experts, what they score by, and how their scores are put together."""
    yield _compared("panel", _aggregation, before, after)
    if before.panel is not None and after.panel is not None:
        yield _compared("criteria", _rubric, before, after)


def has_panel_opened(campaign: Campaign, now: datetime) -> bool:
    """Whether its experts may have begun to score."""
    is_seen = campaign.state is not CampaignState.DRAFT
    return is_seen and campaign.panel is not None and now >= campaign.panel.opens_at


def moved_dates(before: Campaign, after: Campaign, now: datetime) -> Iterator[Difference]:
    """Dates of a panel and of ballots of experts that were open already: an act of its own may move those."""
    if has_panel_opened(before, now) and before.panel is not None and after.panel is not None:
        yield _compared("panel dates", lambda panel: _span(panel.opens_at, panel.closes_at), before.panel, after.panel)
    stages = {stage.code: stage for stage in after.stages}
    for old in before.stages:
        is_open = old.opens_at is not None and old.opens_at <= now and before.state is not CampaignState.DRAFT
        if is_open and (new := stages.get(old.code)) is not None:
            yield _compared(f"dates of {old.code}", lambda stage: _span(stage.opens_at, stage.closes_at), old, new)


def announced_decisions(before: Campaign, after: Campaign) -> Iterator[Difference]:
    """What was announced: which stages are decided and when, which projects they chose, since when that is public."""
    if not before.announcements:
        return
    yield _compared("published_at", lambda campaign: _instant(campaign.published_at), before, after)
    stages = {stage.code: stage for stage in after.stages}
    for old in before.stages:
        if (new := stages.get(old.code)) is not None:
            yield _compared(f"decision of {old.code}", _decision, old, new)
    for number, project in before.by_number.items():
        if (other := after.by_number.get(number)) is not None:
            yield _compared(f"outcomes of {number}", _outcome, project, other)


def with_announced(before: Campaign, made: Campaign) -> Campaign:
    """A campaign as it was sent, with what was announced wherever nothing is said of it."""
    if not before.announcements:
        return made
    known = {stage.code: stage for stage in before.stages}
    stages = (_with_decision(known.get(stage.code, stage), stage) for stage in made.stages)
    projects = (_with_outcome(before.by_number.get(project.number, project), project) for project in made.projects)
    return replace(made, stages=tuple(stages), projects=tuple(projects))


def _with_decision(before: Stage, sent: Stage) -> Stage:
    is_silent = not sent.decided and sent.decided_at is None
    return replace(sent, decided=before.decided, decided_at=before.decided_at) if is_silent else sent


def _with_outcome(before: Project, sent: Project) -> Project:
    is_silent = sent.outcome is Outcome.CANDIDATE and sent.award is None
    return replace(sent, outcome=before.outcome, award=before.award) if is_silent else sent


def _compared(name: str, words: Callable[[T], str], before: T, after: T) -> Difference:
    return name, words(before), words(after)


def _awards(campaign: Campaign) -> str:
    thresholds = (f" from {plain(a.threshold)}" if a.threshold is not None else "" for a in campaign.awards)
    return _listed(f"{a.code} {a.seats}{lowest}" for a, lowest in zip(campaign.awards, thresholds, strict=True))


def _rubric(campaign: Campaign) -> str:
    codes = (f"{criterion.code} {plain(criterion.weight)}" for criterion in campaign.criteria)
    return _with_digest(
        codes, [(c.code, c.weight, c.minimum, c.maximum, c.step, c.anchors, c.counted) for c in campaign.criteria]
    )


def _aggregation(campaign: Campaign) -> str:
    panel = campaign.panel
    if panel is None:
        return "none"
    quorum = "no quorum" if panel.quorum is None else f"a quorum of {panel.quorum}"
    return _with_digest([panel.aggregation.method.name, quorum], panel.aggregation)


def _decision(stage: Stage) -> str:
    return f"decided at {_instant(stage.decided_at)}" if stage.decided else "not decided"


def _outcome(project: Project) -> str:
    return f"{project.outcome.name} {project.award}" if project.award else project.outcome.name


def _span(opens_at: datetime | None, closes_at: datetime | None) -> str:
    return f"{_instant(opens_at)} to {_instant(closes_at)}"


def _instant(moment: datetime | None) -> str:
    return "none" if moment is None else moment.astimezone(UTC).isoformat()


def _with_digest(words: Iterable[str], value: object) -> str:
    """Words for a value, with a digest that differs wherever the values do, however their decimals are written."""
    spelled = DECIMAL.sub(lambda found: plain(Decimal(found[1])), repr(value))
    return f"{_listed(words)} ({hashlib.sha256(spelled.encode()).hexdigest()[:8]})"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"
