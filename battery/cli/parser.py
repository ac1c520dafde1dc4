"""The argument parser: bad usage exits with 64, as definitions do."""

import argparse
import itertools
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from battery.cli.output import emit_error, say

BAD_USAGE = 64
_JSON, _SHORTEST = "--json", len("--j")


class Parser(argparse.ArgumentParser):
    """argparse with the battery's exit code and one-line errors."""

    _given: Sequence[str] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does; what was given is kept, for an error comes before it is understood."""
        self._given = sys.argv[1:] if args is None else list(args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """One line, and with --json the same as one object on stdout; then exit 64."""
        line = f"{' '.join(message.split())} (try {self.prog} --help)"
        say(f"{self.prog}: {line}")
        self.exit(emit_error(line, BAD_USAGE) if _asks_for_json(self._given) else BAD_USAGE)


def _asks_for_json(given: Sequence[str]) -> bool:
    """Whether --json, or a beginning of it that argparse understands, is among the options."""
    options = itertools.takewhile(lambda word: word != "--", given)
    return any(_JSON.startswith(word) and len(word) >= _SHORTEST for word in options)


def words(text: str) -> tuple[str, ...]:
    """A comma-separated list of at least one word."""
    found = tuple(word.strip() for word in text.split(",") if word.strip())
    if not found:
        raise argparse.ArgumentTypeError("expected at least one word")
    return found


def duration(text: str) -> float:
    """A duration in seconds; "24h" and "1s" as well as "24 h"."""
    from battery.model.quantity import seconds

    try:
        return seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
