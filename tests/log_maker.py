"""Logs as an organizer would publish them, in a folder, made by nothing that the verifier uses: its own hashing and formats.

A test says in order what the log holds; what it gets wrong on purpose it says too, since every number may be given.
"""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SLUG = "town-2026"
ORIGIN = f"vote.example/log/{SLUG}"
WITNESSES = ("witness.example/one", "witness.example/two")
WINDOW = ("2026-05-01T16:00:00Z", "2026-05-04T16:00:00Z")  # three days of Shanghai's clocks
DAYS = ("2026-05-02", "2026-05-03", "2026-05-04")
REASON = "Twelve alike within a second."
TIME = 1_777_000_000  # at which witnesses sign


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def canonical(tree: object) -> str:
    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def tree_hash(hashes: Sequence[bytes]) -> bytes:
    """RFC 6962's Merkle Tree Hash over leaf hashes, by its definition."""
    if not hashes:
        return sha(b"")
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return sha(b"\x01" + tree_hash(hashes[:half]) + tree_hash(hashes[half:]))


def numbered(n: int, width: int) -> str:
    parts = [f"{n % 1000:03d}"]
    while n := n // 1000:
        parts.insert(0, f"x{n % 1000:03d}")
    return "/".join(parts) + ("" if width == 256 else f".p/{width}")


