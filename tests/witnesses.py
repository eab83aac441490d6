"""How do tests run witnesses, and make logs for them that go on, go back and fork?"""

import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.domain.log.checkpoints import Checkpoint
from api.domain.log.merkle import EMPTY_ROOT, leaf_hash, node_hash
from api.domain.log.notes import ED25519, Signature, SignedNote, VerifierKey
from api.domain.log.policies import Witness
from tests.commands import environment, fork_server, succeeded
from tests.forking import ForkedProcess
from tests.servers import PATIENCE

ORIGIN = "vote.example.cn/log/shanghai-2017"


@dataclass(frozen=True)
class SmallLog:
    """A log with the entries `WORD 0`, `WORD 1` and so on, and its key. Its proofs are made by their definition."""

    word: str = "entry"
    origin: str = ORIGIN
    seed: bytes = bytes(32)

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def key(self) -> VerifierKey:
        return VerifierKey.of(self.origin, ED25519, self.private.public_key().public_bytes_raw())

    def leaves(self, size: int) -> list[bytes]:
        return [leaf_hash(f"{self.word} {number}".encode()) for number in range(size)]

    def checkpoint(self, size: int) -> Checkpoint:
        return Checkpoint(self.origin, size, root(self.leaves(size)))

    def note(self, size: int) -> SignedNote:
        """The signed checkpoint of this size."""
        text = self.checkpoint(size).text
        return SignedNote(text, (Signature(self.origin, self.key.key_id, self.private.sign(text.encode())),))

    def proof(self, old: int, size: int) -> tuple[bytes, ...]:
        """RFC 6962's PROOF(old, D[size])."""
        return tuple(subproof(old, self.leaves(size), whole=True)) if 0 < old < size else ()

    async def prove(self, old: int, size: int) -> Sequence[bytes]:
        return self.proof(old, size)


def root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962's MTH, of leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root(leaves[:split]), root(leaves[split:]))


def subproof(old: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """RFC 6962's SUBPROOF."""
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= split:
        return [*subproof(old, leaves[:split], whole=whole), root(leaves[split:])]
    return [*subproof(old - split, leaves[split:], whole=False), root(leaves[:split])]


@dataclass
class WitnessProcess:
    """A running `pingxuan witness`: where it is, and its key."""

    url: str
    key: VerifierKey
    folder: Path
    process: ForkedProcess
    killed: bool = False

    def kill(self) -> None:
        """End it as a power failure would."""
        self.killed = True
        self.process.kill()

    def named(self, name: str) -> Witness:
        """It, as a policy names it."""
        return Witness(name, self.key, self.url)

    def line(self, name: str) -> str:
        """Its line in a policy."""
        return f"witness {name} {self.key} {self.url}\n"

    @property
    def checkpoint(self) -> Path:
        """Where it keeps what it has cosigned of the log shanghai-2017."""
        return self.folder / "key.cosigned" / "vote.example.cn%2Flog%2Fshanghai-2017.checkpoint"

    @property
    def digest(self) -> str:
        return sha256(ORIGIN.encode()).hexdigest()


def make_witness(folder: Path, name: str, *lines: str) -> VerifierKey:
    """Make a witness's key in a new folder, and the file of the logs that it knows."""
    folder.mkdir()
    (folder / "logs").write_text("".join(f"{line}\n" for line in lines))
    return VerifierKey.parse(succeeded(folder, "witness", "key", "--new-key", name).strip())


@contextmanager
def witnessing(folder: Path, port: int = 0) -> Iterator[WitnessProcess]:
    """Run the witness whose key is in a folder, until the block ends."""
    key = VerifierKey.parse((folder / "key").read_text().splitlines()[0].removeprefix("# "))
    with TemporaryDirectory(prefix="pingxuan-witness-") as name:
        out, err = Path(name) / "out", Path(name) / "err"
        with open("/dev/null", "rb") as nothing, out.open("wb") as stdout, err.open("wb") as stderr:
            given = environment({"PORT": str(port)})
            process = fork_server().start(["witness", "key", "logs"], given, folder, (nothing, stdout, stderr))
        deadline = time.monotonic() + PATIENCE
        while not (said := out.read_text()):
            assert process.poll() is None, err.read_text()
            assert time.monotonic() < deadline, err.read_text()
            time.sleep(0.02)
        witness = WitnessProcess(said.split()[2], key, folder, process)
        try:
            yield witness
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                code = process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            assert witness.killed or code == 0, err.read_text()
        assert "Traceback" not in err.read_text(), err.read_text()
