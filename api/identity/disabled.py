"""The provider that stands in for one that this server does not offer, and names the setting that would turn it on."""

from datetime import datetime
from typing import NoReturn

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text


class DisabledProvider:
    """An identity provider that authenticates nobody. setting: the environment variable that would enable it."""

    methods = ()

    def __init__(self, name: str, setting: str) -> None:
        self.name = name
        self._setting = setting

    async def authenticate(self, credential: object, now: datetime) -> NoReturn:
        """Raises ApiError FORBIDDEN, whatever the credential."""
        raise ApiError(
            ErrorCode.FORBIDDEN,
            Text(
                f"本服务未开放{self.name}登录（由{self._setting}开启）。",
                f"This server does not offer sign-in by {self.name}; {self._setting} turns it on.",
            ),
            setting=self._setting,
        )
