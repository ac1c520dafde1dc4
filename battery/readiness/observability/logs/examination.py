"""What a target's log offers to whoever must find out at night what happened."""

from collections import Counter
from collections.abc import Callable, Iterable

from battery.model.frozen import Frozen
from battery.readiness.observability.logs.json_line import read_json_line
from battery.readiness.observability.logs.line import LogLine
from battery.readiness.observability.logs.logfmt_line import read_logfmt_line

LEVELS = ("level", "severity", "lvl", "log.level", "loglevel", "levelname", "severity_text", "priority")
REQUEST_IDS = (
    *("request_id", "requestid", "request-id", "req_id", "reqid", "x_request_id", "x-request-id", "req.id"),
    *("trace_id", "traceid", "trace.id", "correlation_id", "correlationid", "http.request.id", "dd.trace_id"),
    *("logging.googleapis.com/trace", "traceparent", "request.id", "context.request_id", "extra.request_id"),
)
TIMES = ("time", "timestamp", "ts", "@timestamp", "asctime", "date", "datetime", "when")
FindSecrets = Callable[[str], Iterable[str]]
_LONGEST_LINE = 64 * 1024
_MOST_SECRETS = 20


class LogReport(Frozen, frozen=True, kw_only=True):
    """Counts of lines: all, those that parse, and what the parsed ones tell.

    `secrets` holds the places of secrets, never a secret; it is none when nobody looked.
    """

    lines: int
    parsed: int
    with_level: int
    with_time: int
    with_request_id: int
    formats: dict[str, int]
    levels: dict[str, int]
    secrets: tuple[str, ...] | None = None
    unparsed: tuple[int, ...] = ()
    """The numbers of the first lines that do not parse."""

    @property
    def parse_percent(self) -> float | None:
        """The share of lines that parse; none when there are none."""
        return self._percent(self.parsed, self.lines)

    @property
    def level_percent(self) -> float | None:
        """The share of parsed lines that tell their level."""
        return self._percent(self.with_level, self.parsed)

    @property
    def complete_percent(self) -> float | None:
        """The share of parsed lines that tell both their time and their level."""
        return self._percent(min(self.with_level, self.with_time), self.parsed)

    @staticmethod
    def _percent(part: int, whole: int) -> float | None:
        return 100 * part / whole if whole else None


def examine_log(lines: Iterable[str], find_secrets: FindSecrets | None = None) -> LogReport:
    """Read every line; `find_secrets` names the kinds of secrets in one line."""
    count, unparsed, places = 0, [], []
    seen: Counter[str] = Counter()
    formats: Counter[str] = Counter()
    levels: Counter[str] = Counter()
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        count += 1
        places += [f"line {number}: {kind}" for kind in (find_secrets(text) if find_secrets else ())]
        line = read_line(text)
        if line is None:
            unparsed.append(number)
            continue
        formats[line.format] += 1
        seen.update(_told(line))
        if level := line.first(LEVELS):
            levels[level.lower()[:20]] += 1
    return LogReport(
        lines=count,
        parsed=formats.total(),
        with_level=seen["level"],
        with_time=seen["time"],
        with_request_id=seen["request"],
        formats=dict(formats),
        levels=dict(levels.most_common(20)),
        secrets=tuple(places[:_MOST_SECRETS]) if find_secrets else None,
        unparsed=tuple(unparsed[:5]),
    )


def read_line(text: str) -> LogLine | None:
    """The line in whichever format it has; none when it has no structure."""
    if len(text) > _LONGEST_LINE:
        return None
    return read_json_line(text) or read_logfmt_line(text)


def _told(line: LogLine) -> list[str]:
    asked = {"level": LEVELS, "time": TIMES, "request": REQUEST_IDS}
    return [what for what, names in asked.items() if line.first(names)]
