"""Sign-in: the methods there are, credentials, and sessions."""

from datetime import datetime

import strawberry

from api.domain.errors import bad_input
from api.domain.people import identity
from api.domain.texts import Text
from api.schema.ballots import Viewer
from api.schema.inputs import ExactlyOne


@strawberry.input(description="Signing in as a guest, by a name alone. For demonstrations; most servers refuse it.")
class GuestCredential:
    """The credential of identity.guest."""

    name: str = strawberry.field(
        description="Any name of 1 to 64 characters, as people count them. The same name is the same voter."
    )


@strawberry.input(description="Signing in with WeChat.")
class WeChatCredential:
    """The credential of identity.wechat."""

    code: str = strawberry.field(
        description="The code that WeChat gave the client just now. It works once and for five minutes, so a retry needs a "
        "new one."
    )


@strawberry.input(description="Signing in with an OpenID Connect provider that this server trusts.")
class OidcCredential:
    """The credential of identity.oidc."""

    provider: str = strawberry.field(description="The provider's name on this server, such as `city`.")
    id_token: str = strawberry.field(description="The ID token, as the provider issued it. An access token is refused.")
    nonce: str | None = strawberry.field(
        default=None,
        description="The nonce that you began the sign-in at the provider with. Needed when the ID token holds one.",
    )


@strawberry.input(directives=[ExactlyOne()], description="How you prove who you are: exactly one of these.")
class Credential:
    """Has a field for each identity provider, named like the provider."""

    guest: GuestCredential | None = strawberry.field(
        default=strawberry.UNSET, description="By a name alone, where the server admits guests."
    )
    wechat_mini_program: WeChatCredential | None = strawberry.field(
        default=strawberry.UNSET, description="In a WeChat mini-program, with the code from `wx.login`."
    )
    wechat_official_account: WeChatCredential | None = strawberry.field(
        default=strawberry.UNSET,
        description="On a page that is open in WeChat, with the code from an official account's web authorization.",
    )
    oidc: OidcCredential | None = strawberry.field(
        default=strawberry.UNSET, description="Anywhere else, with the ID token of a provider that this server trusts."
    )


def proof(credential: Credential) -> tuple[str, object]:
    """Return the provider's name and its credential. Raises ApiError BAD_INPUT when there is none."""
    if credential.guest:
        return "guest", credential.guest.name
    if credential.wechat_mini_program:
        return "wechatMiniProgram", credential.wechat_mini_program.code
    if credential.wechat_official_account:
        return "wechatOfficialAccount", credential.wechat_official_account.code
    if credential.oidc:
        return "oidc", identity.IdToken(credential.oidc.provider, credential.oidc.id_token, credential.oidc.nonce)
    raise bad_input(Text("with须给出一种凭证。", "with must give one credential."), argument="with")


@strawberry.type(description="A session of someone who has signed in.")
class Session:
    """Shows domain.people.identity.Session."""

    token: str = strawberry.field(description="Send it with every request: `Authorization: Bearer <token>`.")
    expires_at: datetime = strawberry.field(description="When the token stops working; sign in again before that.")
    viewer: Viewer = strawberry.field(description="Who has signed in.")

    @classmethod
    def of(cls, session: identity.Session) -> "Session":
        return cls(token=session.token, expires_at=session.expires_at, viewer=Viewer.of(session.voter))


@strawberry.type(description="A way of signing in that this server has open, with what a front-end needs to begin it.")
class SignInMethod:
    """Shows domain.people.identity.SignInMethod."""

    door: identity.SignInProvider = strawberry.field(description="Which field of `Credential` it is.")
    appid: str | None = strawberry.field(description="The appid to begin with at WeChat; null for other doors.")
    scope: str | None = strawberry.field(
        description="The scope to ask WeChat's web authorization for; null for other doors."
    )
    provider: str | None = strawberry.field(
        description="The provider's name on this server, as `OidcCredential.provider` takes it; null for other doors."
    )
    issuer: str | None = strawberry.field(
        description="The provider's issuer, which its discovery document is found by; null for other doors."
    )
    client_ids: list[str] = strawberry.field(
        description="The client ids that ID tokens may be issued for; empty for other doors."
    )

    @classmethod
    def of(cls, method: identity.SignInMethod) -> "SignInMethod":
        return cls(
            door=method.sign_in_provider,
            appid=method.appid,
            scope=method.scope,
            provider=method.provider,
            issuer=method.issuer,
            client_ids=list(method.client_ids),
        )
