"""Who gets the seats: cuts through groups of equal candidates, for those who pass and for each award."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from api.domain.selection.record import AwardRule
from api.domain.selection.ties import Group, Tie, TieChain


@dataclass(frozen=True, slots=True)
class Cut:
    """What a cut takes of the groups, the best first, and what it leaves for the next one; vacating ones are in either."""

    passing: tuple[Group, ...]
    rest: tuple[Group, ...]
    tie: Tie | None = None


@dataclass(frozen=True)
class Cutting:
    """How cuts are made. scores: None where thresholds are not asked, in a DECISION. standing: who does not vacate."""

    chain: TieChain
    scores: Mapping[int, Decimal] | None
    standing: frozenset[int]

    def cut(self, groups: Sequence[Group], seats: int, threshold: Decimal | None, award: str | None = None) -> Cut:
        """Take the best groups, as many candidates as there are seats."""
        reaching = [group for group in groups if self._reaches(group, threshold)]
        below = tuple(groups[len(reaching) :])
        passing: list[Group] = []
        free = seats
        for place, group in enumerate(reaching):
            rest = (*reaching[place:], *below)
            if not free:
                return Cut(tuple(passing), rest)
            if len(group) > free:
                return self._through(group, free, award, Cut(tuple(passing), rest[1:]))
            passing.append(group)
            free -= len(group)
        return Cut(tuple(passing), below)

    def awards(self, groups: Sequence[Group], awards: Sequence[AwardRule]) -> dict[str, Cut]:
        """Cut the groups of those who pass for each award in its order."""
        cuts: dict[str, Cut] = {}
        for award in awards:
            cuts[award.code] = self.cut(groups, award.seats, award.threshold, award.code)
            groups = cuts[award.code].rest
        return cuts

    def _reaches(self, group: Group, threshold: Decimal | None) -> bool:
        return threshold is None or self.scores is None or all(self.scores[number] >= threshold for number in group)

    def _through(self, group: Group, free: int, award: str | None, around: Cut) -> Cut:
        """Cut through a group that does not fit whole."""
        if not group <= self.standing:
            some = frozenset(sorted(group)[:free])
            return Cut((*around.passing, some), (group - some, *around.rest))
        tie = self.chain.settle(group, free, award)
        passing = tuple(part for part in tie.order if part <= tie.passing)
        left = tuple(part for part in tie.order if not part <= tie.passing and part != tie.equal)
        return replace(around, passing=(*around.passing, *passing), rest=(*left, *around.rest), tie=tie)
