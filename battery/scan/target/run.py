"""The scan of a target: the chosen scanners, one after the other."""

import asyncio
from collections.abc import Callable

from battery.clock import now
from battery.model.frozen import Frozen
from battery.scan.interface import ScanResult
from battery.scan.target.asked import check_headers
from battery.scan.target.catalogue import scanners_named
from battery.scan.target.examination import examine
from battery.scan.target.request import TargetScanRequest
from battery.scan.target.scope import scope_of
from battery.scan.target.trace import Trace
from battery.scan.target.view import Scanner


class ScanStep(Frozen, frozen=True, kw_only=True):
    """How far the scan is: a scanner has begun, or has ended with so many findings."""

    scanner: str
    number: int
    of: int
    ended: bool = False
    found: int = 0
    requests: int = 0


def scan_target(
    request: TargetScanRequest, progress: Callable[[ScanStep], None], trace: Trace | None = None
) -> tuple[ScanResult, ...]:
    """Run the chosen scanners; every request is added to the trace.

    Raises: UsageError when the request cannot be carried out as it is.
    """
    scope_of(request.url, request.other_url)
    check_headers(request.headers, "the target's headers")
    for identity in request.identities:
        check_headers(identity.headers, f"identity {identity.name}")
    chosen = scanners_named(request.scanners)
    return asyncio.run(_scan(request, chosen, progress, Trace() if trace is None else trace))


async def _scan(
    request: TargetScanRequest,
    chosen: tuple[Scanner, ...],
    progress: Callable[[ScanStep], None],
    trace: Trace,
) -> tuple[ScanResult, ...]:
    results = []
    for number, scanner in enumerate(chosen, 1):
        progress(ScanStep(scanner=scanner.name, number=number, of=len(chosen)))
        own = Trace()
        result = await examine(scanner, request, own, now())
        trace.take(own)
        results.append(result)
        progress(
            ScanStep(
                scanner=scanner.name,
                number=number,
                of=len(chosen),
                ended=True,
                found=len(result.found),
                requests=len(own.exchanges),
            )
        )
    return tuple(results)
