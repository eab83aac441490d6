"""Sign-in by a name alone, without any proof: for demonstrations and tests, off unless PINGXUAN_GUESTS is on."""

from datetime import datetime

from api.domain.errors import bad_input
from api.domain.people.identity import ExternalIdentity, SignInMethod, SignInProvider

MAX_NAME_LENGTH = 64  # characters of a guest's name


class GuestProvider:
    """Believes whatever name it is given: the same name is the same voter."""

    name = "guest"
    methods = (SignInMethod(SignInProvider.GUEST),)

    async def authenticate(self, credential: str, now: datetime) -> ExternalIdentity:
        """The guest of this name, white space at its ends aside. Raises ApiError BAD_INPUT for a name that is none."""
        name = credential.strip()
        if not 0 < len(name) <= MAX_NAME_LENGTH or not name.isprintable():
            raise bad_input(
                f"访客名须为1至{MAX_NAME_LENGTH}个可见字符，收到{len(name)}个。",
                f"A guest's name has 1 to {MAX_NAME_LENGTH} printable characters; this one has {len(name)}.",
                argument="with.guest.name",
            )
        return ExternalIdentity(self.name, name)
