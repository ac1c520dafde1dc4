"""Logs: a machine can read them, a request is found in them, and they keep secrets."""

import os
import secrets
from collections.abc import Callable, Iterator

import httpx
import msgspec
import pytest

from battery.chaos.scenarios.world import World
from battery.checks.target_logs import target_logs
from battery.checks.target_present import require_answering_target
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.readiness.observability.logs.examination import examine_log
from battery.readiness.observability.logs.flaws import log_flaws
from battery.readiness.observability.logs.tail import LogFiles
from battery.readiness.observability.logs.traced import ID_HEADERS, Traced, are_found, traced, wait_for
from battery.readiness.observability.report import record_flaws
from battery.readiness.observability.sending import Sender, harmless
from battery.recording import Record
from battery.redaction import secrets_of
from battery.scan.source.logs.engine import open_engine

_REQUESTS = 5
_PATIENCE = 10.0
_LEAKS = ("logs.secret", "logs.credential")
_KEY_BYTES = 32


@pytest.mark.gate("G6")
@pytest.mark.instrument("readiness")
@pytest.mark.measures(
    "observability.logs.defects", "observability.logs.parsed", "observability.logs.complete"
)
@pytest.mark.limit("5 min")
def check_lines(
    http: httpx.Client,
    world: World,
    target: Definition,
    record: Record,
    earlier: Callable[[str], Evidence | None],
) -> None:
    """Log lines are structured, tell time, level and request, and hold no secret."""
    require_answering_target(target, earlier)
    logs = target_logs(world)
    found = _requests_found(Sender(http, os.environ), target, logs)
    lines = logs.last()
    report = examine_log(lines)
    if report.parse_percent is None:
        pytest.skip(f"the log is empty after {_REQUESTS} requests: name the file that the target writes to")
    leaks = [*_known_secrets(lines, target), *_leaks(lines)]
    flaws = tuple(log_flaws(report, found, leaks))
    told = f"the last {report.lines} lines of {', '.join(path.name for path in logs.paths)}"
    record_flaws(record, "observability.logs.defects", flaws, looked=report.lines, at=told)
    unparsed = ", ".join(map(str, report.unparsed))
    record.measure(
        "observability.logs.parsed",
        report.parse_percent,
        n=report.lines,
        note=f"the first lines that do not parse: {unparsed}" if unparsed else "",
    )
    if report.complete_percent is None:
        record.fact("observability.logs.complete", "no line can be parsed, so none tells its time and level")
    else:
        record.measure("observability.logs.complete", report.complete_percent, n=report.parsed)
    words = {True: "found by their ids", False: "not found by their ids", None: "answered without an id"}
    record.fact("requests of ours", words[found])
    record.blob("lines", msgspec.json.encode(report), "application/json")


def _requests_found(sender: Sender, target: Definition, logs: LogFiles) -> bool | None:
    """Send some requests, each with an id, and look for them in what the log has got since."""
    marks, sent, endpoints = logs.marks(), list[Traced](), harmless(target)
    for turn in range(_REQUESTS):
        own = secrets.token_hex(8)
        answer = sender.send(endpoints[turn % len(endpoints)], {ID_HEADERS[0]: own})
        sent.append(traced(own, answer.headers if answer is not None else {}))
    ids = tuple(one for request in sent for one in request.answered[:1])
    lines = wait_for(lambda: logs.since(marks), ids or (sent[-1].sent,), _PATIENCE)
    return are_found(tuple(sent), lines)


def _known_secrets(lines: list[str], target: Definition) -> Iterator[str]:
    """Values that battery.toml takes from the environment: whoever reads the log could be the battery."""
    known = secrets_of(target, os.environ)
    for number, line in enumerate(lines, 1):
        if any(secret in line for secret in known):
            yield f"line {number}: a value that battery.toml refers to as env:"


def _leaks(lines: list[str]) -> Iterator[str]:
    """What looks like a secret to the log scanner; its details are masked."""
    answer = open_engine(secrets.token_bytes(_KEY_BYTES))("target.log", "\n".join(lines).encode())
    for found in answer.found:
        if found.rule in _LEAKS:
            yield f"line {found.line}: {found.detail}"
