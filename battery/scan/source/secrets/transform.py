"""Rewritten files: detect-secrets reads INI and YAML by their values. Which files it rewrites is told before it tries.

It tries every file as INI, and every file of no known kind once more with a section header put before it. Both
attempts cost more than the search itself and nearly always fail; the first line that must fail proves it.
"""

import io
import re
from typing import Any

from battery.scan.source.secrets.prefilter import candidate_offsets

# The first line that is neither blank nor a comment opens a section, or configparser gives up there.
_OPENS_SECTION = re.compile(r"(?:[^\S\n]*(?:[#;][^\n]*)?\n)*[^\S\n]*\[[^\n]+\]")
# A line that starts at the margin and is no comment, no section and no assignment: configparser rejects the file.
_REJECTED = re.compile(r"^[^\s#;\[][^=:\n]*$", re.MULTILINE)
# What a rewritten value could newly match: it gets quotes, and stands behind its name and an equals sign.
_VALUE = re.compile(
    r"(?:^|[=:\s\"'])(?:[a-zA-Z0-9+/\\\-_=]{20,}|[0-9a-fA-F]{8,})(?:[\"']|\s*$)", re.MULTILINE
)
_NAMED_VALUE = re.compile(r"(?:key|pwd?|pass(?:word)?|token)[\"']?\]?\s*[=:]")


class NamedText(io.StringIO):
    """A text as an open file with a name, which is what detect-secrets' transformers want."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


def rewritten(name: str, text: str, eager: bool = False) -> list[str] | None:
    """The lines that detect-secrets would search instead of the text's own; None where it takes those."""
    from detect_secrets.transformers import get_transformed_file

    if eager and not may_be_rewritten_eagerly(text):
        return None
    if not eager and not _is_yaml(name) and not _OPENS_SECTION.match(text):
        return None
    file: Any = NamedText(name, text)  # detect-secrets asks for a name beside what an open file has
    try:
        return get_transformed_file(file, use_eager_transformers=eager) or None
    except Exception:  # noqa: BLE001 - plain detect-secrets dies of such a file; its own lines are searched instead
        return None


def may_be_rewritten_eagerly(text: str) -> bool:
    """Whether a second look, with a section header before the text, could find anything."""
    if _REJECTED.search(text):
        return False
    offsets = candidate_offsets(text, quoted_keywords=False)
    if offsets is None or next(offsets, None) is not None:
        return True
    return bool(_VALUE.search(text) or _NAMED_VALUE.search(text.lower()))


def _is_yaml(name: str) -> bool:
    return name.endswith((".yaml", ".yml", ".eyaml"))
