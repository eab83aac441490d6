"""A campaign's ballot log: how far it is, by which keys it is verified, and who watches it."""

from datetime import UTC, datetime

import strawberry

from api.context import Context, Info
from api.domain.campaigns.campaign import Campaign
from api.domain.log.cosignatures import Cosignature
from api.domain.log.notes import COSIGNATURE, VerifierKey
from api.domain.log.published_log import PublishedLog
from api.domain.results.visibility import counted_until
from api.ports.log_reader import PublishedKeys
from api.schema.common.scalars import SafeInt


@strawberry.type(
    description="The head of a ballot log that was signed and published: it commits to every entry before it. A log only ever "
    "grows: keep the checkpoints that you see, and have `consistency` prove that later ones continue them."
)
class Checkpoint:
    """Shows domain.log.published_log.PublishedLog."""

    size: SafeInt = strawberry.field(description="How many entries the log has; their indexes are 0 to `size` - 1.")
    root_hash: str = strawberry.field(
        description="The Merkle tree hash of RFC 6962 over these entries, with SHA-256: 64 hexadecimal digits."
    )
    sealed_at: datetime = strawberry.field(description="When it was published.")
    note: str = strawberry.field(
        description="The signed checkpoint itself (tlog-checkpoint in a signed-note, both of C2SP), to be kept as it stands: "
        "three lines with the origin, the size and the root hash in base64, an empty line, and a line `— NAME BASE64` for each "
        "signature. Verify with Ed25519, over all up to the empty line, by `BallotLog.verifierKey`: the bytes in BASE64 are "
        "the four of the key's id and the 64 of the signature. It is what `/log/<slug>/checkpoint` serves."
    )

    @classmethod
    def of(cls, log: PublishedLog, campaign: Campaign) -> "Checkpoint | None":
        """None while nothing is published."""
        if log.note is None or log.published_at is None:
            return None
        sealed_at = campaign.calendar.local(log.published_at)
        return cls(size=SafeInt(log.size), root_hash=log.root.hex(), sealed_at=sealed_at, note=log.note)


@strawberry.type(
    description="Somebody else who signs checkpoints once they have seen that a log continues what it was, so that it shows "
    "everybody the same: a neighbouring city, a university, a newspaper."
)
class Witness:
    """Shows a key of the policy, and whether it has signed."""

    name: str = strawberry.field(description="The name of its key, such as `witness.example.org`.")
    verifier_key: str = strawberry.field(
        description="The key by which its cosignatures are verified, as a vkey: `NAME+ID+KEY`, with the id as 8 hexadecimal "
        "digits, and in base64 the byte 4 for cosignatures and the 32 bytes of an Ed25519 key. Take it from the witness, "
        "rather than from here."
    )
    cosigned_at: datetime | None = strawberry.field(
        description="When it cosigned the newest checkpoint, by its own clock; null when it has not."
    )


@strawberry.type(
    description="The public log of a campaign's ballots: a Merkle tree that anybody copies and checks, below `url`, as "
    "tlog-tiles has it. Ballots are in it as commitments that say nothing, until they are opened for everybody to count. "
    "`docs/proof.md` says what it proves and what not."
)
class BallotLog:
    """Shows domain.log.published_log.PublishedLog."""

    log: strawberry.Private[PublishedLog]
    stands_in: strawberry.Private[Campaign]
    keys: strawberry.Private[PublishedKeys]
    origin: str = strawberry.field(
        description="Its name, in every checkpoint and receipt, such as `vote.example.cn/log/shanghai-2017`: without a scheme, "
        "and the same for ever. A log that had to begin anew has another, such as `vote.example.cn/log/shanghai-2017/2`, and "
        "its first entry commits to the old one's head."
    )
    url: str = strawberry.field(
        description="Where its files are, relative to this server, such as `/log/shanghai-2017`: `checkpoint`, `keys`, "
        "`policy`, `tile/…`, `openings/…` and `documents/…` below it."
    )
    verifier_key: str = strawberry.field(
        description="The key by which checkpoints are verified, as a vkey: `NAME+ID+KEY`, with the origin as its name, the id "
        "as 8 hexadecimal digits, and in base64 the byte 1 for Ed25519 and the 32 bytes of the key. Where keys were rotated it "
        "is the newest; `/log/<slug>/keys` has the others. Keep it, and compare it with what the organizer has printed."
    )
    receipt_key: str = strawberry.field(
        description="The key by which receipts are verified, in the same form; its name is the origin and `/receipts`."
    )
    countable: bool = strawberry.field(
        description="Whether the commitments are opened: then everybody can recount all ballots from `openings/…`. They are "
        "once voting is over, the log has an entry `closed`, and everybody may see the results."
    )

    @classmethod
    def of(cls, campaign: Campaign, context: Context) -> "BallotLog | None":
        """None where this server has no keys for logs."""
        keys, log = context.logs.keys, context.newest_log(campaign.slug)
        if keys is None:
            return None
        return cls(
            log=log,
            stands_in=campaign,
            keys=keys,
            origin=log.origin,
            url=f"{context.root_path}/log/{campaign.slug}" + ("" if log.generation == 1 else f"/{log.generation}"),
            verifier_key=keys.verifier_keys(log.origin)[0],
            receipt_key=keys.receipt_keys(log.origin)[0],
            countable=log.is_countable(campaign, context.now),
        )

    @strawberry.field(description="Its newest checkpoint; null before the first ballots are sealed.")
    def checkpoint(self) -> Checkpoint | None:
        return Checkpoint.of(self.log, self.stands_in)

    @strawberry.field(
        description="How many ballots are stored and not yet in the log: they follow within minutes, at the latest by the "
        "`sealBy` of their receipts. Null where `turnout` is as of an earlier moment, as it would tell what that keeps back."
    )
    async def waiting(self, info: Info) -> SafeInt | None:
        if counted_until(self.stands_in, info.context.now) is not None:
            return None
        return SafeInt(await info.context.logs.reader.waiting(self.stands_in.slug))

    @strawberry.field(
        description="The witnesses that this server asks to cosign, by its policy (`/log/<slug>/policy`), with what each has "
        "done about the newest checkpoint. Empty where it asks none: then nobody but you can tell whether others are shown "
        "another log."
    )
    def witnesses(self) -> list[Witness]:
        signatures = () if self.log.note is None else self.log.signed_note.signatures
        blobs = {(each.name, each.key_id): each.blob for each in signatures}
        return [self._witness(key, blobs.get((key.name, key.key_id))) for key in self.keys.witnesses]

    def _witness(self, key: VerifierKey, blob: bytes | None) -> Witness:
        cosigned_at = None
        if blob is not None and key.kind == COSIGNATURE:
            moment = datetime.fromtimestamp(Cosignature.parse(blob).time, UTC)
            cosigned_at = self.stands_in.calendar.local(moment)
        return Witness(name=key.name, verifier_key=str(key), cosigned_at=cosigned_at)
