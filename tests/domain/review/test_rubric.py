"""Mistakes in scores, all at once."""

from dataclasses import replace
from decimal import Decimal

import pytest

from api.domain.campaigns.parts import Criterion
from api.domain.review.rubric import MistakeKind, mistakes, weights
from api.domain.texts import localized

NEED = Criterion("need", localized(zh="需求", en="Need"), Decimal(2), Decimal(1), Decimal(10), Decimal("0.5"))
REACH = Criterion("reach", localized(zh="受益面", en="Reach"), maximum=Decimal(100))
TRUST = Criterion("trust", localized(zh="把握", en="Confidence"), step=Decimal("0.1"), counted=False)
RUBRIC = (NEED, REACH, TRUST)
Kind = MistakeKind


def kinds(*scores: tuple[str, str], complete: bool = False) -> list[tuple[MistakeKind, str, int | None]]:
    found = mistakes(RUBRIC, [(code, Decimal(score)) for code, score in scores], complete=complete)
    return [(mistake.kind, mistake.criterion, mistake.index) for mistake in found]


@pytest.mark.parametrize("score", ["1", "1.5", "10", "10.0", "9.50"])
def test_what_is_on_the_scale_is_no_mistake(score: str) -> None:
    assert kinds(("need", score)) == []


@pytest.mark.parametrize("score", ["0.5", "10.5", "-1", "1E+30", "NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_off_the_scale_is_refused(score: str) -> None:
    assert kinds(("need", score)) == [(Kind.OFF_SCALE, "need", 0)]


@pytest.mark.parametrize("score", ["1.25", "9.9", "1.0000000000000000000000000000000000000000001"])
def test_what_lies_between_the_steps_is_refused(score: str) -> None:
    assert kinds(("need", score)) == [(Kind.BETWEEN_STEPS, "need", 0)]


def test_steps_are_counted_from_the_lowest_score() -> None:
    rubric = [replace(NEED, minimum=Decimal("0.25"))]
    assert mistakes(rubric, [("need", Decimal("0.75"))], complete=True) == []


def test_a_scale_without_an_end_takes_any_score_on_its_steps() -> None:
    assert kinds(("trust", "1234.5")) == []
    assert kinds(("trust", "1234.55")) == [(Kind.BETWEEN_STEPS, "trust", 0)]


def test_every_mistake_is_told_at_once_and_where_it_is() -> None:
    assert kinds(("reach", "101"), ("nerve", "3"), ("reach", "5"), ("reach", "500"), complete=True) == [
        (Kind.OFF_SCALE, "reach", 0),
        (Kind.UNKNOWN_CRITERION, "nerve", 1),
        (Kind.REPEATED, "reach", 2),
        (Kind.REPEATED, "reach", 3),
        (Kind.MISSING, "need", None),
        (Kind.MISSING, "trust", None),
    ]


def test_messages_say_what_would_be_right() -> None:
    (mistake,) = mistakes([NEED], [("need", Decimal("10.25"))], complete=False)
    assert mistake.message.en == "“Need” cannot be scored 10.25. It takes between 1 and 10, in steps of 0.5."
    assert mistake.message.zh == "“需求”不能评为 10.25。可给的分数：1 至 10，以 0.5 为一档。"
    (missing,) = mistakes([TRUST], [], complete=True)
    assert missing.message.en == "“Confidence” has no score yet. To submit, give one: 0 or more, in steps of 0.1."


def test_weights_are_of_what_counts() -> None:
    assert weights(RUBRIC) == {"need": 2, "reach": 1}
