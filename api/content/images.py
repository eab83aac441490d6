"""Make an uploaded picture fit to be shown: upright, small enough, in sRGB, and without anything else that came with it.

The picture is decoded and encoded anew, so that no byte of the upload is served: neither where and with what it was taken, nor
what a file may hold beside a picture.
"""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from api.domain.errors import bad_input
from api.domain.images import MAX_SIDE, ImageFile, ImageFormat
from api.domain.texts import Text

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS = 25_000_000  # of a picture that is decoded whole
MAX_JPEG_PIXELS = 52_000_000  # of one that is decoded at half its size
QUALITY = 85  # of a JPEG
SRGB = ImageCms.createProfile("sRGB")
# What the library raises for files that are not as their format wants them.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, EOFError, LookupError, struct.error)
TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS  # what has more is refused as it is opened
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


def read_image(content: bytes) -> ImageFile:
    """Return the picture in a file, as it is stored; of an animation the first frame. Raise ApiError BAD_INPUT.

    The dimensions in the file's head are judged before anything is decoded. Takes a second at most.
    """
    with _refusals(), Image.open(BytesIO(content), formats=FORMATS) as picture:
        is_jpeg = picture.format in ("JPEG", "MPO")
        if picture.width * picture.height > (MAX_JPEG_PIXELS if is_jpeg else MAX_PIXELS):
            raise Image.DecompressionBombError
        picture.draft(None, (MAX_SIDE, MAX_SIDE))
        return _encoded(_in_srgb(ImageOps.exif_transpose(_shrunk(picture))))


def narrowed(image: ImageFile, width: int) -> ImageFile:
    """Return a stored picture at a smaller width, in the format that it has. Takes some hundredths of a second."""
    size = width, max(1, round(image.height * width / image.width))
    with Image.open(BytesIO(image.content), formats=(image.format.name,)) as picture:
        picture.draft(None, size)
        return _written(picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0), image.format)


@contextmanager
def _refusals() -> Iterator[None]:
    """Raise ApiError for what the library raises about a file."""
    try:
        yield
    except TOO_LARGE as error:
        jpeg, others = MAX_JPEG_PIXELS // 10**6, MAX_PIXELS // 10**6
        raise bad_input(
            Text(
                "图片过大：JPEG最多{jpeg}百万像素，其他格式最多{others}百万像素。请缩小后再上传。",
                "The picture is too large: a JPEG may have {jpeg} million pixels, another {others}. Make it smaller.",
                jpeg=jpeg,
                others=others,
            ),
        ) from error
    except UnidentifiedImageError as error:
        raise bad_input(
            Text(
                "这不是可用的图片。请上传JPEG、PNG、WebP或GIF文件。",
                "This is no picture that is taken here. Send a JPEG, PNG, WebP or GIF file.",
            ),
        ) from error
    except BROKEN as error:
        raise bad_input(
            Text(
                "图片文件已损坏或不完整。请重新导出后再上传。",
                "The picture's file is broken or cut off. Save the picture anew, and send that.",
            ),
        ) from error


def _shrunk(picture: Image.Image) -> Image.Image:
    """The picture within MAX_SIDE, in one of the three modes that the steps after it know: RGB, RGBA and CMYK."""
    if picture.mode.startswith("I;16"):
        picture = (
            picture.convert("I").point(lambda value: value / 256).convert("L")
        )  # else all that is not black is white
    mode = "RGBA" if picture.has_transparency_data else "CMYK" if picture.mode == "CMYK" else "RGB"
    if picture.mode != mode:
        picture = picture.convert(mode)
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return picture


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The picture in the colours that a browser shows where none are declared: cameras write others, with a profile."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha else picture
    if profile := picture.info.get("icc_profile"):
        with suppress(ImageCms.PyCMSError):  # a profile that does not fit is none, for browsers too
            colours = ImageCms.profileToProfile(colours, BytesIO(profile), SRGB, outputMode="RGB") or colours
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _encoded(picture: Image.Image) -> ImageFile:
    """The picture as a file without metadata: a PNG if it is transparent anywhere, else a JPEG."""
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    return _written(picture, ImageFormat.PNG if picture.mode == "RGBA" else ImageFormat.JPEG)


def _written(picture: Image.Image, format: ImageFormat) -> ImageFile:
    picture.info.clear()  # else some of it is written
    file = BytesIO()
    picture.save(file, format.name, quality=QUALITY, optimize=True, progressive=True)
    return ImageFile(file.getvalue(), format, *picture.size)
