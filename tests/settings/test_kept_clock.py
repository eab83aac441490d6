"""Do commands go by the clock of the server on their database, unless they are told another?"""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.clock import Clock, system_clock
from api.settings import Settings, read_settings
from api.settings.kept_clock import found_clock, keep_clock
from api.settings.setting import SettingError

MORNING = datetime(2017, 3, 22, 1, tzinfo=UTC)
LATER = datetime(2017, 3, 30, 1, tzinfo=UTC)


def given(url: str, clock: str | None = None) -> Settings:
    return read_settings({"PINGXUAN_DATABASE_URL": url} | ({} if clock is None else {"PINGXUAN_CLOCK": clock}))


def kept_clock(settings: Settings) -> Clock:
    """The clock of a server that listens."""
    began = time.monotonic()
    keep_clock(settings, began)
    return settings.clock(began)


@pytest.fixture(params=["sqlite://folder/vote.sqlite3", "postgres://u:p@localhost/vote"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return str(request.param)


def test_a_command_goes_by_the_clock_of_the_demonstration(url: str) -> None:
    serving = kept_clock(given(url, MORNING.isoformat()))
    before, found, after = serving(), found_clock(given(url))(), serving()
    assert MORNING <= before <= found <= after


def test_a_clock_that_is_set_goes_before_one_that_is_kept(url: str) -> None:
    kept_clock(given(url, MORNING.isoformat()))
    assert found_clock(given(url, "system")) is system_clock
    assert found_clock(given(url, LATER.isoformat()))() >= LATER


def test_another_databases_clock_is_not_found(url: str) -> None:
    kept_clock(given(url, MORNING.isoformat()))
    assert found_clock(given(f"{url}2")) is system_clock


@pytest.mark.parametrize("clock", [None, "system"])
def test_a_server_that_goes_by_the_systems_clock_forgets_the_demonstrations(url: str, clock: str | None) -> None:
    kept_clock(given(url, MORNING.isoformat()))
    assert kept_clock(given(url, clock)) is system_clock
    assert found_clock(given(url)) is system_clock


def test_after_a_restart_of_the_machine_the_clock_is_not_before_its_start(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_clock(given(url, MORNING.isoformat()))
    monkeypatch.setattr(time, "monotonic", lambda: 1.0)
    assert found_clock(given(url))() - MORNING < timedelta(seconds=1)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "5",
        "[" * 5000,
        json.dumps({"start": 5}),
        json.dumps({"start": "2017-03-22T09:00:00", "began": 0}),
        json.dumps({"start": MORNING.isoformat(), "began": float("nan")}),
        json.dumps({"start": MORNING.isoformat(), "began": float("-inf")}),
        json.dumps({"start": MORNING.isoformat(), "began": -1e300}),
        json.dumps({"start": "0001-01-01T00:00:00+08:00", "began": 0}),
        json.dumps({"start": "9999-12-31T23:59:59+00:00", "began": 0}),
    ],
)
def test_a_file_that_holds_no_clock_is_one_sentence(url: str, tmp_path: Path, content: str) -> None:
    kept_clock(given(url, MORNING.isoformat()))
    [file] = tmp_path.glob("**/*.clock")
    file.write_text(content)
    with pytest.raises(SettingError, match="delete it"):
        found_clock(given(url))


def test_a_command_never_finds_a_half_written_clock(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_clock(given(url, MORNING.isoformat()))
    [file] = tmp_path.glob("**/*.clock")
    seen = []

    def replace(new: Path, old: Path) -> None:
        seen.append(found_clock(given(url))())
        new.rename(old)

    monkeypatch.setattr(Path, "replace", replace)
    kept_clock(given(url, LATER.isoformat()))
    assert MORNING <= seen[0] < LATER
    assert found_clock(given(url))() >= LATER
    assert list(file.parent.glob("*.clock*")) == [file]


def test_a_clock_that_cannot_be_kept_is_logged(url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for folder in (".data", "folder"):
        (tmp_path / folder).write_text("a file, where a folder is needed")
    assert kept_clock(given(url, MORNING.isoformat()))() >= MORNING
    assert "cannot be written" in caplog.text
    assert "PINGXUAN_CLOCK" in caplog.text


def test_a_clock_that_cannot_be_forgotten_is_one_sentence(url: str, tmp_path: Path) -> None:
    kept_clock(given(url, MORNING.isoformat()))
    [file] = tmp_path.glob("**/*.clock")
    file.unlink()
    file.mkdir()
    with pytest.raises(SettingError, match="cannot be removed"):
        kept_clock(given(url))
