"""Do implementations that share nothing with ours, tlog-scales and pymerkle, make the same logs and accept our proofs?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pymerkle import InmemoryTree, verify_consistency
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Ed25519CosignatureVerifier, MLDSA44CosignatureSigner, PlainEd25519Signer, Vkey
from tlog_scales.tlog import Checkpoint as OtherCheckpoint
from tlog_scales.tlog import ConsistencyProof, InclusionProof
from tlog_scales.writer import TilesWriter

from api.domain.log.bundles import Bundle, append_to_bundles
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.cosignatures import Cosignature, cosignature_message
from api.domain.log.merkle import HASH_SIZE, leaf_hash
from api.domain.log.notes import COSIGNATURE, Signature, SignedNote, VerifierKey
from api.domain.log.tile_proofs import consistency_proof, inclusion_proof
from api.domain.log.tiles import ENTRIES, Appended, Tile, append, root_from_tiles, tile_path, width_at
from tests.domain.log.vectors import LOGS, ORIGIN, SEED, entry, leaves, tree

pytestmark = pytest.mark.check
SIZES = [log.size for log in LOGS]
LARGEST, MILLION = SIZES[-1], 1_000_000


@pytest.fixture(scope="module")
def million() -> Appended:
    """A log of a million entries, all its tiles among what was changed."""
    return append(0, {}, [leaf_hash(entry(n)) for n in range(MILLION)])


def some_of(size: int) -> list[int]:
    """Places all over a log: where tiles begin and end, and in between."""
    return sorted({n for n in (0, 1, 255, 256, 65_535, 65_536, size // 3, size - 257, size - 1) if 0 <= n < size})


def other_inclusion(size: int, grown: Appended) -> Iterator[tuple[int, list[bytes]]]:
    """Our paths from some leaves, each accepted by tlog-scales."""
    for index in some_of(size):
        path = inclusion_proof(index, size, grown.tiles)
        InclusionProof(index, size, path).check(leaf_hash(entry(index)), grown.root)
        yield index, path


def test_tlog_scales_writes_the_same_files(tmp_path: Path) -> None:
    """It grows from each size to the next, as a log does, and signs with the same key."""
    folder = tmp_path / "log"
    writer = TilesWriter.create(folder, ORIGIN)
    for log in LOGS:
        for n in range(writer.size, log.size):
            writer.add_leaf(entry(n))
        writer.commit([PlainEd25519Signer(ORIGIN, SEED)])
        assert (folder / "checkpoint").read_text() == log.checkpoint
        for (level, n), row in tree(log.size).tiles.items():
            assert (folder / tile_path(Tile(level, n, len(row) // HASH_SIZE))).read_bytes() == row
        bundles = append_to_bundles(0, Bundle(), [entry(n) for n in range(log.size)], ["-" * 26] * log.size)
        for n, (entries, _) in bundles.items():
            assert (folder / tile_path(Tile(ENTRIES, n, width_at(ENTRIES, n, log.size)))).read_bytes() == entries


@pytest.mark.parametrize("size", [*SIZES, MILLION])
def test_tlog_scales_reads_our_tiles(tmp_path: Path, million: Appended, size: int) -> None:
    grown = million if size == MILLION else tree(size)
    for (level, n), row in grown.tiles.items():
        file = tmp_path / tile_path(Tile(level, n, len(row) // HASH_SIZE))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(row)
    reader = TilesReader(LocalBackend(tmp_path))
    reader.set_size(size)
    assert reader.calculate_root_hash() == grown.root
    for index, path in other_inclusion(size, grown):
        assert reader.get_inclusion_proof(index, size).node_hashes == path
    for old_size in [0, *(n + 1 for n in some_of(size))]:
        path = consistency_proof(old_size, size, grown.tiles)
        ConsistencyProof(old_size, size, path).check(root_from_tiles(old_size, grown.tiles), grown.root)
        if old_size:
            assert reader.get_consistency_proof(old_size, size).node_hashes == path


def test_tlog_scales_reads_our_notes_and_cosignatures() -> None:
    for log in LOGS:
        theirs = OtherCheckpoint.from_text(log.checkpoint)
        ours = Checkpoint.parse(SignedNote.parse(log.checkpoint).text)
        assert (theirs.origin, theirs.size, theirs.root_hash) == ours[:3]
        assert theirs.serialize() == str(SignedNote.parse(log.checkpoint))
    signer = PlainEd25519Signer("witness.example", b"w" * 32)
    text = SignedNote.parse(LOGS[-1].checkpoint).text
    blob = Cosignature(1679315147, signer.key.sign(cosignature_message(1679315147, text))).blob
    key = VerifierKey.of("witness.example", COSIGNATURE, signer.vkey.pubkey)
    note = SignedNote(text, (Signature(key.name, key.key_id, blob),))
    cosigned = OtherCheckpoint.from_text(str(note))
    cosigned.verify(Vkey.from_string(str(key)))
    assert Ed25519CosignatureVerifier.get_timestamp(blob) == 1679315147
    assert Vkey.from_string(str(key)).serialize() == str(key)


def test_post_quantum_keys_of_tlog_scales_are_read_though_nobody_here_checks_them() -> None:
    vkey = MLDSA44CosignatureSigner("pq.example", b"q" * 32).vkey.serialize()
    assert str(VerifierKey.parse(vkey)) == vkey


def test_pymerkle_has_the_same_roots_and_paths() -> None:
    other = InmemoryTree()
    for log in LOGS:
        other.append_entries(map(entry, range(other.get_size(), log.size)))
        assert other.get_root() == log.root == tree(log.size).root
        for index in some_of(log.size):
            leaf, *path = other.prove_inclusion(index + 1, log.size).path
            assert leaf == leaves(log.size)[index]
            assert path == inclusion_proof(index, log.size, tree(log.size).tiles)
    for old_size in SIZES[1:]:
        proof = other.prove_consistency(old_size, LARGEST)
        verify_consistency(tree(old_size).root, tree(LARGEST).root, proof, prior_size=old_size, later_size=LARGEST)


def test_pymerkle_has_the_same_root_over_a_million(million: Appended) -> None:
    other = InmemoryTree()
    other.append_entries(map(entry, range(MILLION)))
    assert other.get_root() == million.root
