"""What can be done with a review, in every state."""

from datetime import UTC, datetime, timedelta

import pytest

from api.domain.review.acts import PanelPhase, ReviewAct, after, allowed, needs_all_scores, phase
from api.domain.review.terms import PanelTerms, ReviewState

SAVE, SUBMIT, ABSTAIN, RECUSE, VOID = ReviewAct
NOT_BEGUN, DRAFT, SUBMITTED, ABSTAINED, RECUSED, VOIDED = ReviewState
NOON = datetime(2017, 4, 1, 12, tzinfo=UTC)
TERMS = PanelTerms(NOON, NOON + timedelta(days=1))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(-1, PanelPhase.UPCOMING), (0, PanelPhase.OPEN), (23, PanelPhase.OPEN), (24, PanelPhase.CLOSED)],
)
def test_a_panel_is_open_from_its_opening_on_and_before_its_close(hours: int, expected: PanelPhase) -> None:
    assert phase(TERMS, NOON + timedelta(hours=hours)) is expected


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        (NOT_BEGUN, [SAVE, ABSTAIN, RECUSE, VOID]),
        (DRAFT, [SAVE, SUBMIT, ABSTAIN, RECUSE, VOID]),
        (SUBMITTED, [SAVE, SUBMIT, ABSTAIN, RECUSE, VOID]),
        (ABSTAINED, [SAVE, ABSTAIN, RECUSE, VOID]),
        (RECUSED, [RECUSE, VOID]),
        (VOIDED, [VOID]),
    ],
)
def test_what_each_state_allows(state: ReviewState, acts: list[ReviewAct]) -> None:
    assert list(allowed(state)) == acts
    assert [act for act in ReviewAct if after(state, act)] == acts


def test_a_review_counts_on_while_it_is_revised() -> None:
    assert after(SUBMITTED, SAVE) is SUBMITTED
    assert after(DRAFT, SAVE) is after(ABSTAINED, SAVE) is DRAFT
    assert [(state, act) for state in ReviewState for act in ReviewAct if needs_all_scores(state, act)] == [
        (DRAFT, SUBMIT),
        (SUBMITTED, SAVE),
        (SUBMITTED, SUBMIT),
    ]
