"""The shape of real ballots: how long they are, how their votes are spread, and how often one is the same as another."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

MAX_COMPARED = 20_000  # ballots of which it is seen how often they repeat others


@dataclass(frozen=True, slots=True)
class BallotShape:
    """What ballots have in common with others like them.

    lengths: how many ballots name so many projects. votes: by the code of a project. repeats: which share of the first
    `compared` ballots is the same as an earlier one of them.
    """

    ballots: int
    lengths: Mapping[int, int]
    votes: Mapping[str, int]
    repeats: float
    compared: int

    def length(self, random: Random) -> int:
        """Draw how many projects a ballot names."""
        return random.choices(list(self.lengths), weights=list(self.lengths.values()))[0]

    def expected_votes(self, codes: Mapping[str, str], random: Random) -> dict[str, float]:
        """The share of the ballots that name each project, given their codes by their ids.

        Where codes of the file are missing among them, or there are others, any project may have any place in the file's
        order by votes, which is stretched or compressed to as many projects as there are.
        """
        if {code for code, votes in self.votes.items() if votes} <= set(codes.values()):
            return {name: self.votes.get(code, 0) / self.ballots for name, code in codes.items()}
        names, curve = list(codes), sorted(self.votes.values(), reverse=True)
        random.shuffle(names)
        shares = [curve[place * len(curve) // len(names)] / self.ballots for place in range(len(names))]
        whole = sum(curve) / self.ballots
        return {name: share * whole / (sum(shares) or 1) for name, share in zip(names, shares, strict=True)}


class ShapeCounter:
    """Counts ballots as they come, in little memory."""

    def __init__(self) -> None:
        self._lengths: Counter[int] = Counter()
        self._votes: Counter[str] = Counter()
        self._ballots, self._patterns = 0, set[tuple[str, ...]]()

    def add(self, ballots: Iterable[Sequence[str]]) -> None:
        """Count these, by the codes of their projects; an empty one says nothing."""
        for codes in ballots:
            pattern = tuple(sorted(set(codes)))
            if not pattern:
                continue
            self._ballots += 1
            self._lengths[len(pattern)] += 1
            self._votes.update(pattern)
            if self._ballots <= MAX_COMPARED:
                self._patterns.add(pattern)

    def shape(self) -> BallotShape:
        """Their shape. Raises ValueError where there was no ballot."""
        if not self._ballots:
            raise ValueError("without ballots there is no shape")
        compared = min(self._ballots, MAX_COMPARED)
        lengths = dict(sorted(self._lengths.items()))
        return BallotShape(self._ballots, lengths, self._votes, 1 - len(self._patterns) / compared, compared)
