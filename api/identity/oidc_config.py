"""The configuration of an OpenID Connect provider: whom its tokens are for, and which claims they must have.

The description of a field completes the sentence "Write …" in the error message about it.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.addresses import is_secure_url
from api.domain.people.identity import Role

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
ClaimValue = str | int | bool
ANY_CLAIM = "*"


def _check_issuer(url: str) -> str:
    if not is_secure_url(url) or "?" in url or "#" in url or not url.isascii():
        raise ValueError
    return url


def _check_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError
    return name


def _parse_role(name: object) -> Role:
    if isinstance(name, str) and name in Role.__members__:
        return Role[name]
    raise ValueError


ShortText = Annotated[str, Field(min_length=1, max_length=256)]


class Issuer(BaseModel):
    """One `[[provider]]` of the providers file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: Annotated[str, AfterValidator(_check_name)] = Field(
        description='a short name such as "city", in small letters, digits and "-", that no other provider has'
    )
    issuer: Annotated[str, AfterValidator(_check_issuer)] = Field(
        description='the issuer as its tokens have it in iss, such as "https://id.example.org/realms/city", with https'
    )
    audiences: Annotated[list[ShortText], Field(min_length=1)] = Field(
        description='a list of the client ids that are ours, such as ["pingxuan-web"]'
    )
    claims: dict[ShortText, Annotated[list[ClaimValue], Field(min_length=1)]] = Field(
        default={}, description="a table of claims that a token must have, each with a list of the values that will do"
    )
    roles: dict[ShortText, dict[ShortText, Annotated[Role, BeforeValidator(_parse_role)]]] = Field(
        default={}, description="a table of the claim's values, each with one role: " + ", ".join(Role.__members__)
    )
    ignored: list[ShortText] = Field(
        default=[], description='a list of further claims that may be in a token, such as ["department"], or ["*"]'
    )
    keep: list[ShortText] = Field(
        default=[], description='a list of the claims by which campaigns tell who may vote, such as ["residence"]'
    )
    nonce: bool = Field(default=False, description="true to insist on a nonce in every token, or false")
    at_most_age: int = Field(default=600, ge=1, le=86400, description="seconds since iat, from 1 to 86400")
    clock_skew: int = Field(default=60, ge=0, le=300, description="seconds that clocks may differ, from 0 to 300")

    @property
    def ignores_everything(self) -> bool:
        """Whether a token may have claims that are neither standard nor mentioned here."""
        return ANY_CLAIM in self.ignored
