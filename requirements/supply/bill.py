"""The bill of materials (SBOM) in CycloneDX's format: what is shipped and installed, which versions, under which licences."""

import os
from base64 import b64decode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires
from uuid import UUID

from cyclonedx.contrib.this.builders import this_component
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.model.tool import ToolRepository
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from requirements.supply.licences import licence_of
from requirements.supply.pinned import PROJECT, Package

ALGORITHMS = {"pypi": HashAlgorithm.SHA_256, "npm": HashAlgorithm.SHA_512}


def bill_of_materials(packages: Sequence[Package]) -> str:
    """The bill as JSON, the same for the same packages and the same SOURCE_DATE_EPOCH. Raises LicenceError."""
    ours = Component(
        name=PROJECT["name"],
        version=PROJECT["version"],
        type=ComponentType.APPLICATION,
        licenses=[LicenseExpression(PROJECT["license"])],
        bom_ref=f"pkg:pypi/{PROJECT['name']}@{PROJECT['version']}",
    )
    components = {package.name: _component(package) for package in packages}
    # Of the packages and not of chance, so that two makings are equal.
    digest = sha256(repr([PROJECT["version"], *packages]).encode()).digest()
    metadata = BomMetaData(component=ours, tools=ToolRepository(components=[this_component()]), timestamp=_moment())
    bom = Bom(components=components.values(), metadata=metadata, serial_number=UUID(bytes=digest[:16], version=5))
    browser = [components[package.name] for package in packages if package.kind == "npm"]
    bom.register_dependency(ours, [*_named(PROJECT["dependencies"], components), *browser])
    for name, component in components.items():
        bom.register_dependency(component, _named(_requirements(name), components))
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _component(package: Package) -> Component:
    place = PackageURL(package.kind, None, package.name, package.version)
    algorithm = ALGORITHMS[package.kind]
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(place.to_string()),
        hashes=[HashType(alg=algorithm, content=_hexadecimal(text)) for text in package.hashes],
        comment="Any one of the files with these hashes is installed.",
    )
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        purl=place,
        bom_ref=place.to_string(),
        licenses=[LicenseExpression(licence_of(package))],
        external_references=[files],
    )


def _hexadecimal(text: str) -> str:
    """A hash as CycloneDX writes it: npm has them in base64, behind the name of the algorithm."""
    name, dash, encoded = text.partition("-")
    return b64decode(encoded).hex() if dash else name


def _named(requirements: Iterable[str], components: dict[str, Component]) -> list[Component]:
    """The components that are required here and now, without extras."""
    wanted = [Requirement(text) for text in requirements]
    names = {
        canonicalize_name(each.name) for each in wanted if each.marker is None or each.marker.evaluate({"extra": ""})
    }
    return [component for name, component in components.items() if canonicalize_name(name) in names]


def _requirements(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:  # it is a browser's
        return []


def _moment() -> datetime:
    """Now, or the moment that a reproducible build is to be of."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.now(UTC) if epoch is None else datetime.fromtimestamp(int(epoch), UTC)
