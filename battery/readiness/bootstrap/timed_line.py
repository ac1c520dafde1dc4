"""A line that a command wrote, and when."""

from typing import NamedTuple


class TimedLine(NamedTuple):
    """The seconds since the command was started, and the text without its end."""

    at: float
    text: str
