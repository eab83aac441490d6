"""Does a selection of volunteers, in Chinese alone, go from no file at all to its ranking?"""

import re
from pathlib import Path

from api.formats.campaign_toml import read_campaign_file
from tests.commands import succeeded
from tests.formats.test_campaign_toml import changed


def test_a_selection_goes_from_nothing_to_its_results(tmp_path: Path) -> None:
    file = tmp_path / "volunteers-2026.toml"
    succeeded(tmp_path, "new", str(file))
    text = file.read_text("utf-8")
    for number, name in enumerate(("张明", "李华", "王芳", "赵静"), 1):
        text = re.sub(rf'(number = {number}\b[^"]*title = {{ zh = ")[^"]*', rf"\g<1>{name}", text)
    file.write_text(changed(text, ("一两句话（请改，或删去）", "每周三次上门看望独居老人。")), "utf-8")
    assert "no mistakes" in succeeded(tmp_path, "check", str(file))
    window = read_campaign_file(file)[0].window
    succeeded(tmp_path, "migrate")
    assert "loaded" in succeeded(tmp_path, "load", str(file))
    during = {"CLOCK": window.opens_at.replace(hour=9).isoformat(), "SECRET": "a secret of this test alone"}
    assert "40 ballots cast" in succeeded(tmp_path, "simulate", "40", "--seed", "5", **during)
    assert "0 differences" in succeeded(tmp_path, "audit")
    after = {**during, "CLOCK": window.closes_at.isoformat()}
    printed = succeeded(tmp_path, "results", "--campaign", "volunteers-2026", **after)
    assert {name for name in ("张明", "李华", "王芳", "赵静") if name in printed} == {"张明", "李华", "王芳", "赵静"}
