"""What do the sandbox's tests share?"""

from collections.abc import Callable
from pathlib import Path

import pytest

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
