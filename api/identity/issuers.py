"""Which OpenID Connect providers this server trusts, and for what: one `[[provider]]` each in a TOML file.

The description of a field completes the sentence "Write …": it is what a mistake there is told to become.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from yarl import URL

from api.domain.people import Role

LARGEST = 1024 * 1024  # bytes of the file
LOOPBACK = ("127.0.0.1", "::1", "localhost")
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
Value = str | int | bool
EVERYTHING = "*"


class ProvidersFileError(Exception):
    """A providers file that cannot be used, in one sentence that says where and what would be right."""


def private(url: str) -> bool:
    """Whether what goes there cannot be read on the way: HTTPS, or this very machine."""
    try:
        parsed = URL(url)
    except ValueError:
        return False
    return bool(parsed.host) and (parsed.scheme == "https" or (parsed.scheme == "http" and parsed.host in LOOPBACK))


def _issuer(url: str) -> str:
    if not private(url) or "?" in url or "#" in url or not url.isascii():
        raise ValueError
    return url


def _name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError
    return name


def _role(name: object) -> Role:
    if isinstance(name, str) and name in Role.__members__:
        return Role[name]
    raise ValueError


Text = Annotated[str, Field(min_length=1, max_length=256)]
ROLES = "a table of the claim's values, each with one role: " + ", ".join(Role.__members__)


class Issuer(BaseModel):
    """One `[[provider]]`: who issues the tokens, whom for, and what is asked of every claim in them."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: Annotated[str, AfterValidator(_name)] = Field(
        description='a short name such as "city", in small letters, digits and "-", that no other provider has'
    )
    issuer: Annotated[str, AfterValidator(_issuer)] = Field(
        description='the issuer as its tokens have it in iss, such as "https://id.example.org/realms/city", with https'
    )
    audiences: Annotated[list[Text], Field(min_length=1)] = Field(
        description='a list of the client ids that are ours, such as ["pingxuan-web"]'
    )
    claims: dict[Text, Annotated[list[Value], Field(min_length=1)]] = Field(
        default={}, description="a table of claims that a token must have, each with a list of the values that will do"
    )
    roles: dict[Text, dict[Text, Annotated[Role, BeforeValidator(_role)]]] = Field(default={}, description=ROLES)
    ignored: list[Text] = Field(
        default=[], description='a list of further claims that may be in a token, such as ["department"], or ["*"]'
    )
    nonce: bool = Field(default=False, description="true to insist on a nonce in every token, or false")
    at_most_age: int = Field(default=600, ge=1, le=86400, description="seconds since iat, from 1 to 86400")
    clock_skew: int = Field(default=60, ge=0, le=300, description="seconds that clocks may differ, from 0 to 300")

    @property
    def ignores_everything(self) -> bool:
        """Whether a claim that nothing is said about is let through."""
        return EVERYTHING in self.ignored


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    provider: Annotated[list[Issuer], Field(min_length=1)] = Field(description="at least one [[provider]]")


def read_issuers(path: Path, checked: frozenset[str]) -> tuple[Issuer, ...]:
    """The providers of a file. checked are the claims that are always checked, which no table may name again.

    Raises ProvidersFileError.
    """
    tree = _tree(path)
    try:
        found = _File.model_validate(tree).provider
    except ValidationError as error:
        raise _mistake(path, error) from None
    _sense(path, found, checked)
    return tuple(found)


def _tree(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.loads(file.read(LARGEST).decode())
    except OSError as error:
        raise ProvidersFileError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:  # no UTF-8, no TOML, or a number too long
        raise ProvidersFileError(f"{path} is no TOML file: {error}.") from None


def _mistake(path: Path, error: ValidationError) -> ProvidersFileError:
    """The first mistake by the key it is at; an unknown key comes first, for it may be what is missing elsewhere."""
    mistakes = error.errors(include_url=False)
    first = next((mistake for mistake in mistakes if mistake["type"] == "extra_forbidden"), mistakes[0])
    place = [step for step in first["loc"] if step != "[key]"]
    shape: type[BaseModel] = Issuer if len(place) > 2 else _File
    key = str(place[2] if len(place) > 2 else place[0])
    where = f"{path}: provider[{int(place[1]) + 1}]" if len(place) > 1 else str(path)
    if first["type"] == "extra_forbidden":
        return ProvidersFileError(f"{where} has an unknown key {key}. Known keys: {', '.join(shape.model_fields)}.")
    if len(place) == 2:
        return ProvidersFileError(f"{where} is no table. Write [[provider]] above its keys.")
    problem = "is missing" if first["type"] == "missing" else "is wrong"
    return ProvidersFileError(f"{where} {key} {problem}. Write {shape.model_fields[key].description}.")


def _sense(path: Path, found: list[Issuer], checked: frozenset[str]) -> None:
    names = [issuer.name for issuer in found]
    for place, issuer in enumerate(found, 1):
        where = f"{path}: provider[{place}] ({issuer.name})"
        if names.count(issuer.name) > 1:
            raise ProvidersFileError(f"{where} has the name of another provider. Give each a name of its own.")
        if again := sorted(checked & {*issuer.claims, *issuer.roles, *issuer.ignored}):
            raise ProvidersFileError(f"{where} names {', '.join(again)}, which is always checked. Leave it out.")
