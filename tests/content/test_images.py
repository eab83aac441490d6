"""Is a picture made upright, small and anonymous, and is everything else refused before it costs anything?"""

import random
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from api.content.images import MAX_PIXELS, narrowed, read_image
from api.domain.errors import ApiError
from api.domain.images import MAX_SIDE, PATH, ImageFormat
from tests.pictures import ORIENTATION, a_picture, decoded, encoded

SECRET = b"121.4737E 31.2304N"


def halves(width: int = 200, height: int = 100) -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    return picture


def is_red(pixel: Any) -> bool:
    red, green, blue = pixel[:3]
    return red > 200 and green < 60 and blue < 60


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_format_that_people_have_becomes_a_jpeg(format: str) -> None:
    image = read_image(encoded(halves(), format))
    assert (image.format, image.width, image.height) == (ImageFormat.JPEG, 200, 100)
    picture = decoded(image.content)
    assert (picture.format, picture.size) == ("JPEG", (200, 100))
    assert is_red(picture.getpixel((20, 50)))
    assert not is_red(picture.getpixel((180, 50)))
    assert PATH.fullmatch(image.url)


@pytest.mark.parametrize(
    ("width", "height", "small"),
    [(2 * MAX_SIDE, MAX_SIDE, (1600, 800)), (500, 4000, (200, 1600)), (20_000, 10, (1600, 1))],
)
def test_a_large_picture_is_made_small_and_keeps_its_shape(width: int, height: int, small: tuple[int, int]) -> None:
    for format in ("JPEG", "PNG"):
        image = read_image(encoded(Image.new("L", (width, height)), format))
        assert (image.width, image.height) == decoded(image.content).size == small


def test_what_is_transparent_stays_so_and_a_full_alpha_channel_is_none() -> None:
    picture = halves().convert("RGBA")
    assert read_image(encoded(picture)).format is ImageFormat.JPEG
    picture.putpixel((0, 0), (0, 0, 0, 0))
    image = read_image(encoded(picture))
    assert image.format is ImageFormat.PNG
    assert decoded(image.content).getpixel((0, 0))[3] == 0  # type: ignore[index]
    indexed = Image.new("P", (9, 9))
    assert read_image(encoded(indexed, transparency=0)).format is ImageFormat.PNG


@pytest.mark.parametrize(("orientation", "size", "red"), [(3, (200, 100), (180, 50)), (6, (100, 200), (50, 20))])
def test_a_picture_taken_sideways_is_shown_upright(
    orientation: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    for format in ("JPEG", "PNG", "WEBP"):
        picture = decoded(read_image(encoded(halves(), format, exif=exif)).content)
        assert picture.size == size
        assert is_red(picture.getpixel(red))


def test_nothing_is_left_of_what_the_file_knew_beside_the_picture() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    clear = halves().convert("RGBA")
    clear.putalpha(9)
    files = [
        encoded(halves(), "JPEG", exif=exif, comment=SECRET, icc_profile=profile, xmp=SECRET),
        encoded(clear, "PNG", exif=exif, pnginfo=text, icc_profile=profile),
        encoded(clear, "WEBP", exif=exif, xmp=SECRET, icc_profile=profile),
        encoded(halves(), "GIF", comment=SECRET),
        encoded(halves(), "JPEG") + SECRET,
    ]
    for file in files:
        image = read_image(file)
        picture = decoded(image.content)
        picture.load()
        assert SECRET not in image.content
        assert not picture.getexif()
        assert not {"comment", "icc_profile", "exif", "xmp", "Comment"} & picture.info.keys()


def test_colours_of_a_camera_are_shown_as_they_were() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")
    for format in ("JPEG", "PNG", "WEBP"):
        image = read_image(encoded(Image.new("RGB", (9, 9), "blue"), format, icc_profile=swapped))
        assert is_red(decoded(image.content).getpixel((4, 4)))
    for unfit in (b"none", srgb[:200]):
        image = read_image(encoded(Image.new("RGB", (9, 9), "red"), icc_profile=unfit))
        assert is_red(decoded(image.content).getpixel((4, 4)))
    image = read_image(encoded(halves().convert("CMYK"), "JPEG"))
    assert is_red(decoded(image.content).getpixel((20, 50)))


def test_sixteen_bits_of_grey_stay_grey() -> None:
    image = read_image(encoded(Image.new("I;16", (9, 9), 32_768)))
    assert decoded(image.content).getpixel((4, 4)) in {(grey, grey, grey) for grey in range(124, 133)}


@pytest.mark.parametrize(
    "file",
    [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", encoded(halves(), "BMP"), encoded(halves(), "TIFF")],
    ids=["nothing", "a head alone", "SVG", "BMP", "TIFF"],
)
def test_what_is_no_picture_of_these_formats_is_refused(file: bytes) -> None:
    with pytest.raises(ApiError) as refused:
        read_image(file)
    assert "JPEG, PNG, WebP" in refused.value.message.en


def png_of(width: int, height: int) -> bytes:
    """A PNG whose head promises so many pixels, and which has none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [5_001, 8_000, 20_000, 100_000])
def test_a_decompression_bomb_is_refused_by_its_head(side: int) -> None:
    assert side * side > MAX_PIXELS
    with pytest.raises(ApiError) as refused:
        read_image(png_of(side, side))
    assert "52 million pixels, another 25" in refused.value.message.en


def test_a_photograph_of_a_large_sensor_is_taken() -> None:
    image = read_image(encoded(Image.new("L", (8160, 6120)), "JPEG"))
    assert (image.width, image.height) == (1600, 1200)


@pytest.mark.filterwarnings("ignore::UserWarning")  # the library's, of metadata that it leaves out
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_broken_file_is_a_picture_or_is_refused_and_never_a_failure(format: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    whole = encoded(halves(64, 48), format, **({} if format == "GIF" else {"exif": exif}))
    chance = random.Random(format)
    outcomes = set()
    for _ in range(300):
        file = bytearray(whole[: chance.randrange(4, len(whole) + 1)] if chance.random() < 0.3 else whole)
        for _ in range(chance.randrange(1, 6)):
            file[chance.randrange(len(file))] = chance.randrange(256)
        try:
            outcomes.add(read_image(bytes(file)).format)
        except ApiError as refused:
            outcomes.add(refused.message.en)
    assert len(outcomes) > 1


def test_the_same_picture_has_one_name_and_another_has_another() -> None:
    assert read_image(a_picture()).name == read_image(a_picture()).name != read_image(a_picture(colour="blue")).name


def test_a_smaller_size_has_the_shape_the_format_and_the_colours_of_the_picture() -> None:
    for picture, format in (
        (halves(1600, 900), ImageFormat.JPEG),
        (halves(1600, 900).convert("RGBA"), ImageFormat.PNG),
    ):
        if format is ImageFormat.PNG:
            picture.putpixel((0, 0), (0, 0, 0, 0))  # which no smaller size shows
        small = narrowed(read_image(encoded(picture)), 320)
        assert (small.format, small.width, small.height) == (format, 320, 180)
        shown = decoded(small.content)
        assert (shown.format, shown.size) == (format.name, (320, 180))
        assert is_red(shown.getpixel((150, 90)))
        assert not is_red(shown.getpixel((170, 90)))
    thin = narrowed(read_image(encoded(Image.new("RGB", (1600, 1)))), 320)
    assert (thin.width, thin.height) == (320, 1)
