"""The pytest plugin: one sandbox per run, reset before each test, with its clock and a voter.

A test that asks for `pingxuan_server`, `pingxuan_clock` or `pingxuan_voter` starts from the seeded state. A conftest.py may
override `pingxuan_campaigns`, `pingxuan_at` and `pingxuan_settings`, the options of the sandbox.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from api.testing.sandbox import SandboxClock, SandboxServer, SandboxVoter, running

DEFAULT_VOTER = "lin"  # of the fixture pingxuan_voter


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the sandbox's options to the command line and the configuration file."""
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
    """Return the campaign files to load; none stands for the selection of 2017."""
    options: list[str] | None = pytestconfig.getoption("pingxuan_campaign")
    configured: list[Path] = pytestconfig.getini("pingxuan_campaigns")
    return [pytestconfig.invocation_params.dir / name for name in options] if options else configured


@pytest.fixture(scope="session")
def pingxuan_at(pytestconfig: pytest.Config) -> str | None:
    """Return the time at which each test starts, as RFC 3339; None for the first morning of the vote."""
    return pytestconfig.getoption("pingxuan_at") or pytestconfig.getini("pingxuan_at") or None


@pytest.fixture(scope="session")
def pingxuan_settings() -> Mapping[str, str]:
    """Return settings of the server, such as {"PINGXUAN_SESSION": "5m"}. The environment's are not passed on."""
    return {}


@pytest.fixture(scope="session")
def pingxuan_sandbox(
    pingxuan_campaigns: Sequence[Path], pingxuan_at: str | None, pingxuan_settings: Mapping[str, str]
) -> Iterator[SandboxServer]:
    """Start the server of this run; it keeps the state that the previous test left."""
    with running(pingxuan_campaigns, pingxuan_at, pingxuan_settings) as server:
        yield server


@pytest.fixture
def pingxuan_server(pingxuan_sandbox: SandboxServer) -> SandboxServer:
    """Return the server, reset to its seeded state."""
    pingxuan_sandbox.reset()
    return pingxuan_sandbox


@pytest.fixture
def pingxuan_clock(pingxuan_server: SandboxServer) -> SandboxClock:
    """Return the server's clock, which stands still until it is set, moved or made to tick."""
    return pingxuan_server.clock


@pytest.fixture
def pingxuan_voter(pingxuan_server: SandboxServer) -> SandboxVoter:
    """Return a voter who is signed in and has not voted. There are more in `pingxuan_server.voters`."""
    return pingxuan_server.voters[DEFAULT_VOTER]
