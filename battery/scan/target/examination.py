"""Examining: one scanner looks at the target, and then at its canary with the same eyes."""

import asyncio
from datetime import datetime

from battery.scan.interface import Canary, ScanResult
from battery.scan.target.canary_server import canary_request, canary_server
from battery.scan.target.client import Client
from battery.scan.target.notes import Notes
from battery.scan.target.request import TargetScanRequest
from battery.scan.target.scope import scope_of
from battery.scan.target.trace import Trace
from battery.scan.target.view import Scanner, View


async def examine(scanner: Scanner, request: TargetScanRequest, trace: Trace, now: datetime) -> ScanResult:
    """Look at the target; where anything was looked at, prove that a defect would have been seen."""
    notes = await _look(scanner, request, trace, now)
    canaries = await _canaries(scanner, request, now) if notes.looked else ()
    return ScanResult(
        scanner=f"target.{scanner.name}",
        found=notes.found,
        ledger=notes.ledger(),
        canaries=canaries,
        incomplete=notes.doubts(),
        facts={"requests": str(len(trace.exchanges)), **notes.facts},
    )


async def _look(scanner: Scanner, request: TargetScanRequest, trace: Trace, now: datetime) -> Notes:
    notes = Notes(request.secrets())
    client = Client(
        scope_of(request.url, request.other_url),
        request.limits,
        trace,
        scanner=scanner.name,
        common=request.headers,
        ca_file=request.ca_file,
    )
    seconds = request.limits.seconds
    try:
        async with asyncio.timeout(seconds):
            await scanner.look(View(client=client, request=request, now=now), notes)
    except TimeoutError:
        notes.skip_rest(f"the scanner {scanner.name} had not ended after {seconds:.0f} s")
    except Exception as error:  # noqa: BLE001 -- a scanner that breaks is an incomplete scan, not the end of all
        notes.fail(f"the scanner {scanner.name} broke: {type(error).__name__}: {error}")
    return notes


async def _canaries(scanner: Scanner, request: TargetScanRequest, now: datetime) -> tuple[Canary, ...]:
    """The same scanner on a server of our own that has every defect."""
    async with canary_server() as urls:
        notes = await _look(scanner, canary_request(urls, request, over_tls=scanner.over_tls), Trace(), now)
    seen = {found.rule for found in notes.found}
    problem = "; ".join(notes.incomplete) or "planted on the self-test server and not found"
    return tuple(
        Canary(name=rule, seen=rule in seen, detail="found" if rule in seen else problem)
        for rule in (*scanner.canaries, *scanner.more(request))
    )
