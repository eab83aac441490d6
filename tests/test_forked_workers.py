"""Do forked workers run every test once and tell what came of it, whatever becomes of a worker?"""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
ALIKE = """
import pytest, warnings
def test_passes(capfd, tmp_path):
    print(tmp_path)
    assert capfd.readouterr().out == f"{tmp_path}\\n"
def test_fails():
    print("what it printed")
    assert "this" == "that"
@pytest.mark.skip(reason="not today")
def test_skipped(): pass
def test_warns(): warnings.warn("beware")
@pytest.fixture
def broken():
    yield
    raise RuntimeError("broken")
def test_is_broken_off(broken): pass
"""
DYING = """
import os
def test_lives(): pass
def test_dies(): os._exit(7)
def test_is_never_reached(): pass
"""


def run(folder: Path, *words: str, **files: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of a folder of their own, in two workers."""
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(text)
    plain = ("-q", "-ra", "-p", "no:cacheprovider", "-p", "no:schemathesis", f"--rootdir={folder}")
    command = [sys.executable, "-m", "pytest", "-p", "tests.forked_workers", "--workers", "2", *plain, *words, folder]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)


def test_every_outcome_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, f"--junitxml={tmp_path}/told.xml", one=ALIKE, other=ALIKE, third=ALIKE)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "3 failed, 9 passed, 3 skipped, 3 warnings, 3 errors" in done.stdout
    assert "assert 'this' == 'that'" in done.stdout
    assert done.stdout.count("what it printed") == 2 * 3, "in the source, and what was captured"
    assert "UserWarning: beware" in done.stdout
    assert "not today" in done.stdout
    assert 'errors="3" failures="3" skipped="3" tests="15"' in (tmp_path / "told.xml").read_text()


def test_a_worker_that_dies_fails_its_test_and_the_run(tmp_path: Path) -> None:
    done = run(tmp_path, one=DYING, other="def test_passes(): pass", third="def test_passes_too(): pass")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "the worker ended with 7 at this test" in done.stdout
    assert "1 failed, 3 passed" in done.stdout
    assert "2 tests were not run to their end, and workers ended with [0, 7]" in done.stdout


def test_a_worker_begins_nothing_more_after_enough_failures(tmp_path: Path) -> None:
    done = run(tmp_path, "--maxfail=1", **dict.fromkeys(("one", "other", "third", "fourth"), "def test_fails(): 1 / 0"))
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "! stopping after " in done.stdout
    assert done.stdout.rpartition("\n")[0].rpartition("\n")[2].startswith(("1 failed in", "2 failed in")), done.stdout
