"""Collecting cosignatures: every witness of the policy is asked at once, until those that have cosigned are enough."""

import asyncio
from collections.abc import Mapping

from api.domain.errors import OperatorError
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import MAX_SIGNATURES, Signature, SignedNote
from api.domain.log.policies import Policy, Witness
from api.domain.log.witness_protocol import Submission
from api.ports.log import LogBehindError, Prove, QuorumMissingError
from api.ports.witnesses import WitnessError, WitnessRequests

LATE = 2.0  # seconds that the others are waited for once there is a quorum
ATTEMPTS = 3  # a witness that was asked by another process meanwhile is at another size again


class Witnessing:
    """The witnesses of a policy. It remembers how far each of them has seen each log."""

    def __init__(self, policy: Policy, requests: WitnessRequests) -> None:
        self._policy = policy
        self._requests = requests
        self._sizes: dict[tuple[str, str], int] = {}

    async def cosign(self, note: str, prove: Prove) -> str:
        """Return the note with the cosignatures of as many witnesses as the quorum asks for, and of others that were as fast.

        Raises QuorumMissingError, which names each witness that has not cosigned and says why, and LogBehindError where one
        has seen a larger or another log, however many have cosigned.
        """
        signed = SignedNote.parse(note)
        answers = await self._collect(signed, prove)
        behind = [answer for answer in answers.values() if isinstance(answer, LogBehindError)]
        if behind:
            raise behind[0]
        cosigned = {name: answer for name, answer in answers.items() if isinstance(answer, Signature)}
        if not self._policy.is_met_by(cosigned.keys()):
            raise QuorumMissingError(self._missing(Checkpoint.parse(signed.text), answers))
        fitting = self._fitting(cosigned, MAX_SIGNATURES - len(signed.signatures))
        return str(SignedNote(signed.text, (*signed.signatures, *fitting.values())))

    def _fitting(self, cosigned: Mapping[str, Signature], room: int) -> Mapping[str, Signature]:
        """As many of them as everybody can read on one note, without those that the quorum does not need."""
        kept = dict(cosigned)
        for name in cosigned:
            if len(kept) > room and self._policy.is_met_by(kept.keys() - {name}):
                del kept[name]
        return kept

    async def ask(self, witness: Witness, note: SignedNote, prove: Prove) -> Signature:
        """Return the cosignature of one witness. Raises WitnessError and LogBehindError."""
        checkpoint = Checkpoint.parse(note.text)
        key = witness.name, checkpoint.origin
        for _ in range(ATTEMPTS):
            old = self._sizes.get(key, 0)
            answer = await self._submit(
                witness, checkpoint, Submission(old, await _proof(old, checkpoint, prove), note)
            )
            self._sizes[key] = checkpoint.size if isinstance(answer, Signature) else answer
            if isinstance(answer, Signature):
                return answer
            if answer > checkpoint.size or answer == old == checkpoint.size:
                raise _behind(witness, checkpoint, answer)
        raise WitnessError(f"it names another size each time it is asked, {answer} the last time")

    async def _submit(self, witness: Witness, checkpoint: Checkpoint, submission: Submission) -> Signature | int:
        try:
            return await self._requests.add_checkpoint(witness, submission)
        except WitnessError as error:
            if error.is_disagreement:
                raise _behind(witness, checkpoint, submission.old) from None
            raise

    async def _collect(self, note: SignedNote, prove: Prove) -> Mapping[str, Signature | OperatorError | None]:
        """What each witness has answered, by its name in the policy; None for those that were not waited for."""
        tasks = {each.name: asyncio.create_task(self._outcome(each, note, prove)) for each in self._policy.witnesses}
        try:
            waiting = set(tasks.values())
            while waiting and not self._policy.is_met_by(_signers(tasks)):
                _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if waiting:
                await asyncio.wait(waiting, timeout=LATE)
            return {name: task.result() if task.done() else None for name, task in tasks.items()}
        finally:
            for task in tasks.values():
                task.cancel()

    async def _outcome(self, witness: Witness, note: SignedNote, prove: Prove) -> Signature | OperatorError:
        try:
            return await self.ask(witness, note, prove)
        except (WitnessError, LogBehindError) as error:
            return error

    def _missing(self, checkpoint: Checkpoint, answers: Mapping[str, Signature | OperatorError | None]) -> str:
        reasons = "; ".join(
            f"{name}: {answer}" for name, answer in answers.items() if isinstance(answer, OperatorError)
        )
        return (
            f"The log {checkpoint.origin} is not published at {checkpoint.size} entries yet: the quorum of its policy, "
            f"{self._policy.quorum}, has not cosigned that. {reasons}"
        )


async def _proof(old: int, checkpoint: Checkpoint, prove: Prove) -> tuple[bytes, ...]:
    return tuple(await prove(old, checkpoint.size)) if 0 < old < checkpoint.size else ()


def _signers(tasks: Mapping[str, "asyncio.Task[Signature | OperatorError]"]) -> set[str]:
    return {name for name, task in tasks.items() if task.done() and isinstance(task.result(), Signature)}


def _behind(witness: Witness, checkpoint: Checkpoint, size: int) -> LogBehindError:
    seen = "more of it" if size > checkpoint.size else "another history of it"
    return LogBehindError(
        f"The witness {witness.name} has seen {seen}: the log {checkpoint.origin} at {size} entries. Here it has "
        f"{checkpoint.size}.",
        size,
        is_forked=size <= checkpoint.size,
    )
