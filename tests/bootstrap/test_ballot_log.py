"""Do the settings name the keys, the anchor, the names and the witnesses of the logs that they say?"""

from pathlib import Path

import pytest

from api.bootstrap.ballot_log import log_anchor, log_keys, make_log_keys, open_witnesses, origin_prefix, witness_policy
from api.domain.errors import OperatorError
from api.domain.log.notes import COSIGNATURE, VerifierKey
from api.settings import Settings, read_settings

WITNESS = VerifierKey.of("times.example/w", COSIGNATURE, bytes(32))
NAMED = f"witness times {WITNESS} https://times.example\nquorum times\n"


def settings(**given: str) -> Settings:
    return read_settings({f"PINGXUAN_{name}": value for name, value in given.items()})


def beside(folder: Path, **given: str) -> Settings:
    return settings(DATABASE_URL=f"sqlite://{folder}/vote.sqlite3", **given)


def test_keys_lie_beside_the_database_once_a_demonstration_has_made_them(tmp_path: Path) -> None:
    assert log_keys(beside(tmp_path)) is None
    make_log_keys(beside(tmp_path))
    [key] = log_keys(beside(tmp_path)).verifier_keys("x/log")
    make_log_keys(beside(tmp_path))
    assert log_keys(beside(tmp_path)).verifier_keys("x/log") == (key,)
    assert (tmp_path / "vote.sqlite3.logkeys").exists()
    assert log_keys(beside(tmp_path, LOG_KEYS="off")) is None
    named = str(tmp_path / "vote.sqlite3.logkeys")
    assert log_keys(settings(DATABASE_URL="postgres://h/d", LOG_KEYS=named)).verifier_keys("x/log") == (key,)
    with pytest.raises(OperatorError, match="missing"):
        log_keys(beside(tmp_path, LOG_KEYS=str(tmp_path / "missing")))


def test_other_databases_have_no_keys_and_no_anchor_beside_them(tmp_path: Path) -> None:
    elsewhere = settings(DATABASE_URL="postgres://h/d")
    make_log_keys(elsewhere)
    assert log_keys(elsewhere) is None
    assert log_anchor(elsewhere) is None
    make_log_keys(beside(tmp_path, LOG_KEYS="off"))
    assert list(tmp_path.iterdir()) == []


async def test_the_anchor_is_where_it_is_said_to_be(tmp_path: Path) -> None:
    note = f"x/log/y\n1\n{'A' * 43}=\n\n— x/log/y {'A' * 92}\n"
    for given, folder in (({}, "vote.sqlite3.anchor"), ({"LOG_ANCHOR": str(tmp_path / "disk")}, "disk")):
        anchor = log_anchor(beside(tmp_path, **given))
        assert anchor is not None
        await anchor.record(note)
        assert [file.name for file in (tmp_path / folder).glob("*.checkpoint")] == ["x%2Flog%2Fy.checkpoint"]
    assert log_anchor(beside(tmp_path, LOG_ANCHOR="off")) is None


def test_names_begin_with_what_was_set_else_with_the_first_host() -> None:
    assert origin_prefix(settings()) == "localhost/log"
    assert origin_prefix(settings(HOSTS="*.example.cn,vote.example.cn")) == "vote.example.cn/log"
    assert origin_prefix(settings(HOSTS="vote.example.cn", LOG_ORIGIN="city.example/ballots")) == "city.example/ballots"


async def test_witnesses_are_those_of_the_policy(tmp_path: Path) -> None:
    async with open_witnesses(settings()) as witnesses:
        assert witnesses is None
    file = tmp_path / "policy"
    for text, there in (("quorum none\n", False), (NAMED, True)):
        file.write_text(text)
        async with open_witnesses(settings(LOG_POLICY=str(file))) as witnesses:
            assert (witnesses is not None) == there
    make_log_keys(beside(tmp_path))
    assert log_keys(beside(tmp_path, LOG_POLICY=str(file))).witnesses == (WITNESS,)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "LOG_POLICY is '.*policy': No such file or directory"),
        ("# Zürich\nquorum none\n", "which is not UTF-8"),
        ("quorum times\n", "line 1 of the policy"),
        (NAMED.replace(" https://times.example", ""), "give the address of times after the key"),
        (NAMED.replace("https://", ""), "give the address of times after the key"),
    ],
)
def test_a_policy_that_cannot_be_used_is_one_sentence(tmp_path: Path, text: str | None, sentence: str) -> None:
    file = tmp_path / "policy"
    if text is not None:
        file.write_text(text, "latin-1")
    with pytest.raises(OperatorError, match=sentence):
        witness_policy(settings(LOG_POLICY=str(file)))
