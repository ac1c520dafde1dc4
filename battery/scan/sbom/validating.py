"""Strict validation against the schema of CycloneDX 1.6, in a time that grows with the document and not its square."""

import json
from collections.abc import Iterator
from typing import Any

from battery.errors import BatteryError

_SLICE = 100
_LISTS = ("components", "dependencies")


class SbomInvalid(BatteryError):
    """The document does not conform to CycloneDX 1.6: a defect of the battery, and never written."""


def validate(text: str) -> None:
    """Raises: SbomInvalid.

    The schema asks of the two long lists that each entry be valid and that no two be equal. jsonschema compares every
    pair, half a minute for 3000 packages. So the schema judges slices, and that no ref stands twice is checked here.
    """
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    document = json.loads(text)
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    for key, name in (("components", "bom-ref"), ("dependencies", "ref")):
        refs = [entry.get(name) for entry in document.get(key, [])]
        if len(set(refs)) != len(refs):
            raise SbomInvalid(f"the bill of materials names a {name} twice in its {key}")
    for part in _slices(document):
        error = validator.validate_str(json.dumps(part))
        if error is not None:
            raise SbomInvalid(f"the bill of materials is no valid CycloneDX 1.6: {str(error)[:300]!r}")


def _slices(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The document without its long lists, and then with each slice of them."""
    head = {key: value for key, value in document.items() if key not in _LISTS}
    yield head
    for key in _LISTS:
        entries = document.get(key, [])
        for at in range(0, len(entries), _SLICE):
            yield head | {key: entries[at : at + _SLICE]}
