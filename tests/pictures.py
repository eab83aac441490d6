"""What pictures do tests upload? Small ones in known colours, encoded as people's programs do."""

from io import BytesIO
from typing import Any

from PIL import Image

ORIENTATION = 0x0112


def encoded(picture: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    """The bytes of a file with this picture."""
    file = BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def a_picture(width: int = 60, height: int = 40, colour: str = "red") -> bytes:
    """A PNG of one colour."""
    return encoded(Image.new("RGB", (width, height), colour))


def decoded(content: bytes) -> Image.Image:
    """The picture in a file."""
    return Image.open(BytesIO(content))
