"""What the services ask of the witnesses that cosign the checkpoints of logs."""

from typing import Protocol

from api.domain.errors import OperatorError
from api.domain.log.notes import Signature
from api.domain.log.policies import Witness
from api.domain.log.witness_protocol import Submission


class WitnessError(OperatorError):
    """A witness has not cosigned; it says why. is_disagreement: because what it has seen was not what the proof begins with."""

    def __init__(self, message: str, *, is_disagreement: bool = False) -> None:
        super().__init__(message)
        self.is_disagreement = is_disagreement


class WitnessRequests(Protocol):
    """The requests to witnesses."""

    async def add_checkpoint(self, witness: Witness, submission: Submission) -> Signature | int:
        """Its cosignature, which has been verified, or the size that it has cosigned instead. Raises WitnessError."""
        ...
