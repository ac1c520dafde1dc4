"""Whose dashboard a JSON document is, told by the keys that only one tool writes."""

from typing import Any

_FOREIGN = (
    ("Datadog", ("widgets", "layout_type")),
    ("Kibana", ("attributes", "references")),
    ("New Relic", ("pages", "permissions")),
    ("CloudWatch", ("widgets", "periodOverride")),
    ("Perses", ("kind", "spec")),
    ("Chronograf", ("cells", "links")),
    ("Grafana's dynamic schema (v2)", ("elements", "layout")),
    ("CloudWatch or Datadog", ("widgets",)),
)


def is_grafana(document: dict[str, Any]) -> bool:
    """Whether it has what every classic Grafana dashboard has."""
    return isinstance(document.get("panels", document.get("rows")), list) and (
        "schemaVersion" in document or "title" in document
    )


def foreign_tool(document: Any) -> str:
    """The tool that wrote it; empty when that cannot be told."""
    if not isinstance(document, dict):
        return ""
    for tool, keys in _FOREIGN:
        if all(key in document for key in keys):
            return tool
    return ""
