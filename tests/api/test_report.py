"""Who gets the report, from when on, and what does it tell them?"""

from collections.abc import Iterator

import aiohttp
import pytest

from api.testing.sandbox import SandboxServer, running
from tests.api.test_outcomes import BEFORE, PUBLISHED, SLUG, decided_campaign
from tests.conftest import SETTINGS
from tests.servers import Client, project_ids

REPORT = f'{{ campaign(slug: "{SLUG}") {{ report }} }}'
TOLD = ("FINAL RESULTS", ">Winner<", ">获选<")
STAFF, OTHERS = ("organizer", "auditor"), ("expert", "lin", "nobody")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    with running([decided_campaign(tmp_path_factory.mktemp("reported"))], settings=SETTINGS) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def client(http: aiohttp.ClientSession, sandbox: SandboxServer) -> Client:
    """A client of a server on which lin and chen have voted."""
    sandbox.reset()
    sandbox.clock.set(BEFORE[1])
    client = Client(http, sandbox)
    for name in ("lin", "chen"):
        token = sandbox.voters[name].token
        assert (await client.cast(token or "", campaign=SLUG, projectIds=project_ids(range(1, 11), SLUG)))["ballot"]
    return client


async def report(client: Client, sandbox: SandboxServer, name: str) -> str | None:
    token = None if name == "nobody" else sandbox.voters[name].token
    found: str | None = (await client.data(REPORT, token=token))["campaign"]["report"]
    return found


async def test_nobody_has_it_before_voting_has_closed(client: Client, sandbox: SandboxServer) -> None:
    for moment in BEFORE[:2]:
        sandbox.clock.set(moment)
        assert [await report(client, sandbox, name) for name in (*STAFF, *OTHERS)] == [None] * 5


async def test_staff_alone_have_it_until_everything_is_final(client: Client, sandbox: SandboxServer) -> None:
    for moment in BEFORE[2:]:
        sandbox.clock.set(moment)
        for name in STAFF:
            page = await report(client, sandbox, name)
            assert page is not None
            assert "UNOFFICIAL" in page
            assert "All 2 ballots were counted again" in page
            assert not [told for told in TOLD if told in page]
        assert [await report(client, sandbox, name) for name in OTHERS] == [None] * 3


async def test_everybody_has_the_same_once_everything_is_final(client: Client, sandbox: SandboxServer) -> None:
    sandbox.clock.set(PUBLISHED)
    pages = [await report(client, sandbox, name) for name in (*STAFF, *OTHERS)]
    assert len({*pages}) == 1
    assert pages[0] is not None
    assert "UNOFFICIAL" not in pages[0]
    assert all(told in pages[0] for told in TOLD)
