"""Which programs read the files of deploy/, and how do tests run them?"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[1] / "deploy"
PATHS = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""), "/usr/sbin"))


def program(name: str) -> str:
    """Where a program is; the test is skipped where it is not installed."""
    found = shutil.which(name, path=PATHS)
    if found is None:
        pytest.skip(f"there is no {name} on this machine")
    return found


def checked(name: str, *words: object) -> str:
    """What a program says of our files, when it has nothing against them."""
    done = subprocess.run([program(name), *map(str, words)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@contextmanager
def running(folder: Path, name: str, *words: object, end: int = signal.SIGKILL, **more: str) -> Iterator[None]:
    """A program that serves while the block runs, with these variables and none of this machine's own.

    end: the signal that ends it, where SIGKILL would leave processes of it behind.
    """
    given = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "PATH": PATHS}
    with subprocess.Popen([program(name), *map(str, words)], env=given | more, cwd=folder) as process:
        try:
            yield
        finally:
            process.send_signal(end)
