"""What do the sandbox's tests share?"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.testing.sandbox import SandboxServer
from tests.commands import SEED
from tests.servers import prepare


@pytest.fixture
def seeded(tmp_path: Path) -> Callable[[], str]:
    """Names a SQLite database with the selection of 2017 in it."""

    def make() -> str:
        url = f"sqlite://{tmp_path}/seeded.sqlite3"
        prepare(url, SEED)
        return url

    return make


@pytest.fixture(autouse=True)
def nothing_fails_unseen(request: pytest.FixtureRequest) -> Iterator[None]:
    """A sandbox that a test used has not failed on the way."""
    yield
    if "pingxuan_sandbox" in request.fixturenames:
        server: SandboxServer = request.getfixturevalue("pingxuan_sandbox")
        assert "Traceback" not in server.log, server.log
