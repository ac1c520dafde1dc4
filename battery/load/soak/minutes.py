"""Minutes: a long run condensed to a few points each, to tell a person and to see a clear growth early."""

from collections.abc import Sequence
from statistics import median

import msgspec

from battery.load.drift import Growth, growth
from battery.load.resources import Usage
from battery.load.soak.hopeless import Hopeless
from battery.load.tally import Slice
from battery.model.gate import Rule

POINTS = 6  # in a minute: a trend needs ten, and ten minutes are long to wait for a leak
_UNITS = {"latency": "%", "memory": "MiB", "descriptors": "descriptors", "threads": "threads"}


class Minutes:
    """Takes seconds; keeps a point for each sixth of `every` of them, and makes a line of each `every`."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._minute: list[Slice] = []
        self._since_point: list[Slice] = []
        self._readings: list[Usage] = []
        self._points: list[Slice] = []
        self._usage: list[Usage] = []
        self._now: Usage | None = None

    def add(self, second: Slice, reading: Usage | None, *, counted: bool = True) -> str:
        """One second more; a line for people when a minute is full, else nothing. The warm-up grows by right."""
        line = ""
        if _spans(self._since_point, second, self._every / POINTS):
            self._condense()
        if _spans(self._minute, second, self._every):
            line = self._line()
            self._minute.clear()
        self._minute.append(second)
        if counted:
            self._since_point.append(second)
            if reading is not None:
                self._readings.append(reading)
        self._now = reading
        return line

    def clear_growth(self, rules: Sequence[Rule], name: str) -> Hopeless | None:
        """The growth that exceeds its rule even by its lower bound, and that still goes on in the later half.

        What fills up once, such as a cache, grows in the first half only. It is a forecast all the same, for whoever asked
        to stop early: a target may still shrink again.
        """
        grown = growth(self._points, self._usage)
        half = len(self._points) // 2
        later = growth(self._points[half:], self._usage[-len(self._usage) // 2 :])
        for rule in rules:
            what = rule.measure.removeprefix(f"{name}.").removesuffix(".growth")
            found, lately = grown.get(what), later.get(what)
            if found is None or lately is None or found.lower <= rule.limit or lately.lower <= 0:
                continue
            told = f"grown by at least {found.lower:g} {rule.unit} and growing on, allowed {rule.limit:g}"
            return Hopeless(measure=rule.measure, why=f"{rule.id} is lost: {told}")
        return None

    def _condense(self) -> None:
        sent = [item for item in self._since_point if item.ok + item.failed]
        if sent:
            middle = sent[len(sent) // 2]
            usual, fast = (median(getattr(item, name) for item in sent) for name in ("p50", "p10"))
            self._points.append(msgspec.structs.replace(middle, p50=usual, p10=fast))
        if self._readings:
            self._usage.append(_middle(self._readings))
        self._since_point.clear()
        self._readings.clear()

    def _line(self) -> str:
        minute = self._minute
        failed, sent = sum(item.failed for item in minute), sum(item.sent for item in minute)
        words = [
            f"{sent / len(minute):.1f}/s",
            f"p50 {_usual(minute):.2f} ms, worst second's p99 {max(item.p99 for item in minute):.1f} ms",
            f"{failed} failed of {sent}",
        ]
        if self._now is not None:
            words.append(_usage_text(self._now))
        return ", ".join(words) + _grown_text(growth(self._points, self._usage))


def _usual(minute: Sequence[Slice]) -> float:
    """The median second in which anything ended."""
    return median([item.p50 for item in minute if item.ok + item.failed] or [0.0])


def _spans(seconds: Sequence[Slice], now: Slice, length: float) -> bool:
    return bool(seconds) and now.second - seconds[0].second >= length


def _middle(usage: Sequence[Usage]) -> Usage:
    """Their medians; what one of them lacks is not known of all."""
    descriptors = [item.descriptors for item in usage if item.descriptors is not None]
    threads = [item.threads for item in usage if item.threads is not None]
    return Usage(
        second=usage[len(usage) // 2].second,
        cpu=median(item.cpu for item in usage),
        rss=median(item.rss for item in usage),
        descriptors=round(median(descriptors)) if descriptors else None,
        threads=round(median(threads)) if threads else None,
    )


def _usage_text(now: Usage) -> str:
    words = [f"target {now.cpu:.0%} CPU", f"{now.rss:.1f} MiB"]
    if now.descriptors is not None:
        words.append(f"{now.descriptors} descriptors")
    if now.threads is not None:
        words.append(f"{now.threads} threads")
    return ", ".join(words)


def _grown_text(grown: dict[str, Growth | None]) -> str:
    """What has surely grown; nothing while nothing has."""
    sure = {what: found for what, found in grown.items() if found is not None and found.lower > 0}
    if not sure:
        return ""
    return "; growing: " + ", ".join(_one(what, found) for what, found in sure.items())


def _one(what: str, found: Growth) -> str:
    value = found.value * 100 if what == "latency" else found.value
    return f"{what} +{value:.1f} {_UNITS[what]}"
