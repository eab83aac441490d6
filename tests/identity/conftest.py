"""What do the tests of identity share? Stand-ins for the providers, and a way out to them."""

from collections.abc import AsyncIterator, Iterator

import pytest

from api.identity.http_client import Outside, open_provider_client
from tests.standins.issuer import IssuerStandIn, issuer_stand_in
from tests.standins.wechat import WeChatStandIn, wechat_stand_in

PATIENCE = 3.0  # seconds


@pytest.fixture
def wechat_server() -> Iterator[WeChatStandIn]:
    with wechat_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def issuer() -> Iterator[IssuerStandIn]:
    with issuer_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    async with open_provider_client(PATIENCE) as way_out:
        yield way_out