def tiles(entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """The path and the content of every full and partial tile and entry bundle."""
    hashes, level = [sha(b"\x00" + entry) for entry in entries], 0
    while hashes:
        for n, start in enumerate(range(0, len(hashes), 256)):
            row = hashes[start : start + 256]
            yield f"tile/{level}/{numbered(n, len(row))}", b"".join(row)
            if level == 0:
                bundle = b"".join(len(each).to_bytes(2, "big") + each for each in entries[start : start + 256])
                yield f"tile/entries/{numbered(n, len(row))}", bundle
        hashes = [tree_hash(hashes[i : i + 256]) for i in range(0, len(hashes) - 255, 256)]
        level += 1


class Signer:
    """An Ed25519 key with a name; kind 1 signs notes, 4 cosigns them."""

    def __init__(self, name: str, kind: int = 1) -> None:
        self.name, self.kind = name, kind
        self._key = Ed25519PrivateKey.from_private_bytes(sha(name.encode()))
        self.public = self._key.public_key().public_bytes_raw()
        self.key_id = sha(name.encode() + b"\n" + bytes([kind]) + self.public)[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(bytes([self.kind]) + self.public)}"

    def line(self, text: str, time: int = TIME) -> str:
        """The signature line under a note of this text."""
        signed, stamp = text, b""
        if self.kind == 4:
            signed, stamp = f"cosignature/v1\ntime {time}\n{text}", time.to_bytes(8, "big")
        return f"— {self.name} {b64(self.key_id + stamp + self._key.sign(signed.encode()))}\n"


RULES: Mapping[str, Any] = {
    "time_zone": "Asia/Shanghai",
    "choices": {"minimum": 2, "maximum": 3},
    "quota": {"limit": 1, "per_channel": False, "period": "DAY"},
    "rules": [
        {"code": "GROUP_CHOICE", "group_by": "DISTRICT", "group": None, "minimum": None, "maximum": 2},
        {"code": "BUDGET", "limit": "100"},
    ],
    "visibility": "AFTER_CLOSE",
    "results_at": None,
    "results_step": "SECOND",
    "stages": [],
    "candidates": [
        {"number": n, "position": n, "ruled_by": [["N" if n <= 4 else "S"], str(10 * n)]} for n in range(1, 7)
    ],
}


def ballot_id(number: int) -> str:
    """The 26 characters of the id of a test's ballot."""
    digits = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(digits[byte % 32] for byte in sha(f"ballot {number}".encode())[:26])


@dataclass
class LogMaker:
    """A log that grows entry by entry. openings: one line an entry; counted: what each ballot is, for the right numbers."""

    slug: str = SLUG
    origin: str = ORIGIN
    rules_tree: Mapping[str, Any] = field(default_factory=lambda: RULES)
    entries: list[bytes] = field(default_factory=list)
    openings: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    ballots: dict[int, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)

    def add(self, text: str, opening: str = "-") -> int:
        """Add an entry and return its index."""
        self.entries.append(text.encode())
        self.openings.append(opening)
        return len(self.entries) - 1

    def rules(self) -> int:
        text = canonical(self.rules_tree)
        self.documents.append(text)
        return self.add(f"rules {digest(text)}")

    def window(self, opens: str = WINDOW[0], closes: str = WINDOW[1]) -> int:
        return self.add(f"window {opens} {closes}")

    def ballot(self, numbers: Iterable[int], day: str = DAYS[0], number: int | None = None, key: str = "-") -> int:
        """A ballot of projects as they are given, in order or not, under the id with this number."""
        number = len(self.entries) if number is None else number
        nonce = digest(f"pingxuan/opening/v1\n{ballot_id(number)}\n")
        tag = key if key == "-" else digest(f"pingxuan/client/v1\n{key}\n")
        chosen = ",".join(map(str, numbers))
        commitment = digest(f"pingxuan/ballot/v1\n{self.slug}\n{day}\n{nonce}\n{tag}\n{chosen}\n")
        index = self.add(f"ballot {day} {commitment}", f"{nonce} {tag} {chosen}")
        self.ballots[index] = (day, tuple(map(int, chosen.split(","))))
        self.states[index] = "counted"
        return index

    def ruling(self, kind: str, index: int, reason: str = REASON) -> int:
        if index in self.states:
            self.states[index] = {"hold": "held", "release": "counted", "void": "voided"}[kind]
        return self.add(f"{kind} {index} {digest(reason)}")

    def count(self, state: str | None = None, day: str | None = None) -> int:
        """How many ballots there are in this state, of this day."""
        return sum(
            (state is None or self.states[index] == state) and day in (None, of)
            for index, (of, _) in self.ballots.items()
        )

    def day(self, day: str, signins: int | None = None, cast: int | None = None) -> int:
        cast = self.count(day=day) if cast is None else cast
        signins = self.count(day=day) if signins is None else signins
        return self.add(f"day {day} {cast} {self.count('held', day)} {self.count('voided', day)} {signins}")

    def closed(self, count: int | None = None) -> int:
        return self.add(f"closed {len(self.ballots) if count is None else count}")

    def result_tree(self) -> dict[str, Any]:
        """The right result by now."""
        votes: Counter[int] = Counter()
        for index, (_, numbers) in self.ballots.items():
            if self.states[index] == "counted":
                votes.update(numbers)

        def counts(day: str | None) -> dict[str, Any]:
            states = {state: self.count(state, day) for state in ("counted", "held", "voided")}
            return {"cast": self.count(day=day), **states}

        return {
            "format": "pingxuan/result/v1",
            "campaign": self.slug,
            "ballots": counts(None),
            "days": [{"day": day, **counts(day)} for day in sorted({day for day, _ in self.ballots.values()})],
            "projects": [
                {"number": each["number"], "votes": votes[each["number"]], "voidedVotes": 0}
                for each in self.rules_tree["candidates"]
            ],
        }

    def result(self, tree: Mapping[str, Any] | None = None) -> int:
        text = canonical(self.result_tree() if tree is None else tree)
        self.documents.append(text)
        return self.add(f"result {digest(text)}")

    def selection(self, stage: str, version: int, record: str, trace_digest: str) -> int:
        self.documents.append(record)
        return self.add(f"selection {stage} {version} {trace_digest} {digest(record)}")

    @property
    def root(self) -> bytes:
        return self.root_at(len(self.entries))

    def root_at(self, size: int) -> bytes:
        return tree_hash([sha(b"\x00" + entry) for entry in self.entries[:size]])

    @property
    def signer(self) -> Signer:
        return Signer(self.origin)

    def note(self, size: int | None = None, root: bytes | None = None, witnesses: Sequence[str] = WITNESSES) -> str:
        """The checkpoint at a size, signed by the log and these witnesses."""
        size = len(self.entries) if size is None else size
        text = f"{self.origin}\n{size}\n{b64(self.root_at(size) if root is None else root)}\n"
        signers = [self.signer, *(Signer(name, 4) for name in witnesses)]
        return text + "\n" + "".join(signer.line(text) for signer in signers)

    def policy(self, quorum: int | None = 2) -> str:
        """Both witnesses, of which so many have to sign; None: nobody has to."""
        lines = [f"log {self.signer.vkey}"]
        lines += [f"witness w{n} {Signer(name, 4).vkey}" for n, name in enumerate(WITNESSES, 1)]
        return "\n".join(
            [*lines, *(["quorum none"] if quorum is None else [f"group g {quorum} w1 w2", "quorum g"]), ""]
        )

    def files(self, *, is_open: bool = True, seen: Iterable[int] = ()) -> dict[str, bytes]:
        """Path and content of all that is published. seen: sizes of older checkpoints that lie beside it."""
        files = dict(tiles(self.entries))
        files["checkpoint"] = self.note().encode()
        files["keys"] = f"{self.signer.vkey}\n{Signer(f'{self.origin}/receipts').vkey}\n".encode()
        files["policy"] = self.policy().encode()
        files |= {f"checkpoint.{size}": self.note(size).encode() for size in seen}
        files |= {f"documents/{digest(text)}": text.encode() for text in self.documents}
        if is_open:
            for n, start in enumerate(range(0, len(self.openings), 256)):
                lines = self.openings[start : start + 256]
                files[f"openings/{numbered(n, len(lines))}"] = "".join(f"{line}\n" for line in lines).encode()
        return files

    def receipt(self, index: int, number: int, key: str | None = None, batch: Sequence[bytes] = ()) -> dict[str, Any]:
        """The receipt of a ballot as the page saves it; batch: the leaf hashes of the others of its commit, behind it."""
        leaves = [sha(b"\x00" + self.entries[index]), *batch]
        signer, seal_by = Signer(f"{self.origin}/receipts"), "2026-05-02T05:00:00Z"
        text = f"pingxuan/receipts/v1\n{self.origin}\n{b64(tree_hash(leaves))}\n{len(leaves)}\n{seal_by}\n"
        path, rest, width = [], leaves, 1
        while width < len(
            rest
        ):  # the first leaf's path: the subtree to the right of each of its own, from the lowest up
            path.append(tree_hash(rest[width : 2 * width]).hex())
            width *= 2
        day, numbers = self.ballots[index]
        return {
            "format": "pingxuan/receipt/v1",
            "ballotId": f"ballot/{ballot_id(number)}",
            "campaign": self.slug,
            "origin": self.origin,
            "day": day,
            "projects": list(numbers),
            "idempotencyKey": key,
            "leafHash": leaves[0].hex(),
            "note": text + "\n" + signer.line(text),
            "batchIndex": 0,
            "batchSize": len(leaves),
            "batchHashes": path,
            "sealBy": seal_by,
            "receiptKey": signer.vkey,
        }


def small_log() -> LogMaker:
    """A log that has some of everything: seven ballots on two days, one released, one voided, and a result."""
    log = LogMaker()
    log.rules()
    log.window()
    first = [log.ballot(numbers) for numbers in [(1, 2), (1, 2, 5), (2, 5), (4, 5)]]
    log.ruling("hold", first[0])
    log.ruling("hold", first[2])
    log.day(DAYS[0])
    for numbers in [(1, 3), (1, 2), (3, 4)]:
        log.ballot(numbers, DAYS[1], key="0123456789")
    log.ruling("release", first[0])
    log.ruling("void", first[2])
    log.day(DAYS[0])
    log.day(DAYS[1])
    log.closed()
    log.result()
    return log


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write the files of a log below a folder."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


class MemoryFiles(dict[str, bytes]):
    """The files of a log that lie in no folder."""

    def find(self, path: str) -> bytes | None:
        return self.get(path)

    def paths(self) -> list[str]:
        return sorted(self)
