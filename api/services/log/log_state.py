"""How each log stands: what waits, what is sealed, signed and published, and what anchor and witnesses say of that."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from api.domain.errors import OperatorError
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.cosignatures import Cosignature
from api.domain.log.merkle import EMPTY_ROOT
from api.domain.log.notes import Signature, SignedNote
from api.domain.log.policies import Policy, Witness
from api.domain.log.witness_protocol import Submission
from api.ports.log import Anchor, Log, SealingStore, Waiting
from api.ports.witnesses import WitnessError, WitnessRequests
from api.services.log.directory import LogDirectory


@dataclass(frozen=True)
class WitnessState:
    """What a witness says of what is published. cosigned_at: when it cosigned that, None where it has not.

    disagrees: whether it has seen more than there is here, or another history.
    """

    name: str
    cosigned_at: datetime | None
    answer: str
    disagrees: bool = False


@dataclass(frozen=True)
class LogState:
    """How a log stands, in entries. waiting: ballots. problem: why it must not be signed, None where it may."""

    campaign: str
    origin: str
    generation: int
    sealed: int
    published: int
    published_at: datetime | None
    waiting: int
    anchored: int | None
    problem: str | None
    witnesses: Sequence[WitnessState]


@dataclass(frozen=True)
class LogInspection:
    """Looks at logs, and changes nothing.

    check: raises OperatorError where a campaign's log must not be signed. requests: None where witnesses are not asked.
    """

    store: SealingStore
    check: Callable[[str], Awaitable[None]]
    anchor: Anchor | None
    directory: LogDirectory
    policy: Policy
    requests: WitnessRequests | None = None

    async def states(self, campaigns: Iterable[str]) -> list[LogState]:
        """How the logs of these campaigns stand, and those of campaigns that are gone."""
        self.directory.logs = await self.store.logs()
        waiting = await self.store.waiting()
        return [await self._state(slug, waiting) for slug in sorted({*campaigns, *self.directory.logs})]

    async def _state(self, slug: str, waiting: Mapping[str, Waiting]) -> LogState:
        origin = self.directory.origin(slug)
        log = self.directory.logs.get(slug) or Log(0, slug, 1, origin, 0, EMPTY_ROOT)
        anchored, problem = await self._anchored(slug, origin)
        witnesses = await self._witnesses(log)
        return LogState(
            campaign=slug,
            origin=origin,
            generation=log.generation,
            sealed=log.size,
            published=log.published_size,
            published_at=log.published_at,
            waiting=waiting[slug].ballots if slug in waiting else 0,
            anchored=anchored,
            problem=problem or next((_disagreement(each) for each in witnesses if each.disagrees), None),
            witnesses=witnesses,
        )

    async def _anchored(self, slug: str, origin: str) -> tuple[int | None, str | None]:
        """How far the anchor has the log, and why it must not be signed."""
        anchored = None
        try:
            head = None if self.anchor is None else await self.anchor.head(origin)
            anchored = None if head is None else head.size
            await self.check(slug)
        except OperatorError as error:
            return anchored, str(error)
        return anchored, None

    async def _witnesses(self, log: Log) -> Sequence[WitnessState]:
        if log.note is None:
            return [WitnessState(witness.name, None, "nothing is published yet") for witness in self.policy.witnesses]
        note = SignedNote.parse(log.note)
        return await asyncio.gather(*(self._witness(witness, note, log.size) for witness in self.policy.witnesses))

    async def _witness(self, witness: Witness, note: SignedNote, sealed: int) -> WitnessState:
        times = [_moment(each) for each in note.signatures if each[:2] == (witness.key.name, witness.key.key_id)]
        cosigned_at = times[0] if times else None
        if self.requests is None:
            return WitnessState(witness.name, cosigned_at, "it was not asked")
        return WitnessState(witness.name, cosigned_at, *await _answer(self.requests, witness, note, sealed))


async def _answer(requests: WitnessRequests, witness: Witness, note: SignedNote, sealed: int) -> tuple[str, bool]:
    """What a witness says now, and whether it disagrees: it is asked to cosign once more what is published."""
    size = Checkpoint.parse(note.text).size
    try:
        answer = await requests.add_checkpoint(witness, Submission(size, (), note))
    except WitnessError as error:
        return str(error), error.is_disagreement
    if isinstance(answer, Signature):
        return f"it has seen {size} entries, as published", False
    if answer == size:
        return f"it has seen {size} entries, of another history", True
    return f"it has seen {answer} entries", answer > sealed


def _disagreement(state: WitnessState) -> str:
    return f"The witness {state.name} disagrees: {state.answer}."


def _moment(signature: Signature) -> datetime:
    return datetime.fromtimestamp(Cosignature.parse(signature.blob).time, UTC)
