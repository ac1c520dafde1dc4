"""The progress renderer: what sees each event of a run, and the choice of one for a stream."""

from collections.abc import Mapping
from typing import Protocol, TextIO

from battery.model.event import AnyEvent

_NO = ("", "0", "false", "no")


class Renderer(Protocol):
    """Shows events as they come; `close` leaves the stream tidy and may be called twice."""

    def __call__(self, event: AnyEvent) -> None:
        """Show one event."""

    def close(self) -> None:
        """Show nothing more."""


def choose_renderer(stream: TextIO, environ: Mapping[str, str]) -> Renderer:
    """Live progress on a terminal that a person watches, plain lines anywhere else."""
    if _is_watched(stream, environ):
        # rich costs more than the whole of `battery --help` may take.
        from battery.report.live import LiveProgress

        return LiveProgress(stream, colour=wants_colour(stream, environ))
    from battery.report.plain import PlainProgress

    return PlainProgress(stream)


def wants_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether colours reach a person: on a terminal, unless NO_COLOR, CI or TERM=dumb say otherwise."""
    return _is_watched(stream, environ) and not environ.get("NO_COLOR")


def _is_watched(stream: TextIO, environ: Mapping[str, str]) -> bool:
    in_ci = environ.get("CI", "").lower() not in _NO
    return stream.isatty() and not in_ci and environ.get("TERM", "") != "dumb"
