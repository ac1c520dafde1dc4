"""Refining: cases in which bandit's test is too blunt for a rule that blocks; each has a rule of its own and stays told."""

import re
from collections.abc import Callable

_PLACEHOLDER = re.compile(r"(?<!\{)\{([^{}]*)\}(?!\})")
_CONSTANT = re.compile(r"\s*[A-Z][A-Z0-9_]*\s*")
_PUT_TOGETHER = re.compile(r"[\"']\s*[%+]|[%+]\s*f?[\"']|\.(?:format|replace|join)\(")
_LOADER = re.compile(r"\bLoader\s*=\s*([\w.]+)")
_EVENT_LOOP = re.compile(r"\basyncio\.run\(")
_MESSAGE = re.compile(
    r"\s*(?:raise\s|(?:_?log|_?logger|logging|self\.log|self\.logger)\.\w+\(|warnings\.warn\()"
)
_EXECUTED = re.compile(r"execut|query|cursor|sql", re.IGNORECASE)
_DANGEROUS = re.compile(r"(?:\w+\.)?C?(?:Unsafe|Full)?Loader")


def refined(test_id: str, text: str) -> str:
    """The suffix of the case that a statement is; empty where bandit's word stands."""
    judge = _JUDGES.get(test_id)
    return judge(text) if judge is not None else ""


def _run(text: str) -> str:
    """The event loop is started, not Flask: it has no debugger that listens."""
    return ".other" if _EVENT_LOOP.search(text) and text.count(".run(") == 1 else ""


def _query(text: str) -> str:
    """Only names of constants in the query: nobody but its author shapes it. In a message: nobody executes it."""
    if _MESSAGE.match(text) and not _EXECUTED.search(text):
        return ".message"
    names = _PLACEHOLDER.findall(text)
    constant = bool(names) and all(map(_CONSTANT.fullmatch, names)) and not _PUT_TOGETHER.search(text)
    return ".constant" if constant else ""


def _yaml(text: str) -> str:
    """A loader is chosen, and it is none of those that are known to build any object."""
    match = _LOADER.search(text)
    return ".loader" if match and not _DANGEROUS.fullmatch(match[1]) else ""


_JUDGES: dict[str, Callable[[str], str]] = {"B201": _run, "B506": _yaml, "B608": _query}
