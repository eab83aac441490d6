"""Can all that is pinned be installed without a compiler? pip is asked for each kind of machine whether there are wheels."""

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from requirements.supply.not_run import NotRunError, last_line
from requirements.supply.pinned import RUN

PYTHON = "3.11"
TIMEOUT = 600  # seconds for one machine
NONE_FOR = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]+)==")
VERSIONS = re.compile(r"\(from versions: ([^)]*)\)")


@dataclass(frozen=True)
class Machine:
    """A kind of machine. needed: whether what is pinned has to have wheels for it."""

    name: str
    platforms: tuple[str, ...]
    needed: bool


MACHINES = (
    Machine("Linux on x86-64 (glibc 2.28)", ("manylinux_2_28_x86_64", "manylinux2014_x86_64"), needed=True),
    Machine("Linux on ARM (glibc 2.28)", ("manylinux_2_28_aarch64", "manylinux2014_aarch64"), needed=True),
    Machine("macOS 15 on Apple's processors", ("macosx_15_0_arm64",), needed=False),
    Machine("macOS 15 on Intel's processors", ("macosx_15_0_x86_64",), needed=False),
    Machine("Alpine on x86-64 (musl 1.2)", ("musllinux_1_2_x86_64",), needed=False),
)
Ask = Callable[[Machine, Path], str]


def ask_pip(machine: Machine, pins: Path) -> str:
    """What pip has against installing these pins there; nothing is installed. Empty: nothing."""
    platforms = [word for platform in machine.platforms for word in ("--platform", platform)]
    with TemporaryDirectory(prefix="pingxuan-wheels-") as folder:
        command = [
            *(sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed", "--no-deps"),
            *("--require-hashes", "--only-binary", ":all:", "--implementation", "cp", "--python-version", PYTHON),
            *("--target", folder, *platforms, "--requirement", str(pins)),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        except subprocess.TimeoutExpired:
            raise NotRunError(f"pip did not end within {TIMEOUT} seconds") from None
    return done.stderr or "pip failed" if done.returncode else ""


def absent(machine: Machine, ask: Ask = ask_pip, file: Path = RUN) -> list[str]:
    """The packages for which there is no wheel for this machine. Raises NotRunError where pip finds no packages at all."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", file.read_text("utf-8"))
    names: list[str] = []
    with TemporaryDirectory(prefix="pingxuan-pins-") as folder:
        pins = Path(folder) / "pins.txt"
        while True:
            pins.write_text("".join(block for block in blocks if block.partition("==")[0] not in names), "utf-8")
            said = ask(machine, pins)
            if not said:
                return names
            names.append(_named(said))


def _named(said: str) -> str:
    """The package of which pip has found no wheel. It names the first alone, and does not tell that from having no network."""
    found, versions = NONE_FOR.search(said), VERSIONS.search(said)
    if found is None or versions is None or versions[1] == "none":
        raise NotRunError(f"pip: {last_line(said)}")
    return found[1]


def summary(machine: Machine, names: Sequence[str]) -> str:
    """The line about a machine."""
    return f"{machine.name}: " + (f"no wheel of {', '.join(names)}" if names else "all are wheels")
