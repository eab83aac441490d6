"""That a ballot names no project twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from api.domain.texts import Text
from api.domain.voting.rules.base import CHOICES, JudgedBallot, Rule, RuledCampaign, Violation, listed


@dataclass(frozen=True, slots=True)
class RepeatedChoices(Violation):
    """Ids that a ballot names more than once, each listed once, in the order they first appear."""

    project_ids: tuple[str, ...]
    code: ClassVar = "REPEATED_CHOICES"
    rule: ClassVar = "DISTINCT_CHOICES"
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        ids = listed(self.project_ids)
        return Text("每个项目只能选择一次，重复的有：{ids}。", "Name each project once; repeated: {ids}.", ids=ids)

    @classmethod
    def example(cls) -> "RepeatedChoices":
        return cls(("project/shanghai-2017/7",))


@dataclass(frozen=True, slots=True)
class DistinctChoicesRule(Rule):
    """No project twice."""

    code: ClassVar[str] = "DISTINCT_CHOICES"

    def description(self, campaign: RuledCampaign) -> Text:
        return Text("同一项目在一张选票上只能选择一次。", "A ballot names no project twice.")

    def violations(self, attempt: JudgedBallot) -> Sequence[Violation]:
        named = attempt.draft.project_ids
        if len(attempt.chosen) == len(named):
            return ()
        return (RepeatedChoices(tuple(name for name, count in Counter(named).items() if count > 1)),)
