"""What do the faults' tests share? The ground on which deployments are made, and the records of who voted there."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.databases import DURABLE, PostgresServer, running_postgres
from tests.faults.places import Ground


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Ground whose PostgreSQL starts with the first who needs one."""
    with ExitStack() as stack:

        @cache
        def postgres() -> PostgresServer:
            return stack.enter_context(running_postgres(DURABLE))

        yield Ground(tmp_path_factory.mktemp("ground"), postgres)
