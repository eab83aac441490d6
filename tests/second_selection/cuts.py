"""Who is taken where not all fit, and how is a tie settled?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial

from tests.second_selection.canonical import Json, sha256
from tests.second_selection.experts import Experts
from tests.second_selection.numbers import plain
from tests.second_selection.values import values


@dataclass(frozen=True)
class Group:
    """Candidates that nothing tells apart so far."""

    numbers: tuple[int, ...]
    score: Fraction
    vacates: bool


@dataclass
class Cut:
    """What came of one cut. groups: all of them, as far as they were divided. open_free: seats of a tie left open."""

    groups: list[Group]
    taken: set[int] = field(default_factory=set)
    left_open: set[int] = field(default_factory=set)
    open_free: int = 0
    lines: list[str] = field(default_factory=list)


Divided = tuple[list[list[int]], list[str]]  # the best first, and what the trace says of each project
Divide = Callable[[Sequence[int]], Divided | None]


@dataclass
class Ties:
    """Settles the ties of a record."""

    record: Json
    used: set[int] = field(default_factory=set)  # which of the decisions

    def cut(self, groups: Sequence[Group], seats: int, threshold: Fraction | None, name: str) -> Cut:
        cut, free = Cut(list(groups)), seats
        for group in groups:
            if threshold is not None and group.score < threshold:
                continue
            if len(group.numbers) > free:
                if group.vacates:
                    cut.taken.update(group.numbers[:free])
                elif free:
                    self._settle(cut, group, free, name)
                break
            cut.taken.update(group.numbers)
            free -= len(group.numbers)
        return cut

    def _settle(self, cut: Cut, group: Group, free: int, name: str) -> None:
        """Go through the chain, until the free seats end between two groups."""
        cut.lines.append(f"tie {name} free {free} equal {_row(group.numbers)}")
        for step, title, divide in self._chain():
            divided = divide(group.numbers)
            if divided is None:
                cut.lines.append(f"step {step} missing free {free} equal {_row(group.numbers)}")
                break
            parts, shown = divided
            cut.lines.append(f"step {title} free {free} equal {' '.join(shown)}")
            smaller = [replace(group, numbers=tuple(part)) for part in parts]
            at = cut.groups.index(group)
            cut.groups[at : at + 1] = smaller
            if step == "ALL_IN":
                free = len(group.numbers)
            while smaller and len(smaller[0].numbers) <= free:
                free -= len(smaller[0].numbers)
                cut.taken.update(smaller.pop(0).numbers)
            if not free:
                cut.lines.append(f"settled {step}")
                return
            group = smaller[0]
        cut.lines.append("open")
        cut.left_open, cut.open_free = set(group.numbers), free

    def _chain(self) -> Iterator[tuple[str, str, Divide]]:
        """Each step, how the trace names it, and what it does."""
        ways: Mapping[str, Divide] = {
            "ALL_IN": lambda numbers: ([list(numbers)], list(map(str, sorted(numbers)))),
            "EXPERT_REVOTE": self._by_revote,
            "RECORDED_DECISION": self._by_decision,
            "LOT": self._by_lot,
        }
        for step in self.record["rules"]["ties"]:
            if step != "FURTHER_CRITERION":
                yield step, step, ways[step]
                continue
            for each in self.record["rules"]["further_criteria"]:
                yield step, f"{step} {each['source']} {each['criterion'] or '-'}", partial(self._by_criterion, each)

    def _by_criterion(self, further: Json, numbers: Sequence[int]) -> Divided:
        return _by_value({number: self._criterion(further, number) for number in numbers})

    def _criterion(self, further: Json, number: int) -> Fraction:
        if further["source"] == "CRITERION":
            return Experts.of(self.record).criterion(further["criterion"], number)
        channels = [each["channels"] for each in self.record["rules"]["inputs"] if each["source"] == "PUBLIC_VOTE"]
        return values(self.record, further["source"], channels[0] if channels else {})[number]

    def _decision(self, step: str, numbers: Sequence[int]) -> Json | None:
        for place, decision in enumerate(self.record["decisions"]):
            if decision["step"] == step and set(decision["order"]) == set(numbers):
                self.used.add(place)
                found: Json = decision
                return found
        return None

    def _by_revote(self, numbers: Sequence[int]) -> Divided | None:
        found = self._decision("EXPERT_REVOTE", numbers)
        if found is None:
            return None
        return _by_value({n: Fraction(votes) for n, votes in zip(found["order"], found["votes"], strict=True)})

    def _by_decision(self, numbers: Sequence[int]) -> Divided | None:
        found = self._decision("RECORDED_DECISION", numbers)
        if found is None:
            return None
        return [[n] for n in found["order"]], [f"{n}={place}" for place, n in enumerate(found["order"], 1)]

    def _by_lot(self, numbers: Sequence[int]) -> Divided | None:
        seed = self.record["seed"]
        if seed is None:
            return None
        drawn = sorted((sha256(f"{seed}/{self.record['stage']}/{n}"), n) for n in numbers)
        return [[n] for _, n in drawn], [f"{n}={digest}" for digest, n in drawn]


def _by_value(found: Mapping[int, Fraction]) -> Divided:
    order = sorted(found, key=lambda number: (-found[number], number))
    levels = sorted(set(found.values()), reverse=True)
    parts = [[number for number in order if found[number] == level] for level in levels]
    return parts, [f"{number}={plain(found[number])}" for number in order]


def _row(numbers: Sequence[int]) -> str:
    return " ".join(map(str, sorted(numbers)))
