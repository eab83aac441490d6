"""Does `make` say at once that Python is too old, instead of failing somewhere in what it sets up?"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
NEEDED = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")
# A Python of 3.10, as far as it says; it does nothing but what `-c` gives it.
OLD_PYTHON = f"""#!/bin/sh
test "$1" = -c || exit 99
exec '{sys.executable}' -c "import sys; sys.version_info = (3, 10, 12); $2"
"""
OF_MAKE = ("MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "PYTHON")  # what a make that runs the tests hands down

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What make looks at, and a Python that is too old."""
    folder = tmp_path / "checkout"
    shutil.copytree(REPOSITORY / "requirements", folder / "requirements")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, folder)
    (folder / "api" / "pages").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").write_text(OLD_PYTHON)
    (tmp_path / "bin" / "python3").chmod(0o755)
    return folder


@pytest.mark.parametrize("target", ["run", "test"])
@pytest.mark.parametrize("has_assets", [False, True])
def test_a_python_that_is_too_old_is_one_sentence(checkout: Path, target: str, has_assets: bool) -> None:
    if has_assets:
        (checkout / "api" / "pages" / "vendor").mkdir()
    inherited = {name: text for name, text in os.environ.items() if name not in OF_MAKE}
    paths = {"PATH": f"{checkout.parent / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(["make", target], cwd=checkout, env=inherited | paths, capture_output=True, text=True)
    assert done.returncode != 0
    assert f"Pingxuan needs Python {NEEDED} or newer, and python3 is 3.10." in done.stderr
    assert "Error 99" not in done.stderr, "nothing was run by it"
    assert not (checkout / ".venv").exists()
