"""Where do tests get a disk that is soon full, may only be read, fails to write, or forgets what it was not told to keep?"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest


class DiskUnavailable(Exception):
    """No such file system can be had here: why, and what it takes."""


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of a megabyte at this folder; the test is skipped where none can be mounted."""
    try:
        with disk_of(folder, 1) as disk:
            yield disk
    except DiskUnavailable as error:
        pytest.skip(str(error))


@contextmanager
def disk_of(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of so many megabytes at this folder. Raises DiskUnavailable where none can be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder]
    mounted = subprocess.run(mount, capture_output=True, text=True)
    if mounted.returncode != 0:
        raise DiskUnavailable(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def make_read_only(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)


def fill(folder: Path) -> Path:
    """Leave no room; return the file to delete."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return ballast
    raise AssertionError("it took everything")


@contextmanager
def lossy_disk(folder: Path) -> Iterator[Path]:
    """A file system at this folder that forgets what was not fsynced. Raises DiskUnavailable where none can be mounted."""
    folder.mkdir()
    if shutil.which("fusermount3") is None or find_spec("mfusepy") is None or not os.access("/dev/fuse", os.W_OK):
        raise DiskUnavailable("a lossy disk takes /dev/fuse, Debian's fuse3 and PyPI's mfusepy")
    serving = subprocess.Popen([sys.executable, "-m", "tests.faults.lossy_disk", folder], stderr=subprocess.PIPE)
    try:
        while not folder.is_mount():
            if serving.poll() is not None:
                assert serving.stderr is not None
                raise DiskUnavailable(f"a lossy disk cannot be mounted: {serving.stderr.read().decode()[-300:]}")
            time.sleep(0.02)
        yield folder
    finally:
        subprocess.run(["fusermount3", "-u", folder], check=False, capture_output=True)
        serving.kill()
        serving.communicate()


def failing_sync(folder: Path) -> tuple[Path, tuple[str, ...]]:
    """A file, and what starts a program that can make nothing durable while it is there. Raises DiskUnavailable."""
    if (compiler := shutil.which("cc")) is None:
        raise DiskUnavailable("a failing fsync takes a C compiler, such as Debian's gcc")
    library, broken = folder / "failing_sync.so", folder / "broken"
    source = Path(__file__).with_name("failing_sync.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
    return broken, ("env", f"LD_PRELOAD={library}", f"FAILING_SYNC={broken}")
