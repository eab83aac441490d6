"""When is what was written on the disk?"""

import os
from pathlib import Path


def sync(place: Path) -> None:
    """Return once a file's content, or the names in a folder, are on the disk. Raises OSError."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
