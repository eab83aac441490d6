"""The entries of many ballots at once: the same bytes as `entries` makes of one, in a fraction of the time."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, TypeAlias

from api.domain.voting.ballots import positions_in

MAX_REMEMBERED = 65_536  # different choices whose numbers are kept
# A leaf hash, the entry, and the ballot's id; bare, for there are millions.
BallotLeaf: TypeAlias = tuple[bytes, bytes, str]


class BallotLeaves:
    """Makes the entries of a campaign's ballots. numbers: those of its projects by their positions in stored ballots."""

    def __init__(self, slug: str, numbers: Mapping[int, int]) -> None:
        self._slug = slug
        self._numbers = numbers
        self._written: dict[bytes, str] = {}

    def sorted(self, ballots: Iterable[Any]) -> list[BallotLeaf]:
        """The ballots, each given as id, day, client tag, choices and moment, in the order of their leaf hashes."""
        start, written, leaves = f"pingxuan/ballot/v1\n{self._slug}\n", self._written, list[BallotLeaf]()
        for ballot_id, day, tag, choices, _ in ballots:
            numbers = written.get(choices) or self._write(choices)
            nonce = sha256(f"pingxuan/opening/v1\n{ballot_id}\n".encode()).hexdigest()
            client = "-" if tag is None else tag.hex()
            commitment = sha256(f"{start}{day}\n{nonce}\n{client}\n{numbers}\n".encode()).hexdigest()
            entry = f"ballot {day} {commitment}".encode()
            leaves.append((sha256(b"\x00" + entry).digest(), entry, ballot_id))
        leaves.sort()
        return leaves

    def _write(self, choices: bytes) -> str:
        numbers = ",".join(map(str, sorted(self._numbers[position] for position in positions_in(choices))))
        if len(self._written) >= MAX_REMEMBERED:
            self._written.clear()
        self._written[choices] = numbers
        return numbers


def ballot_leaf(slug: str, day: str, ballot_id: str, tag: bytes | None, numbers: str) -> bytes:
    """The leaf hash of one ballot. numbers: of its projects, ascending, with commas between them."""
    nonce = sha256(f"pingxuan/opening/v1\n{ballot_id}\n".encode()).hexdigest()
    client = "-" if tag is None else tag.hex()
    said = f"pingxuan/ballot/v1\n{slug}\n{day}\n{nonce}\n{client}\n{numbers}\n"
    return sha256(f"\x00ballot {day} {sha256(said.encode()).hexdigest()}".encode()).digest()
