"""Are candidates of the same name told to whoever checks a file, and accepted?"""

from pathlib import Path

from api.formats.campaign_toml import mistakes_in, read_campaign_file, warnings_of

HEAD = """
slug = "volunteers"
time_zone = "Asia/Shanghai"
languages = ["zh"]
title = { zh = "最美志愿者" }
organizer = { zh = "志愿办" }
results_visibility = "AFTER_CLOSE"
voting_window = { opens_at = 2026-06-01T09:00:00+08:00, closes_at = 2026-06-10T09:00:00+08:00 }
rules = { choices = { minimum = 1, maximum = 2 }, quota = { limit = 1, period = "DAY" } }
"""


def write(path: Path, titles: list[str]) -> Path:
    rows = (f'[[projects]]\nnumber = {n}\ntitle = {{ zh = "{title}" }}' for n, title in enumerate(titles, 1))
    path.write_text("\n".join([HEAD, *rows]), "utf-8")
    return path


def warnings(path: Path) -> list[str]:
    return list(warnings_of(read_campaign_file(path)[0]))


def test_candidates_of_the_same_name_are_no_mistake_but_told(tmp_path: Path) -> None:
    file = write(tmp_path / "campaign.toml", ["王芳", "李娜", "王芳"])
    assert mistakes_in(file) == ()
    [line] = warnings(file)
    assert line.startswith('volunteers: numbers 1, 3 have the title "王芳"')
    assert warnings(write(tmp_path / "campaign.toml", ["王芳", "李娜"])) == []


def test_many_such_names_are_told_in_few_lines(tmp_path: Path) -> None:
    told = warnings(write(tmp_path / "campaign.toml", [f"甲{number % 7}" for number in range(140)]))
    assert len(told) == 6
    assert told[0].startswith("volunteers: numbers 1, 8, 15, 22, 29, 36, 43, 50, 57, 64, … have the title")
    assert told[-1] == "volunteers: 2 more titles are shared."
