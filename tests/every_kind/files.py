"""The campaign files of these tests: one small selection, with whatever rules and candidates a test gives it."""

from collections.abc import Iterable
from pathlib import Path

HEAD = """
slug = "{slug}"
time_zone = "Asia/Shanghai"
languages = ["zh"]
results_visibility = "LIVE"
title = {{ zh = "评选" }}
organizer = {{ zh = "镇" }}
{more}
[voting_window]
opens_at = 2020-03-01T00:00:00+08:00
closes_at = 2020-03-10T12:00:00+08:00
[rules]
{rules}
"""


def themes(codes: Iterable[str]) -> str:
    return "".join(f'[[themes]]\ncode = "{code}"\nname = {{ zh = "{code}" }}\n' for code in codes)


def projects(count: int, *lines: str) -> str:
    """So many projects; the lines are of each, with {number} for its number and {theme} for one of A to E in turn."""
    rows = []
    for number in range(1, count + 1):
        given = "\n".join(line.format(number=number, theme="ABCDE"[(number - 1) % 5]) for line in lines)
        rows.append(f'[[projects]]\nnumber = {number}\ntitle = {{ zh = "第{number}号" }}\n{given}\n')
    return "".join(rows)


def written(folder: Path, slug: str, rules: str, *tables: str, more: str = "") -> Path:
    """Write a campaign file."""
    file = folder / f"{slug}.toml"
    file.write_text(HEAD.format(slug=slug, rules=rules, more=more) + "".join(tables), "utf-8")
    return file
