"""Uploaded images on a database. Nothing changes or deletes them: pages, caches and the trail may refer to any."""

from math import ceil

from api.domain.audit_trail import AuditEvent
from api.domain.images import ImageFile, ImageName
from api.limits import too_large
from api.storage.audit_trail import write
from api.storage.database.connection import Database

KEEP = (
    "insert into images (id, campaign_id, format, width, height, content) values ($1, $2, $3, $4, $5, $6) "
    "on conflict do nothing returning id"
)
TOTAL = "select sum(length(content)) as bytes from images where campaign_id = $1"
FIND = "select content, width, height from images where id = $1 and format = $2"
KEEP_SIZE = "insert into image_sizes (image_id, width, height, content) values ($1, $2, $3, $4) on conflict do nothing"
FIND_SIZE = (
    "select sizes.content, sizes.width, sizes.height from image_sizes sizes join images on images.id = sizes.image_id "
    "where sizes.image_id = $1 and images.format = $2 and sizes.width = $3"
)


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

    async def keep_size(self, name: ImageName, image: ImageFile) -> None:
        """Store a smaller size. Where two processes make the same one at once, one of them is stored."""
        await self._database.rows(KEEP_SIZE, name.digest, name.width, image.height, image.content)

    async def find(self, name: ImageName) -> ImageFile | None:
        """The image of this name, or the smaller size."""
        kind = name.digest, name.format.name
        found = (
            self._database.rows(FIND, *kind)
            if name.width is None
            else self._database.rows(FIND_SIZE, *kind, name.width)
        )
        rows = await found
        return ImageFile(bytes(rows[0]["content"]), name.format, rows[0]["width"], rows[0]["height"]) if rows else None
