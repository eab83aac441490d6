"""How many projects a ballot names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from api.domain.texts import Text, counted
from api.domain.voting.rules.base import CHOICES, JudgedBallot, Rule, RuledCampaign, Violation


@dataclass(frozen=True, slots=True)
class TooFewChoices(Violation):
    """A ballot of fewer than `minimum` different projects; `chosen` counts each id once."""

    minimum: int
    chosen: int
    code: ClassVar = "TOO_FEW_CHOICES"
    rule: ClassVar = "CHOICE_COUNT"
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        short = self.minimum - self.chosen
        if self.minimum == 1:
            least = Text("1个项目", "1 project")
        else:
            least = Text("{minimum}个不同的项目", "{minimum} different projects", minimum=self.minimum)
        return Text(
            "至少须选择{least}，目前为{chosen}个，还差{short}个。",
            "Choose at least {least}; this ballot has {chosen}, {short} too few.",
            least=least,
            chosen=self.chosen,
            short=short,
        )

    @classmethod
    def example(cls) -> "TooFewChoices":
        return cls(10, 8)


@dataclass(frozen=True, slots=True)
class TooManyChoices(Violation):
    """A ballot of more than `maximum` different projects; `chosen` counts each id once."""

    maximum: int
    chosen: int
    code: ClassVar = "TOO_MANY_CHOICES"
    rule: ClassVar = "CHOICE_COUNT"
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        over = self.chosen - self.maximum
        return Text(
            "最多可选择{maximum}个项目，目前为{chosen}个，多出{over}个。",
            "Choose at most {projects}; this ballot has {chosen}, {over} too many.",
            maximum=self.maximum,
            chosen=self.chosen,
            over=over,
            projects=counted(self.maximum, "project"),
        )

    @classmethod
    def example(cls) -> "TooManyChoices":
        return cls(30, 31)


@dataclass(frozen=True, slots=True)
class ChoiceCountRule(Rule):
    """At least `minimum` and at most `maximum` different projects."""

    minimum: int
    maximum: int
    code: ClassVar[str] = "CHOICE_COUNT"

    def description(self, campaign: RuledCampaign) -> Text:
        if self.maximum == 1:
            return Text("每张选票须选择1个项目。", "A ballot names exactly 1 project.")
        if self.minimum == self.maximum:
            return Text(
                "每张选票须选择{minimum}个不同的项目。",
                "A ballot names exactly {minimum} different projects.",
                minimum=self.minimum,
            )
        return Text(
            "每张选票须选择{minimum}至{maximum}个不同的项目（含{minimum}个和{maximum}个）。",
            "A ballot names {minimum} to {maximum} different projects, both included.",
            minimum=self.minimum,
            maximum=self.maximum,
        )

    def violations(self, attempt: JudgedBallot) -> Sequence[Violation]:
        chosen = len(attempt.chosen)
        if chosen < self.minimum:
            return (TooFewChoices(self.minimum, chosen),)
        return (TooManyChoices(self.maximum, chosen),) if chosen > self.maximum else ()
