"""The paths of a ballot log's files, in their one spelling, and what is said of others."""

import re
from typing import NamedTuple

from api.domain.errors import ApiError, not_found
from api.domain.ids import SLUG
from api.domain.log.published_log import PublishedLog
from api.domain.log.tiles import OPENINGS_FOLDER, Tile, openings_path, tile_path, width_at
from api.domain.texts import Text

FOLDER = "/log/"
PATH = re.compile(rf"{FOLDER}({SLUG})(?:/([2-9]|[1-9][0-9]{{1,3}}))?/([a-z].*)", re.ASCII)
DOCUMENT = re.compile(r"documents/([0-9a-f]{64})", re.ASCII)
NO_FILE = not_found(
    Text(
        "选票日志没有这个文件。有：checkpoint、keys、policy、tile/<层>/<编号>、tile/entries/<编号>、"
        "openings/<编号>，未满者加.p/<宽度>，以及documents/<sha256>；编号每三位一组，形如x001/x234/067。",
        "A ballot log has no such file. It has checkpoint, keys, policy, tile/<level>/<number>, "
        "tile/entries/<number>, openings/<number>, each with .p/<width> while it is not full, and "
        "documents/<sha256>. Numbers are in groups of three digits, such as x001/x234/067.",
    ),
)
NOTHING_YET = not_found(
    Text(
        "此选票日志尚未公布任何检查点：有选票之后，过一两分钟再取。",
        "Nothing of this ballot log is published yet: ask again a minute or two after the first ballots.",
    ),
)
NO_DOCUMENT = not_found(
    Text(
        "此选票日志没有承诺过这个文件：请用rules、result或selection条目中的SHA-256。",
        "No entry of this ballot log commits to such a document: take the SHA-256 of an entry rules, "
        "result or selection.",
    ),
)
HIDDEN = not_found(
    Text(
        "承诺尚未公开：投票结束、日志已记下closed，且人人可看结果之后，方可取openings。",
        "The commitments are not opened yet: openings are served once voting is over, the log says so by "
        "an entry closed, and everybody may see the results.",
    ),
)


def no_log(root_path: str) -> ApiError:
    """What is said of a log that there is not, at a server whose addresses begin with this."""
    return not_found(
        Text(
            "没有这个选票日志：{folder}之后为评选的代号，例如{folder}shanghai-2017/checkpoint；本服务也可能未启用选票日志。",
            "There is no such ballot log: {folder} is followed by a campaign's slug, as in "
            "{folder}shanghai-2017/checkpoint. This server may also keep no logs.",
            folder=f"{root_path}{FOLDER}",
        ),
    )


class LogFile(NamedTuple):
    """What is asked for: a log, and the path below it."""

    slug: str
    generation: int
    path: str


def parse_log_path(path: str, raw_path: bytes | None) -> LogFile | None:
    """The file of a path, whether or not there is one; None for a path that is not written as those are."""
    match = PATH.fullmatch(path)
    is_canonical = raw_path is None or raw_path == path.encode("latin-1", "replace")
    return LogFile(match[1], int(match[2] or 1), match[3]) if match and is_canonical else None


def parse_document_path(path: str) -> str | None:
    """The digest of the document at this path."""
    match = DOCUMENT.fullmatch(path)
    return None if match is None else match[1]


def not_published(log: PublishedLog, tile: Tile, path: str) -> ApiError:
    """The error of a tile, or what is numbered like one, that the log does not have as full as it is asked for."""
    width = width_at(tile.level, tile.n, log.size)
    if not width:
        return not_found(
            Text(
                "已公布的检查点含{size}个条目，没有{path}。",
                "The checkpoint that is published is of {size} entries: there is no {path}.",
                size=log.size,
                path=path,
            ),
            size=log.size,
        )
    is_opened = path.startswith(OPENINGS_FOLDER)
    right = openings_path(tile.n, width) if is_opened else tile_path(tile._replace(width=width))
    return not_found(
        Text(
            "已公布的检查点含{size}个条目，此处至今只有{width}个：请取{right}。",
            "The checkpoint that is published is of {size} entries, and so far {width} are in there: ask for {right}.",
            size=log.size,
            width=width,
            right=right,
        ),
        size=log.size,
    )
