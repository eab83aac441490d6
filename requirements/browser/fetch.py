"""Where do the browser's files of other people's packages come from? npm packages, each at one version and one hash.

npm knows the registry and how to reach it; what it brings is trusted only by the hashes in packages.toml. Nothing of a package
is run. Without npm, or without a registry, there is nothing to fetch and the server goes without, so that setting up does not
fail; `--required` makes it fail.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VENDOR = HERE.parents[1] / "api" / "pages" / "static" / "vendor"
PATIENCE = 300  # seconds for all packages
WITHOUT = "The server runs all the same, without the playground and the charts. `make assets` tries again."

Package = dict[str, Any]


class UnfetchedError(Exception):
    """The packages could not be had; nothing is wrong with what this repository says about them."""


class WrongPackageError(Exception):
    """What was fetched is not what packages.toml names."""


def main(arguments: list[str]) -> int:
    """Fetch into the folder named, or where the server looks; the process's exit code."""
    required = "--required" in arguments
    folder = next((Path(word) for word in arguments if not word.startswith("--")), VENDOR)
    try:
        fetch(tomllib.loads((HERE / "packages.toml").read_text("utf-8")), folder)
    except UnfetchedError as error:
        print(error if required else f"{error}\n{WITHOUT}", file=sys.stderr)
        return 1 if required else 0
    except WrongPackageError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def fetch(packages: dict[str, Package], folder: Path) -> None:
    """Put the files of all packages into a folder, in place of what was there; all of them or none."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".vendor-") as made:
        archives = packed(packages, Path(made))
        vendor = Path(made) / "vendor"
        for name, package in packages.items():
            unpack(archives[name], package, vendor / name)
        shutil.rmtree(folder, ignore_errors=True)
        vendor.rename(folder)


def packed(packages: dict[str, Package], folder: Path) -> dict[str, Path]:
    """The archive of each package, its hash checked."""
    npm = shutil.which("npm")
    if npm is None:
        raise UnfetchedError(
            "The browser's files come from npm packages, and npm is not installed (it is part of Node.js)."
        )
    asked = [f"{name}@{package['version']}" for name, package in packages.items()]
    command = [npm, "pack", "--json", "--ignore-scripts", "--pack-destination", str(folder), *asked]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise UnfetchedError(f"npm did not bring {', '.join(asked)} within {PATIENCE} seconds.") from None
    if done.returncode:
        raise UnfetchedError(f"npm could not bring {', '.join(asked)}:\n{done.stderr.strip()}")
    archives = {one["name"]: folder / one["filename"] for one in json.loads(done.stdout)}
    for name, package in packages.items():
        check(archives[name], name, package["integrity"])
    return archives


def check(archive: Path, name: str, integrity: str) -> None:
    """Raise WrongPackageError unless the archive has this integrity, as npm writes one."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != integrity:
        raise WrongPackageError(f"{name}: expected {integrity}\n{' ' * len(name)}  but received {found}")


def unpack(archive: Path, package: Package, folder: Path) -> None:
    """Write the files wanted of an archive, and its licences, under their last names."""
    folder.mkdir(parents=True)
    with tarfile.open(archive) as tar:
        for path in [*package["files"], *package["licences"]]:
            name = Path(path).name
            text = read(tar, path)
            if unwanted := package.get("without", {}).get(name):
                text = re.sub(unwanted, "", text)
            (folder / name).write_text(text, "utf-8")


def read(tar: tarfile.TarFile, path: str) -> str:
    """The text of one file of an npm archive."""
    try:
        member = tar.extractfile(f"package/{path}")
    except KeyError:
        member = None
    if member is None:
        raise WrongPackageError(f"{tar.name} holds no file {path}.")
    return member.read().decode("utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
