"""Which paths does the application have of its own?"""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from api.bootstrap import app
from api.sandbox.info import PATH
from api.settings import read_settings
from api.settings.parsers import OWN_SEGMENTS
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate


async def test_no_root_path_can_begin_like_a_path_of_the_servers_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_settings({}, DATABASE_URL=f"sqlite://{tmp_path}/x.sqlite3", SECRET="a secret")
    made: list[BaseRoute] = []

    def web_application(routes: list[BaseRoute], root_path: str) -> Starlette:
        made.extend(routes)
        return Starlette(routes=routes)

    monkeypatch.setattr(app, "web_application", web_application)
    async with open_database(settings.database_url) as database:
        await migrate(database)
    async with app.open_services(settings, settings.clock()) as services:
        app.application(services, settings)
    own = {route.path for route in made if isinstance(route, Route)} | {PATH}
    assert {path.split("/")[1] for path in own} - {""} == set(OWN_SEGMENTS)
