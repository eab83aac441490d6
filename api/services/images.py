"""The images of campaigns: uploaded by organizers, decoded one after the other, made smaller once, the busiest in memory."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.errors import ApiError, ErrorCode
from api.domain.images import WIDTHS, ImageFile, ImageName
from api.domain.texts import Text
from api.ports import ImageStore
from api.services.audit_trail import AuditRecorder

MAX_CACHED_BYTES = 64 * 1024 * 1024  # of a process: the images of some two hundred candidates
MAX_MAKING = 64  # smaller sizes that readers wait for at once in a process
BUSY = ApiError(
    ErrorCode.OVERLOADED,
    Text("正在处理其他图片，请1秒后重试。", "Other images are being made smaller. Retry after 1 s."),
    retryAfter=1,
)


class CampaignImages:
    """Takes images in and gives them out.

    read: decodes a file, and raises ApiError BAD_INPUT where it is no picture. narrowed: makes a stored picture smaller, to a
    width. max_megabytes: of all images of a campaign as they are stored, without smaller sizes, of which each has a few.
    """

    def __init__(
        self,
        store: ImageStore,
        read: Callable[[bytes], ImageFile],
        narrowed: Callable[[ImageFile, int], ImageFile],
        audit: AuditRecorder,
        max_megabytes: int,
    ) -> None:
        self._store = store
        self._read = read
        self._narrowed = narrowed
        self._audit = audit
        self._max_megabytes = max_megabytes
        self._decoder = ThreadPoolExecutor(1, thread_name_prefix="images")  # a picture takes up to half a gigabyte
        self._cache: OrderedDict[str, ImageFile] = OrderedDict()
        self._cached_bytes = 0
        self._making: dict[ImageName, asyncio.Task[ImageFile]] = {}

    async def upload(self, campaign: Campaign, organizer: str, file: bytes, now: datetime) -> ImageFile:
        """Store the picture in a file for a campaign, and its smaller sizes, so that no reader waits for them.

        Raises ApiError BAD_INPUT, QUERY_TOO_LARGE or OVERLOADED.
        """
        image = await asyncio.get_running_loop().run_in_executor(self._decoder, self._read, file)
        actor = self._audit.actor(campaign, organizer)
        event = AuditEvent(now, TrailKind.IMAGE_UPLOADED, campaign.slug, actor, {"url": image.url})
        await self._store.keep(image, campaign.slug, self._max_megabytes, event)
        for width in WIDTHS:
            await self._size(ImageName(image.digest, image.format, width), image)
        return image

    async def find(self, name: str) -> ImageFile | None:
        """The image of this name, such as DIGEST.jpg or, 640 pixels wide, DIGEST-640.jpg. Raises ApiError OVERLOADED."""
        parsed = ImageName.parse(name)
        image = self._cache.get(name)
        if image is None and parsed is not None:
            image = await self._store.find(parsed)
            if image is None and parsed.width is not None:
                whole = await self.find(str(replace(parsed, width=None)))
                image = None if whole is None else await self._size(parsed, whole, MAX_MAKING)
        if image is not None:
            self._keep_in_memory(name, image)
        return image

    async def _size(self, name: ImageName, whole: ImageFile, max_making: int | None = None) -> ImageFile:
        """Make and store a smaller size, once for all who ask meanwhile; the picture itself where it is no wider.

        max_making: how many may be made at once; None: any number. Raises ApiError OVERLOADED.
        """
        if name.width is None or name.width >= whole.width:
            return whole
        making = self._making.get(name)
        if making is None:
            if max_making is not None and len(self._making) >= max_making:
                raise BUSY
            making = self._making[name] = asyncio.create_task(self._make(name, whole, name.width))
            making.add_done_callback(lambda _: self._making.pop(name))
        return await asyncio.shield(making)

    async def _make(self, name: ImageName, whole: ImageFile, width: int) -> ImageFile:
        image = await asyncio.get_running_loop().run_in_executor(self._decoder, self._narrowed, whole, width)
        await self._store.keep_size(name, image)
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
