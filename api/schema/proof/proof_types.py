"""Receipts of ballots, and what proves that a ballot is in the log and that the log only grows."""

from asyncio import Future, ensure_future
from collections.abc import Awaitable, Sequence
from datetime import datetime

import strawberry

from api.context import Info
from api.domain.campaigns.campaign import Campaign
from api.domain.ids import BallotId
from api.domain.log import receipts
from api.domain.log.proof_files import ProofFile
from api.domain.voting import ballots
from api.schema.common.scalars import SafeInt
from api.schema.proof.log_types import Checkpoint
from api.services.log.proofs import Inclusion

PATH = (
    "from the lowest level of the tree up, each as 64 hexadecimal digits. As RFC 6962 has it (section 2.1.1): a node is "
    "SHA-256 of the byte 1 and its two children"
)


@strawberry.type(
    description="That a ballot is in the log: from its `leafHash` the hashes lead to the root of this checkpoint. With the "
    "checkpoint's signature verified, whoever holds it needs nobody's word any more."
)
class InclusionProof:
    """Shows services.log.proofs.Inclusion."""

    index: SafeInt = strawberry.field(
        description="The place of the ballot's entry in the log: it is in the bundle `tile/entries/<index / 256>`, in the way "
        "that tlog-tiles writes numbers."
    )
    hashes: list[str] = strawberry.field(description=f"The path, {PATH}.")
    checkpoint: Checkpoint = strawberry.field(description="The checkpoint whose root the path leads to.")


@strawberry.type(
    description="That the log of one size continues that of another: nothing that was in it has been changed or taken away."
)
class ConsistencyProof:
    """Shows what services.log.proofs finds."""

    from_: SafeInt = strawberry.field(name="from", description="The smaller size.")
    to: SafeInt = strawberry.field(description="The larger size.")
    hashes: list[str] = strawberry.field(
        description="The hashes of RFC 6962, section 2.1.2, each as 64 hexadecimal digits: from them and the root at `from` "
        "follow both roots. Empty where both sizes are the same, or `from` is 0."
    )

    @classmethod
    def of(cls, old: int, new: int, hashes: Sequence[bytes]) -> "ConsistencyProof":
        return cls(from_=SafeInt(old), to=SafeInt(new), hashes=[each.hex() for each in hashes])


