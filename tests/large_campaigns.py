"""A campaign as large as they get: a file of any number of candidates, with the rules and the window of 2017."""

import shutil
from pathlib import Path

from tests.commands import SEED

DISTRICTS = ("310101", "310104", "310106", "310115")


def large_campaign(folder: Path, slug: str, candidates: int, maximum: int = 10) -> Path:
    """Write a campaign file of so many candidates: from one to so many on a ballot, one ballot a day.

    Every second candidate is of a district; all have titles and summaries of their own.
    """
    shutil.copy(SEED.with_name("districts.toml"), folder)
    file = folder / f"{slug}.toml"
    projects = (_project(number) for number in range(1, candidates + 1))
    file.write_text("\n".join([HEAD.format(slug=slug, maximum=min(maximum, candidates)), *projects]), "utf-8")
    return file


HEAD = """
slug = "{slug}"
time_zone = "Asia/Shanghai"
districts = "districts.toml"
results_visibility = "LIVE"
title = {{ zh = "大型评选", en = "A Large Selection" }}
organizer = {{ zh = "主办方", en = "The organizer" }}
criteria = []

[voting_window]
opens_at = 2017-03-22T00:00:00+08:00
closes_at = 2017-03-31T12:00:00+08:00

[rules]
choices = {{ minimum = 1, maximum = {maximum} }}
quota = {{ limit = 1, period = "DAY" }}

[[stages]]
code = "CANDIDATE"
name = {{ zh = "候选项目", en = "Candidate projects" }}
seats = 1
decided = false

[[themes]]
code = "HEALTH"
name = {{ zh = "健康医疗", en = "Health" }}
"""


def _project(number: int) -> str:
    place = f'level = "DISTRICT"\ndistrict = "{DISTRICTS[number // 2 % 4]}"' if number % 2 else 'level = "MUNICIPAL"'
    return f"""
[[projects]]
number = {number}
title = {{ zh = "候选项目{number}号", en = "Candidate Project {number}" }}
summary = {{ zh = "第{number}个候选项目的简介，为居民服务。", en = "What candidate {number} does for the residents." }}
{place}
themes = ["HEALTH"]
"""
