"""What is wrong with a log whatever its lines look like: no request is found in it, or it gives secrets away."""

from collections.abc import Iterable, Iterator

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.logs.examination import LogReport


def log_flaws(report: LogReport, found: bool | None, leaks: Iterable[str]) -> Iterator[Flaw]:
    """`found`: whether requests of ours were found by their ids, none where the target names no id; `leaks` are places of secrets."""
    if not report.parsed:
        yield Flaw(rule="logs.request", where="log", text="no line can be parsed, so none tells a request id")
    elif not report.with_request_id:
        text = "no line tells a request id: what one user met cannot be put together"
        yield Flaw(rule="logs.request", where="log", text=text)
    elif found is False:
        text = "requests of ours that were answered with an id stand in no line under it"
        yield Flaw(rule="logs.request", where="log", text=text)
    for leak in leaks:
        text = "a secret stands there: mask it before it is written, and renew it"
        yield Flaw(rule="logs.secret", where=leak, text=text)
