"""What is shipped, or installed with it: the pinned packages of Python, and those whose files browsers get."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[1]
RUN = REQUIREMENTS / "run.txt"
BROWSER = REQUIREMENTS / "browser" / "packages.toml"
PROJECT = tomllib.loads((REQUIREMENTS.parent / "pyproject.toml").read_text("utf-8"))["project"]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\\n]+?))?\s*\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Package:
    """One package at one version. hashes: of its files, any of which is installed. licence: None where its metadata say it."""

    kind: str  # as in a package URL: pypi or npm
    name: str
    version: str
    hashes: tuple[str, ...] = ()
    licence: str | None = None


def python_packages(file: Path = RUN) -> list[Package]:
    """The packages of a file of pins."""
    found: list[tuple[str, str, list[str]]] = []
    for line in file.read_text("utf-8").splitlines():
        if pin := PIN.match(line):
            found.append((pin[1], pin[2], []))
        elif digest := HASH.search(line):
            found[-1][2].append(digest[1])
    return [Package("pypi", name, version, tuple(hashes)) for name, version, hashes in found]


def browser_packages(file: Path = BROWSER) -> list[Package]:
    """The packages whose files browsers get."""
    packages = tomllib.loads(file.read_text("utf-8"))
    return [
        Package("npm", name, package["version"], (package["integrity"],), package["spdx"])
        for name, package in packages.items()
    ]
