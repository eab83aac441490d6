"""A disk that forgets what was not fsynced, as one does when its power is cut: a file system of FUSE, in memory.

`python -m tests.faults.lossy_disk FOLDER` mounts it. Making a file named CUT.SEED in it is the power cut: every file becomes
what it was at its last fsync. TEAR.SEED leaves a random half of the sectors that were written since, as torn writes
do. Whatever has files open is to be killed before. It has one folder and no renames: enough for SQLite in WAL mode.
"""

import errno
import random
import stat
import sys
import threading
from typing import Any

import mfusepy as fuse

SECTOR = 512  # bytes
NO_TIMES = {"st_ctime": 0, "st_mtime": 0, "st_atime": 0, "st_uid": 0, "st_gid": 0}
FOLDER = {"st_mode": stat.S_IFDIR | 0o777, "st_nlink": 2}


class LossyDisk(fuse.Operations):  # type: ignore[misc]
    """Files by their path: as they are, and as they were at their last fsync."""

    use_ns = True

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: dict[str, bytearray] = {}
        self._durable: dict[str, bytes] = {}

    def getattr(self, path: str, fh: Any = None) -> dict[str, int]:
        if path == "/":
            return NO_TIMES | FOLDER
        with self._lock:
            return NO_TIMES | {"st_mode": stat.S_IFREG | 0o666, "st_nlink": 1, "st_size": len(self._file(path))}

    def readdir(self, path: str, fh: Any) -> list[str]:
        with self._lock:
            return [".", "..", *(name[1:] for name in sorted(self._now))]

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        with self._lock:
            event, _, seed = path[1:].partition(".")
            if event in {"CUT", "TEAR"}:
                self._lose(random.Random(seed) if event == "TEAR" else None)
            self._now[path], self._durable[path] = bytearray(), b""
        return 0

    def _lose(self, chance: random.Random | None) -> None:
        for path, now in self._now.items():
            left = bytearray(self._durable[path])
            if chance is not None:
                left.extend(bytes(max(0, len(now) - len(left))))
                for start in range(0, len(now), SECTOR):
                    if chance.random() < 0.5:
                        left[start : start + SECTOR] = now[start : start + SECTOR]
            self._now[path], self._durable[path] = left, bytes(left)

    def _file(self, path: str) -> bytearray:
        if path not in self._now:
            raise fuse.FuseOSError(errno.ENOENT)
        return self._now[path]

    def open(self, path: str, flags: int) -> int:
        with self._lock:
            self._file(path)
        return 0

    def read(self, path: str, size: int, offset: int, fh: Any) -> bytes:
        with self._lock:
            return bytes(self._file(path)[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: Any) -> int:
        with self._lock:
            file = self._file(path)
            file.extend(bytes(max(0, offset - len(file))))
            file[offset : offset + len(data)] = data
        return len(data)

    def truncate(self, path: str, length: int, fh: Any = None) -> int:
        with self._lock:
            file = self._file(path)
            file.extend(bytes(max(0, length - len(file))))
            del file[length:]
        return 0

    def fsync(self, path: str, datasync: int, fh: Any) -> int:
        with self._lock:
            self._durable[path] = bytes(self._file(path))
        return 0

    def unlink(self, path: str) -> int:
        with self._lock:
            self._file(path)
            del self._now[path], self._durable[path]
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 1 << 20, "f_bfree": 1 << 19, "f_bavail": 1 << 19}


if __name__ == "__main__":
    fuse.FUSE(LossyDisk(), sys.argv[1], foreground=True, attr_timeout=0, entry_timeout=0, negative_timeout=0)
