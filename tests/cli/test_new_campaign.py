"""Does a new campaign file have no mistakes as it is, and is no file ever written over?"""

from pathlib import Path

from api.formats.campaign.trees import tree_of
from api.formats.campaign.validation import validate_campaign
from api.formats.campaign_toml import read_campaign_file
from tests.commands import pingxuan, succeeded


def test_it_is_accepted_and_loaded_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "volunteers-2026.toml"
    assert "written" in succeeded(tmp_path, "new", str(file))
    assert "no mistakes" in succeeded(tmp_path, "check", str(file))
    succeeded(tmp_path, "migrate")
    assert "loaded" in succeeded(tmp_path, "load", str(file))
    campaign, districts = read_campaign_file(file)
    assert (campaign.slug, campaign.languages, districts) == ("volunteers-2026", ("zh",), ())
    assert validate_campaign(tree_of(campaign), {}).campaign == campaign


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text("# ours")
    refused = pingxuan(tmp_path, "new", str(file))
    assert refused.returncode == 2
    assert "exists already" in refused.stderr
    assert file.read_text() == "# ours"


def test_a_name_that_is_no_slug_is_refused_with_one_that_is(tmp_path: Path) -> None:
    refused = pingxuan(tmp_path, "new", str(tmp_path / "our campaign.toml"))
    assert refused.returncode == 2
    assert "volunteers-2026.toml" in refused.stderr
    assert list(tmp_path.glob("*.toml")) == []
