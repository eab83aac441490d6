"""Signing in by a name alone, with nothing to prove: for demonstrations and tests, off unless the server says so."""

from api.domain.faults import Fault, FaultCode, bad_input
from api.domain.texts import Text

LONGEST = 64  # characters of a guest's name


class Guests:
    """A guest is whoever they say they are: the same name is the same voter."""

    name = "guest"

    def __init__(self, *, admitted: bool) -> None:
        self._admitted = admitted

    async def subject(self, credential: object) -> str:
        """The guest's name."""
        if not self._admitted:
            raise Fault(
                FaultCode.FORBIDDEN,
                Text("本服务未开放访客登录。", "Guest sign-in is off on this server (PINGXUAN_GUESTS=off)."),
            )
        name = str(credential).strip()
        if not 0 < len(name) <= LONGEST or not name.isprintable():
            raise bad_input(
                f"访客名须为1至{LONGEST}个可见字符，收到{len(name)}个。",
                f"A guest's name has 1 to {LONGEST} printable characters; this one has {len(name)}.",
                argument="with.guest.name",
            )
        return name
