"""Does the built wheel, alone in an empty folder, run the demonstration?"""

import json
import os
import site
import subprocess
import sys
import urllib.request
import venv
from pathlib import Path

import pytest

from tests.browser_files import ASSETS, needs_packages
from tests.commands import environment

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it; its dependencies are found where the tests have them."""
    folder = tmp_path_factory.mktemp("wheel")
    run(REPOSITORY, sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    run(folder, sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel)
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    return folder


def run(folder: Path, *words: object) -> str:
    done = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_is_the_wheels_own(installed: Path) -> None:
    where = run(installed, installed / "venv/bin/python", "-c", "import api; print(api.__file__)")
    assert str(installed) in where


@needs_packages
def test_the_wheel_holds_the_pages_and_needs_no_npm(installed: Path) -> None:
    digest = "from api.pages.assets import Assets; print(Assets().digest)"
    assert run(installed, installed / "venv/bin/python", "-c", digest).strip() == ASSETS.digest


def test_the_wheel_serves_the_2017_selection(installed: Path, tmp_path: Path) -> None:
    command = [installed / "venv/bin/pingxuan", "demo"]
    settings = environment({"PORT": "0"})
    with subprocess.Popen(command, cwd=tmp_path, env=settings, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = next(line for line in server.stdout if "GraphQL on" in line)
            url = line.split()[2]
            body = json.dumps({"query": "{ projects { totalCount } districts { code } }"}).encode()
            request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=180) as response:
                data = json.load(response)["data"]
        finally:
            server.terminate()
    assert data["projects"]["totalCount"] == 50
    assert len(data["districts"]) == 16
    assert server.returncode == 0
    assert sorted(os.listdir(tmp_path)) == [".data"]


def test_the_wheel_brings_its_fixtures(installed: Path, tmp_path: Path) -> None:
    """Under -P, so that nothing here is mistaken for the wheel's; its sandbox is the wheel's too."""
    (tmp_path / "test_it.py").write_text(
        "import api\n"
        "def test_it(pingxuan_server):\n"
        f"    assert api.__file__.startswith({str(installed)!r})\n"
        "    assert pingxuan_server.ask('{ projects { totalCount } }') == {'projects': {'totalCount': 50}}\n"
    )
    options = ("-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", "-W", "ignore::pytest.PytestDeprecationWarning")
    assert "1 passed" in run(tmp_path, installed / "venv/bin/python", "-P", "-m", "pytest", *options)
