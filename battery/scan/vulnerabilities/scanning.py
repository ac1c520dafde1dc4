"""The vulnerability scan: components in, findings out, and every component accounted for."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from battery.scan.interface import Canary, Found, Ledger, ScanResult, Skipped
from battery.scan.sbom.component import Component
from battery.scan.vulnerabilities.affecting import later
from battery.scan.vulnerabilities.folding import Folded, folded
from battery.scan.vulnerabilities.rating import rated
from battery.scan.vulnerabilities.record import Package
from battery.scan.vulnerabilities.source import Answer, Match, Plant, VulnerabilitySource

SCANNER = "vulnerabilities"
_LONGEST_SUMMARY = 200


def scan_vulnerabilities(
    components: Sequence[Component], source: VulnerabilitySource, now: datetime
) -> ScanResult:
    """What is known to be vulnerable among the components."""
    asked = {component.ref: _package(component) for component in components if _is_asked(component)}
    ecosystems = sorted({component.ecosystem for component in components}) or ["PyPI"]
    plants = [source.plant(ecosystem) for ecosystem in ecosystems]
    answer = source.look_up({*asked.values(), *(plant.package for plant in plants)}, now)
    skipped = tuple(_skipped(components, answer))
    return ScanResult(
        scanner=SCANNER,
        found=tuple(_found(components, answer)),
        ledger=Ledger(discovered=len(components), scanned=len(components) - len(skipped), skipped=skipped),
        canaries=tuple(_canary(plant, answer) for plant in plants),
        incomplete=(*answer.incomplete, *([] if components else ["there is no component to look up"])),
        facts={"source": source.name} | answer.facts,
    )


def _is_asked(component: Component) -> bool:
    return bool(component.version) and not component.local


def _package(component: Component) -> Package:
    return Package(component.ecosystem, component.name, component.version)


def _skipped(components: Sequence[Component], answer: Answer) -> Iterator[Skipped]:
    for component in components:
        if component.local:
            reason = "a project of the tree itself, which no database of public packages knows"
            yield Skipped(what=_titled(component), reason=reason, harmless=True)
        elif not component.version:
            reason = f"no version is pinned in {', '.join(component.places)}; pin it, or write a lock file"
            yield Skipped(what=_titled(component), reason=reason, harmless=False)
        elif why := answer.unanswered.get(_package(component)):
            yield Skipped(what=_titled(component), reason=why, harmless=False)


def _found(components: Sequence[Component], answer: Answer) -> Iterator[Found]:
    for component in components:
        if _is_asked(component):
            for one in folded(answer.matches.get(_package(component), [])):
                yield _finding(component, one)


def _finding(component: Component, one: Folded) -> Found:
    package = _package(component)
    records = [match.record for match in one.matches if match.record]
    rating = rated(records, package)
    file, line = _place(component)
    return Found(
        rule=f"vulnerability.{rating.level}",
        where=file,
        line=line,
        content=f"{component.purl} {one.name}",
        excerpt=_titled(component),
        detail=f"{', '.join(one.ids)}: {_summary(one.matches)} {_fix(component, one)} Rated by: {rating.basis}.",
        # What is taken from a repository or URL calls itself by a version that its index never saw.
        confidence="medium" if "_url=" in component.purl.partition("?")[2] else "high",
    )


def _place(component: Component) -> tuple[str, int]:
    """The first file that names it, and the line where that is known."""
    place = component.places[0] if component.places else ""
    file, _, line = place.rpartition(":")
    return (file, int(line)) if file and line.isascii() and line.isdigit() else (place, 0)


def _titled(component: Component) -> str:
    return f"{component.name} {component.version}".strip()


def _summary(matches: Sequence[Match]) -> str:
    told = [match.record.summary for match in matches if match.record and match.record.summary.strip()]
    words = "".join(letter if letter.isprintable() else " " for letter in told[0]) if told else "no summary"
    plain = " ".join(words.split())
    short = plain if len(plain) <= _LONGEST_SUMMARY else plain[: _LONGEST_SUMMARY - 1] + "…"
    return short.rstrip(".") + "."


def _fix(component: Component, one: Folded) -> str:
    fixed = later(component.ecosystem, (match.fixed for match in one.matches if match.fixed))
    use = " It is used in development only." if component.need == "development" else ""
    if fixed:
        return f"Upgrade {component.name} from {component.version} to {fixed} or later.{use}"
    return (
        f"No fixed version of {component.name} is known: remove it, or waive the finding with a reason.{use}"
    )


def _canary(plant: Plant, answer: Answer) -> Canary:
    package = plant.package
    seen = any(plant.id in (match.id, *match.aliases) for match in answer.matches.get(package, []))
    title = f"{package.ecosystem} {package.name} {package.version}"
    detail = f"{title} is {'reported' if seen else 'not reported'} as {plant.id}"
    return Canary(name=f"{SCANNER}.{package.ecosystem}", seen=seen, detail=detail)
