"""A sandbox: a seeded server for tests that lives in memory and is gone when they are."""

import asyncio
import hashlib
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Annotated, NoReturn

import typer
import uvloop

from api.cli.database import load_file, report_mistakes
from api.cli.errors import CommandError
from api.cli.serve import CAMPAIGN
from api.domain.campaigns.campaign import Campaign
from api.formats.campaign_toml import read_campaign_file
from api.sandbox.clock import ManualClock
from api.sandbox.control_api import ControlApi
from api.sandbox.info import SandboxInfo
from api.sandbox.sandbox import SEEDED, Sandbox
from api.sandbox.voters import grant_roles, named_voters
from api.server.logging import set_up_logs
from api.server.safety_checks import is_public
from api.server.serve import run_server
from api.settings import Settings, parsers, read_settings
from api.settings.setting import PREFIX, SettingError
from api.storage.database.connection import Database, open_database
from api.storage.database.migrator import migrate

MORNING = timedelta(hours=9)
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory; the folder made in it is its owner's alone
OWN = ("DATABASE_URL", "PORT", "WORKERS", "CLOCK", "METRICS", "TRACING")  # settings that the sandbox makes itself
# Tests come from one address, so nothing is counted unless the environment says so.
RATES = ("LIMIT_REQUESTS", "LIMIT_REQUESTS_PER_VOTER", "LIMIT_SIGN_INS")
# Not secret at all: nothing real is behind it, and with one secret a test sees the same ids and tokens every time.
SECRET = "every sandbox has this secret, so nothing in it is one"  # noqa: S105

Files = Annotated[
    list[Path] | None,
    typer.Option(help="A campaign file; may be given again. Default: the selection of 2017.", show_default=False),
]
Instant = Annotated[
    str | None,
    typer.Option(
        metavar="INSTANT",
        help="What the clock shows at first and after a reset. Default: nine in the morning of the first voting day.",
        show_default=False,
    ),
]
Tick = Annotated[bool, typer.Option("--tick", help="Let the clock run; otherwise it stands until it is moved.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 lets the system choose.")]
WithParent = Annotated[
    bool, typer.Option("--with-parent", help="End when standard input does, as it does when its writer dies.")
]


def sandbox(
    campaign: Files = None, at: Instant = None, tick: Tick = False, port: Port = 0, with_parent: WithParent = False
) -> None:
    """Serve a seeded server for tests until it is told to stop. One line of JSON says where it is and who may vote."""
    settings = _settings(port)
    set_up_logs(settings)
    files = tuple(campaign or (CAMPAIGN,))
    with report_mistakes():
        first = read_campaign_file(files[0])[0]
        clock = ManualClock(_instant(at) if at else _first_morning(first), ticking=tick)
        _exit_on_signals()
        with TemporaryDirectory(prefix="pingxuan-sandbox-", dir=_memory()) as folder:
            if with_parent:
                threading.Thread(target=_end_with_input, daemon=True).start()
            uvloop.run(_serve(Path(folder), settings, files, first, clock))


def _settings(port: int) -> Settings:
    """The environment's settings, but for those of what a sandbox is. Raises CommandError on a public address."""
    own = {PREFIX + name + ending for name in OWN for ending in ("", "_FILE")}
    kept = {name: text for name, text in os.environ.items() if name not in own}
    uncounted = dict.fromkeys(RATES, "0")
    settings = read_settings(kept, PORT=str(port), GUESTS="on", SESSION="90d", SECRET=SECRET, **uncounted)
    if is_public(settings.host):
        raise CommandError(
            f"PINGXUAN_HOST={settings.host} lets others reach this server, but a sandbox is for this machine alone: "
            "anybody could set its clock and vote as anybody. Leave PINGXUAN_HOST out, or set it to 127.0.0.1."
        )
    return settings


def _instant(text: str) -> datetime:
    try:
        return parsers.instant(text)
    except ValueError as error:
        raise SettingError(f"--at is {text!r}: {error}.") from None


def _first_morning(campaign: Campaign) -> datetime:
    """Nine o'clock on the first voting day; when the vote is not open at that hour, the instant at which it opens."""
    morning = campaign.calendar.start_of(campaign.calendar.days[0]) + MORNING
    return morning if campaign.window.contains(morning) else campaign.window.opens_at


def _memory() -> Path | None:
    """A folder in memory, where there is one."""
    return MEMORY if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None


def _exit_on_signals() -> None:
    """Let a signal end the command through its exits, so that its folder is removed, also before it serves."""

    def end(number: int, frame: FrameType | None) -> NoReturn:
        sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def _end_with_input() -> None:
    """Stop as if told to, once nobody can write to standard input any more."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


async def _serve(folder: Path, settings: Settings, files: Sequence[Path], first: Campaign, clock: ManualClock) -> None:
    # A loop that waits hears only the signals that it was told of, and the server tells it of SIGTERM.
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, os.kill, os.getpid(), signal.SIGTERM)
    await _seed(folder, settings, files, clock())
    sandbox = Sandbox(folder, settings, clock)
    about = SandboxInfo(sandbox, first, named_voters(settings, clock()))

    def announce(url: str) -> None:
        about.url = url
        typer.echo(json.dumps(about.state(), ensure_ascii=False))

    await sandbox.open()
    try:
        await run_server(ControlApi(sandbox, about), settings, [sandbox.end_streams], announce)
    finally:
        await sandbox.close()


async def _seed(folder: Path, settings: Settings, files: Sequence[Path], now: datetime) -> None:
    """Make the database that every reset goes back to."""
    async with open_database(f"sqlite://{folder / SEEDED}") as database:
        await migrate(database)
        for file in files:
            await load_file(database, file, now)
        await _fix_salts(database)
        await grant_roles(database, settings)


async def _fix_salts(database: Database) -> None:
    """Give each campaign the same voter salt every time, so that a test sees the same ballot ids."""
    for row in await database.rows("select slug from campaigns"):
        salt = hashlib.sha256(row["slug"].encode()).hexdigest()
        await database.rows("update campaigns set voter_salt = $1 where slug = $2", salt, row["slug"])
