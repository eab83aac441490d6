"""When a panel reviews, and what can be done with a review in each of its states."""

from datetime import datetime
from enum import Enum

from api.domain.review.terms import PanelTerms, ReviewState


class PanelPhase(Enum):
    """Where a panel stands by its dates."""

    UPCOMING = "Reviewing has not begun."
    OPEN = "The experts review, and see nothing of each other."
    CLOSED = "The deadline has passed. Reviews stay as they are."


class ReviewAct(Enum):
    """What an expert does with a review; VOID is what happens to it when the expert is dropped."""

    SAVE = "Store scores."
    SUBMIT = "Let the stored scores count."
    ABSTAIN = "Give no scores, for a reason."
    RECUSE = "Give no scores, for a conflict of interest."
    VOID = "Let the scores count nowhere."


_BEGUN = {
    ReviewAct.SAVE: ReviewState.DRAFT,
    ReviewAct.ABSTAIN: ReviewState.ABSTAINED,
    ReviewAct.RECUSE: ReviewState.RECUSED,
    ReviewAct.VOID: ReviewState.VOIDED,
}
_NEXT = {
    ReviewState.NOT_BEGUN: _BEGUN,
    ReviewState.DRAFT: {**_BEGUN, ReviewAct.SUBMIT: ReviewState.SUBMITTED},
    # It goes on counting while it is revised, so what is saved has to be complete.
    ReviewState.SUBMITTED: {**_BEGUN, ReviewAct.SAVE: ReviewState.SUBMITTED, ReviewAct.SUBMIT: ReviewState.SUBMITTED},
    ReviewState.ABSTAINED: _BEGUN,
    ReviewState.RECUSED: {ReviewAct.RECUSE: ReviewState.RECUSED, ReviewAct.VOID: ReviewState.VOIDED},
    ReviewState.VOIDED: {ReviewAct.VOID: ReviewState.VOIDED},
}


def phase(terms: PanelTerms, now: datetime) -> PanelPhase:
    """Return where the panel stands: it is open from its opening on and before its close."""
    if now < terms.opens_at:
        return PanelPhase.UPCOMING
    return PanelPhase.OPEN if now < terms.closes_at else PanelPhase.CLOSED


def after(state: ReviewState, act: ReviewAct) -> ReviewState | None:
    """Return the state that an act leads to, or None where it is not allowed. A recusal is final."""
    return _NEXT[state].get(act)


def allowed(state: ReviewState) -> tuple[ReviewAct, ...]:
    """Return what can be done with a review in this state, in the order of the acts."""
    return tuple(act for act in ReviewAct if act in _NEXT[state])


def needs_all_scores(state: ReviewState, act: ReviewAct) -> bool:
    """Return whether every criterion has to be scored, because the review counts after the act."""
    return act in {ReviewAct.SAVE, ReviewAct.SUBMIT} and after(state, act) is ReviewState.SUBMITTED
