"""A budget: the costs of the chosen projects together are at most a limit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class BudgetRule:
    """The projects on a ballot cost at most `limit` together, in the campaign's currency."""

    limit: Decimal
    currency: str | None = None
    kind: Literal["BUDGET"] = "BUDGET"
