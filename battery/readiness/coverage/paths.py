"""Paths as reports write them, in one spelling each, so that one file is never counted twice."""

import posixpath
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from battery.readiness.coverage.report import CoverageUnreadable, FileCoverage, shown

_UNUSABLE = {"Cc", "Cs"}  # control characters and lone surrogates: no file system path, and unsafe to print


def plain_path(text: str) -> str:
    """The shortest spelling of a path; a leading `..` stays. Raises: CoverageUnreadable."""
    if any(unicodedata.category(character) in _UNUSABLE for character in text):
        raise CoverageUnreadable(f"the path {shown(text)!r} holds control characters")
    path = posixpath.normpath(text)
    if path in {".", "..", "/", "//"}:
        raise CoverageUnreadable(f"the path {shown(text)!r} names no file")
    return path.removeprefix("/") if path.startswith("//") else path


def each_once(files: Iterable[FileCoverage]) -> tuple[FileCoverage, ...]:
    """The files in the order of their paths. Raises: CoverageUnreadable when a path stands twice."""
    ordered = tuple(sorted(files, key=lambda file: file.path))
    for left, right in pairwise(ordered):
        if left.path == right.path:
            raise CoverageUnreadable(f"{shown(left.path)} stands twice, and its counts cannot be merged")
    return ordered
