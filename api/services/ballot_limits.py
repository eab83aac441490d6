"""Tell where the limits refuse a ballot that a campaign's rules allow."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.ids import ProjectId
from api.limits import Limits

ID_OVERHEAD = 6  # bytes of an id besides its own in a document in JSON: two escaped quotes, a comma and a space
TITLE_OVERHEAD = 64  # bytes of a project besides its title in an answer that shows the ballot
OPERATION_BYTES = 2_048  # of a document, without the ids in it
OPERATION_TOKENS = 150
OPERATION_COST = 250  # of casting a ballot, and showing it with its projects


@dataclass(frozen=True, slots=True)
class LimitConflict:
    """A campaign whose largest ballot some limits refuse. too_low: each of them with its value and what it has to be."""

    campaign: str
    maximum: int
    too_low: tuple[tuple[str, int, int], ...]

    @property
    def problem(self) -> str:
        """What refuses the ballot."""
        return " and ".join(f"{_variable(name)}={value}" for name, value, _ in self.too_low)

    @property
    def remedy(self) -> str:
        """What would let it through."""
        return " and ".join(f"{_variable(name)}={needed}" for name, _, needed in self.too_low)

    def __str__(self) -> str:
        return (
            f"{self.campaign}: a ballot of {self.maximum} projects, which its rules allow, is refused by {self.problem}; "
            f"set {self.remedy} where the server runs."
        )


def limit_conflict(campaign: Campaign, limits: Limits) -> LimitConflict | None:
    """Return which limits refuse the largest ballot of a campaign, however it is sent; None when none does."""
    maximum = campaign.choices.maximum
    longest_id = max((len(str(ProjectId(campaign.slug, p.number))) for p in campaign.projects), default=0)
    titles = sorted((max(_size(text) for _, text in p.title.translations) for p in campaign.projects), reverse=True)[
        :maximum
    ]
    body = maximum * (longest_id + ID_OVERHEAD) + OPERATION_BYTES
    needs = {
        "body": body,
        "socket_message": body,
        "tokens": maximum + OPERATION_TOKENS,
        "cost": maximum + OPERATION_COST,
        "answer": sum(titles) + maximum * (longest_id + TITLE_OVERHEAD) + OPERATION_BYTES,
    }
    too_low = tuple((n, value, needed) for n, needed in needs.items() if (value := getattr(limits, n)) < needed)
    return LimitConflict(campaign.slug, maximum, too_low) if too_low else None


def open_conflicts(campaigns: Iterable[Campaign], limits: Limits, now: datetime) -> Iterator[LimitConflict]:
    """Yield the conflicts of the campaigns in which ballots can still be cast."""
    for campaign in campaigns:
        if now < campaign.window.closes_at and (conflict := limit_conflict(campaign, limits)) is not None:
            yield conflict


def _size(text: str) -> int:
    return len(text.encode())


def _variable(limit: str) -> str:
    return f"PINGXUAN_LIMIT_{limit.upper()}"
