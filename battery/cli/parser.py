"""The argument parser: bad usage exits with 64, as definitions do."""

import argparse
from typing import NoReturn

BAD_USAGE = 64


class Parser(argparse.ArgumentParser):
    """argparse with the battery's exit code and one-line errors."""

    def error(self, message: str) -> NoReturn:
        """One line, then exit 64."""
        self.exit(BAD_USAGE, f"{self.prog}: {' '.join(message.split())} (try {self.prog} --help)\n")


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
