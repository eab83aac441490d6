"""Queries about the viewer: who is signed in, and how one signs in."""

import strawberry

from api.context import Info
from api.schema.ballots import Viewer
from api.schema.credentials import SignInMethod


@strawberry.type
class ViewerQueries:
    """Root fields about the caller."""

    @strawberry.field(
        description="Whoever is signed in; null when nobody is. An error when the token is wrong or too old."
    )
    def viewer(self, info: Info) -> Viewer | None:
        """The caller."""
        voter = info.context.viewer.voter
        return None if voter is None else Viewer.of(voter)

    @strawberry.field(
        description="The ways of signing in that this server has open. A front-end offers those that it can begin where it "
        "runs."
    )
    def sign_in_methods(self, info: Info) -> list[SignInMethod]:
        """Never cached: settings switch providers on and off."""
        info.context.keep_private()
        return [SignInMethod.of(method) for method in info.context.authenticator.methods]
