"""Which projects does an expert have to review, which reviews count, and how many are enough?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from api.domain.campaigns.projects import Project, Standing
from api.domain.review.aggregation import Scored
from api.domain.review.panel import Expert, Panel, Review
from api.domain.review.terms import ExpertState, PanelTerms, ReviewState
from tests.campaigns import a_campaign, a_project, both

AT = datetime(2017, 3, 25, tzinfo=UTC)
TERMS = PanelTerms(AT, AT, quorum=2)
NAMED = both("文化馆", "Cultural centre")
PROJECTS = (
    a_project(1),
    a_project(2, organization=NAMED),
    a_project(3, standing=Standing.WITHDRAWN),
    a_project(4),
)
LU = Expert(1, "Lu", "文化馆", AT, AT, viewer="l" * 26, accepted_at=AT)
XU = Expert(2, "Xu", None, AT, AT, viewer="x" * 26, accepted_at=AT)
WU = Expert(3, "Wu", None, AT, AT)
SCORES = {"CRAFT": Decimal(80)}


def a_panel(*reviews: Review, experts: tuple[Expert, ...] = (LU, XU, WU), is_assigned: bool = False) -> Panel:
    return Panel(a_campaign(projects=PROJECTS), TERMS, experts, reviews, is_assigned)


def states(panel: Panel, expert: Expert) -> dict[int, ReviewState]:
    return {review.project: review.state for review in panel.reviews_of(expert)}


def test_without_an_assignment_everybody_has_what_stands_but_their_own_organizations() -> None:
    assert states(a_panel(), XU) == dict.fromkeys((1, 2, 4), ReviewState.NOT_BEGUN)
    assert states(a_panel(), LU) == {**dict.fromkeys((1, 4), ReviewState.NOT_BEGUN), 2: ReviewState.RECUSED}


def test_what_stands_is_not_gone_through_again_for_each_pair() -> None:
    walks = []

    class Walked(tuple[Project, ...]):
        def __iter__(self) -> Iterator[Project]:
            walks.append(1)
            return super().__iter__()

    panel = a_panel()
    panel.__dict__["standing"] = Walked(panel.standing)
    for expert in (LU, XU, WU):
        panel.reviews_of(expert)
    assert len(walks) <= 1


def test_of_a_project_that_stands_no_more_what_was_begun_stays() -> None:
    begun = Review(2, 3, ReviewState.SUBMITTED, scores=SCORES, revision=1)
    assert states(a_panel(begun), XU)[3] is ReviewState.SUBMITTED
    assert a_panel(begun).scored == (Scored(2, 3, SCORES),)
    assert 3 not in states(a_panel(Review(2, 3, assigned=True), is_assigned=True), XU)


def test_an_assignment_leaves_what_is_assigned_and_what_was_begun() -> None:
    rows = (Review(2, 1, assigned=True), Review(2, 2, ReviewState.DRAFT, revision=1), Review(1, 4, assigned=True))
    assert states(a_panel(*rows, is_assigned=True), XU) == {1: ReviewState.NOT_BEGUN, 2: ReviewState.DRAFT}


def test_what_counts_is_submitted_and_of_somebody_on_the_panel() -> None:
    rows = [Review(e, 1, state, scores=SCORES, revision=1) for e in (1, 2) for state in [ReviewState.SUBMITTED]]
    gone = replace(XU, dropped_at=AT)
    panel = a_panel(*rows, Review(1, 4, ReviewState.DRAFT, scores=SCORES), experts=(LU, gone, WU))
    assert panel.scored == (Scored(1, 1, SCORES),)
    assert states(panel, gone) == {1: ReviewState.SUBMITTED}, "what is stored, and nothing to do"


@pytest.mark.parametrize(
    ("dropped", "quorum"), [((), 2), ((WU,), 2), ((XU,), 1), ((LU, XU), 1)], ids=["none", "invited", "one", "all"]
)
def test_who_was_on_the_panel_and_is_dropped_lowers_the_quorum(dropped: tuple[Expert, ...], quorum: int) -> None:
    experts = tuple(replace(each, dropped_at=AT) if each in dropped else each for each in (LU, XU, WU))
    assert a_panel(experts=experts).quorum == quorum


def test_an_expert_is_invited_accepted_or_dropped() -> None:
    assert [each.state for each in (WU, LU, replace(WU, dropped_at=AT))] == [
        ExpertState.INVITED,
        ExpertState.ACCEPTED,
        ExpertState.DROPPED,
    ]
    assert "l" * 26 not in repr(LU)
