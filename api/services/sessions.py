"""Sign people in: a provider authenticates them, and a session token stands for them from then on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.domain.errors import ApiError
from api.domain.people.identity import Role, Session, Voter
from api.domain.voting.quota import pseudonym
from api.ports import IdentityProvider, Tokens
from api.services.audit_trail import AuditRecorder


class Authenticator:
    """Issues and recognises sessions. providers: by name; audit: where failures to sign in are recorded, if anywhere."""

    def __init__(
        self,
        providers: Mapping[str, IdentityProvider[Any]],
        tokens: Tokens,
        server_secret: bytes,
        audit: AuditRecorder | None = None,
    ) -> None:
        self._providers = providers
        self._tokens = tokens
        self._server_secret = server_secret
        self._audit = audit
        self.methods = tuple(method for provider in providers.values() for method in provider.methods)

    async def sign_in(self, provider: str, credential: object, now: datetime, version: int = 0) -> Session:
        """Issue a session; the same person gets the same pseudonym every time. Raises the provider's ApiError.

        version is the number of the last revocation (AccessGrants.version): later ones may end the session.
        """
        try:
            identity = await self._providers[provider].authenticate(credential, now)
        except ApiError as error:
            if self._audit is not None:
                self._audit.record_failed_sign_in(provider, error.code, now)
            raise
        roles = dict.fromkeys((Role.VOTER, *identity.roles))
        voter = Voter(pseudonym(self._server_secret, identity.realm, identity.subject), tuple(roles), version)
        return self._tokens.issue(voter, provider, now)

    def recognise(self, token: str, now: datetime) -> Voter:
        """The voter whose token this is. Raises ApiError UNAUTHENTICATED."""
        return self._tokens.verify(token, now)
