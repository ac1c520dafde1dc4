"""The JSON Schema of battery.toml, for editors and linters."""

from typing import Any

import msgspec

from battery.model.definition import Definition


def battery_toml_schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) that accepts what `load_definition` decodes."""
    schema = msgspec.json.schema(Definition)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "battery.toml",
        "description": "The target of a hardening battery and how to reach, start and judge it.",
        **schema,
    }
