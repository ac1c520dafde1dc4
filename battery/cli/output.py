"""Output: words for people on stderr, JSON for machines on stdout."""

import os
import sys

NOBODY_READS = 141  # what a shell shows for SIGPIPE


def say(text: str = "") -> None:
    """One line for a person; one that nobody reads any more changes no exit code."""
    try:
        print(_harmless(text), file=sys.stderr)  # noqa: T201 -- the one place that talks to people
    except OSError:
        pass


def _harmless(text: str) -> str:
    """Control characters as escapes: what others wrote must not command a terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else repr(char)[1:-1] for char in text)


def emit(text: str) -> None:
    """What was asked for, on stdout; UTF-8 whatever the locale, as JSON, XML and HTML demand."""
    sys.stdout.flush()
    sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def emit_json(value: object) -> None:
    """One JSON document on stdout."""
    import msgspec

    emit(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def emit_error(line: str, code: int) -> int:
    """What went wrong as one JSON document on stdout, where no command runs yet that could; the exit code."""
    try:
        emit_json({"error": line, "exit": code})
    except BrokenPipeError:
        # Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    return code
