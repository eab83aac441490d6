"""What do the tests of identity share? Stand-ins for the providers, and the client that reaches them."""

from collections.abc import AsyncIterator, Iterator

import pytest

from api.identity.http_client import ProviderClient, open_provider_client
from tests.standins.issuer import IssuerStandIn, issuer_stand_in
from tests.standins.wechat import WeChatStandIn, wechat_stand_in


@pytest.fixture
def wechat_server() -> Iterator[WeChatStandIn]:
    with wechat_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def issuer() -> Iterator[IssuerStandIn]:
    with issuer_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def time_limit() -> float:
    """Seconds for an answer: however long a busy machine takes. A test of silence names its own."""
    return 60.0


@pytest.fixture
async def provider_client(time_limit: float) -> AsyncIterator[ProviderClient]:
    async with open_provider_client(time_limit) as client:
        yield client
