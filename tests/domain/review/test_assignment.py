"""Assignments, against what any of them must hold and against the best there is."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.review.assignment import Assignment, Task, assign, own_organizations

PAIRS = st.frozensets(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=6)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    return Task(
        experts=frozenset(range(1, draw(st.integers(0, 4)) + 1)),
        projects=frozenset(range(1, draw(st.integers(0, 4)) + 1)),
        per_project=draw(st.integers(1, 3)),
        most_per_expert=draw(st.integers(1, 4)),
        conflicts=draw(PAIRS),
    )


def loads(task: Task, plan: Assignment) -> list[int]:
    return sorted(plan.loads(task.experts).values(), reverse=True)


def all_plans(task: Task) -> list[frozenset[tuple[int, int]]]:
    """Every assignment that keeps to the task, by trying all."""
    free = {p: [e for e in task.experts if (e, p) not in task.conflicts] for p in task.projects}
    choices = [
        [[(e, p) for e in chosen] for n in range(task.per_project + 1) for chosen in combinations(free[p], n)]
        for p in sorted(task.projects)
    ]
    plans = (frozenset(pair for part in parts for pair in part) for parts in product(*choices))
    return [
        plan
        for plan in plans
        if max(Assignment(plan, {}).loads(task.experts).values(), default=0) <= task.most_per_expert
    ]


def test_fifty_projects_are_shared_evenly_among_experts_of_whom_some_must_not() -> None:
    conflicts = frozenset(
        (expert, project) for expert in range(1, 31) for project in (expert, 2 * expert) if project <= 50
    )
    task = Task(frozenset(range(1, 31)), frozenset(range(1, 51)), 5, 9, conflicts)
    plan = assign(task, "2017")
    assert not plan.missing
    assert not plan.pairs & conflicts
    assert set(plan.loads(task.experts).values()) == {8, 9}  # 250 reviews by 30
    assert {sum(project == p for _, p in plan.pairs) for project in task.projects} == {5}


def test_the_seed_decides_and_nothing_else() -> None:
    task = Task(frozenset(range(1, 11)), frozenset(range(1, 21)), 3, 6)
    turned = Task(frozenset(range(10, 0, -1)), frozenset(range(20, 0, -1)), 3, 6)
    assert assign(task, "a") == assign(turned, "a") != assign(task, "b")


def test_what_is_locked_stays_and_counts() -> None:
    locked = frozenset({(1, 1), (1, 2), (1, 3), (9, 1), (2, 77)})  # 9 is no expert of this task, 77 no project
    task = Task(frozenset({1, 2, 3}), frozenset({1, 2, 3, 4}), 2, 3, frozenset({(1, 1)}), locked)
    plan = assign(task, "x")
    assert locked <= plan.pairs
    assert not plan.missing
    assert {expert for expert, project in plan.pairs if project == 1} == {1, 9}
    assert plan.loads(task.experts)[1] == 3


@pytest.mark.parametrize(
    ("task", "missing"),
    [
        (Task(frozenset({1, 2}), frozenset({1, 2, 3}), 2, 2), 2),  # six are wanted, four can be had
        (Task(frozenset({1, 2}), frozenset({1}), 2, 9, frozenset({(2, 1)})), 1),
        (Task(frozenset(), frozenset({1}), 3, 9), 3),
    ],
)
def test_what_cannot_be_had_is_reported(task: Task, missing: int) -> None:
    assert sum(assign(task, "x").missing.values()) == missing


def test_a_shortage_is_shared_among_the_projects() -> None:
    assert set(assign(Task(frozenset({1, 2}), frozenset({1, 2, 3, 4}), 2, 2), "x").missing.values()) == {1}


@given(tasks(), st.text(max_size=3))
def test_every_plan_is_as_large_and_as_even_as_can_be(task: Task, seed: str) -> None:
    plan = assign(task, seed)
    possible = all_plans(task)
    assert plan.pairs in possible
    largest = max(map(len, possible))
    assert len(plan.pairs) == largest
    assert sum(plan.missing.values()) == task.per_project * len(task.projects) - largest
    wants = {p: sum(project == p for _, project in plan.pairs) for p in task.projects}
    alike = [own for own in possible if all(sum(q == p for _, q in own) == n for p, n in wants.items())]
    assert loads(task, plan) == min(loads(task, Assignment(own, {})) for own in alike)


@given(tasks(), PAIRS, st.text(max_size=3))
def test_locked_pairs_stay_in_any_plan(task: Task, locked: frozenset[tuple[int, int]], seed: str) -> None:
    plan = assign(
        Task(task.experts, task.projects, task.per_project, task.most_per_expert, task.conflicts, locked), seed
    )
    assert locked <= plan.pairs
    added = plan.pairs - locked
    assert not added & task.conflicts
    assert all(expert in task.experts and project in task.projects for expert, project in added)
    assert all(sum(p == project for _, p in plan.pairs) <= task.per_project for _, project in added)
    assert all(plan.loads(task.experts)[expert] <= task.most_per_expert for expert, _ in added)


def test_an_expert_of_the_same_organization_is_found_whatever_its_width_case_and_script() -> None:
    experts = {1: "上海市民政局", 2: "ＣＯＭＭＵＮＩＴＹ  Trust", 3: None, 4: "", 5: "上海市公安局", 6: "Other"}
    projects = {10: ["上海市民政局", "Civil Affairs"], 11: ["Community trust"], 12: [], 13: ["上海市公安局"], 14: [""]}
    assert own_organizations(experts, projects) == {(1, 10), (2, 11), (5, 13)}
