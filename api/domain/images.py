"""Images as they are stored: named by a digest of their bytes, so that a name stands for one picture, and a size, for good."""

import re
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Self

FOLDER = "/images/"
MAX_SIDE = 1600  # pixels of the longer side of what is stored
WIDTHS = (320, 640, 960)  # pixels: what a wider picture can also be had in
NAME = re.compile(r"([0-9a-f]{64})(?:-(320|640|960))?\.(jpg|png)")
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
class ImageName:
    """What a name below FOLDER says. digest: that of the picture as it is stored. width: of a smaller size; None: as stored."""

    digest: str
    format: ImageFormat
    width: int | None = None

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Read a name; None for one that no image has."""
        parts = NAME.fullmatch(name)
        return None if parts is None else cls(parts[1], ImageFormat(parts[3]), int(parts[2]) if parts[2] else None)

    def __str__(self) -> str:
        size = "" if self.width is None else f"-{self.width}"
        return f"{self.digest}{size}.{self.format.value}"


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


def sized_address(url: str, width: int, wanted: int | None) -> str:
    """The address of the smallest size of a picture that is at least as wide as wanted; None wants the picture itself.

    width: the picture's own. One that is elsewhere, or not wider than any size that would do, is given as it is.
    """
    size = None if wanted is None else next((each for each in WIDTHS if wanted <= each < width), None)
    if size is None or not PATH.fullmatch(url):
        return url
    stem, _, ending = url.rpartition(".")
    return f"{stem}-{size}.{ending}"


def served_address(url: str, root_path: str) -> str:
    """The address at which a picture is served by a server below this path. One that is elsewhere stays as it is."""
    return root_path + url if url.startswith(FOLDER) else url


def stored_address(url: str, root_path: str) -> str:
    """The inverse: the address as it is stored, which says nothing of where the server is."""
    return url.removeprefix(root_path) if url.startswith(root_path + FOLDER) else url
