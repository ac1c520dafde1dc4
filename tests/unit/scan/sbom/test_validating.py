"""Validation: as strict as the schema, at any length."""

import json
from typing import Any

import pytest

from battery.scan.sbom.validating import SbomInvalid, validate

HEAD = {
    "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
}


def told(count: int, **odd: Any) -> str:
    """A document of that many components, the last of them odd."""
    entries: list[dict[str, Any]] = [
        {"type": "library", "name": "a", "bom-ref": str(at)} for at in range(count)
    ]
    entries[-1] |= odd
    return json.dumps(
        HEAD | {"components": entries, "dependencies": [{"ref": str(at)} for at in range(count)]}
    )


@pytest.mark.parametrize("count", [1, 100, 101, 250])
def test_a_valid_document_of_any_length_is_accepted(count: int) -> None:
    validate(told(count))


@pytest.mark.parametrize("count", [1, 100, 101, 250])
@pytest.mark.parametrize("odd", [{"type": "thing"}, {"name": 3}, {"nonsense": 1}, {"scope": "maybe"}])
def test_one_invalid_entry_is_refused_wherever_it_stands(count: int, odd: dict[str, Any]) -> None:
    with pytest.raises(SbomInvalid, match=r"no valid CycloneDX 1\.6"):
        validate(told(count, **odd))


def test_a_ref_that_stands_twice_is_refused_across_slices() -> None:
    with pytest.raises(SbomInvalid, match="names a bom-ref twice in its components"):
        validate(told(250, **{"bom-ref": "0"}))


def test_the_rest_of_the_document_is_judged_too() -> None:
    with pytest.raises(SbomInvalid):
        validate(json.dumps(HEAD | {"unknown": 1}))
