"""The mutation signIn."""

from typing import Annotated

import strawberry

from api.context import Info
from api.schema.credentials import Credential, Session, proof

With = Annotated[Credential, strawberry.argument(name="with", description="How you prove who you are.")]


@strawberry.type
class SignInMutation:
    """The root field that begins a session."""

    @strawberry.mutation(
        description="Sign in. Send the token of the session with every request from then on. Where the provider does not vouch "
        "for you the error is SIGN_IN_FAILED, where it cannot be asked SIGN_IN_UNAVAILABLE; `extensions.reason` and "
        "`extensions.retryable` say what can be done."
    )
    async def sign_in(self, info: Info, credential: With) -> Session | None:
        """By the provider whose credential was given."""
        context = info.context
        context.rate_limits.take_sign_in()
        session = await context.authenticator.sign_in(*proof(credential), context.now)
        return Session.of(session)
