"""Who reviews what: so many experts a project, evenly, by a seed that anybody can repeat."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from api.domain.folding import fold
from api.domain.review.aggregation import Pair


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who reviews what, the locked pairs included. missing: how many experts a project lacks, where it has too few."""

    pairs: frozenset[Pair]
    missing: Mapping[int, int]

    def loads(self, experts: Iterable[int]) -> dict[int, int]:
        """Return how many projects each expert has."""
        loads = dict.fromkeys(experts, 0)
        for expert, _ in self.pairs:
            loads[expert] = loads.get(expert, 0) + 1
        return loads


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be assigned. conflicts: pairs that must not be. locked: pairs that stay as they are, whatever else is said."""

    experts: frozenset[int]
    projects: frozenset[int]
    per_project: int
    most_per_expert: int
    conflicts: frozenset[Pair] = frozenset()
    locked: frozenset[Pair] = frozenset()


def own_organizations(experts: Mapping[int, str | None], projects: Mapping[int, Iterable[str]]) -> frozenset[Pair]:
    """Return the pairs of an expert and a project of the same organization, compared as a search compares texts."""
    named = defaultdict(set)
    for project, names in projects.items():
        for name in names:
            named[fold(name)].add(project)
    return frozenset(
        (expert, project) for expert, name in experts.items() if name and name.strip() for project in named[fold(name)]
    )


def assign(task: Task, seed: str) -> Assignment:
    """Assign as many of the wanted reviews as can be, with the numbers of projects of the experts as even as can be.

    Which of several equally even assignments it is depends on the seed and on the numbers, never on an order of rows.
    """
    plan = _Plan(task, seed)
    missing: dict[int, int] = defaultdict(int)
    for place in range(task.per_project):
        for project in plan.in_order(task.projects, f"{place}"):
            if len(plan.experts_of[project]) <= place and not plan.add_expert_to(project):
                missing[project] += 1
    pairs = {(expert, project) for project, experts in plan.experts_of.items() for expert in experts}
    return Assignment(frozenset(pairs), dict(sorted(missing.items())))


class _Plan:
    """An assignment that grows by one review at a time, each along the path that ends at the reachable expert with the fewest.

    Every step keeps it a cheapest one for convex costs of loads, so that it is both as large and as even as possible
    (Harvey, Ladner, Lovász, Tamir: Semi-matchings for bipartite graphs and load balancing, 2006).
    """

    def __init__(self, task: Task, seed: str) -> None:
        self._task, self._seed = task, seed
        self._orders: dict[int, list[int]] = {}
        kept_from = Counter(expert for expert, project in task.conflicts if project in task.projects)
        self._able = {expert for expert in task.experts if kept_from[expert] < len(task.projects)}
        self.experts_of: dict[int, set[int]] = {project: set() for project in sorted(task.projects)}
        self._projects_of: dict[int, set[int]] = {expert: set() for expert in sorted(task.experts)}
        for expert, project in sorted(task.locked):
            self._link(expert, project)

    def in_order(self, numbers: Iterable[int], purpose: str) -> list[int]:
        """Return the numbers in the order of the seed, another one for each purpose."""
        return sorted(numbers, key=lambda number: sha256(f"{self._seed}/{purpose}/{number}".encode()).digest())

    def _in_order_for(self, project: int, experts: set[int]) -> list[int]:
        """Return these experts in the order in which a project gets them."""
        if experts and project not in self._orders:
            self._orders[project] = self.in_order(self._task.experts, f"{project}")
        return [expert for expert in self._orders[project] if expert in experts] if experts else []

    def add_expert_to(self, project: int) -> bool:
        """Give the project one more expert, where need be by passing projects on. Return whether that was possible."""
        came_from, unseen, asked = {}, set(self._able), {project}
        ends, waiting = list[int](), deque[tuple[int | None, int]]([(None, project)])
        least = min((len(self._projects_of[expert]) for expert in self._able), default=0)
        while waiting and not (ends and len(self._projects_of[ends[-1]]) == least):  # nobody has fewer than that one
            giver, wanting = waiting.popleft()
            takers = unseen - self.experts_of[wanting]
            for expert in self._in_order_for(wanting, {e for e in takers if self._may(e, wanting)}):
                unseen.discard(expert)
                came_from[expert] = (giver, wanting)
                ends.append(expert)
                if len(self._projects_of[expert]) == least:
                    break
                free = [own for own in sorted(self._projects_of[expert] - asked) if self._is_free(expert, own)]
                asked.update(free)
                waiting.extend((expert, own) for own in free)
        open_ends = [expert for expert in ends if len(self._projects_of[expert]) < self._task.most_per_expert]
        if not open_ends:
            return False
        self._pass_on(min(open_ends, key=lambda expert: len(self._projects_of[expert])), came_from)
        return True

    def _pass_on(self, expert: int, came_from: Mapping[int, tuple[int | None, int]]) -> None:
        taker: int | None = expert
        while taker is not None:
            giver, project = came_from[taker]
            if giver is not None:
                self._projects_of[giver].discard(project)
                self.experts_of[project].discard(giver)
            self._link(taker, project)
            taker = giver

    def _link(self, expert: int, project: int) -> None:
        self.experts_of.setdefault(project, set()).add(expert)
        self._projects_of.setdefault(expert, set()).add(project)

    def _may(self, expert: int, project: int) -> bool:
        return (expert, project) not in self._task.conflicts

    def _is_free(self, expert: int, project: int) -> bool:
        return project in self._task.projects and (expert, project) not in self._task.locked
