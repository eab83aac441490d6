"""Who is asking: how a provider vouches for a person, and the pseudonym, roles and session that come of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Role(Enum):
    """What a viewer may do."""

    VOTER = "May cast ballots and see their own. Everyone who signs in is a voter."
    EXPERT = "May score the candidates as well."
    ORGANIZER = "May run campaigns."
    AUDITOR = "May read what only the organizers see, and change nothing."


@dataclass(frozen=True, slots=True)
class IdToken:
    """An OpenID Connect ID token, with the name of the provider it is from and the nonce it was asked for with."""

    provider: str
    token: str = field(repr=False)
    nonce: str | None = field(default=None, repr=False)


class SignInProvider(Enum):
    """The doors people sign in by, each a field of `Credential`."""

    GUEST = "The field `guest`: ask for a name."
    WECHAT_MINI_PROGRAM = "The field `wechatMiniProgram`: call `wx.login` in the mini-program with this `appid`."
    WECHAT_OFFICIAL_ACCOUNT = (
        "The field `wechatOfficialAccount`: on a page that is open in WeChat, send the person to WeChat's web authorization "
        "with this `appid` and `scope`."
    )
    OIDC = (
        "The field `oidc`: get an ID token from the `issuer` for one of the `clientIds`, and send it with `provider`."
    )


@dataclass(frozen=True, slots=True)
class SignInMethod:
    """A way in that is open, with what a front-end begins it with. Nothing in it is secret."""

    door: SignInProvider
    appid: str | None = None
    scope: str | None = None
    provider: str | None = None
    issuer: str | None = None
    client_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalIdentity:
    """A person, as a provider knows one: within a realm, the subject is theirs alone and stays theirs.

    It lives for one sign-in and is kept nowhere; repr shows no subject, so that no log does. roles are what the
    provider grants beyond voting.
    """

    realm: str
    subject: str = field(repr=False)
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Voter:
    """A person as the system knows one: by pseudonym, never by name.

    roles are those that signing in has brought. version is the last revocation there was then (domain.roster).
    signed_in_at is when that was, in seconds since 1970; None where it is not known.
    """

    pseudonym: str
    roles: tuple[Role, ...] = (Role.VOTER,)
    version: int = 0
    signed_in_at: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in voter, the token that proves it, and when it stops doing so."""

    token: str
    expires_at: datetime
    voter: Voter
