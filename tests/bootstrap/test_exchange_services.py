"""Is there a handler for every job that can be started?"""

from typing import Any

from api.bootstrap.exchange_services import ExchangeParts, job_handlers
from api.domain.exchange.formats import ExportContent, ImportContent
from api.domain.exchange.jobs import JobKind
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect


def test_each_content_has_its_handler() -> None:
    parts: dict[str, Any] = dict.fromkeys(ExchangeParts._fields)
    closed = Database(Dialect.SQLITE, None)  # type: ignore[arg-type]
    assert job_handlers(ExchangeParts(**{**parts, "database": closed})).keys() == {
        *((JobKind.EXPORT, content) for content in ExportContent),
        *((JobKind.IMPORT, content) for content in ImportContent),
    }
