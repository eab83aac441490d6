"""How a person becomes a voter: a provider vouches for them, and a token stands for them from then on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.domain.people.identity import Role, Session, Voter
from api.domain.voting.quota import pseudonym
from api.ports import SignInBackend, Tokens


class Authenticator:
    """Where people sign in. A provider that is not in the registry does not exist."""

    def __init__(self, providers: Mapping[str, SignInBackend[Any]], tokens: Tokens, server_secret: bytes) -> None:
        self._providers = providers
        self._tokens = tokens
        self._server_secret = server_secret
        self.methods = tuple(method for provider in providers.values() for method in provider.methods)

    async def sign_in(self, provider: str, credential: object, now: datetime, version: int = 0) -> Session:
        """A session for whom the credential stands for; the same person gets the same pseudonym every time.

        version is the number of the last revocation (domain.roster): later ones may end the session.
        """
        identity = await self._providers[provider].authenticate(credential, now)
        roles = dict.fromkeys((Role.VOTER, *identity.roles))
        voter = Voter(pseudonym(self._server_secret, identity.realm, identity.subject), tuple(roles), version)
        return self._tokens.issue(voter, provider, now)

    def recognise(self, token: str, now: datetime) -> Voter:
        """Whose token this is. Raises ApiError UNAUTHENTICATED."""
        return self._tokens.verify(token, now)
