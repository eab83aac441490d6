"""The plugin of pytest: a sandbox for a whole run, as at first for each test, with its clock and a voter.

A test that asks for `pingxuan_server`, `pingxuan_clock` or `pingxuan_voter` begins in the seeded state. A conftest.py may
override `pingxuan_campaigns`, `pingxuan_at` and `pingxuan_settings`, which say what the sandbox is started with.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from api.testing.sandbox import SandboxClock, SandboxServer, SandboxVoter, running

FIRST = "lin"  # the voter that a test gets who asks for one


def pytest_addoption(parser: pytest.Parser) -> None:
    """What the sandbox is started with, on the command line or in the configuration."""
    group = parser.getgroup("pingxuan", "a Pingxuan server for tests")
    group.addoption(
        "--pingxuan-campaign",
        action="append",
        metavar="FILE",
        help="a campaign file to seed the server with; may be given again. Default: pingxuan_campaigns, or 2017's.",
    )
    group.addoption(
        "--pingxuan-at",
        metavar="INSTANT",
        help="what the server's clock shows at first. Default: pingxuan_at, or the first morning of the vote.",
    )
    parser.addini("pingxuan_campaigns", "campaign files that the Pingxuan server is seeded with", type="paths")
    parser.addini("pingxuan_at", "the instant that the Pingxuan server's clock shows when a test begins")


@pytest.fixture(scope="session")
def pingxuan_campaigns(pytestconfig: pytest.Config) -> Sequence[Path]:
    """The campaign files to seed with; none stands for the selection of 2017."""
    given: list[str] | None = pytestconfig.getoption("pingxuan_campaign")
    named: list[Path] = pytestconfig.getini("pingxuan_campaigns")
    return [pytestconfig.invocation_params.dir / name for name in given] if given else named


@pytest.fixture(scope="session")
def pingxuan_at(pytestconfig: pytest.Config) -> str | None:
    """What the clock shows when a test begins, as RFC 3339; None for the first morning of the vote."""
    return pytestconfig.getoption("pingxuan_at") or pytestconfig.getini("pingxuan_at") or None


@pytest.fixture(scope="session")
def pingxuan_settings() -> Mapping[str, str]:
    """Settings of the server, such as {"PINGXUAN_SESSION": "5m"}. The environment's are not passed on."""
    return {}


@pytest.fixture(scope="session")
def pingxuan_sandbox(
    pingxuan_campaigns: Sequence[Path], pingxuan_at: str | None, pingxuan_settings: Mapping[str, str]
) -> Iterator[SandboxServer]:
    """The server of this run, in whatever state the test before has left it."""
    with running(pingxuan_campaigns, pingxuan_at, pingxuan_settings) as server:
        yield server


@pytest.fixture
def pingxuan_server(pingxuan_sandbox: SandboxServer) -> SandboxServer:
    """The server, in its seeded state."""
    pingxuan_sandbox.reset()
    return pingxuan_sandbox


@pytest.fixture
def pingxuan_clock(pingxuan_server: SandboxServer) -> SandboxClock:
    """The server's clock, which stands still until it is set, moved or told to tick."""
    return pingxuan_server.clock


@pytest.fixture
def pingxuan_voter(pingxuan_server: SandboxServer) -> SandboxVoter:
    """A voter who is signed in and has not voted. There are more in `pingxuan_server.voters`."""
    return pingxuan_server.voters[FIRST]
