"""Check that costs, their currency and the budget of a ballot fit together."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from api.domain.texts import Text
from api.formats.campaign.checks import amount
from api.formats.campaign.findings import Finding, Tree, is_described
from api.formats.campaign.messages import missing
from api.formats.campaign.raw_values import tables, value_at


def money_findings(tree: Tree) -> Iterator[Finding]:
    """Find costs without a currency and the reverse, projects without a cost, and a budget that no ballot fits."""
    projects = [project for _, project in tables(tree, "projects")]
    has_costs, has_budget = any("cost" in project for project in projects), _has_budget(tree)
    if (has_costs or has_budget) and "currency" not in tree:
        yield missing(("currency",), Text('费用的货币，如"CNY"', 'the currency of the costs, such as "CNY"'))
    if "currency" in tree and projects and not has_costs and not has_budget:
        remedy = Text("请删去，或写明项目的费用。", "Leave it out, or write what projects cost.")
        yield Finding(("currency",), Text("没有作用：没有项目写明费用", "says nothing: no project has a cost"), remedy)
    if has_budget:
        for index, project in tables(tree, "projects"):
            if "cost" not in project:
                yield missing(
                    ("projects", index, "cost"), Text("费用，因为选票有预算", "the cost: ballots have a budget")
                )
        yield from _budget(tree, projects)


def _has_budget(tree: Tree) -> bool:
    return value_at(tree, dict, "rules", "budget") is not None


def _budget(tree: Tree, projects: list[Tree]) -> Iterator[Finding]:
    place = ("rules", "budget", "limit")
    limit = _amount(tree["rules"]["budget"].get("limit"))
    costs = sorted(cost for project in projects if (cost := _amount(project.get("cost"))) is not None)
    count = value_at(tree, int, "rules", "choices", "minimum") or 1
    if limit is None or len(costs) < max(count, len(projects)):
        return
    if limit < (cheapest := sum(costs[:count], Decimal())):
        problem = is_described(
            f"{limit:f}",
            Text(
                "，少于最便宜的选票（{count}个项目共{cheapest:f}）",
                ", less than the cheapest ballot: {count} of the projects cost {cheapest:f}",
                count=count,
                cheapest=cheapest,
            ),
        )
        yield Finding(
            place, problem, Text("请写{cheapest:f}或更大的数。", "Write {cheapest:f} or more.", cheapest=cheapest)
        )


def _amount(value: Any) -> Decimal | None:
    try:
        return amount(value)
    except ValueError:
        return None
