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
                "本服务未开放{self_}登录（由{setting}开启）。",
                "This server does not offer sign-in by {self_}; {setting} turns it on.",
                self_=self.name,
                setting=self._setting,
            ),
            setting=self._setting,
        )
