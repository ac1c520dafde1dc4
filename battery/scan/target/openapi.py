"""OpenAPI documents: read within bounds, refused with a reason, and never followed anywhere."""

import json
from typing import Any

from battery.model.frozen import Frozen

LARGEST = 4 * 1024 * 1024
_MOST_NODES = 200_000
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Unusable(Exception):
    """The document cannot be used; the text says why and what to do."""


class Described(Frozen, frozen=True, kw_only=True):
    """A sound document: its operations, and itself as JSON."""

    operations: tuple[str, ...]
    document: str


def read_openapi(data: bytes) -> Described:
    """Read JSON or YAML.

    Raises: Unusable.
    """
    if len(data) > LARGEST:
        raise Unusable(f"the document is larger than {LARGEST} bytes")
    document = _parsed(data)
    _check(document)
    if not isinstance(document, dict) or not ("openapi" in document or "swagger" in document):
        raise Unusable("the document says neither openapi nor swagger: it is no API description")
    paths = document.get("paths")
    if not isinstance(paths, dict):
        raise Unusable("the document has no paths")
    operations = tuple(
        f"{method.upper()} {path}"
        for path, item in paths.items()
        if isinstance(item, dict)
        for method in _METHODS
        if method in item
    )
    return Described(operations=operations, document=json.dumps(document, default=str))


def _parsed(data: bytes) -> Any:
    import yaml

    try:
        text = data.decode()
        if text.lstrip()[:1] in ("{", "["):
            return json.loads(text)
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except (UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())[:160]
        raise Unusable(f"the document is neither JSON nor YAML: {reason}") from error
    except RecursionError as error:
        raise Unusable("the document is nested too deeply") from error


def _check(document: object) -> None:
    """Bounded in size, YAML's aliases written out, and referring to nothing outside itself."""
    pending: list[object] = [document]
    seen = 0
    while pending:
        node = pending.pop()
        seen += 1
        if seen + len(pending) > _MOST_NODES:
            raise Unusable(f"the document has more than {_MOST_NODES} parts, its aliases written out")
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and not reference.startswith("#"):
                raise Unusable(f"the document refers to {reference[:80]}: bundle it into one file")
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
