"""Check a receipt as a page saves it: that it is of this ballot, and what was signed; and then find the ballot in a log."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.domain.ids import is_slug
from api.domain.integrity.rulings import BallotStatus
from api.domain.log.bundles import ID_SIZE
from api.domain.log.entries import ContinuesEntry, ballot_entry, ballot_nonce, client_tag, commitment
from api.domain.log.merkle import leaf_hash
from api.domain.log.notes import NoteError, SignedNote, VerifierKey
from api.domain.log.proof_files import ProofFile
from api.domain.log.receipts import KEY_SUFFIX, ReceiptError, ReceiptHead
from api.domain.log.rules_reader import MAX_NUMBER
from api.domain.rfc3339 import parse_date, parse_datetime
from api.domain.selection.plain_values import Plain, RecordError
from api.verifier.findings import FindingCode, LogBroken, UnreadableLog
from api.verifier.note_signatures import check_signed
from api.verifier.verification import Verification

FORMAT = "pingxuan/receipt/v1"
NEEDED = ("format", "ballotId", "campaign", "day", "projects", "note", "batchIndex", "batchSize", "batchHashes")
BALLOT = "ballot/"


@dataclass(frozen=True)
class SavedReceipt:
    """A receipt as it was saved. receipt_key: the key it is signed by, as it says itself. proof: that it is in the log."""

    ballot: str
    campaign: str
    day: date
    projects: tuple[int, ...]
    idempotency_key: str | None
    leaf: bytes | None
    note: SignedNote
    head: ReceiptHead
    batch_index: int
    batch_size: int
    batch_hashes: tuple[bytes, ...]
    seal_by: datetime | None
    receipt_key: VerifierKey | None
    proof: ProofFile | None = None

    @property
    def entry(self) -> bytes:
        """The entry of its ballot in the log, which follows from what the voter knows."""
        tag = None if self.idempotency_key is None else client_tag(self.idempotency_key)
        said = commitment(self.campaign, self.day, ballot_nonce(self.ballot), tag, self.projects)
        return ballot_entry(self.day, said)


def read_receipt(content: bytes, place: str) -> SavedReceipt:
    """Read a saved receipt. Raises UnreadableLog where the file is none."""
    try:
        parts = Plain(json.loads(content)).entries()
        if missing := [name for name in NEEDED if name not in parts]:
            raise UnreadableLog(f"{place}: {missing[0]} is missing; give a receipt as the page saves it.")
        return _receipt(parts, Plain(None))
    except (RecordError, ReceiptError, NoteError, ValueError, RecursionError) as error:
        raise UnreadableLog(f"{place} is no receipt as the page saves it: {error}") from error


def check_receipt(receipt: SavedReceipt, keys: Sequence[VerifierKey], place: str) -> VerifierKey:
    """See that the receipt is of its ballot, and signed by one of the keys; return which."""
    leaf, head = leaf_hash(receipt.entry), receipt.head
    if receipt.leaf not in (None, leaf):
        found = f"leafHash is {receipt.leaf.hex() if receipt.leaf else ''}"
        raise LogBroken(FindingCode.RECEIPT_WRONG, place, found, f"that of this ballot is {leaf.hex()}")
    if receipt.batch_size != head.size:
        found, should = f"batchSize is {receipt.batch_size}", f"the note was signed for {head.size}"
        raise LogBroken(FindingCode.RECEIPT_WRONG, place, found, should)
    if receipt.seal_by not in (None, head.seal_by):
        found = f"sealBy is {receipt.seal_by.isoformat() if receipt.seal_by else ''}"
        raise LogBroken(FindingCode.RECEIPT_WRONG, place, found, f"the note was signed for {head.seal_by.isoformat()}")
    if not head.covers(leaf, receipt.batch_index, receipt.batch_hashes):
        found = f"the path from {leaf.hex()} at {receipt.batch_index} does not lead to the signed root"
        raise LogBroken(FindingCode.RECEIPT_WRONG, place, found, f"the signed root is {head.root.hex()}")
    name = f"{head.origin}{KEY_SUFFIX}"
    return check_signed(receipt.note, [key for key in keys if key.name == name], place)[0].key


def check_proof(receipt: SavedReceipt, keys: Sequence[VerifierKey], place: str) -> VerifierKey | None:
    """See that a receipt's proof leads from its ballot to the root of a checkpoint of the log.

    Return which of the keys has signed that; None where none of them is the log's.
    """
    proof = receipt.proof
    if proof is None:
        return None
    head = proof.checkpoint
    if head.origin != receipt.head.origin and not head.origin.startswith(f"{receipt.head.origin}/"):
        found, should = f"proofFile is of the log {head.origin}", f"the receipt is of {receipt.head.origin}"
        raise LogBroken(FindingCode.RECEIPT_WRONG, place, found, should)
    if not proof.proves(leaf_hash(receipt.entry)):
        found = f"proofFile does not lead from this ballot, as entry {proof.index}, to the root of {head.size} entries"
        raise LogBroken(FindingCode.RECEIPT_WRONG, place, found, f"that root is {head.root.hex()}")
    known = [key for key in keys if key.name == head.origin]
    return check_signed(SignedNote.parse(proof.note), known, f"{place}, proofFile")[0].key if known else None


@dataclass(frozen=True, slots=True)
class FoundBallot:
    """A ballot in a log. numbers: what its opening says, None while there is none."""

    index: int
    status: BallotStatus
    numbers: tuple[int, ...] | None


def find_ballot(receipt: SavedReceipt, verification: Verification, now: datetime, place: str) -> FoundBallot | None:
    """Find a receipt's ballot in a log that was verified with its leaf hash; None: it is not due yet."""
    tree, history, head = verification.tree, verification.history, verification.head
    if tree is None or history is None or head is None:
        raise AssertionError("a log without findings was read to its end")
    if not _is_of(receipt.head.origin, head.checkpoint.origin, history.continues):
        found, should = f"it is of the log {receipt.head.origin}", f"the log is {head.checkpoint.origin}"
        raise LogBroken(FindingCode.RECEIPT_WRONG, place, found, should)
    leaf = leaf_hash(receipt.entry)
    index = tree.found.get(leaf)
    if index is None:
        if now < receipt.head.seal_by:
            return None
        found = f"it promises the ballot {leaf.hex()} by {receipt.head.seal_by.isoformat()}"
        should = f"none of the {head.checkpoint.size} entries is it"
        raise LogBroken(FindingCode.PROMISE_BROKEN, place, found, should)
    line = verification.openings.lines.get(index) if verification.openings else None
    numbers = None if line is None else tuple(map(int, line.rpartition(b" ")[2].split(b",")))
    return FoundBallot(index, history.states.statuses.get(index, BallotStatus.COUNTED), numbers)


