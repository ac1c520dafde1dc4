"""detect-secrets as it comes: its default plugins and filters, without verification over the network."""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

KNOWN = {"d32c7f07e9aba2e1c102e34833076972fd2caf38f3d26445108acbe5950edc2a": "1.5.0"}
# What a secret is made of: it goes on to the right as long as these do.
_FURTHER = re.compile(r"[A-Za-z0-9_.~+/=\-]*")
# Kinds of file in which a keyword needs no quotes (see detect_secrets.plugins.keyword).
_UNQUOTED = (".go", ".yaml", ".yml", ".eyaml", ".cnf", ".conf", ".cfg", ".cf", ".ini", ".properties", ".toml")


@cache
def plugins() -> tuple[Any, ...]:
    """Every default plugin. Outside `default_settings` there would be none, and detect-secrets would say so to nobody."""
    from detect_secrets.settings import default_settings, get_plugins

    with default_settings():
        found = tuple(get_plugins())
    if not found:
        raise RuntimeError("detect-secrets came without plugins")
    return found


@cache
def plugins_but(without: frozenset[str]) -> tuple[Any, ...]:
    """The plugins without those of some kinds."""
    return tuple(plugin for plugin in plugins() if plugin.secret_type not in without)


@cache
def is_known() -> bool:
    """Whether the prefilter was made for this detect-secrets; any other one searches every line."""
    digest = sha256()
    root = Path(str(files("detect_secrets")))
    for folder in ("plugins", "filters", "transformers", "core", "util"):
        for file in sorted((root / folder).rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest() in KNOWN


def left_out(name: str) -> str:
    """Why detect-secrets does not look into a file of this name; empty when it does."""
    from detect_secrets.filters import heuristic

    if heuristic.is_non_text_file(name):
        return "its name says that it is no text to search: detect-secrets leaves such files out"
    if heuristic.is_lock_file(name):
        return "a lock file: its digests look like secrets"
    if heuristic.is_swagger_file(name):
        return "an interface description (swagger): its examples look like secrets"
    return ""


def keywords_need_quotes(name: str) -> bool:
    """Whether a keyword counts only beside a quoted value in a file of this name."""
    return not name.endswith(_UNQUOTED)


def is_of_no_known_kind(name: str) -> bool:
    """Whether detect-secrets takes a second, eager look at a file of this name."""
    from detect_secrets.util.filetype import FileType, determine_file_type

    return bool(determine_file_type(name) == FileType.OTHER)


def whole_secrets(plugin: Any, line: str, value: str) -> tuple[str, ...]:
    """The secrets behind a value, whole: of a GitHub or GitLab token a plugin reports the first letters only."""
    spans: set[tuple[int, int]] = set()
    for regex in getattr(plugin, "denylist", ()):
        for match in regex.finditer(line):
            groups = (match.span(group) for group in range(len(match.groups()) + 1))
            spans.update((start, end) for start, end in groups if line[start:end] == value)
    wholes = [line[start:end] + _further(line, end) for start, end in sorted(spans)]
    return tuple(dict.fromkeys(wholes)) or (value,)


def _further(line: str, end: int) -> str:
    match = _FURTHER.match(line, end)
    return match[0] if match else ""


def secrets_of_line(
    name: str, lines: list[str], number: int, without: frozenset[str] = frozenset()
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """What the plugins find on one line and the filters let through, as in detect-secrets' own loop; each also whole.

    The plugins come first and the line's filters last: nearly every line has nothing for the filters to judge.
    """
    from detect_secrets.util.code_snippet import get_code_snippet

    line = lines[number - 1].rstrip()
    found = [
        (plugin, secret)
        for plugin in plugins_but(without)
        for secret in plugin.analyze_line(filename=name, line=line, line_number=number, context=None)
    ]
    if found and not _line_is_filtered(name, line, get_code_snippet(lines=lines, line_number=number)):
        for plugin, secret in found:
            if not _secret_is_filtered(secret.secret_value, line, plugin):
                yield secret, whole_secrets(plugin, line, secret.secret_value)


def _line_is_filtered(name: str, line: str, snippet: Any) -> bool:
    from detect_secrets.filters import allowlist, heuristic

    return bool(
        allowlist.is_line_allowlisted(filename=name, line=line, context=snippet)
        or heuristic.is_indirect_reference(line)
    )


def _secret_is_filtered(secret: str, line: str, plugin: Any) -> bool:
    from detect_secrets.filters import heuristic

    return bool(
        heuristic.is_sequential_string(secret)
        or heuristic.is_potential_uuid(secret)
        or heuristic.is_likely_id_string(secret, line, plugin)
        or heuristic.is_templated_secret(secret)
        or heuristic.is_prefixed_with_dollar_sign(secret)
        or heuristic.is_not_alphanumeric_string(secret)
    )
