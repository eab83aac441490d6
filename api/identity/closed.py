"""A way to sign in that this server does not offer: it says which setting would open it."""

from datetime import datetime
from typing import NoReturn

from api.domain.faults import Fault, FaultCode
from api.domain.texts import Text


class ClosedDoor:
    """Nobody comes in here."""

    methods = ()

    def __init__(self, name: str, setting: str) -> None:
        self.name = name
        self._setting = setting

    async def vouch(self, credential: object, now: datetime) -> NoReturn:
        """Raises Fault FORBIDDEN, whatever the credential."""
        raise Fault(
            FaultCode.FORBIDDEN,
            Text(
                f"本服务未开放{self.name}登录（由{self._setting}开启）。",
                f"This server does not offer sign-in by {self.name}; {self._setting} turns it on.",
            ),
            setting=self._setting,
        )
