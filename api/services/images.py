"""The images of campaigns: uploaded by organizers, decoded one after the other, and the newest and busiest kept in memory."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.images import ImageFile
from api.ports import ImageStore
from api.services.audit_trail import AuditRecorder

MAX_CACHED_BYTES = 64 * 1024 * 1024  # of a process: the images of some two hundred candidates


class CampaignImages:
    """Takes images in and gives them out.

    read: decodes a file, and raises ApiError BAD_INPUT where it is no picture. max_megabytes: of all images of a campaign.
    """

    def __init__(
        self, store: ImageStore, read: Callable[[bytes], ImageFile], audit: AuditRecorder, max_megabytes: int
    ) -> None:
        self._store = store
        self._read = read
        self._audit = audit
        self._max_megabytes = max_megabytes
        self._decoder = ThreadPoolExecutor(1, thread_name_prefix="images")  # a picture takes up to half a gigabyte
        self._cache: OrderedDict[str, ImageFile] = OrderedDict()
        self._cached_bytes = 0

    async def upload(self, campaign: Campaign, organizer: str, file: bytes, now: datetime) -> ImageFile:
        """Store the picture in a file for a campaign. Raises ApiError BAD_INPUT, QUERY_TOO_LARGE or OVERLOADED."""
        image = await asyncio.get_running_loop().run_in_executor(self._decoder, self._read, file)
        actor = self._audit.actor(campaign, organizer)
        event = AuditEvent(now, TrailKind.IMAGE_UPLOADED, campaign.slug, actor, {"url": image.url})
        await self._store.keep(image, campaign.slug, self._max_megabytes, event)
        return image

    async def find(self, name: str) -> ImageFile | None:
        """The image of this name, such as DIGEST.jpg. Raises ApiError OVERLOADED."""
        image = self._cache.get(name)
        if image is None:
            image = await self._store.find(name)
        if image is not None:
            self._keep_in_memory(name, image)
        return image

    def _keep_in_memory(self, name: str, image: ImageFile) -> None:
        """Keep an image that was asked for; forget those that were asked for longest ago where there are too many."""
        if name not in self._cache:
            self._cached_bytes += len(image.content)
        self._cache[name] = image
        self._cache.move_to_end(name)
        while self._cached_bytes > MAX_CACHED_BYTES:
            _, oldest = self._cache.popitem(last=False)
            self._cached_bytes -= len(oldest.content)
