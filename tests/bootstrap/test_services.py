"""Is all that the services have begun at its end before the database is closed under it?"""

import asyncio
import shutil
from pathlib import Path

import pytest

from api.bootstrap.services import open_services
from api.domain.results.kept_order import KeptOrder
from api.settings import read_settings
from tests.servers import MORNING


async def test_nothing_reads_from_a_database_that_is_closed(
    seeded_2017: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = shutil.copy(seeded_2017, tmp_path / "vote.sqlite3")
    settings = read_settings({}, DATABASE_URL=f"sqlite://{file}", SECRET="a secret", CLOCK=MORNING)
    clock = settings.clock()
    async with open_services(settings, clock) as services:
        await services.snapshots.refresh(clock())
        late = [
            asyncio.create_task(services.snapshots.fresh(settings.clock()().replace(day=23))),
            asyncio.create_task(services.kept_orders.keep(KeptOrder.of("2017", [(1, 1)]))),
        ]
        await asyncio.sleep(0)
        begun = [*services.snapshots.under_way, *services.kept_orders.under_way]
    assert len(begun) == 2
    assert all(task.done() for task in begun)
    await asyncio.wait(late)
    assert [record for record in caplog.records if record.exc_info] == []
