"""The identity providers. To add one: a module, a line in `providers`, a field of the GraphQL input `Credential`."""

from collections.abc import Mapping
from typing import Any

from api.identity.disabled import DisabledProvider
from api.identity.guest import GuestProvider
from api.identity.oidc import OidcProvider
from api.identity.wechat import MINI_PROGRAM, OFFICIAL_ACCOUNT, WeChatProvider
from api.ports import IdentityProvider


def providers(
    *,
    guests: bool = False,
    mini_program: WeChatProvider | None = None,
    official_account: WeChatProvider | None = None,
    oidc: OidcProvider | None = None,
) -> Mapping[str, IdentityProvider[Any]]:
    """Every provider by its field of `Credential`. One that is not configured refuses, and names the setting it needs."""
    registered: tuple[IdentityProvider[Any], ...] = (
        GuestProvider() if guests else DisabledProvider(GuestProvider.name, "PINGXUAN_GUESTS=on"),
        mini_program or DisabledProvider(MINI_PROGRAM.name, "PINGXUAN_WECHAT_MINI_PROGRAM_APPID"),
        official_account or DisabledProvider(OFFICIAL_ACCOUNT.name, "PINGXUAN_WECHAT_OFFICIAL_ACCOUNT_APPID"),
        oidc or DisabledProvider(OidcProvider.name, "PINGXUAN_OIDC_PROVIDERS"),
    )
    return {provider.name: provider for provider in registered}
