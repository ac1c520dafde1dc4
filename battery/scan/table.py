"""The findings for a person: gravest first, by file, each with what to do about it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TextIO

from battery.model.finding import Severity
from battery.model.waiver import Waiver
from battery.scan.export import ExportedScan
from battery.scan.findings import GRAVEST_FIRST, Reported
from battery.scan.interface import ScanResult

_STYLES: dict[Severity, str] = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "info": "dim",
}
_MOST_PLACES = 5


def render_findings(
    reported: Sequence[Reported],
    stream: TextIO,
    *,
    legible: Callable[[str], str],
    waivers: Iterable[Waiver] = (),
    least: Severity = "low",
) -> None:
    """Print the findings down to the severity `least`, and how many of each there are.

    `legible` makes harmless what came from the scanned source: a file name may hold control characters.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, soft_wrap=True)
    excused = {waiver.finding for waiver in waivers}
    shown = [item for item in reported if _is_shown(item, least)]
    for severity, of_severity in groupby(shown, key=lambda item: item.finding.severity):
        items = list(of_severity)
        console.print(Text(f"{severity} ({len(items)})", style=_STYLES[severity]))
        for where, of_file in groupby(items, key=lambda item: item.places[0].where):
            console.print(Text(f"  {legible(where)}", style="bold"))
            for item in of_file:
                for line in _lines(item, legible, waived=item.finding.fingerprint in excused):
                    console.print(Text(line))
    console.print(Text(summary(reported, least)))


def render_scans(
    scans: Iterable[ScanResult | ExportedScan], stream: TextIO, *, legible: Callable[[str], str]
) -> None:
    """Print what each scanner looked at, and why its silence would mean nothing where it is incomplete."""
    for scan in scans:
        ledger = scan.ledger
        seen = sum(canary.seen for canary in scan.canaries)
        skipped = f"{len(ledger.skipped)} skipped"
        state = "incomplete" if scan.incomplete else "complete"
        counts = f"{ledger.discovered} discovered, {ledger.scanned} scanned, {skipped}"
        stream.write(f"{scan.scanner}: {state}; {counts}; {seen} of {len(scan.canaries)} canaries seen\n")
        stream.writelines(f"  {legible(reason)}\n" for reason in scan.incomplete)


def summary(reported: Sequence[Reported], least: Severity = "low") -> str:
    """How many findings of each severity, and how many of them were not listed."""
    if not reported:
        return "no findings"
    counts = Counter(item.finding.severity for item in reported)
    told = ", ".join(f"{counts[severity]} {severity}" for severity in GRAVEST_FIRST if counts[severity])
    hidden = sum(not _is_shown(item, least) for item in reported)
    return told + (f"; {hidden} below {least} not listed" if hidden else "")


def _is_shown(item: Reported, least: Severity) -> bool:
    return GRAVEST_FIRST.index(item.finding.severity) <= GRAVEST_FIRST.index(least)


def _lines(item: Reported, legible: Callable[[str], str], *, waived: bool) -> Iterable[str]:
    finding, place = item.finding, item.places[0]
    mark = " [waived]" if waived else ""
    at = f"{place.line}: " if place.line else ""
    yield f"    {at}{finding.title} ({finding.rule}, {finding.confidence} confidence){mark}"
    if item.excerpt:
        yield f"        {legible(item.excerpt)}"
    for other in item.places[1 : _MOST_PLACES + 1]:
        yield f"        also {legible(other.text)}"
    if len(item.places) > _MOST_PLACES + 1:
        yield f"        and in {len(item.places) - _MOST_PLACES - 1} more places"
    yield f"        fix: {finding.fix}"
    yield f"        fingerprint: {finding.fingerprint}"
