"""What is asked of storage by whoever shows what is published of a log."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from api.domain.log.bundles import Bundle
from api.domain.log.notes import VerifierKey
from api.domain.log.published_log import PublishedLog
from api.domain.log.tiles import TileKey


class LogPlace(NamedTuple):
    """Where a ballot is: in which log, and at which index."""

    log: int
    place: int


class OpenedBallot(NamedTuple):
    """What an entry commits to, as it is stored."""

    client_tag: bytes | None
    positions: tuple[int, ...]


class LogReader(Protocol):
    """The stored logs. Rows may have more than is published: whoever shows them cuts them off."""

    async def logs(self) -> Mapping[str, Sequence[PublishedLog]]:
        """Every generation of each campaign's log, the oldest first; not of campaigns that are being imported."""
        ...

    async def log(self, campaign: str, generation: int) -> PublishedLog | None:
        """One generation of a campaign's log, as it is now."""
        ...

    async def log_with_id(self, log: int) -> PublishedLog | None:
        """The log of this id, as it is now."""
        ...

    async def tiles(self, log: int, keys: Sequence[TileKey]) -> Mapping[TileKey, bytes]:
        """The hashes of those of these tiles that there are."""
        ...

    async def bundle(self, log: int, n: int) -> Bundle | None:
        """One bundle."""
        ...

    async def place(self, ballot: str) -> LogPlace | None:
        """Where a ballot is, in the last generation that has it; None while it waits."""
        ...

    async def ballots(self, ids: Sequence[str]) -> Mapping[str, OpenedBallot]:
        """What these ballots say, at most a bundle of them."""
        ...

    async def document(self, campaign: str, sha256: str) -> bytes | None:
        """What an entry of the campaign's log commits to."""
        ...

    async def waiting(self, campaign: str) -> int:
        """How many ballots of a campaign wait to be sealed."""
        ...


class PublishedKeys(Protocol):
    """The keys that are published of logs, and the witnesses that are asked to cosign them."""

    @property
    def witnesses(self) -> Sequence[VerifierKey]:
        """The keys of the witnesses that the policy names."""
        ...

    def verifier_keys(self, origin: str) -> Sequence[str]:
        """The keys (vkeys) by which a log's checkpoints are verified, the newest first."""
        ...

    def receipt_keys(self, origin: str) -> Sequence[str]:
        """The keys by which the receipts of a log's ballots are verified, the newest first."""
        ...

    def retired_keys(self, origin: str) -> Sequence[str]:
        """The keys of either kind that sign no more."""
        ...

    def policy(self, origin: str) -> str:
        """By which keys, and by how many witnesses, a checkpoint of the log has to be signed: a tlog-policy."""
        ...
