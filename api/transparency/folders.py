"""When is a new name in a folder on the disk?"""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Return once the folder's names are on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
