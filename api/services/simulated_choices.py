"""What simulated ballots may choose, as the rules of a campaign have it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import ChoiceRange
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.groups import GroupChoiceRule


@dataclass(frozen=True, slots=True)
class GroupBounds:
    """At least and at most so many of these projects; most: None for no such bound."""

    members: frozenset[str]
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Choosable:
    """The projects' ids, how many a ballot names, and what more is asked of them. budget: None for any cost.

    codes: what each project is called in files: its code, or else its number.
    """

    project_ids: Sequence[str]
    choices: ChoiceRange
    groups: Sequence[GroupBounds] = ()
    budget: Decimal | None = None
    costs: Mapping[str, Decimal] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    def chosen(self, ranked: Iterable[str], length: int) -> tuple[str, ...]:
        """Choose about so many of these, the first rather than the later ones, and the cheap ones where money is short."""
        wanted = list(ranked)
        ballot = self._chosen(wanted, length)
        if self._is_enough(ballot):
            return ballot
        return self._chosen(sorted(wanted, key=lambda name: self.costs.get(name, 0)), self.choices.minimum)

    def _chosen(self, ranked: Sequence[str], length: int) -> tuple[str, ...]:
        ballot: dict[str, None] = {}
        for group in self.groups:  # first what there has to be, then what there may be
            for name in ranked:
                if len(group.members & ballot.keys()) < group.least and name in group.members:
                    self._add(ballot, name)
        for name in ranked:
            if len(ballot) < length:
                self._add(ballot, name)
        return tuple(ballot)

    def _add(self, ballot: dict[str, None], name: str) -> None:
        """Put a project on the ballot where no rule is against it."""
        is_full = any(
            group.most is not None and name in group.members and len(group.members & ballot.keys()) >= group.most
            for group in self.groups
        )
        cost = sum((self.costs.get(each, Decimal()) for each in {*ballot, name}), Decimal())
        if not is_full and len(ballot) < self.choices.maximum and (self.budget is None or cost <= self.budget):
            ballot[name] = None

    def _is_enough(self, ballot: Sequence[str]) -> bool:
        return len(ballot) >= self.choices.minimum and all(
            len(group.members.intersection(ballot)) >= group.least for group in self.groups
        )


def choosable(campaign: Campaign) -> Choosable:
    """Return what a ballot in this campaign may choose now."""
    standing = tuple(name for name in campaign.positions_by_id if name in campaign.standing_ids)
    groups = [
        GroupBounds(group.project_ids & campaign.standing_ids, rule.minimum or 0, rule.maximum)
        for rule in campaign.rules
        if isinstance(rule, GroupChoiceRule)
        for code, group in campaign.groups[rule.group_by].items()
        if rule.group in (None, code)
    ]
    budget = next((rule.limit for rule in campaign.rules if isinstance(rule, BudgetRule)), None)
    costs = {name: project.cost for name, project in campaign.by_id.items() if project.cost is not None}
    codes = {name: campaign.by_id[name].code or str(campaign.by_id[name].number) for name in standing}
    return Choosable(standing, campaign.choices, groups, budget, costs, codes)
