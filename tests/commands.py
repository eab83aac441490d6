"""How a test runs the command `pingxuan`: in a process, in an empty folder, with these settings and no others."""

import atexit
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.forking import ForkServer

PINGXUAN = Path(sys.executable).with_name("pingxuan")
SEED = Path(__file__).parents[1] / "seed" / "shanghai-2017.toml"


def environment(settings: dict[str, str]) -> dict[str, str]:
    """This process's environment with no settings but these, given without their prefix."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PINGXUAN_")}
    wide = {"COLUMNS": "120", "PYTHONWARNINGS": "error"}
    return plain | wide | {f"PINGXUAN_{name}": value for name, value in settings.items()}


@cache
def fork_server() -> ForkServer:
    """Start the process of which commands are forks, once and for as long as this process runs."""
    server = ForkServer(environment({}))
    atexit.register(server.close)
    return server


def pingxuan(folder: Path, *words: str, forked: bool = True, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end. No traceback is ever shown."""
    given = environment(settings)
    if forked:
        done = fork_server().run(words, given, folder, timeout=300)
    else:
        done = subprocess.run([PINGXUAN, *words], cwd=folder, env=given, capture_output=True, text=True, timeout=300)
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done


def succeeded(folder: Path, *words: str, forked: bool = True, **settings: str) -> str:
    """Run the command and return what it printed; it must succeed."""
    done = pingxuan(folder, *words, forked=forked, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout
