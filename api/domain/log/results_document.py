"""The result of a campaign as canonical JSON, to whose digest the log commits once everybody may see it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from api.domain.campaigns.campaign import Campaign

FORMAT = "pingxuan/result/v1"


class DayCounts(NamedTuple):
    """How many ballots were cast on a day, and how many of them are held and voided now."""

    cast: int = 0
    held: int = 0
    voided: int = 0

    @property
    def counted(self) -> int:
        """Those that count."""
        return self.cast - self.held - self.voided


@dataclass(frozen=True)
class LogCounts:
    """What is counted of a campaign's ballots. votes: on ballots that count, by position; voided_votes: of those."""

    days: Mapping[date, DayCounts] = field(default_factory=dict)
    votes: Mapping[int, int] = field(default_factory=dict)
    voided_votes: Mapping[int, int] = field(default_factory=dict)


def results_document(campaign: Campaign, counts: LogCounts) -> bytes:
    """Write the result: all days with ballots, and all projects by number, also those without votes."""
    days = sorted(counts.days.items())
    tree = {
        "ballots": _counts(DayCounts(*(sum(each) for each in zip(*counts.days.values(), strict=True)))),
        "campaign": campaign.slug,
        "days": [{"day": day.isoformat(), **_counts(of_day)} for day, of_day in days],
        "format": FORMAT,
        "projects": [
            {
                "number": project.number,
                "votes": counts.votes.get(project.position, 0),
                "voidedVotes": counts.voided_votes.get(project.position, 0),
            }
            for project in sorted(campaign.projects, key=lambda each: each.number)
        ],
    }
    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _counts(counts: DayCounts) -> dict[str, int]:
    return {"cast": counts.cast, "counted": counts.counted, "held": counts.held, "voided": counts.voided}
