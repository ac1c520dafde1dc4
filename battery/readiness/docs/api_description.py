"""The API's description: does OpenAPI speak of every endpoint that the battery exercised?"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from battery.model.frozen import Frozen
from battery.readiness.coverage.report import shown
from battery.readiness.docs.tree import DocumentsUnreadable
from battery.readiness.observability.flaw import Flaw

LARGEST = 4 * 2**20
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PARAMETER = re.compile(r"\{[^{}]*\}")


class Exercised(Frozen, frozen=True, kw_only=True):
    """An endpoint that the battery called."""

    method: str
    path: str


class ApiDescription(Frozen, frozen=True, kw_only=True):
    """The version, and the methods of each path below the servers' own prefixes; those without words are told apart."""

    version: str
    operations: dict[str, tuple[str, ...]]
    prefixes: tuple[str, ...] = ("",)
    wordless: tuple[str, ...] = ()


def read_api_description(data: bytes, file: str) -> ApiDescription:
    """The description, JSON or YAML, OpenAPI 3 or Swagger 2.

    Raises: DocumentsUnreadable.
    """
    document = _parsed(data, file)
    version = str(document.get("openapi") or document.get("swagger") or "")
    paths = document.get("paths")
    if not version or not isinstance(paths, dict):
        raise DocumentsUnreadable(f"{shown(file)}: no OpenAPI description: it has no openapi and paths")
    operations = {
        str(path): tuple(method for method in _METHODS if method in item)
        for path, item in paths.items()
        if isinstance(item, dict)
    }
    return ApiDescription(
        version=version,
        operations=operations,
        prefixes=tuple(dict.fromkeys(_prefixes(document))),
        wordless=tuple(_wordless(paths)),
    )


def api_flaws(description: ApiDescription, exercised: Iterable[Exercised]) -> tuple[Flaw, ...]:
    """Endpoints without a description, and operations that are described without a word."""
    unknown = [one for one in dict.fromkeys(exercised) if not _describes(description, one)]
    flaws = [
        Flaw(
            rule="docs.api",
            where=f"{one.method.upper()} {one.path}",
            text="the battery called it, and the description does not know it",
        )
        for one in unknown
    ]
    for operation in description.wordless:
        text = "it has neither a summary nor a description"
        flaws.append(Flaw(rule="docs.api.words", where=operation, text=text, weight="warning"))
    return tuple(flaws)


def _describes(description: ApiDescription, exercised: Exercised) -> bool:
    path, method = exercised.path.partition("?")[0], exercised.method.lower()
    for template, methods in description.operations.items():
        # HEAD is GET without its body; few describe it.
        if method in methods or (method == "head" and "get" in methods):
            for prefix in description.prefixes:
                if _pattern(prefix + template).fullmatch(path):
                    return True
    return False


def _pattern(template: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in _PARAMETER.split(template)]
    return re.compile("[^/]+".join(parts))


def _prefixes(document: dict[str, Any]) -> Iterator[str]:
    """What stands before every path: basePath in Swagger, the path of each server in OpenAPI."""
    yield ""
    base = document.get("basePath")
    if isinstance(base, str):
        yield base.rstrip("/")
    servers = document.get("servers")
    for server in servers if isinstance(servers, list) else ():
        url = server.get("url") if isinstance(server, dict) else None
        if isinstance(url, str):
            yield re.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/]*", "", url).rstrip("/")


def _wordless(paths: dict[Any, Any]) -> Iterator[str]:
    for path, item in paths.items():
        for method in _METHODS if isinstance(item, dict) else ():
            operation = item.get(method)
            if isinstance(operation, dict) and not (operation.get("summary") or operation.get("description")):
                yield f"{method.upper()} {shown(str(path))}"


def _parsed(data: bytes, file: str) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise DocumentsUnreadable(f"{shown(file)}: {len(data)} bytes, at most {LARGEST} are read")
    try:
        text = data.decode("utf-8-sig")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        document = json.loads(text) if text.lstrip()[:1] == "{" else yaml.load(text, Loader=loader)  # noqa: S506 -- both are safe
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        reason = shown(" ".join(str(error).split()), 160)
        raise DocumentsUnreadable(f"{shown(file)}: neither JSON nor YAML: {reason}") from error
    if not isinstance(document, dict):
        raise DocumentsUnreadable(f"{shown(file)}: no OpenAPI description: expected a table on top")
    return document
