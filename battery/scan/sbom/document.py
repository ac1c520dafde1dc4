"""A graph as a CycloneDX 1.6 JSON document: the same graph and time give the same bytes."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import msgspec

from battery.model.frozen import Frozen
from battery.scan.sbom.component import Component, Need
from battery.scan.sbom.merging import Graph
from battery.scan.sbom.validating import validate
from battery.version import version

if TYPE_CHECKING:
    from cyclonedx.model import HashType, Property
    from cyclonedx.model.component import Component as CdxComponent
    from cyclonedx.model.component import ComponentScope
    from cyclonedx.model.license import License
    from cyclonedx.model.tool import ToolRepository

ROOT = "root"
_NAMESPACE = UUID("6d0f6c3e-7f0c-5d1b-9f3b-2b8f0f7b6a11")  # any fixed one: it keeps our serial numbers apart
_PREFIX = "hardening-battery:"
_LONGEST_EXPRESSION = 1000  # the SPDX parser takes its time; a longer text is kept as a name


class Project(Frozen, frozen=True, kw_only=True):
    """What the bill is about."""

    name: str
    version: str = ""


def document(graph: Graph, project: Project, time: datetime, reasons: Sequence[str] = ()) -> bytes:
    """The document, validated strictly. Raises: SbomInvalid."""
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component as CdxComponent
    from cyclonedx.model.component import ComponentType
    from cyclonedx.model.dependency import Dependency
    from cyclonedx.output.json import JsonV1Dot6

    components = {entry.ref: _component(entry) for entry in graph.components}
    root = CdxComponent(
        type=ComponentType.APPLICATION, name=project.name, version=project.version or None, bom_ref=ROOT
    )
    tool = CdxComponent(type=ComponentType.APPLICATION, name="hardening-battery", version=version())
    onward: defaultdict[str, set[str]] = defaultdict(set)
    for edge in graph.edges:
        onward[edge.of].add(edge.on)
    refs = {"": root.bom_ref} | {ref: component.bom_ref for ref, component in components.items()}
    bom = Bom(
        components=components.values(),
        serial_number=_serial(graph, project, time, reasons),
        metadata=BomMetaData(
            component=root, timestamp=time, tools=_tools(tool), properties=_properties("incomplete", reasons)
        ),
        dependencies=[
            Dependency(ref=refs[of], dependencies=[Dependency(ref=refs[on]) for on in onward[of]])
            for of in refs
        ],
    )
    text = JsonV1Dot6(bom).output_as_string(indent=2) + "\n"
    validate(text)
    return text.encode()


def _tools(tool: "CdxComponent") -> "ToolRepository":
    from cyclonedx.model.tool import ToolRepository

    return ToolRepository(components=[tool])


def _serial(graph: Graph, project: Project, time: datetime, reasons: Sequence[str]) -> UUID:
    """Derived from everything that the document says."""
    content = msgspec.json.encode([graph, project, time, list(reasons), version()], order="deterministic")
    return uuid5(_NAMESPACE, hashlib.sha256(content).hexdigest())


def _component(component: Component) -> "CdxComponent":
    from cyclonedx.model.component import Component as CdxComponent
    from cyclonedx.model.component import ComponentType
    from packageurl import PackageURL

    group, _, name = component.name.rpartition("/")
    return CdxComponent(
        type=ComponentType.LIBRARY,
        bom_ref=component.ref,
        group=group or None,
        name=name or component.name,
        version=component.version or None,
        purl=PackageURL.from_string(component.purl) if component.purl else None,
        scope=_scope(component.need),
        licenses=list(_licences(component.licences)),
        hashes=[_hash(text) for text in component.hashes],
        properties=[
            *_properties("ecosystem", [component.ecosystem]),
            *_properties("marker", component.markers),
            *_properties("place", component.places),
            *_properties("record:sha256", [component.record] if component.record else []),
        ],
    )


def _scope(need: Need) -> "ComponentScope":
    """CycloneDX calls `excluded` what is used in development and not part of what runs."""
    from cyclonedx.model.component import ComponentScope

    match need:
        case "required":
            return ComponentScope.REQUIRED
        case "optional":
            return ComponentScope.OPTIONAL
        case "development":
            return ComponentScope.EXCLUDED


def _hash(text: str) -> "HashType":
    from cyclonedx.model import HashAlgorithm, HashType

    algorithm, _, digest = text.partition(":")
    known = {
        "md5": HashAlgorithm.MD5,
        "sha1": HashAlgorithm.SHA_1,
        "sha256": HashAlgorithm.SHA_256,
        "sha384": HashAlgorithm.SHA_384,
        "sha512": HashAlgorithm.SHA_512,
    }
    return HashType(alg=known[algorithm], content=digest)


def _licences(texts: Sequence[str]) -> "Iterator[License]":
    """Licences by identifier or name; an expression may only stand alone, so among others it is kept as a name."""
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model.license import LicenseAcknowledgement
    from cyclonedx.spdx import fixup_id

    factory, declared = LicenseFactory(), LicenseAcknowledgement.DECLARED
    for text in texts:
        if fixup_id(text):
            yield factory.make_with_id(text, acknowledgement=declared)
        elif len(texts) == 1 and len(text) <= _LONGEST_EXPRESSION:
            yield factory.make_from_string(text, license_acknowledgement=declared)
        else:
            yield factory.make_with_name(text, acknowledgement=declared)


def _properties(name: str, values: Sequence[str]) -> "list[Property]":
    from cyclonedx.model import Property

    return [Property(name=_PREFIX + name, value=value) for value in values]
