"""Signing in, and who is signed in."""

from typing import Annotated

import strawberry

from api.context import Info
from api.domain.faults import bad_input
from api.schema.ballots import Credential, Session, Viewer

With = Annotated[Credential, strawberry.argument(name="with", description="How you prove who you are.")]


@strawberry.type
class ViewerQueries:
    """Root fields about the caller."""

    @strawberry.field(
        description="Whoever is signed in; null when nobody is. An error when the token is wrong or too old."
    )
    def viewer(self, info: Info) -> Viewer | None:
        """The caller."""
        return None if info.context.voter is None else Viewer.of(info.context.voter)


@strawberry.type
class ViewerMutations:
    """Root fields that make sessions."""

    @strawberry.mutation(description="Sign in. Send the token of the session with every request from then on.")
    async def sign_in(self, info: Info, credential: With) -> Session:
        """By the provider whose credential was given."""
        if not credential.guest:
            raise bad_input("with须给出一种凭证。", "with must give one credential.", argument="with")
        return Session.of(await info.context.sign_in("guest", credential.guest.name))
