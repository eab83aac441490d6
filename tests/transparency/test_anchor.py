"""Does the anchor keep the newest checkpoint of each log, whatever is killed, torn, full or begun at once?"""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import Signature, SignedNote
from api.ports.log import Head, LogBehindError
from api.transparency import checkpoint_folder
from api.transparency.anchor import AnchorError, FolderAnchor
from tests.disks import fill, make_read_only, small_disk

ORIGIN = "vote.example.cn/log/shanghai-2017"


def head(size: int, origin: str = ORIGIN) -> Head:
    """A head that goes by its size."""
    return Head(origin, size, size.to_bytes(32, "big"))


def note(size: int, origin: str = ORIGIN) -> str:
    """A checkpoint that somebody signed: the anchor leaves it to others to verify that."""
    return str(SignedNote(Checkpoint(*head(size, origin)).text, (Signature(origin, b"\0\0\0\1", bytes(64)),)))


@pytest.fixture
def anchor(tmp_path: Path) -> FolderAnchor:
    return FolderAnchor(tmp_path / "anchor")


async def test_the_newest_checkpoint_of_each_log_is_kept_as_it_was_signed(anchor: FolderAnchor, tmp_path: Path) -> None:
    assert await anchor.head(ORIGIN) is None
    for size in (1, 70_000):
        await anchor.record(note(size))
        assert await anchor.head(ORIGIN) == head(size)
    later = f"{ORIGIN}/2"
    await anchor.record(note(3, later))
    assert (await anchor.head(ORIGIN), await anchor.head(later)) == (head(70_000), head(3, later))
    file = tmp_path / "anchor" / "vote.example.cn%2Flog%2Fshanghai-2017.checkpoint"
    assert file.read_text() == note(70_000)
    assert oct(file.stat().st_mode & 0o777) == "0o644"


async def test_it_never_goes_back_and_takes_no_second_history(anchor: FolderAnchor) -> None:
    await anchor.record(note(20))
    await anchor.record(note(20))
    forked = note(20).replace("AAAA", "BAAA", 1)
    for wrong in (note(19), forked):
        with pytest.raises(LogBehindError, match="go back or fork") as caught:
            await anchor.record(wrong)
        assert caught.value.size == 20
    assert await anchor.head(ORIGIN) == head(20)


def dying(step: int, after: bool) -> Any:
    """The module os, with which a process kills itself at this call of one of its functions, before or after it is done."""
    left = [step]

    def wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            left[0] -= 1
            if left[0] == 0 and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            done = function(*arguments)
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        return call

    names = ("open", "write", "fsync", "close", "replace")
    return SimpleNamespace(**vars(os) | {name: wrapped(getattr(os, name)) for name in names})


def in_a_process(work: Callable[[], None]) -> int:
    """How a forked process ends that does this: 0, or the signal that killed it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kept", [None, 10], ids=["new", "replaced"])
def test_a_process_that_is_killed_at_any_step_leaves_the_old_or_the_new_whole(
    tmp_path: Path, kept: int | None, after: bool
) -> None:
    for step in range(1, 100):
        folder = tmp_path / str(step)
        anchor = FolderAnchor(folder)
        if kept:
            asyncio.run(anchor.record(note(kept)))

        def work(anchor: FolderAnchor = anchor, step: int = step) -> None:
            checkpoint_folder.os = dying(step, after)
            asyncio.run(anchor.record(note(20)))

        ended = in_a_process(work)
        found = asyncio.run(anchor.head(ORIGIN))
        assert found in ((head(kept) if kept else None), head(20))
        asyncio.run(anchor.record(note(30)))  # whatever the dead one left behind
        assert asyncio.run(anchor.head(ORIGIN)) == head(30)
        if ended == 0:
            assert found == head(20)
            break
        assert ended == signal.SIGKILL
    assert 6 < step < 20


def test_processes_that_record_at_once_leave_the_largest(tmp_path: Path) -> None:
    anchor = FolderAnchor(tmp_path / "anchor")
    children = []
    for sizes in (range(1, 100, 2), range(2, 101, 2), range(1, 101, 3)):
        child = os.fork()
        if child == 0:
            for size in sizes:
                with suppress(LogBehindError):
                    asyncio.run(anchor.record(note(size)))
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    assert asyncio.run(anchor.head(ORIGIN)) == head(100)


async def test_a_full_or_read_only_disk_is_said_to_be_so_and_keeps_what_there_is(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        anchor = FolderAnchor(disk / "anchor")
        await anchor.record(note(10))
        ballast = fill(disk)
        with pytest.raises(AnchorError, match=r"disk/anchor cannot be written: No space left .* PINGXUAN_LOG_ANCHOR"):
            await anchor.record(note(20))
        assert await anchor.head(ORIGIN) == head(10)
        ballast.unlink()
        await anchor.record(note(20))
        make_read_only(disk)
        assert await anchor.head(ORIGIN) == head(20)
        with pytest.raises(AnchorError, match="cannot be written: Read-only file system"):
            await anchor.record(note(30))


@pytest.mark.parametrize(
    "content",
    [b"", note(10).encode()[:60], b"\xff" + note(10).encode(), note(10).replace("\n10\n", "\n010\n").encode()],
)
async def test_a_file_that_is_damaged_is_named_with_what_to_do(
    anchor: FolderAnchor, tmp_path: Path, content: bytes
) -> None:
    await anchor.record(note(10))
    [file] = (tmp_path / "anchor").glob("*.checkpoint")
    file.write_bytes(content)
    for wrong in (anchor.head(ORIGIN), anchor.record(note(20))):
        with pytest.raises(AnchorError, match=r"shanghai-2017\.checkpoint is damaged: .* put back a copy of it"):
            await wrong
    assert file.read_bytes() == content


async def test_a_file_of_another_log_and_a_path_that_is_none_are_named(anchor: FolderAnchor, tmp_path: Path) -> None:
    await anchor.record(note(10, "elsewhere.example/log/x"))
    [file] = (tmp_path / "anchor").glob("*.checkpoint")
    file.rename(file.with_name("vote.example.cn%2Flog%2Fshanghai-2017.checkpoint"))
    with pytest.raises(AnchorError, match=r"is of another log, elsewhere\.example/log/x"):
        await anchor.head(ORIGIN)
    with pytest.raises(AnchorError, match="No such file or directory"):
        await FolderAnchor(tmp_path / "missing" / "anchor").record(note(10))
    (tmp_path / "file").write_text("")
    for wrong in (FolderAnchor(tmp_path / "file").record(note(10)), FolderAnchor(tmp_path / "file").head(ORIGIN)):
        with pytest.raises(AnchorError, match=r"(Not a directory|File exists)"):
            await wrong
