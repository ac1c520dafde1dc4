"""Progress: one event stream, kept in progress.jsonl and shown to a person on a terminal or in a log."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

if TYPE_CHECKING:
    from battery.model.event import AnyEvent
    from battery.store import RunFolder


@contextmanager
def progress(folder: "RunFolder") -> "Iterator[Callable[[AnyEvent], None]]":
    """What takes the events of a run and hands each to every renderer.

    Raises: StoreError when progress.jsonl cannot be written.
    """
    from battery.report.json_lines import JsonLinesProgress
    from battery.report.progress import choose_renderer
    from battery.store import PROGRESS

    with ExitStack() as stack:
        file = stack.enter_context(_appended(folder.path / PROGRESS))
        stream = stack.enter_context(_own_stderr())
        renderers = [JsonLinesProgress(file), choose_renderer(stream, os.environ)]
        for renderer in renderers:
            stack.callback(renderer.close)

        def emit(event: "AnyEvent") -> None:
            for renderer in renderers:
                renderer(event)

        yield emit


@contextmanager
def _own_stderr() -> Iterator[TextIO]:
    """A stderr that still reaches the person while that of the checks is captured by its descriptor."""
    try:
        descriptor = os.dup(sys.stderr.fileno())
    except (OSError, AttributeError):  # no file behind it, as in tests, or closed
        yield sys.stderr
        return
    # Unbuffered: a line that nobody takes must not wait to fail again.
    raw = cast(BinaryIO, io.FileIO(descriptor, "w"))
    with io.TextIOWrapper(raw, sys.stderr.encoding, "backslashreplace", write_through=True) as stream:
        yield stream


def _appended(path: Path) -> BinaryIO:
    """The file, open behind its last whole line: a killed run may have cut one off."""
    from battery.errors import StoreError

    try:
        file = path.open("a+b")
        file.seek(0)
        lines = file.read()
        if not lines.endswith(b"\n"):
            file.truncate(lines.rfind(b"\n") + 1)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error
    return file
