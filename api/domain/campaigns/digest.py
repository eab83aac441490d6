"""The digest of what of a campaign is frozen, so that everybody can see that it has not changed.

It is the SHA-256 of canonical JSON: keys sorted, no spaces, not escaped, UTF-8. The slug is not in it, nor is when voting
closes: that may be extended.
"""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import time
from decimal import Decimal
from enum import Enum
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.frozen import ruled_by
from api.domain.campaigns.stages import Stage
from api.domain.texts import LocalizedText


def rules_digest(campaign: Campaign) -> str:
    """The digest in hexadecimal digits."""
    return hashlib.sha256(rules_document(campaign)).hexdigest()


def rules_document(campaign: Campaign) -> bytes:
    """What the digest is of."""
    canonical = json.dumps(frozen_facts(campaign), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return canonical.encode()


def frozen_facts(campaign: Campaign) -> dict[str, Any]:
    """What is frozen, as plain values: of the selection what differs from the default, so that older digests hold."""
    return {
        "time_zone": campaign.time_zone,
        "choices": _plain(campaign.choices),
        "quota": _plain(campaign.quota),
        "rules": [_plain(rule) for rule in campaign.rules],
        "visibility": campaign.visibility.name,
        "results_at": _plain(campaign.results_at),
        "results_step": campaign.results_step.name,
        "stages": [_stage(stage) for stage in campaign.stages],
        "candidates": [
            {
                "number": project.number,
                "position": project.position,
                "ruled_by": _plain(ruled_by(project, campaign.rules)),
            }
            for project in campaign.projects
        ],
        **_selection(campaign),
    }


def _stage(stage: Stage) -> dict[str, Any]:
    usual = Stage(stage.code, stage.name, stage.seats, decided=False)
    plain = {"code": stage.code, "seats": stage.seats, "formula": stage.formula, "ties": _plain(stage.ties)}
    further = ("kind", "inputs", "threshold", "places", "further_criteria", "choices")
    return plain | {
        name: _plain(getattr(stage, name)) for name in further if getattr(stage, name) != getattr(usual, name)
    }


def _selection(campaign: Campaign) -> dict[str, Any]:
    """The seed of the lots, the rubric, how scores are put together, and the awards of a stage that has a score."""
    facts: dict[str, Any] = {}
    if campaign.lot_digest is not None:
        facts["lot_digest"] = campaign.lot_digest
    if campaign.panel is not None:
        facts["panel"] = {"aggregation": _plain(campaign.panel.aggregation), "quorum": campaign.panel.quorum}
        facts["criteria"] = [
            {each.name: _plain(getattr(criterion, each.name)) for each in fields(criterion) if each.name != "name"}
            for criterion in campaign.criteria
        ]
    if campaign.awards and campaign.stages and campaign.stages[-1].scored_by:
        facts["awards"] = [
            {"code": award.code, "seats": award.seats, "threshold": _plain(award.threshold)}
            for award in campaign.awards
        ]
    return facts


def _plain(value: Any) -> Any:
    """A value of the domain as JSON has it."""
    if isinstance(value, LocalizedText):
        return dict(value.translations)
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, frozenset | tuple):
        return [_plain(each) for each in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return f"{value:%H:%M}" if isinstance(value, time) else value
