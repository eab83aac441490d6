"""What campaign file do tests load that has very many candidates?"""

from pathlib import Path

HEAD = """
slug = "{slug}"
time_zone = "Asia/Shanghai"
districts = "{slug}-districts.toml"
results_visibility = "LIVE"
title = {{ zh = "大型评选", en = "A large selection" }}
organizer = {{ zh = "主办方", en = "The organizer" }}

[voting_window]
opens_at = 2017-03-22T00:00:00+08:00
closes_at = 2017-03-31T12:00:00+08:00

[rules]
choices = {{ minimum = 1, maximum = {maximum} }}
quota = {{ limit = 1, period = "DAY" }}
"""
PROJECT = """
[[projects]]
number = {number}
title = {{ zh = "候选项目{number}", en = "Candidate {number}" }}
summary = {{ zh = "第{number}个。", en = "Number {number}." }}
level = "MUNICIPAL"
themes = ["HEALTH"]
"""
DISTRICTS = '[[districts]]\ncode = "310101"\nname = { zh = "黄浦区", en = "Huangpu District" }\n'


def large_campaign(folder: Path, slug: str, candidates: int, maximum: int) -> Path:
    """A file with so many candidates, of which a ballot names up to the maximum."""
    (folder / f"{slug}-districts.toml").write_text(DISTRICTS, "utf-8")
    projects = (PROJECT.format(number=number) for number in range(1, candidates + 1))
    file = folder / f"{slug}.toml"
    file.write_text(HEAD.format(slug=slug, maximum=maximum) + "".join(projects), "utf-8")
    return file
