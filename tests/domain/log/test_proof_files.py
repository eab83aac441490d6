"""Are proof files read and written as tlog-proof says, and do they prove what they say?"""

import pytest

from api.domain.log.notes import NoteError, encode_base64
from api.domain.log.proof_files import ProofFile
from tests.domain.log.vectors import LOGS, Vector, leaves

NOTE = LOGS[2].checkpoint
HASH = encode_base64(b"h" * 32)
LONG = f"{HASH}\n" * 64


@pytest.mark.parametrize("log", LOGS[1:], ids=lambda log: str(log.size))
def test_a_file_proves_its_entry_and_no_other(log: Vector) -> None:
    for index, leaf, path in log.inclusion:
        file = ProofFile(index, tuple(path), log.checkpoint)
        read = ProofFile.parse(str(file))
        assert read == file
        assert (read.checkpoint.size, read.checkpoint.root) == (log.size, log.root)
        assert read.proves(leaf)
        assert not read.proves(leaf[::-1])
        assert log.size == 1 or not ProofFile.parse(str(file).replace(f"index {index}", f"index {index ^ 1}")).proves(
            leaf
        )


def test_a_file_looks_as_the_specification_shows_it() -> None:
    [index, _, path] = LOGS[2].inclusion[0]
    file = ProofFile(index, tuple(path), NOTE, b"\x00\x01")
    lines = str(file).split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra AAE=", f"index {index}"]
    assert lines[3] == encode_base64(leaves(2)[1 - index])
    assert lines[4] == ""
    assert "\n".join(lines[5:]) == NOTE
    assert ProofFile.parse(str(file)) == file


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "begins with the line c2sp.org/tlog-proof@v1"),
        (f"c2sp.org/tlog-proof@v2\nindex 0\n\n{NOTE}", "not 'c2sp.org/tlog-proof@v2'"),
        (f"c2sp.org/tlog-proof@v1\n\n{NOTE}", "does not say 'index N'"),
        (f"c2sp.org/tlog-proof@v1\nindex\n\n{NOTE}", "does not say 'index N'"),
        (f"c2sp.org/tlog-proof@v1\n{HASH}\nindex 0\n\n{NOTE}", "does not say 'index N'"),
        (f"c2sp.org/tlog-proof@v1\nindex 00\n\n{NOTE}", "leading zeros"),
        (f"c2sp.org/tlog-proof@v1\nindex -1\n\n{NOTE}", "leading zeros"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\nextra AAE=\n\n{NOTE}", "not base64"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n{HASH[:-4]}\n\n{NOTE}", "hashes, of 32 bytes"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n{HASH} \n\n{NOTE}", "not base64"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n{LONG}\n{NOTE}", "at most 63 hashes"),
        ("c2sp.org/tlog-proof@v1\nindex 0\n", "no blank line"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n\n{NOTE[:-1]}", "does not end with a signature line"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n\n\n{NOTE}", "three lines or more"),
        (f"c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\n{NOTE}", "begins with the line"),
    ],
)
def test_anything_else_is_no_proof_file(text: str, message: str) -> None:
    with pytest.raises(NoteError, match=message):
        ProofFile.parse(text)
