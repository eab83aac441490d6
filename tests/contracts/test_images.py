"""Are images stored once under their names, within what a campaign may have, on either database?"""

import pytest

from api.domain.audit_trail import AuditEvent, TrailFilter, TrailKind
from api.domain.errors import ApiError
from api.domain.images import ImageFile, ImageFormat, ImageName
from api.storage.audit_trail import count
from api.storage.campaigns import store
from api.storage.database.connection import Database
from api.storage.images import SqlImageStore
from tests.campaigns import DURING, SLUG, a_campaign

UPLOADED = AuditEvent(DURING, TrailKind.IMAGE_UPLOADED, SLUG)
JPEG = ImageFile(b"\xff\xd8" + bytes(range(256)), ImageFormat.JPEG, 1600, 900)
PNG = ImageFile(b"\x89PNG" + bytes(100), ImageFormat.PNG, 1, 1600)
ROOM = 1  # megabyte


@pytest.fixture
async def images(database: Database) -> SqlImageStore:
    """Where the images of one campaign are stored."""
    await store(a_campaign(), a_campaign().districts)
    return SqlImageStore(database)


def named(image: ImageFile, width: int | None = None) -> ImageName:
    return ImageName(image.digest, image.format, width)


async def test_an_image_is_found_by_its_name_alone(images: SqlImageStore) -> None:
    for image in (JPEG, PNG):
        await images.keep(image, SLUG, ROOM, UPLOADED)
        assert await images.find(named(image)) == image
    for name in (ImageName(JPEG.digest, ImageFormat.PNG), ImageName("0" * 64, ImageFormat.JPEG)):
        assert await images.find(name) is None


async def test_a_smaller_size_is_stored_once_and_goes_with_its_image(images: SqlImageStore, database: Database) -> None:
    await images.keep(JPEG, SLUG, ROOM, UPLOADED)
    small, name = ImageFile(b"\xff\xd8small", ImageFormat.JPEG, 320, 180), named(JPEG, 320)
    assert await images.find(name) is None
    for content in (small.content, b"made by another version"):
        await images.keep_size(name, ImageFile(content, ImageFormat.JPEG, 320, 180))
    assert await images.find(name) == small
    assert await images.find(named(JPEG)) == JPEG
    for other in (named(JPEG, 640), ImageName(JPEG.digest, ImageFormat.PNG, 320)):
        assert await images.find(other) is None
    await database.rows("delete from images where id = $1", JPEG.digest)
    assert await images.find(name) is None


async def test_an_image_is_stored_and_recorded_once(images: SqlImageStore, database: Database) -> None:
    for _ in range(3):
        await images.keep(JPEG, SLUG, ROOM, UPLOADED)
    assert await count(database, TrailFilter()) == 1


async def test_a_campaign_has_so_many_bytes_of_images_and_the_next_is_not_stored(
    images: SqlImageStore, database: Database
) -> None:
    await images.keep(ImageFile(bytes(10**6 - len(PNG.content) + 1), ImageFormat.JPEG, 9, 9), SLUG, ROOM, UPLOADED)
    with pytest.raises(ApiError) as refused:
        await images.keep(PNG, SLUG, ROOM, UPLOADED)
    assert refused.value.details["limit"] == "images"
    assert refused.value.details["actual"] == 2
    assert await images.find(named(PNG)) is None
    assert await count(database, TrailFilter()) == 1
