from decimal import Decimal
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    OrderDirection,
    Outcome,
    ProjectLevel,
    ProjectOrderField,
    ResultOrderField,
    Standing,
)


class CastBallotInput(BaseModel):
    """A ballot to cast, or to check."""

    campaign: str | None = None
    "The campaign's slug. Left out: the one that all the projects stand in; where they stand in none or in several, the featured campaign, open now or else most recent."
    project_ids: list[str] = Field(alias="projectIds")
    "The ids of the chosen projects, such as `project/shanghai-2017/17`, in any order."
    idempotency_key: str | None = Field(alias="idempotencyKey", default=None)
    "8 to 128 printable characters that you make up at random for each ballot, and from nothing that is known of a voter: its digest is published once ballots are opened. After a lost answer, send the same request with the same key: it returns the ballot that was cast, and never casts another. With other projects, or in another campaign, a key that has cast a ballot is refused: `IDEMPOTENCY_KEY_REUSED`."


class CostRange(BaseModel):
    """From `min` to `max`, both included; either may be left out. What has no cost is in no range."""

    min: Decimal | None = None
    "The least."
    max: Decimal | None = None
    "The most."


class Credential(BaseModel):
    """How you prove who you are: exactly one of these."""

    guest: Optional["GuestCredential"] = None
    "By a name alone, where the server admits guests."
    wechat_mini_program: Optional["WeChatCredential"] = Field(alias="wechatMiniProgram", default=None)
    "In a WeChat mini-program, with the code from `wx.login`."
    wechat_official_account: Optional["WeChatCredential"] = Field(alias="wechatOfficialAccount", default=None)
    "On a page that is open in WeChat, with the code from an official account's web authorization."
    oidc: Optional["OidcCredential"] = None
    "Anywhere else, with the ID token of a provider that this server trusts."


class GuestCredential(BaseModel):
    """Signing in as a guest, by a name alone. For demonstrations; most servers refuse it."""

    name: str
    "Any name of 1 to 64 characters, as people count them. The same name is the same voter."


class OidcCredential(BaseModel):
    """Signing in with an OpenID Connect provider that this server trusts."""

    provider: str
    "The provider's name on this server, such as `city`."
    id_token: str = Field(alias="idToken")
    "The ID token, as the provider issued it. An access token is refused."
    nonce: str | None = None
    "The nonce that you began the sign-in at the provider with. Needed when the ID token holds one."


class ProjectFilter(BaseModel):
    """Which projects to keep: those that meet every condition given. Inside one list any value suffices; an empty list keeps nothing."""

    districts: list[str] | None = None
    "Codes of districts, such as `310115`."
    levels: list[ProjectLevel] | None = None
    "Who carries the project."
    themes: list[str] | None = None
    "Codes of the campaign's themes: the project is about any one of these."
    numbers: list[int] | None = None
    "Numbers as printed on the notice."
    outcomes: list[Outcome] | None = None
    "How far the project has come."
    codes: list[str] | None = None
    "How organizers write the projects, such as `M/01/VII`; as a whole."
    standing: list[Standing] | None = None
    "Whether it can be voted for."
    cost: Optional["CostRange"] = None
    "What it costs."
    search: str | None = None
    "Words, such as `邻里中心` or `neighbourhood`, each of which is part of the title, summary, organization or district in any of their languages, or of the code, or is the number. Blanks separate words. Case, width, diacritics, kinds of quotes and dashes, invisible characters, traditional and simplified ones make no difference. `ProjectEdge.matches` says what was found. At most 200 characters."
    any: list["ProjectFilter"] | None = None
    "Keeps what one of these keeps; an empty list keeps nothing. At most 20, and nested at most 8 deep."
    not_: Optional["ProjectFilter"] = Field(alias="not", default=None)
    "Drops the projects that this filter would keep. Nests at most 8 deep."


class ProjectOrder(BaseModel):
    """In which order to list projects. Equal values are listed by number."""

    field: ProjectOrderField
    "What to list by."
    direction: OrderDirection = OrderDirection.ASC
    "Which way the list runs."


class ResultOrder(BaseModel):
    """In which order to list results. Equal values are listed by number."""

    field: ResultOrderField
    "What to list by."
    direction: OrderDirection = OrderDirection.ASC
    "Which way the list runs."


class WeChatCredential(BaseModel):
    """Signing in with WeChat."""

    code: str
    "The code that WeChat gave the client just now. It works once and for five minutes, so a retry needs a new one."


Credential.model_rebuild()
ProjectFilter.model_rebuild()
