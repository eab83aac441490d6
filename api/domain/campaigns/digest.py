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
from api.domain.texts import LocalizedText


def rules_digest(campaign: Campaign) -> str:
    """The digest in hexadecimal digits."""
    canonical = json.dumps(frozen_facts(campaign), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def frozen_facts(campaign: Campaign) -> dict[str, Any]:
    """Rules, candidates, visibility, and of each stage the seats, the formula and how ties are settled, as plain values."""
    return {
        "time_zone": campaign.time_zone,
        "choices": _plain(campaign.choices),
        "quota": _plain(campaign.quota),
        "rules": [_plain(rule) for rule in campaign.rules],
        "visibility": campaign.visibility.name,
        "results_at": _plain(campaign.results_at),
        "results_step": campaign.results_step.name,
        "stages": [
            {"code": stage.code, "seats": stage.seats, "formula": stage.formula, "ties": _plain(stage.ties)}
            for stage in campaign.stages
        ],
        "candidates": [
            {
                "number": project.number,
                "position": project.position,
                "ruled_by": _plain(ruled_by(project, campaign.rules)),
            }
            for project in campaign.projects
        ],
    }


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
