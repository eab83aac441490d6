"""Is a variable that only looks like a setting named, with the one that was meant?"""

import logging
from contextlib import suppress
from pathlib import Path

import pytest

from api.settings import SETTINGS, read_settings
from api.settings.setting import SettingError
from tests.commands import pingxuan


@pytest.mark.parametrize(
    ("variable", "sentence"),
    [
        ("PINGXUAN_PROT", "PINGXUAN_PROT is not a setting; did you mean PINGXUAN_PORT?"),
        ("PINGXUAN_LOGLEVEL", "PINGXUAN_LOGLEVEL is not a setting; did you mean PINGXUAN_LOG_LEVEL?"),
        ("PINGXUAN_DB_URL", "PINGXUAN_DB_URL is not a setting; did you mean PINGXUAN_DATABASE_URL?"),
        ("PINGXUAN_LIMIT_COSTS", "PINGXUAN_LIMIT_COSTS is not a setting; did you mean PINGXUAN_LIMIT_COST?"),
        ("PINGXUAN_port", "PINGXUAN_port is not a setting; did you mean PINGXUAN_PORT?"),
        ("PINGXUAN_SECERT_FILE", "PINGXUAN_SECERT_FILE is not a setting; did you mean PINGXUAN_SECRET_FILE?"),
        ("PINGXUAN_PORT_FILE", "PINGXUAN_PORT_FILE is not a setting; did you mean PINGXUAN_PORT?"),
        ("PINGXUAN_QQQ", "PINGXUAN_QQQ is not a setting; docs/settings.md lists them."),
        ("PINGXUAN_", "PINGXUAN_ is not a setting; docs/settings.md lists them."),
    ],
)
def test_an_unknown_variable_is_named_with_the_nearest_setting(
    caplog: pytest.LogCaptureFixture, variable: str, sentence: str
) -> None:
    assert read_settings({variable: "hunter2"}) == read_settings({})
    assert caplog.messages == [sentence]
    assert caplog.records[0].levelno == logging.WARNING


def test_every_variable_that_sets_something_is_known(caplog: pytest.LogCaptureFixture) -> None:
    for variable in (variable for setting in SETTINGS for variable in setting.variables):
        with suppress(SettingError):
            read_settings({variable: ""})
    assert caplog.messages == []


def test_what_has_another_prefix_is_nobody_s_affair(caplog: pytest.LogCaptureFixture) -> None:
    read_settings({"PINGXUANS_PORT": "1", "PORT": "2", "XPINGXUAN_PORT": "3"})
    assert caplog.messages == []


def test_a_command_names_it_and_does_its_work(tmp_path: Path) -> None:
    done = pingxuan(tmp_path, "migrate", DATABASE_ULR="sqlite://hunter2")
    assert done.returncode == 0
    assert done.stderr == "PINGXUAN_DATABASE_ULR is not a setting; did you mean PINGXUAN_DATABASE_URL?\n"
    assert (tmp_path / ".data" / "pingxuan.sqlite3").exists()


def test_a_command_names_it_before_it_fails_for_want_of_the_right_one(tmp_path: Path) -> None:
    done = pingxuan(tmp_path, "serve", SECERT="hunter2")
    assert done.returncode == 2
    assert done.stderr.startswith("PINGXUAN_SECERT is not a setting; did you mean PINGXUAN_SECRET?\n")
