"""Sign-in by a name alone, without any proof: for demonstrations and tests, off unless PINGXUAN_GUESTS is on."""

from datetime import datetime

from api.domain.characters import check_characters
from api.domain.people.identity import ExternalIdentity, SignInMethod, SignInProvider
from api.domain.texts import Text

MAX_NAME_LENGTH = 64  # characters of a guest's name


class GuestProvider:
    """Believes whatever name it is given: the same name is the same voter."""

    name = "guest"
    methods = (SignInMethod(SignInProvider.GUEST),)

    async def authenticate(self, credential: str, now: datetime) -> ExternalIdentity:
        """The guest of this name, white space at its ends aside. Raises ApiError BAD_INPUT for a name that is none."""
        name = credential.strip()
        check_characters(name, 1, MAX_NAME_LENGTH, Text("访客名", "A guest's name"), "with.guest.name")
        return ExternalIdentity(self.name, name)
