"""What do the experts' reviews of each project come to?"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.second_selection.canonical import Json
from tests.second_selection.numbers import ZERO, mean, median, plain, positions, read, root, rounded, trimmed

Pair = tuple[int, int]  # an expert's number and a project's


@dataclass(frozen=True)
class Experts:
    """The reviews of a record, as its rules put them together."""

    weights: Mapping[str, Fraction]  # of the counted criteria
    scores: Mapping[Pair, Mapping[str, Fraction]]
    terms: Json | None

    @classmethod
    def of(cls, record: Json) -> "Experts":
        rubric = record["rules"]["rubric"]
        return cls(
            {each["code"]: read(each["weight"]) for each in rubric if each["counted"]},
            {
                (each["expert"], each["project"]): {code: read(score) for code, score in each["scores"].items()}
                for each in record["reviews"]
            },
            record["rules"]["aggregation"],
        )

    @property
    def places(self) -> int:
        assert self.terms is not None
        return int(self.terms["places"])

    @property
    def by_rank(self) -> bool:
        return self.terms is not None and self.terms["method"] == "RANK_SUM"

    @property
    def standardised(self) -> bool:
        return self.terms is not None and bool(self.terms["standardised"]) and not self.by_rank

    def total(self, pair: Pair) -> Fraction:
        return sum((weight * self.scores[pair][code] for code, weight in self.weights.items()), ZERO)

    def of_project(self, project: int) -> list[Pair]:
        return [pair for pair in self.scores if pair[1] == project]

    def criterion(self, code: str, project: int) -> Fraction:
        """The mean by one criterion."""
        found = [self.scores[pair][code] for pair in self.of_project(project) if code in self.scores[pair]]
        return rounded(mean(found), self.places) if found else ZERO

    def by_expert(self) -> dict[int, list[Pair]]:
        found: dict[int, list[Pair]] = defaultdict(list)
        for pair in self.scores:
            found[pair[0]].append(pair)
        return found

    def spread(self, pairs: Sequence[Pair]) -> tuple[Fraction, Fraction]:
        """The mean of an expert's totals, and their standard deviation."""
        totals = [self.total(pair) for pair in pairs]
        middle = mean(totals)
        return middle, root(mean([(each - middle) ** 2 for each in totals]), 12)

    def marks(self) -> dict[Pair, Fraction]:
        """What counts of each review."""
        if not (self.by_rank or self.standardised):
            return {pair: self.total(pair) for pair in self.scores}
        found = {}
        for pairs in self.by_expert().values():
            ranked = self._ranked(pairs) if self.by_rank else self._standard(pairs)
            found.update(zip(pairs, ranked, strict=True))
        return found

    def _ranked(self, pairs: Sequence[Pair]) -> list[Fraction]:
        count = len(pairs)
        shared = positions([self.total(pair) for pair in pairs])
        return [mean([Fraction(count + 1 - place) for place in places]) / count * 100 for places in shared]

    def _standard(self, pairs: Sequence[Pair]) -> list[Fraction]:
        assert self.terms is not None
        middle, deviation = self.spread(pairs)
        if len(pairs) < self.terms["standardised_from"] or not deviation:
            return [ZERO for _ in pairs]
        return [rounded((self.total(pair) - middle) / deviation, 12) for pair in pairs]

    def project_scores(self, projects: Sequence[int]) -> dict[int, Fraction]:
        marks = self.marks()
        found = {}
        for project in projects:
            pairs = self.of_project(project)
            exact = self._together(pairs, [marks[pair] for pair in pairs]) if pairs else ZERO
            found[project] = rounded(exact, self.places)
        return found

    def _together(self, pairs: Sequence[Pair], marks: Sequence[Fraction]) -> Fraction:
        assert self.terms is not None
        match self.terms["method"]:
            case "MEDIAN":
                return median(marks)
            case "TRIMMED_MEAN":
                bounds = self.terms["drop"], self.terms["trim_from"]
                if not self.terms["per_criterion"] or self.standardised:
                    return trimmed(marks, *bounds)
                return sum(
                    (
                        w * trimmed([self.scores[each][code] for each in pairs], *bounds)
                        for code, w in self.weights.items()
                    ),
                    ZERO,
                )
            case _:
                return mean(marks)

    def lines(self, projects: Sequence[int]) -> Iterator[str]:
        """What the trace says of them."""
        assert self.terms is not None
        if self.standardised:
            for expert, pairs in sorted(self.by_expert().items()):
                middle, deviation = self.spread(pairs)
                known = len(pairs) >= self.terms["standardised_from"]
                told = f"mean {middle} sd {plain(deviation)}" if known else "none"
                yield f"expert {expert} reviews {len(pairs)} {told}"
        if self.standardised or self.by_rank:
            for (expert, project), mark in sorted(self.marks().items()):
                yield f"mark {expert} {project} {mark if self.by_rank else plain(mark)}"
        for project, score in self.project_scores(projects).items():
            yield f"experts {project} reviews {len(self.of_project(project))} score {plain(score)}"
