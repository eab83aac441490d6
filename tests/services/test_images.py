"""Are pictures decoded beside the event loop, one after the other, and are those that are asked for kept in memory?"""

import asyncio
import threading

import pytest

from api.domain.audit_trail import AuditEvent
from api.domain.images import ImageFile, ImageFormat
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

    async def find(self, name: str) -> ImageFile | None:
        self.reads += 1
        return self.stored.get(name)


def an_image(content: bytes) -> ImageFile:
    return ImageFile(content, ImageFormat.JPEG, 3, 2)


def campaign_images(store: MemoryImages, read: object = an_image) -> CampaignImages:
    return CampaignImages(store, read, AuditRecorder(MemoryTrail(), b"secret"), 10)  # type: ignore[arg-type]


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
