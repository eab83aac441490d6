"""The command `sandbox`: a seeded server for tests, whose database is in memory and is deleted at the end."""

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
from api.server.graceful_server import Stop
from api.server.logging import set_up_logs
from api.server.safety_checks import is_public
from api.server.serve import run_server
from api.settings import Settings, parsers, read_settings
from api.settings.setting import PREFIX, SettingError
from api.storage.database.connection import Database, open_database
from api.storage.database.migrator import migrate

MORNING = timedelta(hours=9)
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory; the folder made in it is readable by its owner alone
FIXED_SETTINGS = ("DATABASE_URL", "PORT", "WORKERS", "CLOCK", "METRICS", "TRACING")  # the environment cannot set these
# Tests come from one address, so rates are not limited unless the environment says so.
RATE_LIMITS = ("LIMIT_REQUESTS", "LIMIT_REQUESTS_PER_VOTER", "LIMIT_SIGN_INS")
# It protects nothing real, and being constant it gives a test the same ids and tokens in every run.
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
                threading.Thread(target=_exit_with_input, daemon=True).start()
            uvloop.run(_serve(Path(folder), settings, files, first, clock))


def _settings(port: int) -> Settings:
    """Read the settings from the environment, without FIXED_SETTINGS. Raises CommandError on a public address."""
    fixed = {PREFIX + name + ending for name in FIXED_SETTINGS for ending in ("", "_FILE")}
    environment = {name: text for name, text in os.environ.items() if name not in fixed}
    unlimited = dict.fromkeys(RATE_LIMITS, "0")
    settings = read_settings(environment, PORT=str(port), GUESTS="on", SESSION="90d", SECRET=SECRET, **unlimited)
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
    """Return nine o'clock on the first voting day; when voting is not open at that hour, the instant at which it opens."""
    morning = campaign.calendar.start_of(campaign.calendar.days[0]) + MORNING
    return morning if campaign.window.contains(morning) else campaign.window.opens_at


def _memory() -> Path | None:
    """Return a folder in memory, None where the system has none."""
    return MEMORY if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None


def _exit_on_signals() -> None:
    """Turn signals into SystemExit, so that the folder is removed even before the server runs."""

    def exit_command(number: int, frame: FrameType | None) -> NoReturn:
        sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, exit_command)


def _exit_with_input() -> None:
    """Send SIGTERM to this process at the end of standard input."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


async def _serve(folder: Path, settings: Settings, files: Sequence[Path], first: Campaign, clock: ManualClock) -> None:
    # A waiting loop handles only the signals that are registered with it; the server registers SIGTERM.
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, os.kill, os.getpid(), signal.SIGTERM)
    await _seed(folder, settings, files, clock())
    sandbox = Sandbox(folder, settings, clock)
    info = SandboxInfo(sandbox, first, named_voters(settings, clock()))

    def announce(url: str) -> None:
        info.url = url
        typer.echo(json.dumps(info.state(), ensure_ascii=False))

    await sandbox.open()
    try:
        await run_server(ControlApi(sandbox, info), settings, Stop([sandbox.end_streams]), announce)
    finally:
        await sandbox.close()


async def _seed(folder: Path, settings: Settings, files: Sequence[Path], now: datetime) -> None:
    """Create the database that every reset returns to."""
    async with open_database(f"sqlite://{folder / SEEDED}") as database:
        await migrate(database)
        for file in files:
            await load_file(database, file, now)
        await _fix_salts(database)
        await grant_roles(database, settings)


async def _fix_salts(database: Database) -> None:
    """Give each campaign a voter salt that depends on its slug alone, so that a test sees the same ballot ids in every run."""
    for row in await database.rows("select slug from campaigns"):
        salt = hashlib.sha256(row["slug"].encode()).hexdigest()
        await database.rows("update campaigns set voter_salt = $1 where slug = $2", salt, row["slug"])
