"""Complaints: what the locustfile's code logs, on stderr; each kind once, so that a broken task cannot flood it."""

import logging
import sys

_MOST = 50


class Complaints(logging.Handler):
    """Prints a message when its last line has not been seen before, and no more than a few in all."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._seen: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Print, or not."""
        text = self.format(record).rstrip()
        kind = text.rpartition("\n")[2]
        if kind not in self._seen and len(self._seen) < _MOST:
            self._seen.add(kind)
            sys.stderr.write(text + "\n")
            sys.stderr.flush()


def listen() -> None:
    """Take over the root logger."""
    logging.basicConfig(handlers=[Complaints()], format="%(levelname)s %(name)s: %(message)s", force=True)