@strawberry.type(
    description="The server's signed word that it has stored a ballot and will have it in the log by a certain time. It is the "
    "voter's to keep, with the ballot's id, its projects and the idempotency key: with these anybody recomputes `leafHash`, "
    "and `pingxuan verify-receipt` does. It proves as much to a buyer of votes as to its voter."
)
class Receipt:
    """Shows domain.log.receipts.Receipt. Nothing of it is made that is not asked for: each ballot pays for it."""

    value: strawberry.Private[receipts.Receipt]
    ballot: strawberry.Private[ballots.Ballot]
    stands_in: strawberry.Private[Campaign]
    found: strawberry.Private[Future[Inclusion | None] | None] = None

    @strawberry.field(description="The id of the ballot.")
    def ballot_id(self) -> strawberry.ID:
        return strawberry.ID(str(BallotId(self.ballot.id)))

    @strawberry.field(
        description="SHA-256 of the byte 0 and the ballot's entry in the log, as 64 hexadecimal digits. The entry is `ballot "
        "DAY COMMITMENT`, and the commitment the SHA-256 of `pingxuan/ballot/v1`, the campaign's slug, the day, the nonce, the "
        "tag and the projects' numbers, ascending with commas between them, each followed by a line feed. The nonce is the "
        "SHA-256 of `pingxuan/opening/v1` and the ballot's id without `ballot/`, the tag that of `pingxuan/client/v1` and the "
        "idempotency key, each followed by a line feed, or `-` where there was no key; all in hexadecimal digits."
    )
    def leaf_hash(self) -> str:
        return self.value.leaf_hash

    @strawberry.field(
        description="The Ed25519 signature, 64 bytes in base64, over the text of `note` up to its empty line."
    )
    def signature(self) -> str:
        return self.value.batch.signature

    @strawberry.field(
        description="Which key has signed: the 8 hexadecimal digits in `BallotLog.receiptKey`, or in a line of "
        "`/log/<slug>/keys`."
    )
    def key_id(self) -> str:
        return self.value.batch.key_id

    @strawberry.field(
        description="One signature is for all ballots that were stored in one go: the place of this one's leaf in their tree, "
        "from 0. Each second leaf is random, so that no path tells of somebody else's ballot."
    )
    def batch_index(self) -> int:
        return self.value.batch_index

    @strawberry.field(description="How many leaves that tree has: 1, or two for each of the ballots.")
    def batch_size(self) -> int:
        return self.value.batch.size

    @strawberry.field(
        description=f"The path from `leafHash` to the root that `note` names in its third line, {PATH}. Empty where the ballot "
        "is alone, as in every receipt that is asked for later: then `leafHash` is the root."
    )
    def batch_hashes(self) -> list[str]:
        return self.value.batch_hashes

    @strawberry.field(
        description="What is signed, with its signature, to be kept as it stands (a signed-note): `pingxuan/receipts/v1`, the "
        "log's origin, the root in base64, `batchSize`, `sealBy` in UTC, each on a line, an empty line, and `— NAME BASE64`, "
        "where the bytes are the four of the key's id and the signature."
    )
    def note(self) -> str:
        return self.value.batch.note

    @strawberry.field(
        description="By when the ballot is in the log at the latest. A ballot that is not by then: show this receipt to the "
        "organizer, and to everybody else."
    )
    def seal_by(self) -> datetime:
        return self.value.batch.seal_by

    @strawberry.field(
        graphql_type=InclusionProof | None,
        description="The proof that the ballot is in the log; null until the ballot is under a published checkpoint, some "
        "minutes after it was cast. Ask for it again by `ballot(id:)`.",
    )
    def inclusion(self, info: Info) -> Awaitable[InclusionProof | None] | None:
        return None if self._is_new else self._shown_inclusion(info)

    @strawberry.field(
        graphql_type=str | None,
        description="The same as the text of a file to keep, `.tlog-proof` (C2SP's tlog-proof): `c2sp.org/tlog-proof@v1`, "
        "`index N`, the hashes in base64, an empty line, and the checkpoint. Any program for such files verifies it with the "
        "leaf hash. Null as long as `inclusion` is.",
    )
    def proof_file(self, info: Info) -> Awaitable[str | None] | None:
        return None if self._is_new else self._written_inclusion(info)

    @property
    def _is_new(self) -> bool:
        """Whether the ballot has been stored in this very request: it is in no log yet, and nothing has to be read."""
        return self.ballot.batch is not None

    async def _shown_inclusion(self, info: Info) -> InclusionProof | None:
        found = await self._inclusion(info)
        checkpoint = None if found is None else Checkpoint.of(found.log, self.stands_in)
        if found is None or checkpoint is None:
            return None
        hashes = [each.hex() for each in found.hashes]
        return InclusionProof(index=SafeInt(found.place), hashes=hashes, checkpoint=checkpoint)

    async def _written_inclusion(self, info: Info) -> str | None:
        found = await self._inclusion(info)
        if found is None or found.log.note is None:
            return None
        return str(ProofFile(found.place, tuple(found.hashes), found.log.note))

    async def _inclusion(self, info: Info) -> Inclusion | None:
        """Find the proof once for all who ask in one request: `inclusion` and `proofFile` are of the same checkpoint."""
        context = info.context
        if self.found is None:
            campaign, ballot = self.stands_in.slug, self.ballot.id
            finding = context.log_proofs.of_ballot(context.snapshot, campaign, ballot, context.log_head)
            self.found = ensure_future(finding)
        return await self.found
