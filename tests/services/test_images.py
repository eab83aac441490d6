"""Are pictures decoded beside the event loop, one after the other, and are those that are asked for kept in memory?"""

import asyncio
import threading

import pytest

from api.domain.audit_trail import AuditEvent
from api.domain.errors import ApiError
from api.domain.images import WIDTHS, ImageFile, ImageFormat, ImageName
from api.services import images
from api.services.audit_trail import AuditRecorder
from api.services.images import CampaignImages
from tests.campaigns import DURING, SLUG, a_campaign
from tests.memory import MemoryTrail

VOTER = "a" * 26


class MemoryImages:
    """ports.ImageStore in memory."""

    def __init__(self) -> None:
        self.stored: dict[str, ImageFile] = {}
        self.events: list[AuditEvent] = []
        self.reads = 0

    async def keep(self, image: ImageFile, campaign: str, max_megabytes: int, event: AuditEvent) -> None:
        self.stored[image.name] = image
        self.events.append(event)

    async def keep_size(self, name: ImageName, image: ImageFile) -> None:
        self.stored[str(name)] = image

    async def find(self, name: ImageName) -> ImageFile | None:
        self.reads += 1
        return self.stored.get(str(name))


def an_image(content: bytes) -> ImageFile:
    return ImageFile(content, ImageFormat.JPEG, 3, 2)


def narrowed(image: ImageFile, width: int) -> ImageFile:
    return ImageFile(b"%d of %b" % (width, image.content), image.format, width, 2)


def campaign_images(store: MemoryImages, read: object = an_image, narrowed: object = narrowed) -> CampaignImages:
    return CampaignImages(store, read, narrowed, AuditRecorder(MemoryTrail(), b"secret"), 10)  # type: ignore[arg-type]


async def test_pictures_are_decoded_one_after_the_other_while_others_are_served() -> None:
    begun, may_end, at_once, most = threading.Event(), threading.Event(), 0, 0

    def read(file: bytes) -> ImageFile:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        begun.set()
        assert may_end.wait(10)
        at_once -= 1
        return an_image(file)

    store = MemoryImages()
    service = campaign_images(store, read)
    uploads = [asyncio.create_task(service.upload(a_campaign(), VOTER, bytes([number]), DURING)) for number in range(5)]
    await asyncio.to_thread(begun.wait, 10)
    assert await service.find("nothing") is None
    may_end.set()
    assert {image.name for image in await asyncio.gather(*uploads)} == store.stored.keys()
    assert most == 1


async def test_an_upload_is_recorded_with_its_address_and_a_name_of_the_trail() -> None:
    store = MemoryImages()
    image = await campaign_images(store).upload(a_campaign(), VOTER, b"x", DURING)
    [event] = store.events
    assert (event.campaign, event.details) == (SLUG, {"url": image.url})
    assert event.actor not in (None, VOTER)


async def test_an_image_is_read_once_and_the_one_asked_for_longest_ago_is_forgotten_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(images, "MAX_CACHED_BYTES", 25)
    store = MemoryImages()
    service = campaign_images(store)
    one, two, three = [await service.upload(a_campaign(), VOTER, bytes([n]) * 10, DURING) for n in range(3)]
    for image in (one, two, one):
        assert await service.find(image.name) == image
    assert store.reads == 2
    await service.find(three.name)
    await service.find(one.name)
    assert store.reads == 3
    await service.find(two.name)
    assert store.reads == 4


async def test_a_name_that_nothing_has_is_not_remembered() -> None:
    store = MemoryImages()
    service = campaign_images(store)
    assert await service.find(an_image(b"x").name) is None
    image = await service.upload(a_campaign(), VOTER, b"x", DURING)
    assert await service.find(image.name) == image


WIDE = ImageFile(b"wide", ImageFormat.JPEG, 800, 600)


def size_of(image: ImageFile, width: int) -> str:
    return str(ImageName(image.digest, image.format, width))


async def test_an_upload_brings_its_smaller_sizes_along() -> None:
    store = MemoryImages()
    image = await campaign_images(store, lambda file: WIDE).upload(a_campaign(), VOTER, b"x", DURING)
    assert store.stored.keys() == {image.name, size_of(image, 320), size_of(image, 640)}, (
        "960 would be wider than it is"
    )


async def test_a_size_that_was_never_made_is_made_once_for_all_who_ask() -> None:
    store, made, may_end = MemoryImages(), list[int](), threading.Event()

    def slowly(image: ImageFile, width: int) -> ImageFile:
        assert may_end.wait(10)
        made.append(width)
        return narrowed(image, width)

    store.stored[WIDE.name] = WIDE  # by a version that made no sizes
    service = campaign_images(store, narrowed=slowly)
    asking = [asyncio.create_task(service.find(size_of(WIDE, 320))) for _ in range(9)]
    asking.append(asyncio.create_task(service.find(size_of(WIDE, 960))))
    await asyncio.sleep(0)
    asking[0].cancel()  # whoever goes away takes it from nobody
    may_end.set()
    _, *sizes, itself = await asyncio.gather(*asking, return_exceptions=True)
    assert sizes == [narrowed(WIDE, 320)] * 8
    assert itself == WIDE
    assert await service.find(size_of(WIDE, 320)) == narrowed(WIDE, 320)
    assert made == [320]
    assert store.stored.keys() == {WIDE.name, size_of(WIDE, 320)}


async def test_so_many_sizes_are_made_at_once_and_whoever_asks_for_more_is_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(images, "MAX_MAKING", 2)
    begun, may_end = threading.Event(), threading.Event()

    def slowly(image: ImageFile, width: int) -> ImageFile:
        begun.set()
        assert may_end.wait(10)
        return narrowed(image, width)

    store = MemoryImages()
    wide = [ImageFile(bytes([number]), ImageFormat.JPEG, 1600, 900) for number in range(2)]
    store.stored = {image.name: image for image in wide}
    service = campaign_images(store, narrowed=slowly)
    asking = [asyncio.create_task(service.find(size_of(image, 320))) for image in wide]
    await asyncio.to_thread(begun.wait, 10)
    with pytest.raises(ApiError) as refused:
        await service.find(size_of(wide[0], 640))
    assert refused.value.details["retryAfter"] == 1
    assert await service.find(f"{'0' * 64}-640.jpg") is None, "what there is not takes no place"
    may_end.set()
    assert await asyncio.gather(*asking) == [narrowed(image, 320) for image in wide]
    assert await service.find(size_of(wide[0], 640)) == narrowed(wide[0], 640)


async def test_no_other_width_than_these_few_is_ever_made() -> None:
    store = MemoryImages()
    store.stored[WIDE.name] = WIDE
    service = campaign_images(store)
    for width in ("1", "319", "0320", "640640", "-320", "３２０"):
        assert await service.find(f"{WIDE.digest}-{width}.jpg") is None
    assert store.stored.keys() == {WIDE.name}
    assert WIDTHS == (320, 640, 960)
