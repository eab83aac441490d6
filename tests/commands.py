"""How a test runs the command `pingxuan`: as a process, in an empty folder, with these settings and no others."""

import os
import subprocess
import sys
from pathlib import Path

PINGXUAN = Path(sys.executable).with_name("pingxuan")
SEED = Path(__file__).parents[1] / "seed" / "shanghai-2017.toml"


def environment(settings: dict[str, str]) -> dict[str, str]:
    """This process's environment with no settings but these, given without their prefix."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PINGXUAN_")}
    wide = {"COLUMNS": "120", "PYTHONWARNINGS": "error"}
    return plain | wide | {f"PINGXUAN_{name}": value for name, value in settings.items()}


def pingxuan(folder: Path, *words: str, command: Path = PINGXUAN, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end. No traceback is ever shown."""
    done = subprocess.run(
        [command, *words], cwd=folder, env=environment(settings), capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done


def succeeded(folder: Path, *words: str, **settings: str) -> str:
    """Run the command and return what it printed; it must succeed."""
    done = pingxuan(folder, *words, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout
