"""A budget: the costs of the chosen projects together are at most a limit."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import MAX_PREC, Decimal, localcontext
from typing import ClassVar, Literal

from api.domain.campaigns.projects import Project
from api.domain.texts import Text
from api.domain.voting.rules.base import CHOICES, JudgedBallot, Rule, RuledCampaign, Violation


@dataclass(frozen=True, slots=True)
class BudgetExceeded(Violation):
    """A ballot whose projects cost more than `limit`. project_ids: those that cost something."""

    limit: Decimal
    cost: Decimal
    currency: str | None
    project_ids: tuple[str, ...]
    code: ClassVar = "BUDGET_EXCEEDED"
    rule: ClassVar = "BUDGET"
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        with localcontext(prec=MAX_PREC):
            over = _amount(self.cost - self.limit, self.currency)
        limit, cost = _amount(self.limit, self.currency), _amount(self.cost, self.currency)
        return Text(
            "所选项目的费用合计不得超过{limit}，目前为{cost}，超出{over}。",
            "Choose projects that cost at most {limit} together; those of this ballot cost {cost}, {over} too much.",
            limit=limit,
            cost=cost,
            over=over,
        )

    @classmethod
    def example(cls) -> "BudgetExceeded":
        return cls(Decimal(450000), Decimal("462500.50"), "PLN", ("project/shanghai-2017/7", "project/shanghai-2017/9"))


@dataclass(frozen=True, slots=True)
class BudgetRule(Rule):
    """The projects on a ballot cost at most `limit` together, in the campaign's currency; one without a cost costs nothing."""

    limit: Decimal
    code: Literal["BUDGET"] = "BUDGET"

    def description(self, campaign: RuledCampaign) -> Text:
        limit = _amount(self.limit, campaign.currency)
        return Text(
            "所选项目的费用合计不得超过{limit}。",
            "The projects on a ballot cost at most {limit} together.",
            limit=limit,
        )

    def violations(self, attempt: JudgedBallot) -> Iterator[Violation]:
        """Report costs above the limit; a project counts once however often it is named, unknown ones cost nothing."""
        by_id = attempt.campaign.by_id
        costs = {
            name: cost for name in attempt.draft.project_ids if name in by_id and (cost := by_id[name].cost) is not None
        }
        with localcontext(prec=MAX_PREC):  # exact, however many digits there are
            cost = sum(costs.values(), Decimal())
        if cost > self.limit:
            costly = tuple(name for name, each in costs.items() if each)
            yield BudgetExceeded(self.limit, cost, attempt.campaign.currency, costly)

    def goes_by(self, project: Project) -> Decimal | None:
        return project.cost


def _amount(amount: Decimal, currency: str | None) -> str:
    """An amount of money for people: 450,000 PLN."""
    return f"{amount:,f}{'' if currency is None else f' {currency}'}"
