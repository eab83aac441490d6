"""Read the OpenID Connect providers that this server trusts: one `[[provider]]` each in a TOML file."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.domain.errors import OperatorError
from api.identity.claims import CHECKS
from api.identity.oidc_config import Issuer
from api.identity.toml_file import read_toml


class ProvidersFileError(OperatorError):
    """A providers file that cannot be used, in one sentence that says where and what would be right."""


class _ProvidersFile(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    provider: Annotated[list[Issuer], Field(min_length=1)] = Field(description="at least one [[provider]]")


def read_issuers(path: Path) -> tuple[Issuer, ...]:
    """The providers of a file. Raises ProvidersFileError."""
    tree = read_toml(path, ProvidersFileError)
    try:
        issuers = _ProvidersFile.model_validate(tree).provider
    except ValidationError as error:
        raise _first_mistake(path, error) from None
    _check_consistency(path, issuers)
    return tuple(issuers)


def _first_mistake(path: Path, error: ValidationError) -> ProvidersFileError:
    """The first mistake, with its key. An unknown key goes before others: it may be a missing one, misspelled."""
    mistakes = error.errors(include_url=False)
    first = next((mistake for mistake in mistakes if mistake["type"] == "extra_forbidden"), mistakes[0])
    location = [step for step in first["loc"] if step != "[key]"]
    model: type[BaseModel] = Issuer if len(location) > 2 else _ProvidersFile
    key = str(location[2] if len(location) > 2 else location[0])
    where = f"{path}: provider[{int(location[1]) + 1}]" if len(location) > 1 else str(path)
    if first["type"] == "extra_forbidden":
        return ProvidersFileError(
            f"{where} has an unknown key {key!a:.60}. Known keys: {', '.join(model.model_fields)}."
        )
    if len(location) == 2:
        return ProvidersFileError(f"{where} is no table. Write [[provider]] above its keys.")
    problem = "is missing" if first["type"] == "missing" else "is wrong"
    return ProvidersFileError(f"{where} {key} {problem}. Write {model.model_fields[key].description}.")


def _check_consistency(path: Path, issuers: list[Issuer]) -> None:
    names = [issuer.name for issuer in issuers]
    for number, issuer in enumerate(issuers, 1):
        where = f"{path}: provider[{number}] ({issuer.name})"
        if names.count(issuer.name) > 1:
            raise ProvidersFileError(f"{where} has the name of another provider. Give each a name of its own.")
        if checked := sorted(CHECKS.keys() & {*issuer.claims, *issuer.roles, *issuer.keep, *issuer.ignored}):
            raise ProvidersFileError(f"{where} names {', '.join(checked)}, which is always checked. Leave it out.")
