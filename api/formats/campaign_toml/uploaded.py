"""Read a campaign file that arrives by itself, in pieces and without the files beside it, into the tree of its campaign."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

from api.domain.exchange.ballot_files import BallotFile, FileBallot
from api.domain.exchange.problems import FileProblem, FileRefused, unreadable
from api.domain.texts import Text
from api.formats.campaign.raw_values import value_at
from api.formats.campaign_toml.reader import MAX_FILE_BYTES

TOO_LARGE = Text(
    "文件超过32 MiB。一万个项目的评选也装得下，请缩短。",
    "The file is larger than 32 MiB. A campaign of ten thousand projects fits in that.",
)

PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
PROJECT = re.compile(r"^[ \t]*\[\[[ \t]*projects[ \t]*\]\]", re.MULTILINE)
# The keys that name another file, and what to write in their place.
PATHS = {
    ("districts",): Text(
        "上传的文件不能引用另一个文件。请改用own_districts，或由管理员用`pingxuan load`导入。",
        "names another file, which has not arrived. Write own_districts, or have an operator `pingxuan load` both.",
    ),
    ("rules", "eligibility", "list"): Text(
        "上传的文件不能引用另一个文件。请在rules.eligibility.viewers中列出投票人，或由管理员用`pingxuan load`导入。",
        "names another file, which has not arrived. Write the voters as rules.eligibility.viewers, or have an operator "
        "`pingxuan load` both.",
    ),
}


class CampaignFileParser:
    """A BallotFileParser of campaign files, which hold no ballots."""

    def __init__(self) -> None:
        self._content = bytearray()
        self._file: BallotFile | None = None

    def feed(self, piece: bytes) -> Sequence[FileBallot]:
        """Read on. Raises FileRefused for a file that is too large."""
        self._content += piece
        if len(self._content) > MAX_FILE_BYTES:
            raise FileRefused([unreadable(TOO_LARGE)])
        return ()

    def close(self) -> Sequence[FileBallot]:
        """Take the file as ended. Raises FileRefused for what is no TOML, or needs another file."""
        text = _decoded(bytes(self._content))
        tree = _tree(text)
        if problems := list(_paths(tree, text)):
            raise FileRefused(problems)
        self._file = BallotFile(tree, 0, lines=_lines(tree, text))
        return ()

    def file(self) -> BallotFile:
        """The tree of its campaign. After close."""
        if self._file is None:
            raise ValueError("the file has not been read to its end")
        return self._file


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(errors="replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        problem = unreadable(
            Text("此处不是UTF-8，请将文件存为UTF-8。", "This is not UTF-8. Save the file as UTF-8."), line, column
        )
        raise FileRefused([problem]) from error


def _tree(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = PLACE.search(str(error))
        reason = str(error)[: place.start() if place else None][:200]
        line = int(place["line"]) if place and place["line"] else text.rstrip().count("\n") + 1
        column = int(place["column"]) if place and place["column"] else None
        problem = unreadable(
            Text(
                "此处不是TOML（{reason}）。请改正语法，参见https://toml.io。",
                "This is no TOML: {reason}. Mend the syntax there; see https://toml.io.",
                reason=reason,
            ),
            line,
            column,
        )
        raise FileRefused([problem]) from error
    except (ValueError, RecursionError) as error:
        problem = unreadable(
            Text(
                "文件中有无法读取的数字或嵌套。请缩短数字，减少括号层数。",
                "The file holds a number or a nesting that cannot be read. Use shorter numbers and fewer brackets.",
            ),
        )
        raise FileRefused([problem]) from error


def _paths(tree: dict[str, Any], text: str) -> Iterator[FileProblem]:
    for place, remedy in PATHS.items():
        if value_at(tree, str, *place) is not None:
            key = ".".join(place)
            found = re.search(rf"^[ \t]*(?:{place[-1]})[ \t]*=", text, re.MULTILINE)
            line = text.count("\n", 0, found.start()) + 1 if found else None
            yield unreadable(Text("{key}：{remedy}", "{key} {remedy}", key=key, remedy=remedy), line)


def _lines(tree: dict[str, Any], text: str) -> dict[tuple[str | int, ...], int]:
    """The lines on which projects begin, where there are as many such lines as projects."""
    starts = [text.count("\n", 0, found.start()) + 1 for found in PROJECT.finditer(text)]
    projects = tree.get("projects")
    if not isinstance(projects, list) or len(projects) != len(starts):
        return {}
    return {("projects", place): line for place, line in enumerate(starts)}
