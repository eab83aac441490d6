"""Images as they are stored: named by a digest of their bytes, so that a name stands for one picture for good."""

import re
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256

FOLDER = "/images/"
MAX_SIDE = 1600  # pixels of the longer side of what is stored
PATH = re.compile(FOLDER + r"[0-9a-f]{64}\.(?:jpg|png)")


class ImageFormat(Enum):
    """The formats that images are stored in, by the ending of their names."""

    JPEG = "jpg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """Such as image/jpeg."""
        return f"image/{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A picture, encoded. width and height: in pixels."""

    content: bytes = field(repr=False)
    format: ImageFormat
    width: int
    height: int

    @property
    def digest(self) -> str:
        """What tells it from all others."""
        return sha256(self.content).hexdigest()

    @property
    def name(self) -> str:
        """Its name below FOLDER."""
        return f"{self.digest}.{self.format.value}"

    @property
    def url(self) -> str:
        """Where it is served, on the host of the API."""
        return FOLDER + self.name


def served_address(url: str, root_path: str) -> str:
    """The address at which a picture is served by a server below this path. One that is elsewhere stays as it is."""
    return root_path + url if url.startswith(FOLDER) else url


def stored_address(url: str, root_path: str) -> str:
    """The inverse: the address as it is stored, which says nothing of where the server is."""
    return url.removeprefix(root_path) if url.startswith(root_path + FOLDER) else url
