"""Plain progress: one line an event, for logs that no cursor moves in."""

from typing import TextIO

from battery.model.event import (
    AnyEvent,
    CheckFinished,
    CheckProgress,
    CheckStarted,
    CheckTold,
    GateJudged,
    RunStarted,
)
from battery.report.event_text import ended_text, finished_text, judged_text, started_text
from battery.report.headline import BASELINE
from battery.report.legible import fitted, legible
from battery.report.quantity_text import duration

_QUIET = 10.0  # seconds between two progress lines of a check: a heartbeat, not a flood


class PlainProgress:
    """Writes each event as one line; progress within a check at most every ten seconds."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._tag = ""
        self._checks = 0
        self._spoken = 0.0
        self._teller = ""
        self._is_deaf = False

    def __call__(self, event: AnyEvent) -> None:
        """Write one line."""
        if isinstance(event, RunStarted):
            self._tag = f"{BASELINE} " if event.mode == "baseline" else ""
            self._checks = event.checks
        if isinstance(event, CheckTold):
            self._teller = event.check
        if isinstance(event, CheckProgress) and (
            event.at - self._spoken < _QUIET or event.check == self._teller
        ):
            return  # a check that tells has a rhythm of its own
        if isinstance(event, CheckStarted | CheckProgress):
            self._spoken = event.at
        self._write(f"{self._tag}[{event.at:8.1f} s] {legible(self._text(event))}")

    def close(self) -> None:
        """Nothing is held back, so there is nothing to do."""

    def _text(self, event: AnyEvent) -> str:
        match event:
            case RunStarted():
                return started_text(event)
            case CheckStarted():
                place = f"{event.number}/{self._checks} " if self._checks else ""
                return f"{place}{event.check} began: {event.title} (at most {duration(event.limit)})"
            case CheckProgress():
                return f"{event.check} {event.fraction:.0%}: {event.text}"
            case CheckTold():
                return f"{event.check}: {event.text}"
            case CheckFinished():
                return finished_text(event)
            case GateJudged():
                return judged_text(event)
            case _:
                return f"run finished: {ended_text(event)}"

    def _write(self, line: str) -> None:
        if self._is_deaf:
            return
        try:
            self._stream.write(fitted(line, self._stream.encoding) + "\n")
            self._stream.flush()
        except OSError:
            self._is_deaf = True  # the reader of the log left; the run is worth more than its log
