"""Is what a log and a witness say to each other written and read as tlog-witness has it, and nothing else taken?"""

from base64 import b64encode

import pytest

from api.domain.log.notes import NoteError, Signature, SignedNote
from api.domain.log.witness_protocol import Submission, parse_cosignatures, parse_size_answer

# The example of the specification.
PROOF = (
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=",
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=",
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=",
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=",
)
NOTE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhc"
    "yv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/"
    "V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n"
)
BODY = ("old 20852014\n" + "".join(f"{each}\n" for each in PROOF) + "\n" + NOTE).encode()
COSIGNATURES = (
    "— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39Q"
    "sZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==\n"
    "— witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZ"
    "grrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==\n"
)


def test_the_specifications_example_is_read_and_written() -> None:
    submission = Submission.parse(BODY)
    assert (submission.old, submission.note) == (20_852_014, SignedNote.parse(NOTE))
    assert [b64encode(each).decode() for each in submission.proof] == list(PROOF)
    assert bytes(submission) == BODY


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (BODY.replace(b"old ", b"old  "), "a size is written"),
        (BODY.replace(b"old 2", b"old 02"), "a size is written"),
        (BODY.replace(b"old", b"new"), "the first line is 'old SIZE'"),
        (BODY.replace(b"HpqhG", b"-pqhG"), "not base64"),
        (BODY.replace(PROOF[0].encode(), b"AAAA"), "a hash of a proof has 32 bytes, not 3"),
        (BODY.replace(b"\n\n", b"\n"), "no blank line"),
        (BODY.replace(b"\n", b"\r\n"), "no blank line"),
        (b"old 1\n" + 64 * f"{PROOF[0]}\n".encode() + b"\n" + NOTE.encode(), "at most 63 hashes, this one 64"),
        (BODY[:-1], "does not end with"),
        (b"\xff" + BODY, "the first line"),
    ],
)
def test_what_is_no_submission_is_refused(wrong: bytes, sentence: str) -> None:
    with pytest.raises(NoteError, match=sentence):
        Submission.parse(wrong)


def test_cosignatures_are_lines_that_end() -> None:
    assert parse_cosignatures(COSIGNATURES.encode()) == tuple(map(Signature.parse, COSIGNATURES.splitlines()))
    for wrong in (b"", COSIGNATURES[:-1].encode(), b"\n" + COSIGNATURES.encode(), b"\xff\n"):
        with pytest.raises(NoteError):
            parse_cosignatures(wrong)


def test_a_size_is_a_number_without_leading_zeros() -> None:
    assert parse_size_answer(b"20852014\n") == 20_852_014
    for wrong in (b"", b"\n", b"01\n", b"-1\n", b"1\n\n", b"1 \n", "１\n".encode(), b"9" * 30):
        with pytest.raises(NoteError):
            parse_size_answer(wrong)
