"""Which ways of signing in there are. A new one is a module, a line in `providers`, a field of `Credential`."""

from collections.abc import Mapping
from typing import Any

from api.identity.closed import ClosedDoor
from api.identity.guest import Guests
from api.identity.oidc import OpenId
from api.identity.wechat import MINI_PROGRAM, OFFICIAL_ACCOUNT, WeChatDoor
from api.ports import Provider


def providers(
    *,
    guests: bool = False,
    mini_program: WeChatDoor | None = None,
    official_account: WeChatDoor | None = None,
    oidc: OpenId | None = None,
) -> Mapping[str, Provider[Any]]:
    """Every provider by its name, which is its field of `Credential`; those that are off say how to turn them on."""
    doors: tuple[Provider[Any], ...] = (
        Guests() if guests else ClosedDoor(Guests.name, "PINGXUAN_GUESTS=on"),
        mini_program or ClosedDoor(MINI_PROGRAM.name, "PINGXUAN_WECHAT_MINI_PROGRAM_APPID"),
        official_account or ClosedDoor(OFFICIAL_ACCOUNT.name, "PINGXUAN_WECHAT_OFFICIAL_ACCOUNT_APPID"),
        oidc or ClosedDoor(OpenId.name, "PINGXUAN_OIDC_PROVIDERS"),
    )
    return {door.name: door for door in doors}
