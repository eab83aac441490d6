"""Who is asking: the identity that a provider has verified, and the pseudonym, the roles and the session of a voter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TypeAlias

from api.domain.value_classes import value
from api.domain.voting.channels import Channel

Claims: TypeAlias = Mapping[str, tuple[str, ...]]  # what a provider says of a person: the values of each claim


class Role(Enum):
    """What a viewer may do."""

    VOTER = "May cast ballots and see their own. Everyone who signs in is a voter."
    EXPERT = "May score the candidates as well."
    ORGANIZER = "May run campaigns."
    AUDITOR = "May read what only the organizers see, and change nothing."


@dataclass(frozen=True, slots=True)
class IdToken:
    """An OpenID Connect ID token, with the name of its provider in the providers file and the nonce of the sign-in."""

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
    """A way of signing in that is open, with the public parameters that a front-end needs to begin it."""

    sign_in_provider: SignInProvider
    appid: str | None = None
    scope: str | None = None
    provider: str | None = None
    issuer: str | None = None
    client_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalIdentity:
    """A person as a provider identifies them: within a realm, a subject belongs to one person for good.

    It exists during one sign-in and is stored nowhere; repr leaves the subject out, so that no log has it. roles: what
    the provider grants beyond VOTER. claims: those that the server keeps, by which campaigns may tell who is eligible.
    """

    realm: str
    subject: str = field(repr=False)
    roles: tuple[Role, ...] = ()
    channel: Channel = Channel.WEB
    claims: Claims = field(default_factory=dict, repr=False)


@value
class Voter:
    """A person under a pseudonym, never a name.

    roles: those granted at sign-in. version: the number of the last revocation at that time (AccessGrants.version).
    signed_in_at: in seconds since 1970; None where it is not known. channel: the one that they signed in by, and vote by.
    claims: as the provider made them at sign-in. at_polling_place: it stands for one ballot, whose voter a polling place has
    looked at; the campaign takes that ballot once, and does not ask who cast it.
    """

    pseudonym: str
    roles: tuple[Role, ...] = (Role.VOTER,)
    version: int = 0
    signed_in_at: int | None = field(default=None, compare=False)
    channel: Channel = Channel.WEB
    claims: Claims = field(default_factory=dict, hash=False, repr=False)
    at_polling_place: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in voter, with the token that proves it until expires_at."""

    token: str
    expires_at: datetime
    voter: Voter
