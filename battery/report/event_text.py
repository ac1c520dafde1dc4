"""The text of an event: the line that a finished check, a gate or a run leaves behind."""

from collections.abc import Mapping

from battery.model.event import CheckFinished, GateJudged, RunFinished, RunStarted
from battery.report.headline import BASELINE_MEANING
from battery.report.quantity_text import counted, duration, number

_MAIN = 3  # measures that fit beside a finished check


def started_text(event: RunStarted) -> str:
    """What will run, and against what."""
    kept = f", {event.resumed} kept from before" if event.resumed else ""
    target = BASELINE_MEANING if event.mode == "baseline" else event.target or "no target"
    return f"run {event.run}: {counted(event.checks, 'check')}{kept}; {target}"


def finished_text(event: CheckFinished) -> str:
    """What the check found, or why it found nothing."""
    said = "; ".join(part for part in (main_measures(event.measures), event.reason) if part)
    return f"{event.check} {event.status} in {duration(event.seconds)}" + (f": {said}" if said else "")


def judged_text(event: GateJudged) -> str:
    """The gate's verdict and its reason."""
    return f"gate {event.gate} {event.title}: {event.status}" + (f": {event.reason}" if event.reason else "")


def ended_text(event: RunFinished) -> str:
    """The result, the level and where the certificate stands."""
    certificate = f"certificate {event.certificate}" if event.certificate else "no certificate"
    return f"{event.result}, level {event.level}, {certificate}"


def main_measures(measures: Mapping[str, float]) -> str:
    """The first measures by name, and how many more there are."""
    shown = [f"{name} = {number(value)}" for name, value in list(measures.items())[:_MAIN]]
    more = len(measures) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
