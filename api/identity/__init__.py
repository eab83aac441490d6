"""Which ways of signing in there are. A new one is a module, a line in `providers`, a field of `Credential`."""

from collections.abc import Mapping
from typing import Any

from api.identity.disabled import DisabledProvider
from api.identity.guest import Guests
from api.identity.oidc import OpenId
from api.identity.wechat import MINI_PROGRAM, OFFICIAL_ACCOUNT, WeChatProvider
from api.ports import SignInBackend


def providers(
    *,
    guests: bool = False,
    mini_program: WeChatProvider | None = None,
    official_account: WeChatProvider | None = None,
    oidc: OpenId | None = None,
) -> Mapping[str, SignInBackend[Any]]:
    """Every provider by its name, which is its field of `Credential`; those that are off say how to turn them on."""
    doors: tuple[SignInBackend[Any], ...] = (
        Guests() if guests else DisabledProvider(Guests.name, "PINGXUAN_GUESTS=on"),
        mini_program or DisabledProvider(MINI_PROGRAM.name, "PINGXUAN_WECHAT_MINI_PROGRAM_APPID"),
        official_account or DisabledProvider(OFFICIAL_ACCOUNT.name, "PINGXUAN_WECHAT_OFFICIAL_ACCOUNT_APPID"),
        oidc or DisabledProvider(OpenId.name, "PINGXUAN_OIDC_PROVIDERS"),
    )
    return {door.name: door for door in doors}
