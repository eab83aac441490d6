"""Does the terminal show the trail from the moment that is asked for?"""

from pathlib import Path

import pytest

from tests.commands import SEED, pingxuan, succeeded

CLOCK = "2017-03-20T09:00:00+08:00"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database into which a campaign was loaded at nine."""
    folder = tmp_path_factory.mktemp("trail")
    succeeded(folder, "migrate")
    succeeded(folder, "load", str(SEED), CLOCK=CLOCK)
    return folder


def test_entries_are_shown_from_a_moment_on(loaded: Path) -> None:
    assert "CAMPAIGN_LOADED" in succeeded(loaded, "trail", "--since", "2017-03-20T01:00:00z")
    assert "CAMPAIGN_LOADED" not in succeeded(loaded, "trail", "--since", "2017-03-20T10:00:00+08:00")


@pytest.mark.parametrize("since", ["2017-03-20", "2017-03-20T09:00:00", "2017-03-20 09:00:00+08:00", "2017-W12-1"])
def test_any_other_moment_is_refused_with_what_would_be_right(loaded: Path, since: str) -> None:
    done = pingxuan(loaded, "trail", "--since", since)
    assert done.returncode == 2
    assert "2017-03-22T09:00:00+08:00" in done.stderr
    assert "Traceback" not in done.stderr
