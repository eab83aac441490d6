"""Sign people in: a provider authenticates them, and a session token stands for them from then on."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from api.domain.errors import ApiError
from api.domain.people.identity import Role, Session, Voter
from api.domain.voting.quota import pseudonym
from api.ports import IdentityProvider, Tokens
from api.services.audit_trail import AuditRecorder
from api.services.sign_in_counting import SignInCounting

LastRevocation: TypeAlias = Callable[[], Awaitable[int]]


class SignInRecords(NamedTuple):
    """What is noted of sign-ins: each that fails, and how many people succeed in a day."""

    audit: AuditRecorder
    counting: SignInCounting


class Authenticator:
    """Issues sessions, whose tokens `tokens` verifies.

    providers: by name. records: where sign-ins are noted, if anywhere. last_revocation: asks what is stored for the number of
    the last revocation; without it a session counts as begun before the first.
    """

    def __init__(
        self,
        providers: Mapping[str, IdentityProvider[Any]],
        tokens: Tokens,
        server_secret: bytes,
        records: SignInRecords | None = None,
        last_revocation: LastRevocation | None = None,
    ) -> None:
        self._providers = providers
        self.tokens = tokens
        self._server_secret = server_secret
        self._records = records
        self._last_revocation = last_revocation
        self.methods = tuple(method for provider in providers.values() for method in provider.methods)

    async def sign_in(self, provider: str, credential: object, now: datetime) -> Session:
        """Issue a session; the same person gets the same pseudonym every time. Raises the provider's ApiError, and OVERLOADED.

        Its version is the number of the last revocation that is stored, whether or not any process knows it yet: later ones
        alone may end the session.
        """
        try:
            identity = await self._providers[provider].authenticate(credential, now)
        except ApiError as error:
            if self._records is not None:
                self._records.audit.record_failed_sign_in(provider, error.code, now)
            raise
        version = 0 if self._last_revocation is None else await self._last_revocation()
        roles = dict.fromkeys((Role.VOTER, *identity.roles))
        voter = Voter(
            pseudonym(self._server_secret, identity.realm, identity.subject),
            tuple(roles),
            version,
            channel=identity.channel,
            claims=identity.claims,
        )
        session = self.tokens.issue(voter, provider, now)
        if self._records is not None:
            self._records.counting.note(voter.pseudonym, now)
        return session
