"""Is a key file read as it was written, and is whatever else one says told by its line, without a word of any key?"""

from pathlib import Path

import pytest

from api.domain.log.notes import encode_base64
from api.transparency.key_file import LOG, RECEIPTS, KeyFileError, make_key_file, read_keys

SEEDS = [encode_base64(bytes([each]) * 32) for each in range(5)]
BOTH = f"log {SEEDS[0]}\nreceipts {SEEDS[1]}\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "keys"
    file.write_text(text)
    return file


def test_a_new_file_has_a_key_for_each_role_and_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "keys"
    make_key_file(file)
    assert file.stat().st_mode & 0o777 == 0o600
    keys = read_keys(file)
    assert [key.role for key in keys] == [LOG, RECEIPTS]
    assert all(key.signs for key in keys)
    make_key_file(other := tmp_path / "other")
    assert not {key.public for key in keys} & {key.public for key in read_keys(other)}


def test_nothing_replaces_a_file_of_keys(tmp_path: Path) -> None:
    file = written(tmp_path, BOTH)
    with pytest.raises(KeyFileError, match="exists: its keys may have signed something"):
        make_key_file(file)
    assert file.read_text() == BOTH
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="keys/keys cannot be written"):
        make_key_file(written(tmp_path, "") / "keys")


def test_keys_are_read_in_their_order_and_retired_ones_sign_nothing(tmp_path: Path) -> None:
    lines = [
        "# comment",
        "",
        f"log {SEEDS[0]}",
        f"  receipts\t{SEEDS[1]} ",
        f"log {SEEDS[2]}",
        f"retired log {SEEDS[3]}",
    ]
    public = read_keys(written(tmp_path, BOTH))[0].public
    lines.append(f"retired receipts public {encode_base64(public[::-1])}")
    keys = read_keys(written(tmp_path, "\n".join(lines)))
    assert [(key.role, key.signs is not None) for key in keys] == [
        (LOG, True),
        (RECEIPTS, True),
        (LOG, True),
        (LOG, False),
        (RECEIPTS, False),
    ]
    assert keys[0].public == public
    assert keys[4].public == public[::-1]


def test_the_public_key_of_a_seed_is_that_of_rfc_8032(tmp_path: Path) -> None:
    """Its first test vector, in section 7.1."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    keys = read_keys(written(tmp_path, f"log {encode_base64(seed)}\nreceipts {SEEDS[1]}\n"))
    assert keys[0].public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no key of the form 'log SEED'"),
        (f"log {SEEDS[0]}\n", "no key of the form 'receipts SEED'"),
        (f"{BOTH.replace('log', 'retired log')}", "no key of the form 'log SEED', not retired"),
        (f"{BOTH}logs {SEEDS[2]}\n", "line 3: a key is written 'log SEED'"),
        (f"{BOTH}log\n", "line 3: a key is written 'log SEED'"),
        (f"{BOTH}log {SEEDS[2]} # new\n", "line 3: a key is written 'log SEED'"),
        (f"{BOTH}retired {SEEDS[2]}\n", "line 3: a key is written 'log SEED'"),
        (f"log public {SEEDS[0]}\n{BOTH}", "line 1: a key is written 'log SEED'"),
        (f"\n# c\nlog {SEEDS[0][:-1]}\n", "line 3: a key is the base64 of 32 bytes"),
        (f"log {SEEDS[0][:-4]}\n", "line 1: a key is the base64 of 32 bytes"),
        (f"log {encode_base64(bytes(33))}\n", "line 1: a key is the base64 of 32 bytes"),
        (f"{BOTH}log {SEEDS[0]}\n", "the same key in two lines"),
        (f"{BOTH}retired log {SEEDS[0]}\n", "the same key in two lines"),
        (f"log {SEEDS[0]}\nreceipts {SEEDS[0]}\n", "the same key in two lines"),
    ],
)
def test_anything_else_is_no_key_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(KeyFileError, match=message) as error:
        read_keys(written(tmp_path, text))
    assert not any(seed[:8] in str(error.value) for seed in SEEDS)


def test_a_key_shows_nothing_of_itself(tmp_path: Path) -> None:
    shown = repr(read_keys(written(tmp_path, BOTH)))
    assert not any(seed[:8] in shown for seed in SEEDS)
    assert "signs" not in shown


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=f"cannot be read from {tmp_path}/keys"):
        read_keys(tmp_path / "keys")
    (tmp_path / "keys").write_bytes(b"\xff")
    with pytest.raises(KeyFileError, match=f"cannot be read from {tmp_path}/keys"):
        read_keys(tmp_path / "keys")
