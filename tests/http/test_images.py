"""Is a reader of images told to come back while the database is away, and served what is in memory meanwhile?"""

from typing import Any, cast

from starlette.requests import Request

from api.domain.images import ImageFile, ImageFormat, ImageName
from api.http.images import ImagesEndpoint
from api.limits import Limits
from api.services.audit_trail import AuditRecorder
from api.services.images import CampaignImages
from api.storage.database.outages import DatabaseOutage
from tests.memory import MemoryTrail

IMAGE = ImageFile(b"\xff\xd8", ImageFormat.JPEG, 3, 2)


class Store:
    """One image, on a database that may be away."""

    is_away = False

    async def find(self, name: ImageName) -> ImageFile | None:
        if self.is_away:
            raise DatabaseOutage(TimeoutError(), "see that it is up")
        return IMAGE if str(name) == IMAGE.name else None


def asked(name: str) -> Request:
    return Request({"type": "http", "method": "GET", "headers": [], "path_params": {"name": name}})


async def test_while_the_database_is_away_what_is_in_memory_is_served() -> None:
    store = Store()
    images = CampaignImages(
        cast(Any, store), cast(Any, None), cast(Any, None), AuditRecorder(MemoryTrail(), b"secret"), 1
    )
    endpoint = ImagesEndpoint(images, cast(Any, None), Limits())
    assert (await endpoint.serve(asked(IMAGE.name))).body == IMAGE.content
    store.is_away = True
    assert (await endpoint.serve(asked(IMAGE.name))).status_code == 200
    response = await endpoint.serve(asked(f"{'0' * 64}.jpg"))
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert b"OVERLOADED" in response.body
