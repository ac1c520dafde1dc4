"""What became of one file under bandit."""

from typing import Any


class Outcome:
    """The issues of a file, the tests that failed on it, and how many issues a comment silenced; or why it was not read."""

    def __init__(self, unread: str = "") -> None:
        self.unread = unread
        self.issues: list[Any] = []
        self.failed: list[str] = []
        self.suppressed = 0
