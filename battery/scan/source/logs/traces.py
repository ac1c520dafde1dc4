"""Stack traces: errors that nobody handled, told by the line that names the error so that equal ones are one."""

import re
from collections.abc import Iterable, Iterator, Sequence

from battery.model.frozen import Frozen

_PYTHON = "Traceback (most recent call last):"
_PYTHON_ERROR = re.compile(
    r"^(?:.*?\s)?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|\w*(?:Error|Exception|Exit|Interrupt|Warning|Group))(?::|$)"
)
_JAVA = re.compile(r"^\s+at [\w.$<>/]+\([\w$]+\.(?:java|kt|scala):\d+\)")
_NODE = re.compile(r"^\s+at (?:.+ \()?(?:node:|file:|/)?[^\s()]+:\d+:\d+\)?$")
_DOTNET = re.compile(r"^\s+at [\w.<>`\[\]+]+\([^)]*\) in \S.*:line \d+$")
_RUST = re.compile(r"^thread '[^']*' (?:\(\d+\) )?panicked at ")
_FRAMES = {"Java": _JAVA, "JavaScript": _NODE, ".NET": _DOTNET}
_MOST_LINES = 200


class Trace(Frozen, frozen=True, kw_only=True):
    """One stack trace: its first line, and what names its error."""

    line: int
    language: str
    error: str


def traces(lines: Sequence[str], numbers: Iterable[int]) -> Iterator[Trace]:
    """The traces in some lines, each once; no other lines than those of `numbers` can begin one or be its frames."""
    framed = -1  # the number of the last line that was a frame
    for number in (place - 1 for place in numbers):
        line = lines[number]
        if _PYTHON in line:
            yield Trace(line=number + 1, language="Python", error=_python_error(lines, number))
        elif line.startswith("panic: "):
            yield Trace(line=number + 1, language="Go", error="panic")
        elif _RUST.match(line):
            yield Trace(line=number + 1, language="Rust", error="panic")
        language = next((name for name, frame in _FRAMES.items() if frame.match(line)), "")
        if language and framed != number:
            yield Trace(
                line=max(number, 1), language=language, error=_head(lines[number - 1] if number else "")
            )
        framed = number + 1 if language else framed


def _python_error(lines: Sequence[str], start: int) -> str:
    """The type of the error: the first line after the frames that names one."""
    for line in lines[start + 1 : start + 1 + _MOST_LINES]:
        if not line.startswith((" ", "\t")) and (match := _PYTHON_ERROR.match(line)):
            return match[1]
    return "cut off"


def _head(line: str) -> str:
    """What names the error before the first frame: its type, without what the message says."""
    match = re.search(r"([A-Za-z_][\w.$]*(?:Error|Exception))", line)
    return match[1] if match else "unnamed"
