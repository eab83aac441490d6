"""Which OpenID Connect providers this server trusts: one `[[provider]]` each in a TOML file."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.domain.errors import OperatorError
from api.identity.claims import CHECKS
from api.identity.oidc_config import Issuer


class ProvidersFileError(OperatorError):
    """A providers file that cannot be used, in one sentence that says where and what would be right."""


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    provider: Annotated[list[Issuer], Field(min_length=1)] = Field(description="at least one [[provider]]")


def read_issuers(path: Path) -> tuple[Issuer, ...]:
    """The providers of a file. Raises ProvidersFileError."""
    tree = _tree(path)
    try:
        found = _File.model_validate(tree).provider
    except ValidationError as error:
        raise _mistake(path, error) from None
    _sense(path, found)
    return tuple(found)


def _tree(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
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
        return ProvidersFileError(
            f"{where} has an unknown key {key!a:.60}. Known keys: {', '.join(shape.model_fields)}."
        )
    if len(place) == 2:
        return ProvidersFileError(f"{where} is no table. Write [[provider]] above its keys.")
    problem = "is missing" if first["type"] == "missing" else "is wrong"
    return ProvidersFileError(f"{where} {key} {problem}. Write {shape.model_fields[key].description}.")


def _sense(path: Path, found: list[Issuer]) -> None:
    names = [issuer.name for issuer in found]
    for place, issuer in enumerate(found, 1):
        where = f"{path}: provider[{place}] ({issuer.name})"
        if names.count(issuer.name) > 1:
            raise ProvidersFileError(f"{where} has the name of another provider. Give each a name of its own.")
        if again := sorted(CHECKS.keys() & {*issuer.claims, *issuer.roles, *issuer.ignored}):
            raise ProvidersFileError(f"{where} names {', '.join(again)}, which is always checked. Leave it out.")
