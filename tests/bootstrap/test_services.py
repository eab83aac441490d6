"""Is all that the services have begun at its end before the database is closed under it?"""

import asyncio
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from api.bootstrap.services import open_services
from api.context import SharedServices
from api.domain.results.kept_order import KeptOrder
from api.domain.texts import Language
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


async def test_a_context_is_made_at_once_where_a_snapshot_is_at_hand_and_has_all_services(
    seeded_2017: Path, tmp_path: Path
) -> None:
    file = shutil.copy(seeded_2017, tmp_path / "vote.sqlite3")
    settings = read_settings({}, DATABASE_URL=f"sqlite://{file}", SECRET="a secret", CLOCK=MORNING)
    moment = settings.clock()()
    async with open_services(settings, lambda: moment) as services:
        assert services.context_now(Language.ZH, None, "192.0.2.1") is None
        waited = await services.context(Language.ZH, None, "192.0.2.1")
        at_once = services.context_now(Language.EN, None, "192.0.2.1")
        assert at_once is not None
        assert at_once.snapshot is waited.snapshot
        assert (at_once.language, at_once.address, at_once.collation.language) == (
            Language.EN,
            "192.0.2.1",
            Language.EN,
        )
        shared = {field.name for field in fields(SharedServices)}
        assert {name: getattr(at_once, name) for name in shared} == {name: getattr(services, name) for name in shared}
        assert at_once.results is at_once.results
        before = at_once.panels
        at_once.renew_panels()
        assert at_once.panels is not before
