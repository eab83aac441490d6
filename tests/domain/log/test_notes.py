"""Are notes, signatures and keys read as signed-note says, and whatever is written otherwise refused?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.log.notes import (
    COSIGNATURE,
    ED25519,
    NoteError,
    Signature,
    SignedNote,
    VerifierKey,
    decode_base64,
    encode_base64,
    key_id_of,
)
from tests.domain.log.vectors import LOGS, ORIGIN, VKEY

LINE = "— log.example AAAAAAE=\n"
names = st.text(
    st.characters(exclude_categories=["Cs", "Z", "C"], exclude_characters="+\x85\xa0"), min_size=1, max_size=20
)
texts = st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32) | st.just("\n"), max_size=50)


@pytest.mark.parametrize("log", LOGS, ids=lambda log: str(log.size))
def test_a_note_is_written_as_it_was_read(log) -> None:
    note = SignedNote.parse(log.checkpoint)
    assert str(note) == log.checkpoint
    assert note == SignedNote.parse(log.checkpoint.encode())
    [signature] = note.signatures
    assert (signature.name, signature.key_id) == (ORIGIN, VerifierKey.parse(VKEY).key_id)


def test_the_text_ends_at_the_last_blank_line() -> None:
    note = SignedNote.parse(f"评选\n\nd'après les règles\n\n{LINE}")
    assert note == ("评选\n\nd'après les règles\n", (Signature("log.example", b"\0" * 4, b"\1"),))


@given(text=texts, signers=st.lists(st.tuples(names, st.binary(min_size=5, max_size=80)), min_size=1, max_size=16))
def test_every_note_is_read_back(text: str, signers: list[tuple[str, bytes]]) -> None:
    note = SignedNote(text + "\n", tuple(Signature(name, data[:4], data[4:]) for name, data in signers))
    assert SignedNote.parse(str(note)) == note


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("", "no blank line"),
        ("text\n", "no blank line"),
        (f"text\n{LINE}", "no blank line"),
        (f"text\n \n{LINE}", "no blank line"),
        ("text\n\n", "does not end with a signature line"),
        (f"text\n\n{LINE[:-1]}", "does not end with a signature line"),
        (f"text\n\n{LINE}\n", "does not end with a signature line"),
        (f"text\n\n{LINE}extra\n", "'— NAME BASE64': 'extra'"),
        (f"text\r\n\r\n{LINE}", "control characters"),
        (f"te\0xt\n\n{LINE}", "control characters"),
        (f"te\txt\n\n{LINE}", "control characters"),
        (f"text\n\n{LINE * 17}", "17 signatures; at most 16"),
        (f"{'x' * 70_000}\n\n{LINE}", "at most 65536 are read"),
        (f"text\n\n- {LINE[2:]}", "'— NAME BASE64'"),
        (f"text\n\n—{LINE[2:]}", "'— NAME BASE64'"),
        (f"text\n\n {LINE}", "'— NAME BASE64'"),
        ("text\n\n—  AAAAAAE=\n", "'— NAME BASE64'"),
        ("text\n\n— log.example  AAAAAAE=\n", "'— NAME BASE64'"),
        ("text\n\n— log.example AAAAAAE= \n", "'— NAME BASE64'"),
        ("text\n\n— log example AAAAAAE=\n", "'— NAME BASE64'"),
        ("text\n\n— log\u00a0example AAAAAAE=\n", "'— NAME BASE64'"),
        ("text\n\n— log+example AAAAAAE=\n", "'— NAME BASE64'"),
        ("text\n\n— log.example\n", "'— NAME BASE64'"),
        ("text\n\n— log.example AAAAAA==\n", "too short"),
        ("text\n\n— log.example AAAAAAE\n", "not base64"),
        ("text\n\n— log.example AAAAAAF=\n", "not the base64 that encoders write"),
        ("text\n\n— log.example AAAA_AE=\n", "not base64"),
        ("text\n\n— log.example AAAA＋AE=\n", "not base64"),
        (b"te\xffxt\n\n" + LINE.encode(), "not UTF-8"),
        ("te\ud800xt\n\n" + LINE, "not UTF-8"),
    ],
)
def test_anything_else_is_no_note(note: str | bytes, message: str) -> None:
    with pytest.raises(NoteError, match=message):
        SignedNote.parse(note)


def test_sixteen_signatures_are_read() -> None:
    assert len(SignedNote.parse(f"text\n\n{LINE * 16}").signatures) == 16


def test_a_key_is_written_as_it_was_read() -> None:
    key = VerifierKey.parse(VKEY)
    assert (key.name, key.kind, key.key_id.hex()) == (ORIGIN, ED25519, "70b0a063")
    assert str(key) == VKEY
    assert key == VerifierKey.of(ORIGIN, ED25519, key.public)


def test_a_key_has_another_id_under_another_name_and_for_another_kind() -> None:
    ids = {key_id_of(name, kind, b"k" * 32) for name in ("a", "b") for kind in (ED25519, COSIGNATURE)}
    assert len(ids) == 4


@given(name=names, kind=st.integers(5, 255), public=st.binary(min_size=1, max_size=50))
def test_keys_of_kinds_to_come_are_read(name: str, kind: int, public: bytes) -> None:
    key = VerifierKey.of(name, kind, public)
    assert VerifierKey.parse(str(key)) == key


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "written NAME"),
        (VKEY.replace("+70b0a063", ""), "written NAME"),
        (VKEY.replace("70b0a063", "70B0A063"), "written NAME"),
        (VKEY.replace("70b0a063", "70b0a06"), "written NAME"),
        (VKEY.replace("70b0a063", "70b0a062"), "the id of this key is 70b0a063"),
        (VKEY.replace(ORIGIN, "log.example"), "the id of this key is"),
        (VKEY.replace(ORIGIN, ""), "no spaces"),
        (VKEY.replace(ORIGIN, "log example"), "no spaces"),
        (VKEY.replace(ORIGIN, "log\udcffexample"), "a key's name is UTF-8"),
        (VKEY + "\n", "not base64"),
        (VKEY[:-1], "not base64"),
        (f"{ORIGIN}+70b0a063+AQ==", "one byte for its kind"),
        (f"{ORIGIN}+70b0a063+{encode_base64(bytes([1]) + b'k' * 31)}", "32 bytes, not 31"),
        (f"{ORIGIN}+70b0a063+{encode_base64(bytes([4]) + b'k' * 33)}", "32 bytes, not 33"),
    ],
)
def test_anything_else_is_no_key(text: str, message: str) -> None:
    with pytest.raises(NoteError, match=message):
        VerifierKey.parse(text)


@given(data=st.binary(max_size=70))
def test_bytes_have_one_base64(data: bytes) -> None:
    text = encode_base64(data)
    assert decode_base64(text) == data
    for other in (text + "\n", " " + text, text + "=", text.rstrip("=") + "===", text + "\u0660"):
        with pytest.raises(NoteError):
            decode_base64(other)
