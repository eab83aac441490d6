"""That an idempotency key stands for one ballot. No campaign sets this rule: services.casting holds every ballot to it."""

from dataclasses import dataclass
from typing import ClassVar

from api.domain.texts import Text
from api.domain.voting.rules.base import Violation


@dataclass(frozen=True, slots=True)
class IdempotencyKeyReused(Violation):
    """Another ballot than the one that the voter has cast with this key; ballot_id: the API's id of that one."""

    ballot_id: str
    code: ClassVar = "IDEMPOTENCY_KEY_REUSED"
    rule: ClassVar = "IDEMPOTENCY_KEY"
    path: ClassVar = ("input", "idempotencyKey")

    @property
    def message(self) -> Text:
        return Text(
            "这张选票未投出：其idempotencyKey已用于另一张选票（{ballot_id}），请换一个新的再投。",
            "This ballot was not cast: its idempotencyKey belongs to another one, {ballot_id}. Send it with a new key.",
            ballot_id=self.ballot_id,
        )

    @classmethod
    def example(cls) -> "IdempotencyKeyReused":
        return cls(f"ballot/{'a' * 26}")
