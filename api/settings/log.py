"""The settings of the ballot logs: their keys, their names, what keeps them honest, and when ballots are sealed."""

import re
from dataclasses import dataclass
from pathlib import Path

from api.settings import parsers
from api.settings.setting import setting

AUTO, OFF = "auto", "off"
NAME = re.compile(r"[^\s+/:]+(:[0-9]+)?(/[^\s+/:]+)*")
WHOLE_SECONDS = "give a whole number of seconds, from 1 to 86400"


def _place(text: str) -> Path | str:
    if text in (AUTO, OFF):
        return text
    if text.strip():
        return Path(text)
    raise ValueError(f"give {AUTO}, {OFF} or a path")


def _origin(text: str) -> str:
    if not text or NAME.fullmatch(text):
        return text
    raise ValueError("give a name without https:// and without a slash at its end, such as vote.example.cn/log")


def _policy(text: str) -> Path | None:
    return Path(text) if text.strip() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """How ballots are logged. keys and anchor: a path, or AUTO or OFF. The seal_ times are in seconds."""

    keys: Path | str = setting(
        _place,
        AUTO,
        "The file with the keys of the ballot logs, as `pingxuan log keys FILE` makes it; `off`: no log is sealed, and no "
        "receipt is signed. `auto` is `FILE.logkeys` beside a SQLite database, which `demo` makes, and otherwise `off`.",
        name="LOG_KEYS",
    )
    origin: str = setting(
        _origin,
        "",
        "What the names of logs begin with, such as `vote.example.cn/log`: the address at which they are served, without "
        "`https://`. Empty: the first of `PINGXUAN_HOSTS`, else `localhost`, then `PINGXUAN_ROOT_PATH`, and `/log`. A log "
        "keeps the name it began with.",
        name="LOG_ORIGIN",
    )
    anchor: Path | str = setting(
        _place,
        AUTO,
        "The folder in which the newest checkpoint of each log is kept outside the database, best on another disk, so that a "
        "database that was restored signs nothing; or `off`. `auto` is `FILE.anchor` beside a SQLite database, and otherwise "
        "`off`.",
        name="LOG_ANCHOR",
    )
    policy: Path | None = setting(
        _policy,
        "",
        "A file that names the witnesses, and how many of them have to cosign a checkpoint before it is published "
        "(tlog-policy); empty: none.",
        name="LOG_POLICY",
    )
    seal_interval: int = setting(
        parsers.number(1, 86400, WHOLE_SECONDS),
        "60",
        "Seconds between two looks at what waits to be sealed in the logs. `demo` has `1`.",
        name="LOG_SEAL_INTERVAL",
    )
    seal_minimum: int = setting(
        parsers.number(1, 100_000, "give a whole number from 1 to 100000"),
        "64",
        "How many ballots of a campaign have to wait before they are sealed together, so that nobody sees who came when. "
        "`demo` has `1`.",
        name="LOG_SEAL_MINIMUM",
    )
    seal_deadline: int = setting(
        parsers.number(1, 86400, WHOLE_SECONDS),
        "3600",
        "Seconds after which a ballot is sealed, however few wait; receipts promise it. `demo` has `60`.",
        name="LOG_SEAL_DEADLINE",
    )