def _is_of(named: str, origin: str, continues: ContinuesEntry | None) -> bool:
    """Tell whether a receipt names this log or, where that continues another, one of the generations before it."""
    if continues is None:
        return named == origin
    first, _, generation = origin.rpartition("/")
    earlier = named.removeprefix(f"{first}/")
    is_before = generation.isdecimal() and (
        named == first or (earlier.isdecimal() and len(earlier) < 5 and int(earlier) < int(generation))
    )
    return is_before or named in {origin, continues.origin}


def _receipt(parts: dict[str, Plain], nothing: Plain) -> SavedReceipt:
    if parts["format"].value != FORMAT:
        raise parts["format"].refuse(f'"{FORMAT}"')
    note, key = SignedNote.parse(parts["note"].text()), parts.get("receiptKey", nothing).optional(Plain.text)
    proof = parts.get("proofFile", nothing).optional(Plain.text)
    return SavedReceipt(
        ballot=_ballot(parts["ballotId"]),
        campaign=_slug(parts["campaign"]),
        day=_day(parts["day"]),
        projects=parts["projects"].each(_number),
        idempotency_key=parts.get("idempotencyKey", nothing).optional(Plain.text),
        leaf=parts.get("leafHash", nothing).optional(_hash),
        note=note,
        head=ReceiptHead.parse(note.text),
        batch_index=parts["batchIndex"].whole(),
        batch_size=parts["batchSize"].whole(1),
        batch_hashes=parts["batchHashes"].each(_hash),
        seal_by=parts.get("sealBy", nothing).optional(_moment),
        receipt_key=None if key is None else VerifierKey.parse(key),
        proof=None if proof is None else ProofFile.parse(proof),
    )


def _ballot(plain: Plain) -> str:
    key = plain.text().removeprefix(BALLOT)
    if len(key) != ID_SIZE or not key.isalnum():
        raise plain.refuse("the id of a ballot")
    return key


def _slug(plain: Plain) -> str:
    if not is_slug(plain.text()):
        raise plain.refuse("the slug of a campaign")
    return plain.text()


def _day(plain: Plain) -> date:
    day = parse_date(plain.text())
    if day is None:
        raise plain.refuse("a day such as 2017-03-22")
    return day


def _moment(plain: Plain) -> datetime:
    moment = parse_datetime(plain.text())
    if moment is None:
        raise plain.refuse("a moment such as 2017-03-22T16:00:00Z")
    return moment


def _number(plain: Plain) -> int:
    return plain.whole(1, MAX_NUMBER)


def _hash(plain: Plain) -> bytes:
    text = plain.text()
    digest = bytes.fromhex(text)
    if len(digest) != 32 or digest.hex() != text:
        raise plain.refuse("a hash in 64 small hexadecimal digits")
    return digest
