"""What a receipt says: that a batch of ballots was stored, and until when they are in the log at the latest.

One signature stands for all ballots of a commit: it is over the root of the hash tree of their leaf hashes, and each receipt
has the path from its own leaf to that root.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from api.domain.log.merkle import HASH_SIZE, root_from_inclusion, rows_of, siblings
from api.domain.log.notes import Signature, SignedNote, encode_base64
from api.domain.rfc3339 import parse_datetime

VERSION = "pingxuan/receipts/v1"
KEY_SUFFIX = "/receipts"  # of the name of the key that signs receipts, after the log's origin
TEXT = re.compile(
    rf"{VERSION}\n([!-~]+)\n([A-Za-z0-9+/]{{43}}=)\n([1-9][0-9]{{0,5}})\n"
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n",
    re.ASCII,
)


class ReceiptError(ValueError):
    """A text that no receipt has."""


@dataclass(frozen=True, slots=True)
class ReceiptHead:
    """The signed text of a receipt. root: of the batch's tree, which has `size` leaves. seal_by: whole seconds, UTC."""

    origin: str
    root: bytes
    size: int
    seal_by: datetime

    @property
    def text(self) -> str:
        """The text that is signed, as a note has it."""
        seal_by = self.seal_by.astimezone(UTC).replace(tzinfo=None).isoformat()
        return f"{VERSION}\n{self.origin}\n{b64encode(self.root).decode()}\n{self.size}\n{seal_by}Z\n"

    @classmethod
    def parse(cls, text: str) -> "ReceiptHead":
        """Read the text of a note. Raises ReceiptError."""
        match = TEXT.fullmatch(text)
        seal_by = match and parse_datetime(match[4])
        if match is None or not seal_by:
            raise ReceiptError(f"no receipt says this: {text[:200]!r}")
        head = cls(match[1], b64decode(match[2]), int(match[3]), seal_by)
        if head.text != text:
            raise ReceiptError(f"the receipt writes its root or its moment otherwise than is usual: {text[:200]!r}")
        return head

    def covers(self, leaf: bytes, index: int, path: Sequence[bytes]) -> bool:
        """Whether the path leads from this leaf, at this index of the batch, to the root."""
        if any(len(each) != HASH_SIZE for each in (leaf, *path)):
            return False
        try:
            return root_from_inclusion(index, self.size, leaf, path) == self.root
        except ValueError:
            return False


class ReceiptBatch:
    """The ballots of a commit under one signature. leaves: by the ids of the ballots, in their order.

    blinds: as many random hashes, each of which becomes the leaf after one of a ballot where there are several: no path names
    the leaf of another ballot, by which its content could be looked up once the log is opened.

    Hashes of its tree are hexadecimal digits. note: the whole signed note. signature: its 64 bytes in base64, of the key with
    this id, in hexadecimal digits.
    """

    __slots__ = ("__weakref__", "_indexes", "_rows", "key_id", "note", "root", "seal_by", "signature", "size")

    def __init__(self, leaves: Mapping[str, bytes], blinds: Sequence[bytes], seal_by: datetime) -> None:
        row = list(leaves.values())
        if len(row) > 1:
            row = [leaf for pair in zip(row, blinds, strict=True) for leaf in pair]
        self._indexes = dict(zip(leaves, range(0, len(row), 2), strict=True))
        rows = rows_of(row)
        self._rows = [[each.hex() for each in row] for row in rows]
        self.size, self.root, self.seal_by = len(row), rows[-1][0], seal_by
        self.note = self.key_id = self.signature = ""

    def sign(self, origin: str, key_id: bytes, sign: Callable[[str], bytes]) -> None:
        """Have it signed under the name of the log's key for receipts."""
        text = ReceiptHead(origin, self.root, self.size, self.seal_by).text
        signature = sign(text)
        self.key_id, self.signature = key_id.hex(), encode_base64(signature)
        self.note = str(SignedNote(text, (Signature(origin + KEY_SUFFIX, key_id, signature),)))

    def receipt(self, ballot_id: str) -> "Receipt":
        """The receipt for one of its ballots."""
        index = self._indexes[ballot_id]
        return Receipt(self._rows[0][index], index, siblings(self._rows, index), self)


class Receipt(NamedTuple):
    """What a voter gets for a ballot that is stored: the place of its leaf in a batch, and the note that is signed.

    leaf_hash, batch_hashes: hexadecimal digits; the path from the leaf to the batch's root, from the lowest up.
    """

    leaf_hash: str
    batch_index: int
    batch_hashes: list[str]
    batch: ReceiptBatch


def seal_by(last_cast_at: datetime, deadline: timedelta) -> datetime:
    """When the ballots of a batch, of which the last was cast then, are in the log at the latest: in whole seconds, UTC."""
    moment = last_cast_at.astimezone(UTC) + deadline
    return moment.replace(microsecond=0) + timedelta(seconds=1 if moment.microsecond else 0)
