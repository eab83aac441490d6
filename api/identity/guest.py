"""Signing in by a name alone, with nothing to prove: for demonstrations and tests, off unless the server says so."""

from datetime import datetime

from api.domain.faults import bad_input
from api.domain.people import SignInDoor, SignInMethod, Vouched

LONGEST = 64  # characters of a guest's name


class Guests:
    """A guest is whoever they say they are: the same name is the same voter."""

    name = "guest"
    methods = (SignInMethod(SignInDoor.GUEST),)

    async def vouch(self, credential: str, now: datetime) -> Vouched:
        """The guest's name."""
        name = credential.strip()
        if not 0 < len(name) <= LONGEST or not name.isprintable():
            raise bad_input(
                f"访客名须为1至{LONGEST}个可见字符，收到{len(name)}个。",
                f"A guest's name has 1 to {LONGEST} printable characters; this one has {len(name)}.",
                argument="with.guest.name",
            )
        return Vouched(self.name, name)
