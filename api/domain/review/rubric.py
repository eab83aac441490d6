"""Whether scores keep to the rubric, and every mistake in them at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from api.domain.campaigns.parts import Criterion
from api.domain.exact import EXACT, plain
from api.domain.texts import Text, joined


class MistakeKind(Enum):
    """What is wrong with a score."""

    UNKNOWN_CRITERION = auto()
    REPEATED = auto()
    OFF_SCALE = auto()
    BETWEEN_STEPS = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake. criterion: the code it is about. index: the place among the scores; None for a score that is missing."""

    kind: MistakeKind
    criterion: str
    index: int | None
    message: Text


def weights(rubric: Iterable[Criterion]) -> dict[str, Decimal]:
    """Return the weights of the criteria that count, by code, as aggregation takes them."""
    return {criterion.code: criterion.weight for criterion in rubric if criterion.counted}


def mistakes(rubric: Sequence[Criterion], scores: Sequence[tuple[str, Decimal]], *, complete: bool) -> list[Mistake]:
    """Return what is wrong with the scores. complete: whether every criterion needs one, counted or not, as to submit."""
    found = [*_wrong(rubric, scores)]
    given = {code for code, _ in scores}
    return found + [_missing(criterion) for criterion in rubric if complete and criterion.code not in given]


def scale(criterion: Criterion) -> Text:
    """Say which scores a criterion takes."""
    low, step = plain(criterion.minimum), plain(criterion.step)
    if criterion.maximum is None:
        return Text("不低于 {low}，以 {step} 为一档", "{low} or more, in steps of {step}", low=low, step=step)
    high = plain(criterion.maximum)
    return Text(
        "{low} 至 {high}，以 {step} 为一档",
        "between {low} and {high}, in steps of {step}",
        low=low,
        high=high,
        step=step,
    )


def _wrong(rubric: Sequence[Criterion], scores: Sequence[tuple[str, Decimal]]) -> Iterator[Mistake]:
    criteria = {criterion.code: criterion for criterion in rubric}
    seen = set()
    for index, (code, score) in enumerate(scores):
        if code not in criteria:
            yield Mistake(MistakeKind.UNKNOWN_CRITERION, code, index, _unknown(code, criteria))
        elif code in seen:
            again = Text(
                "准则“{code}”的评分重复。每项准则只给一个分数。",
                "“{code}” is scored twice. Give one score a criterion.",
                code=code,
            )
            yield Mistake(MistakeKind.REPEATED, code, index, again)
        elif kind := _off(criteria[code], score):
            yield Mistake(kind, code, index, _refusal(criteria[code], score))
        seen.add(code)


def _off(criterion: Criterion, score: Decimal) -> MistakeKind | None:
    if not score.is_finite() or score < criterion.minimum:
        return MistakeKind.OFF_SCALE
    if criterion.maximum is not None and score > criterion.maximum:
        return MistakeKind.OFF_SCALE
    above = EXACT.subtract(score, criterion.minimum)
    return MistakeKind.BETWEEN_STEPS if criterion.step and EXACT.remainder(above, criterion.step) else None


def _refusal(criterion: Criterion, score: Decimal) -> Text:
    words, name = scale(criterion), criterion.name
    return Text(
        "“{name}”不能评为 {score}。可给的分数：{words}。",
        "“{name}” cannot be scored {score}. It takes {words}.",
        name=name,
        score=score,
        words=words,
    )


def _unknown(code: str, known: Iterable[str]) -> Text:
    return Text(
        "没有评审准则“{code}”。现有准则：{known}。",
        "There is no criterion “{code}”. There are: {known}.",
        code=code,
        known=joined(known),
    )


def _missing(criterion: Criterion) -> Mistake:
    words, name = scale(criterion), criterion.name
    message = Text(
        "“{name}”尚未评分。提交前请给出分数：{words}。",
        "“{name}” has no score yet. To submit, give one: {words}.",
        name=name,
        words=words,
    )
    return Mistake(MistakeKind.MISSING, criterion.code, None, message)
