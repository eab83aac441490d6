"""Which licences may what is shipped have, and which does it have?"""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata

from license_expression import ExpressionError, get_spdx_licensing

from requirements.supply.pinned import Package

# They allow to ship under Apache-2.0; a change to a file under MPL-2.0 has to be published, and we change none.
ALLOWED = frozenset(
    {
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "PSF-2.0",
        "Unlicense",
    }
)
# What older metadata say, in SPDX's words.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache-2.0": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT": "MIT",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSF-2.0": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
LICENSING = get_spdx_licensing()


class LicenceError(Exception):
    """A package's licence is not known, or not allowed. One sentence."""


def licence_of(package: Package) -> str:
    """The licence of a package as an SPDX expression. Raises LicenceError."""
    if package.licence is not None:
        return package.licence
    try:
        said = metadata(package.name)
    except PackageNotFoundError:
        raise LicenceError(f"{package.name} is not installed here, so that its licence cannot be read.") from None
    if said["Version"] != package.version:
        raise LicenceError(f"{package.name} is pinned at {package.version}, and {said['Version']} is installed here.")
    if expression := said["License-Expression"]:
        return str(expression)
    classifiers = [each.rpartition(" :: ")[2] for each in said.get_all("Classifier", []) if each.startswith("License")]
    texts = classifiers or [said["License"] or ""]
    if unknown := [text for text in texts if text not in SPDX]:
        raise LicenceError(f"{package.name} has a licence that is not known by name here: {unknown[0][:60]!r}.")
    return " AND ".join(sorted({SPDX[text] for text in texts}))  # of several, nobody says that one may choose


def is_allowed(expression: str) -> bool:
    """Whether what is under these licences may be shipped. Raises LicenceError for what is no expression of SPDX's."""
    try:
        parsed = LICENSING.parse(expression, validate=True)
    except ExpressionError as error:
        raise LicenceError(f"{expression!r} is no SPDX expression: {error}.") from None
    allowed = {symbol: str(symbol) in ALLOWED for symbol in parsed.symbols}
    return bool(_holds(parsed, allowed))


def _holds(expression: object, allowed: dict[object, bool]) -> bool:
    if isinstance(expression, LICENSING.AND):
        return all(_holds(part, allowed) for part in expression.args)
    if isinstance(expression, LICENSING.OR):
        return any(_holds(part, allowed) for part in expression.args)
    return allowed.get(expression, False)


def problems(packages: Iterable[Package]) -> list[str]:
    """A sentence for each package whose licence is not known or not allowed."""
    found = []
    for package in packages:
        try:
            expression = licence_of(package)
            if not is_allowed(expression):
                found.append(f"{package.name} {package.version} is under {expression}, which is not allowed here.")
        except LicenceError as error:
            found.append(str(error))
    return found
