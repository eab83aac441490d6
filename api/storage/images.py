"""Uploaded images on a database. Nothing changes or deletes them: pages, caches and the trail may refer to any."""

from math import ceil

from api.domain.audit_trail import AuditEvent
from api.domain.images import ImageFile, ImageFormat
from api.limits import too_large
from api.storage.audit_trail import write
from api.storage.database.connection import Database

KEEP = (
    "insert into images (id, campaign_id, format, width, height, content) values ($1, $2, $3, $4, $5, $6) "
    "on conflict do nothing returning id"
)
TOTAL = "select sum(length(content)) as bytes from images where campaign_id = $1"
FIND = "select content, format, width, height from images where id = $1"


class SqlImageStore:
    """ports.ImageStore on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, image: ImageFile, campaign: str, max_megabytes: int, event: AuditEvent) -> None:
        """Store an image and the event. Several at once may exceed the limit together, and then none more is stored."""
        values = image.digest, campaign, image.format.name, image.width, image.height, image.content
        async with self._database.transaction() as transaction:
            if await transaction.rows(KEEP, *values):
                total = ceil((await transaction.rows(TOTAL, campaign))[0]["bytes"] / 1_000_000)
                if total > max_megabytes:
                    raise too_large("images", max_megabytes, total)
                await write(transaction, [event])

    async def find(self, name: str) -> ImageFile | None:
        """The image of this name."""
        digest, _, ending = name.partition(".")
        rows = await self._database.rows(FIND, digest)
        image_format = ImageFormat[rows[0]["format"]] if rows else None
        if image_format is None or image_format.value != ending:
            return None
        return ImageFile(bytes(rows[0]["content"]), image_format, rows[0]["width"], rows[0]["height"])
