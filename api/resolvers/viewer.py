"""Signing in, and who is signed in."""

from typing import Annotated

import strawberry

from api.context import Info
from api.schema.ballots import Viewer
from api.schema.credentials import Credential, Session, SignInMethod, proof

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

    @strawberry.field(
        description="The ways of signing in that this server has open. A front-end offers those that it can begin where it "
        "runs."
    )
    def sign_in_methods(self, info: Info) -> list[SignInMethod]:
        """Never cached: settings switch providers on and off."""
        info.context.keep_private()
        return [SignInMethod.of(method) for method in info.context.authenticator.methods]


@strawberry.type
class ViewerMutations:
    """Root fields that make sessions."""

    @strawberry.mutation(
        description="Sign in. Send the token of the session with every request from then on. Where the provider does not vouch "
        "for you the error is SIGN_IN_FAILED, where it cannot be asked SIGN_IN_UNAVAILABLE; `extensions.reason` and "
        "`extensions.retryable` say what can be done."
    )
    async def sign_in(self, info: Info, credential: With) -> Session:
        """By the provider whose credential was given."""
        info.context.count_sign_in()
        return Session.of(await info.context.sign_in(*proof(credential)))
