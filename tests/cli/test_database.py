"""Do migrate, load, check, schema and token keep their promises at a terminal?"""

from pathlib import Path

import jwt
import pytest

from tests.commands import SEED, pingxuan, succeeded
from tests.large_campaigns import large_campaign


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """The seed files, where a test may change them."""
    for name in ("shanghai-2017.toml", "districts.toml"):
        (tmp_path / name).write_text((SEED.parent / name).read_text())
    return tmp_path / SEED.name


def test_migrating_again_applies_nothing(tmp_path: Path) -> None:
    assert "applied 0001_selection" in succeeded(tmp_path, "migrate")
    assert "nothing to apply" in succeeded(tmp_path, "migrate")


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    succeeded(tmp_path, "migrate")
    assert "loaded" in succeeded(tmp_path, "load", str(SEED))
    assert "nothing has changed" in succeeded(tmp_path, "load", str(SEED))


def test_texts_may_change_while_people_vote_but_rules_may_not(tmp_path: Path, seed: Path) -> None:
    during = {"CLOCK": "2017-03-22T00:00:00+08:00"}
    succeeded(tmp_path, "migrate")
    succeeded(tmp_path, "load", str(seed), **during)
    text = seed.read_text()
    seed.write_text(text.replace("Building Shanghai's Online", "Making Shanghai's Online"))
    assert "loaded" in succeeded(tmp_path, "load", str(seed), **during)
    seed.write_text(text.replace("minimum = 10", "minimum = 9"))
    refused = pingxuan(tmp_path, "load", str(seed), **during)
    assert refused.returncode == 2
    assert "choices" in refused.stderr
    assert "loaded" in succeeded(tmp_path, "load", str(seed), CLOCK="2017-03-21T23:59:59+08:00")


def test_a_stored_ballot_freezes_rules_and_candidates_whatever_the_clock_says(tmp_path: Path, seed: Path) -> None:
    long_before = {"CLOCK": "2017-01-01T00:00:00+08:00"}
    succeeded(tmp_path, "migrate")
    succeeded(tmp_path, "load", str(seed), **long_before)
    succeeded(tmp_path, "simulate", "3", "--seed", "7", SECRET="a secret")
    text = seed.read_text()
    before, _, after = text.partition("[[projects]]\nnumber = 5\n")
    seed.write_text(before + "[[projects]]" + after.partition("[[projects]]")[2])
    refused = pingxuan(tmp_path, "load", str(seed), **long_before)
    assert refused.returncode == 2
    assert (
        "shanghai-2017: ballots have been cast, so these can no longer change: projects (without 5)" in refused.stderr
    )
    seed.write_text(text.replace("Building Shanghai's Online", "Making Shanghai's Online"))
    assert "loaded" in succeeded(tmp_path, "load", str(seed), **long_before)
    assert "3 ballots recounted, 0 differences" in succeeded(tmp_path, "audit")


def test_loading_before_migrating_says_what_to_do(tmp_path: Path) -> None:
    refused = pingxuan(tmp_path, "load", str(SEED))
    assert refused.returncode == 2
    assert "pingxuan migrate" in refused.stderr


def test_check_reports_every_mistake_with_its_place(tmp_path: Path, seed: Path) -> None:
    assert "no mistakes" in succeeded(tmp_path, "check", str(seed))
    text = seed.read_text().replace("maximum = 30", "maximum = 51").replace('"Asia/Shanghai"', '"Asia/Shangai"')
    seed.write_text(text.replace('district = "310120"', 'district = "310121"', 1))
    done = pingxuan(tmp_path, "check", str(seed))
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    for line, key in zip(lines, ("rules.choices", "time_zone", "district"), strict=False):
        assert str(seed) in line
        assert any(word in done.stderr for word in (key, "310120"))


def test_tokens_are_one_a_line_each_for_another_voter(tmp_path: Path) -> None:
    lines = succeeded(tmp_path, "token", "--count", "5", "--name", "load", SECRET="a secret").split()
    subjects = {jwt.decode(line, options={"verify_signature": False})["sub"] for line in lines}
    assert len(lines) == len(subjects) == 5
    again = succeeded(tmp_path, "token", "--name", "load-3", SECRET="a secret").strip()
    assert jwt.decode(again, options={"verify_signature": False})["sub"] in subjects


def test_a_token_needs_a_secret(tmp_path: Path) -> None:
    refused = pingxuan(tmp_path, "token")
    assert refused.returncode == 2
    assert "PINGXUAN_SECRET" in refused.stderr


def test_schema_prints_what_the_repository_holds(tmp_path: Path) -> None:
    assert succeeded(tmp_path, "schema") == (SEED.parents[1] / "schema.graphql").read_text()


def test_limits_that_refuse_what_the_rules_allow_are_told_by_check_and_load(tmp_path: Path) -> None:
    succeeded(tmp_path, "migrate")
    fits, large = (large_campaign(tmp_path, name, n, n) for name, n in (("fits", 300), ("large", 5_000)))
    assert "no mistakes" in succeeded(tmp_path, "check", str(fits))
    done = pingxuan(tmp_path, "check", str(large))
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(
        f"{large}: rules.choices.maximum is the number 5000, but PINGXUAN_LIMIT_SOCKET_MESSAGE=65536 and "
    )
    assert line.endswith("PINGXUAN_LIMIT_TOKENS=5150 where the server runs, or write a smaller number.")
    loaded = pingxuan(tmp_path, "load", str(large))
    assert (loaded.returncode, loaded.stdout) == (0, f"{large}: loaded\n")
    assert loaded.stderr.startswith("warning: large: a ballot of 5000 projects, which its rules allow, is refused by ")
    enough = {"LIMIT_BODY": "300000", "LIMIT_SOCKET_MESSAGE": "300000", "LIMIT_TOKENS": "5150"}
    assert "no mistakes" in succeeded(tmp_path, "check", str(large), **enough)
    assert pingxuan(tmp_path, "load", str(large), **enough).stderr == ""
