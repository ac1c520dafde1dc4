"""Probes: one scanner's look at one site, and the rules that the site is a case for."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from battery.clock import now
from battery.model.frozen import Frozen
from battery.scan.assess.case import Case, Exam, Sighting
from battery.scan.assess.source.files import AssessmentBroken
from battery.scan.assess.target.certificates import Authority, Wanted
from battery.scan.assess.target.greetings import Offer, greeting
from battery.scan.assess.target.server import serving
from battery.scan.assess.target.site import Make, Site
from battery.scan.assess.templates import taken
from battery.scan.assess.words import Words
from battery.scan.target.catalogue import scanners_named
from battery.scan.target.client import Client
from battery.scan.target.notes import Notes
from battery.scan.target.request import ScanLimits, TargetScanRequest
from battery.scan.target.scope import scope_of
from battery.scan.target.trace import Trace
from battery.scan.target.view import View

AT_ONCE = 8
LIMITS = ScanLimits(
    requests=5000,
    rate=5000,
    deadline=20,
    patience=0.2,
    seconds=120,
    burst=24,
    attempts=12,
    slow_connections=4,
    slow_seconds=0.1,
)
Options = tuple[tuple[str, Make], ...]


class Probe(Frozen, frozen=True, kw_only=True):
    """One site, and what is asked of the scanner beside its URL.

    `schemes`: under which it listens, the first is the target; `wanted`: its certificate; `offer`: what it says to TLS
    greetings of one version. With a `url` nothing is served: that name itself is the case, and nothing is sent there.
    """

    cases: tuple[Case, ...]
    scanner: str
    site: Site
    schemes: tuple[str, ...] = ("http",)
    wanted: Wanted = Wanted()
    offer: Offer | None = None
    url: str = ""
    request: Mapping[str, Any] = {}
    limits: ScanLimits = LIMITS

    @property
    def place(self) -> str:
        """Where its cases stand."""
        return self.cases[0].place


def probes_of(
    scanner: str, rules: Mapping[str, tuple[Options, Options]], words: Words, size: int, **rest: Any
) -> list[Probe]:
    """For each rule as many sites with the defect as without, each site a case for that rule alone."""
    probes = []
    for rule, (defects, benign) in rules.items():
        for defect, options in ((True, defects), (False, benign)):
            for number, (template, make) in enumerate(taken(options, size, words.random)):
                place = f"{rule} {'a' if defect else 'b'}{number:02}"
                case = Case(rule=rule, place=place, defect=defect, template=template)
                probes.append(Probe(cases=(case,), scanner=scanner, site=make(words), **rest))
    return probes


def target_exam(probes: Sequence[Probe]) -> Exam:
    """The exam of some sites; each is served while its scanner looks at it."""

    def look() -> frozenset[Sighting]:
        with tempfile.TemporaryDirectory(prefix="battery-assess-") as folder:
            authority = Authority(Path(folder), now())
            return asyncio.run(_all(probes, authority))

    return Exam(cases=tuple(case for probe in probes for case in probe.cases), look=look)


async def _all(probes: Sequence[Probe], authority: Authority) -> frozenset[Sighting]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(probe: Probe) -> frozenset[Sighting]:
        async with gate, AsyncExitStack() as stack:
            urls = [probe.url] if probe.url else await _served(probe, authority, stack)
            return await looked(probe, urls, authority.file)

    found = await asyncio.gather(*(one(probe) for probe in probes))
    return frozenset().union(*found)


async def _served(probe: Probe, authority: Authority, stack: AsyncExitStack) -> list[str]:
    """The URLs of the site, which listens as long as the stack is open."""
    urls: dict[str, str] = {}
    for scheme in probe.schemes:
        context = authority.context(probe.wanted) if scheme == "https" else None
        port = await stack.enter_async_context(serving(probe.site, context, urls))
        if probe.offer is not None and context is not None:
            port = await stack.enter_async_context(greeting(probe.offer, port))
        urls[scheme] = f"{scheme}://127.0.0.1:{port}"
    return list(urls.values())


async def looked(probe: Probe, urls: Sequence[str], ca_file: Path) -> frozenset[Sighting]:
    """What the scanner says of a site that listens at these URLs.

    Raises: AssessmentBroken when the scanner broke or ran out of time.
    """
    request = TargetScanRequest(
        url=urls[0],
        other_url=urls[1] if len(urls) > 1 else "",
        ca_file=str(ca_file),
        limits=probe.limits,
        sslyze="",
        **probe.request,
    )
    try:
        notes = await noted(probe.scanner, request, now())
    except TimeoutError as error:
        seconds = probe.limits.seconds
        raise AssessmentBroken(
            f"the scanner {probe.scanner} had not ended at the case {probe.place} after {seconds:.0f} s; "
            "assess again when the machine has less to do"
        ) from error
    if notes.incomplete or not notes.ledger().adds_up:
        why = notes.incomplete[0] if notes.incomplete else "its ledger does not add up"
        raise AssessmentBroken(
            f"the scanner {probe.scanner} did not look at the case {probe.place} as a whole: {why}"
        )
    return frozenset(Sighting(found.rule, probe.place) for found in notes.found)


async def noted(name: str, request: TargetScanRequest, at: datetime) -> Notes:
    """One look of a real scanner, with the client that it always has."""
    (scanner,) = scanners_named((name,))
    notes, limits = Notes(request.secrets()), request.limits
    client = Client(
        scope_of(request.url, request.other_url),
        limits,
        Trace(),
        scanner=name,
        common=request.headers,
        ca_file=request.ca_file,
    )
    async with asyncio.timeout(limits.seconds):
        await scanner.look(View(client=client, request=request, now=at), notes)
    return notes
